//! Sorting of whole numbers by their digits, lowest first.

/// Bits of a digit: the counts of all its values stay in the fastest cache.
const BITS: u32 = 11;
const VALUES: usize = 1 << BITS;
/// Below this counting the values of digits costs more than comparing.
const FEW: usize = 1500;

/// What is sorted.
pub trait Key: Copy + Ord + Default {
    /// Digits of a number.
    const DIGITS: u32;
    /// One of them, the lowest first.
    fn digit(self, place: u32) -> usize;
}

macro_rules! key {
    ($int:ty) => {
        impl Key for $int {
            const DIGITS: u32 = <$int>::BITS.div_ceil(BITS);

            fn digit(self, place: u32) -> usize {
                (self >> (place * BITS)) as usize & (VALUES - 1)
            }
        }
    };
}
key!(u32);
key!(u64);

/// Sorts upwards. `spare` is room that is kept from one sort to the next.
pub(super) fn sort<K: Key>(keys: &mut [K], spare: &mut Vec<K>) {
    if keys.len() < FEW {
        keys.sort_unstable();
        return;
    }
    let mut counts = vec![[0u32; VALUES]; K::DIGITS as usize];
    for key in keys.iter() {
        for (place, counts) in counts.iter_mut().enumerate() {
            if let Some(count) = counts.get_mut(key.digit(place as u32)) {
                *count += 1;
            }
        }
    }
    let room = keys.len().max(spare.len());
    spare.resize(room, K::default());
    let Some(spare) = spare.get_mut(..keys.len()) else { return };
    let mut here = true;
    for (place, counts) in counts.iter_mut().enumerate() {
        // A digit that all have the same orders nothing.
        if counts.iter().any(|count| *count as usize == keys.len()) {
            continue;
        }
        let (from, to) = if here { (&*keys, &mut *spare) } else { (&*spare, &mut *keys) };
        deal(from, to, place as u32, counts);
        here = !here;
    }
    if !here {
        keys.copy_from_slice(spare);
    }
}

/// Puts keys in the order of one digit, those of the same digit in the order that they have.
fn deal<K: Key>(from: &[K], to: &mut [K], place: u32, counts: &mut [u32; VALUES]) {
    let mut next = 0;
    for count in counts.iter_mut() {
        next += std::mem::replace(count, next);
    }
    for key in from {
        if let Some(next) = counts.get_mut(key.digit(place)) {
            if let Some(slot) = to.get_mut(*next as usize) {
                *slot = *key;
            }
            *next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorts<K: Key + std::fmt::Debug>(mut keys: Vec<K>, spare: &mut Vec<K>) {
        let mut wanted = keys.clone();
        wanted.sort_unstable();
        sort(&mut keys, spare);
        assert_eq!(keys, wanted);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn sorts_as_the_standard_library_does(
            small in prop::collection::vec(any::<u32>(), 0..2 * FEW),
            large in prop::collection::vec(any::<u64>(), 0..2 * FEW),
            high in prop::collection::vec(0..4_u64, FEW..2 * FEW),
        ) {
            sorts(small.clone(), &mut Vec::new());
            // Only the highest digit differs, and the room was used before.
            let mut spare = large.clone();
            sorts(large, &mut spare);
            let mut one_apart = vec![7_u64; FEW];
            one_apart[0] = 1 << 60;
            sorts(one_apart, &mut spare);
            sorts(high.into_iter().map(|v| v << 60).collect(), &mut spare);
        }
    }
}
