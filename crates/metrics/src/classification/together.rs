//! Which classes stand on the same inputs.

use crate::POSITIVE;
use crate::counts::ratio;

/// On how many inputs two classes stand together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    classes: usize,
    inputs: u64,
    cells: Vec<u32>,
}

/// From truth alone, N × C row by row; pairs that are unknown count as absent.
#[must_use]
pub fn cooccurrence(truth: &[u8], classes: usize) -> Together {
    let mut together = Together { classes, inputs: 0, cells: vec![0; classes * classes] };
    let mut here = Vec::new();
    for row in truth.chunks_exact(classes.max(1)) {
        together.inputs += 1;
        here.clear();
        here.extend(row.iter().enumerate().filter(|(_, truth)| **truth == POSITIVE).map(|(class, _)| class));
        for a in &here {
            for b in &here {
                if let Some(cell) = together.cells.get_mut(a * classes + b) {
                    *cell += 1;
                }
            }
        }
    }
    together
}

impl Together {
    /// Inputs on which both classes are; of a class with itself, those on which it is. 0 outside. Symmetric.
    #[must_use]
    pub fn count(&self, a: usize, b: usize) -> u32 {
        if b < self.classes { self.cells.get(a * self.classes + b).copied().unwrap_or(0) } else { 0 }
    }

    /// All counts, row by row.
    #[must_use]
    pub fn cells(&self) -> &[u32] {
        &self.cells
    }

    /// On how many inputs each class is.
    #[must_use]
    pub fn label_counts(&self) -> Vec<u32> {
        (0..self.classes).map(|class| self.count(class, class)).collect()
    }

    /// n(ab) / (n(a) + n(b) − n(ab)), 0 to 1: the share of inputs with both among those with either. Undefined where neither
    /// is anywhere.
    #[must_use]
    pub fn jaccard(&self, a: usize, b: usize) -> Option<f64> {
        let both = u64::from(self.count(a, b));
        ratio(both, u64::from(self.count(a, a)) + u64::from(self.count(b, b)) - both)
    }

    /// n(ab) · n / (n(a) · n(b)): 1 where the two have nothing to do with each other, more where they attract. Undefined where
    /// one is nowhere.
    #[must_use]
    pub fn lift(&self, a: usize, b: usize) -> Option<f64> {
        let (both, of_a, of_b) = (self.count(a, b), self.count(a, a), self.count(b, b));
        let whole = f64::from(of_a) * f64::from(of_b);
        (whole > 0.0).then(|| f64::from(both) * self.inputs as f64 / whole)
    }
}
