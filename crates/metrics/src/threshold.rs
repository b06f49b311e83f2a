//! From which score on something counts as predicted.

/// What happens at equality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Predicted where the score is greater than the threshold, as the Clarifai documentation has it.
    #[default]
    Above,
    /// Predicted where the score is the threshold or more, as scikit-learn and TensorBoard have it.
    AtOrAbove,
}

/// A threshold on scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// 0 to 1 for probabilities; any number for other scores.
    pub value: f64,
    /// What happens at equality.
    pub cut: Cut,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { value: 0.5, cut: Cut::Above }
    }
}

impl Threshold {
    /// Does a score count as predicted? NaN does not.
    #[must_use]
    pub fn passes(self, score: f64) -> bool {
        match self.cut {
            Cut::Above => score > self.value,
            Cut::AtOrAbove => score >= self.value,
        }
    }
}
