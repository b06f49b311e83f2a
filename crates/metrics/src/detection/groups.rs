//! Sorting objects by small keys.

use std::cmp::Ordering;

/// Items by a key, each key's items in their own order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Groups {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Groups {
    /// Sorts `items` by a key below `keys`; an item whose key is not is left out.
    pub fn of(keys: usize, items: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0u32; keys + 1];
        for (_, key) in items.clone() {
            if let Some(count) = starts.get_mut(key as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut sorted = vec![0; sum as usize];
        for (item, key) in items {
            if (key as usize) < keys
                && let Some(at) = next.get_mut(key as usize)
                && let Some(place) = sorted.get_mut(*at as usize)
            {
                *place = item;
                *at += 1;
            }
        }
        Self { starts, items: sorted }
    }

    /// The items of one key; none where there is no such key.
    pub fn get(&self, key: usize) -> &[u32] {
        match (self.starts.get(key), self.starts.get(key + 1)) {
            (Some(from), Some(to)) => self.items.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// All items, by key.
    pub fn items(&self) -> &[u32] {
        &self.items
    }
}

/// Higher scores first, NaN last, as numpy sorts negated scores.
pub(super) fn surest_first(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
