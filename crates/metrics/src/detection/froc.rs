//! Free-response receiver operating characteristic: what is found, over what is found wrongly.

use super::ranking::Ranking;

/// A point of the curve. From one to the next the threshold falls, and neither of the other numbers does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrocPoint {
    /// The score from which on predictions count.
    pub score: f64,
    /// TP / (TP + FN), 0 to 1.
    pub sensitivity: f64,
    /// False positives an input.
    pub per_input: f64,
    /// False positives an object that is there.
    pub per_object: f64,
}

/// The curve of a ranking over so many inputs. There is a point for each score; what is right or wrong by
/// [`super::matches`] is so here. Empty where there is nothing to find, no input or no prediction.
#[must_use]
pub fn froc(ranking: &Ranking, inputs: usize) -> Vec<FrocPoint> {
    let positives = ranking.positives();
    if positives == 0 || inputs == 0 {
        return Vec::new();
    }
    let of = |count: u64, whole: f64| count as f64 / whole;
    ranking
        .points()
        .map(|point| FrocPoint {
            score: point.score,
            sensitivity: of(point.counts.true_positives, positives as f64),
            per_input: of(point.counts.false_positives, inputs as f64),
            per_object: of(point.counts.false_positives, positives as f64),
        })
        .collect()
}
