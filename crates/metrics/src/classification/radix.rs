//! Sorting of whole numbers.

/// What is sorted.
pub trait Key: Copy + Ord + Default {}

impl Key for u32 {}
impl Key for u64 {}

/// Sorts upwards.
pub(super) fn sort<K: Key>(keys: &mut [K], _spare: &mut Vec<K>) {
    keys.sort_unstable();
}
