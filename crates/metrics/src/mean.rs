//! Means over classes, some of which may have no figure.

/// A mean over classes whose own figure is defined.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Mean {
    /// Undefined where no class has a figure.
    pub value: Option<f64>,
    /// Standard deviation of these classes as a whole (numpy's `ddof=0`); undefined where the mean is.
    pub deviation: Option<f64>,
    /// Classes without a figure: they are not in the mean.
    pub left_out: usize,
}

/// Σ x / n over what is defined, each class of the same weight.
#[must_use]
pub fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Mean {
    weighted_mean(values.into_iter().map(|value| (value, 1.0)))
}

/// Σ w x / Σ w over pairs of figure and weight whose figure is defined. Undefined where there is none, or where all weights
/// are 0.
#[must_use]
pub fn weighted_mean(values: impl IntoIterator<Item = (Option<f64>, f64)>) -> Mean {
    let mut left_out = 0;
    let mut kept = Vec::new();
    for (value, weight) in values {
        match value {
            Some(value) => kept.push((value, weight)),
            None => left_out += 1,
        }
    }
    let weight: f64 = kept.iter().map(|(_, w)| w).sum();
    if weight <= 0.0 {
        return Mean { left_out, ..Mean::default() };
    }
    let value = kept.iter().map(|(x, w)| x * w).sum::<f64>() / weight;
    let variance = kept.iter().map(|(x, w)| w * (x - value).powi(2)).sum::<f64>() / weight;
    Mean { value: Some(value), deviation: Some(variance.sqrt()), left_out }
}

/// The mean alone, of values that are all defined: for loops in which its spread would be thrown away. Undefined where there is none.
pub(crate) fn plain(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undefined_is_left_out_visibly() {
        assert_eq!(mean([Some(0.0), None, Some(4.0)]), Mean { value: Some(2.0), deviation: Some(2.0), left_out: 1 });
        assert_eq!(mean([None, None]), Mean { left_out: 2, ..Mean::default() });
        assert_eq!(mean([]), Mean::default());
        assert_eq!(weighted_mean([(Some(1.0), 3.0), (Some(5.0), 1.0), (None, 9.0)]).value, Some(2.0));
        assert_eq!(weighted_mean([(Some(1.0), 0.0)]).value, None);
    }
}
