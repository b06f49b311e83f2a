//! Right and wrong, input by input.

use super::mcnemar;

/// What became of an input between the reference and another run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Wrong in the reference, right in the run.
    Fixed,
    /// Right in the reference, wrong in the run.
    Broken,
    /// Wrong in both.
    StillWrong,
    /// Right in both.
    StillRight,
}

impl Outcome {
    /// From what either made of the input.
    #[must_use]
    pub fn of(reference_right: bool, run_right: bool) -> Self {
        match (reference_right, run_right) {
            (false, true) => Self::Fixed,
            (true, false) => Self::Broken,
            (false, false) => Self::StillWrong,
            (true, true) => Self::StillRight,
        }
    }
}

/// How many inputs became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// [`Outcome::Fixed`].
    pub fixed: u32,
    /// [`Outcome::Broken`].
    pub broken: u32,
    /// [`Outcome::StillWrong`].
    pub still_wrong: u32,
    /// [`Outcome::StillRight`].
    pub still_right: u32,
}

impl Tally {
    /// Counted over the same inputs.
    #[must_use]
    pub fn of(reference: &[bool], run: &[bool]) -> Self {
        let mut tally = Self::default();
        for (before, after) in reference.iter().zip(run) {
            let count = match Outcome::of(*before, *after) {
                Outcome::Fixed => &mut tally.fixed,
                Outcome::Broken => &mut tally.broken,
                Outcome::StillWrong => &mut tally.still_wrong,
                Outcome::StillRight => &mut tally.still_right,
            };
            *count += 1;
        }
        tally
    }

    /// Of McNemar's exact test, see [`mcnemar`].
    #[must_use]
    pub fn p(self) -> f64 {
        mcnemar(self.fixed, self.broken)
    }
}
