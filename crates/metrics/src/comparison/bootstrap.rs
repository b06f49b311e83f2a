//! Intervals of differences.

use super::random::Random;

/// What an interval says about a run beside its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// The whole interval is on the better side of 0.
    Better,
    /// The whole interval is on the worse side of 0.
    Worse,
    /// The interval holds 0.
    #[default]
    NotDistinguishable,
    /// There is no interval.
    Undefined,
}

impl Verdict {
    /// What an interval of differences (run less reference) says.
    #[must_use]
    pub fn of(interval: Option<(f64, f64)>, lower_is_better: bool) -> Self {
        match interval {
            None => Self::Undefined,
            Some((low, high)) if low <= 0.0 && high >= 0.0 => Self::NotDistinguishable,
            Some((low, _)) if (low > 0.0) == lower_is_better => Self::Worse,
            Some(_) => Self::Better,
        }
    }
}

/// A paired bootstrap over inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// How many inputs there are, and are drawn each time.
    pub inputs: u32,
    /// How often they are drawn.
    pub draws: u32,
    /// Where the random numbers begin: the same seed makes the same intervals.
    pub seed: u64,
}

impl Bootstrap {
    /// The 95 % interval of the difference from the reference, for each run and figure. `measure` is told how often each
    /// input was drawn, and fills in for each run (the reference first) as many figures as there are. A draw in which a figure is undefined in
    /// one of the two is left out of its interval; a figure that is undefined in half of the draws has none.
    pub fn intervals(
        self,
        runs: usize,
        figures: usize,
        mut measure: impl FnMut(&[u32], &mut [Vec<Option<f64>>]),
    ) -> Vec<Vec<Option<(f64, f64)>>> {
        let mut random = Random::new(self.seed);
        let mut weights = vec![0u32; self.inputs as usize];
        let mut measured = vec![Vec::with_capacity(figures); runs];
        let mut differences = vec![vec![Vec::with_capacity(self.draws as usize); figures]; runs.saturating_sub(1)];
        for _ in 0..if self.inputs == 0 { 0 } else { self.draws } {
            weights.fill(0);
            for _ in 0..self.inputs {
                if let Some(weight) = weights.get_mut(random.below(self.inputs) as usize) {
                    *weight += 1;
                }
            }
            measured.iter_mut().for_each(Vec::clear);
            measure(&weights, &mut measured);
            let Some((reference, others)) = measured.split_first() else { continue };
            for (run, kept) in others.iter().zip(&mut differences) {
                for ((figure, of), kept) in run.iter().zip(reference).zip(kept) {
                    kept.extend(figure.zip(*of).map(|(figure, of)| figure - of));
                }
            }
        }
        let least = self.draws as usize / 2 + 1;
        differences
            .into_iter()
            .map(|run| run.into_iter().map(|d| if d.len() < least { None } else { middle(d) }).collect())
            .collect()
    }
}

/// From the 2.5 % to the 97.5 % quantile, between two values by their distance, as NumPy has it.
fn middle(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)? as f64;
    let quantile = |q: f64| {
        let (at, part) = ((q * last).floor() as usize, (q * last).fract());
        let low = *values.get(at)?;
        let high = values.get(at + 1).copied().unwrap_or(low);
        Some(low + (high - low) * part)
    };
    Some((quantile(0.025)?, quantile(0.975)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_holds_nought_says_nothing() {
        assert_eq!(Verdict::of(Some((-0.1, 0.2)), false), Verdict::NotDistinguishable);
        assert_eq!(Verdict::of(Some((0.0, 0.2)), false), Verdict::NotDistinguishable);
        assert_eq!(Verdict::of(Some((0.1, 0.2)), false), Verdict::Better);
        assert_eq!(Verdict::of(Some((0.1, 0.2)), true), Verdict::Worse);
        assert_eq!(Verdict::of(Some((-0.2, -0.1)), false), Verdict::Worse);
        assert_eq!(Verdict::of(Some((-0.2, -0.1)), true), Verdict::Better);
        assert_eq!(Verdict::of(None, true), Verdict::Undefined);
    }

    #[test]
    fn quantiles_lie_between_values_as_in_numpy() {
        // numpy.percentile([0, 1, 2, 3], [2.5, 97.5])
        let (low, high) = middle(vec![3.0, 1.0, 0.0, 2.0]).unwrap();
        assert!((low - 0.075).abs() < 1e-12 && (high - 2.925).abs() < 1e-12);
        assert_eq!(middle(Vec::new()), None);
    }

    #[test]
    fn what_is_undefined_most_of_the_time_has_no_interval() {
        let bootstrap = Bootstrap { inputs: 3, draws: 100, seed: 1 };
        let intervals = bootstrap.intervals(2, 1, |_, runs| runs.iter_mut().for_each(|run| run.push(None)));
        assert_eq!(intervals, [vec![None]]);
        assert_eq!(Bootstrap { inputs: 0, draws: 9, seed: 1 }.intervals(2, 1, |_, _| {}), [vec![None]]);
    }
}
