//! Precision, recall and F1 of many classes as one number.

use crate::{Counts, Mean, mean, weighted_mean};

/// What a ratio of 0 to 0 is when it goes into an average: scikit-learn's `zero_division`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroDivision {
    /// 0, scikit-learn's default.
    Zero,
    /// 1.
    One,
    /// Left out of the mean, and counted in [`Mean::left_out`]: scikit-learn's `nan`.
    #[default]
    LeftOut,
}

impl ZeroDivision {
    fn settle(self, value: Option<f64>) -> Option<f64> {
        value.or(match self {
            Self::Zero => Some(0.0),
            Self::One => Some(1.0),
            Self::LeftOut => None,
        })
    }
}

/// How classes become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Average {
    /// The mean of the classes' figures, each class of the same weight. Macro F1 is the mean of F1, not the harmonic mean of
    /// macro precision and macro recall.
    #[default]
    Macro,
    /// The figure of the classes' counts added up. Of inputs with one class each all three are the accuracy.
    Micro,
    /// The mean of the classes' figures, weighted by how many inputs each is on (its support).
    Weighted,
}

/// Precision, recall and F1 of many classes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Averages {
    /// 0 to 1.
    pub precision: Mean,
    /// 0 to 1.
    pub recall: Mean,
    /// 0 to 1.
    pub f1: Mean,
}

/// Averages of classes, as scikit-learn's `precision_recall_fscore_support` has them. Undefined where no class has a figure,
/// and weighted ones where no input is positive (scikit-learn says 0 or the value of `zero_division` there). A micro average
/// has no deviation.
#[must_use]
pub fn averages(counts: &[Counts], average: Average, zero: ZeroDivision) -> Averages {
    let of = |figure: fn(Counts) -> Option<f64>| match average {
        Average::Macro => mean(counts.iter().map(|c| zero.settle(figure(*c)))),
        Average::Weighted => weighted_mean(counts.iter().map(|c| (zero.settle(figure(*c)), c.positives() as f64))),
        Average::Micro => {
            let value = zero.settle(figure(counts.iter().copied().sum()));
            Mean { value, deviation: None, left_out: 0 }
        }
    };
    Averages { precision: of(Counts::precision), recall: of(Counts::recall), f1: of(Counts::f1) }
}
