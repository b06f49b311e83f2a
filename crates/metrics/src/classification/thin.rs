//! Fewer points, the same shape.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A stretch of the line that is drawn straight, and the point of it that lies farthest off.
struct Stretch {
    first: usize,
    last: usize,
    farthest: usize,
    distance: f64,
}

impl Stretch {
    /// `None` where no point lies off the line.
    fn new(points: &[(f64, f64)], first: usize, last: usize) -> Option<Self> {
        let (from, to) = (*points.get(first)?, *points.get(last)?);
        let between = points.get(first + 1..last)?.iter().enumerate();
        let off = between.map(|(i, point)| (first + 1 + i, distance(*point, from, to)));
        let (farthest, distance) = off.reduce(|best, one| if one.1 > best.1 { one } else { best })?;
        (distance > 0.0).then_some(Self { first, last, farthest, distance })
    }
}

impl Ord for Stretch {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance.total_cmp(&other.distance).then_with(|| other.first.cmp(&self.first))
    }
}

impl PartialOrd for Stretch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Stretch {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Stretch {}

/// Square of the distance from a point to a piece of line.
fn distance(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (px - along * dx).powi(2) + (py - along * dy).powi(2)
}

/// Which points of a line to keep, at most so many: indices, upwards, the first and the last among them where two are
/// allowed. The point that lies farthest off the line drawn so far is taken next (Ramer–Douglas–Peucker by number of
/// points), until none lies off it. Distances are in the units of the points: scale both axes alike before. Points that are
/// not numbers are never taken for far. O(points · `at_most`) at worst, usually O(points · log `at_most`).
#[must_use]
pub fn thin(points: &[(f64, f64)], at_most: usize) -> Vec<usize> {
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    let mut kept = vec![0, last];
    kept.dedup();
    kept.truncate(at_most);
    let mut open: BinaryHeap<Stretch> = Stretch::new(points, 0, last).into_iter().collect();
    while kept.len() < at_most
        && let Some(stretch) = open.pop()
    {
        kept.push(stretch.farthest);
        open.extend(Stretch::new(points, stretch.first, stretch.farthest));
        open.extend(Stretch::new(points, stretch.farthest, stretch.last));
    }
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_lies_on_the_line_is_not_needed() {
        let steps = [(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0)];
        assert_eq!(thin(&steps, 10), [0, 2, 4]);
        assert_eq!(thin(&steps, 2), [0, 4]);
        assert_eq!(thin(&steps, 1), [0]);
        assert_eq!(thin(&steps, 0), [0; 0]);
        assert_eq!(thin(&[], 5), [0; 0]);
        assert_eq!(thin(&[(1.0, 1.0)], 5), [0]);
    }

    #[test]
    fn a_single_spike_among_many_points_stays() {
        let mut flat: Vec<(f64, f64)> = (0..10_000).map(|i| (f64::from(i) / 10_000.0, 0.25)).collect();
        flat[6789].1 = 0.9;
        assert!(thin(&flat, 5).contains(&6789));
    }

    /// Square of the distance of the point that is drawn worst.
    fn worst(points: &[(f64, f64)], kept: &[usize]) -> f64 {
        kept.windows(2).filter_map(|w| Stretch::new(points, w[0], w[1])).map(|s| s.distance).fold(0.0, f64::max)
    }

    #[test]
    fn a_curve_of_ten_thousand_points_looks_the_same_with_fifty() {
        let quarter: Vec<(f64, f64)> =
            (0..10_000).map(|i| (f64::from(i) / 9999.0 * std::f64::consts::FRAC_PI_2).sin_cos()).collect();
        let kept = thin(&quarter, 50);
        assert!(kept.len() <= 50 && worst(&quarter, &kept).sqrt() < 0.001);
    }

    proptest! {
        #[test]
        fn few_points_near_all_of_them(ys in prop::collection::vec(0.0..1.0_f64, 2..200), at_most in 2..40_usize) {
            // A curve that only rises, as ROC does.
            let mut sum = 0.0;
            let points: Vec<_> = ys.iter().enumerate().map(|(i, y)| { sum += y; (i as f64, sum) }).collect();
            let kept = thin(&points, at_most);
            prop_assert!(kept.len() <= at_most);
            prop_assert!(kept.is_sorted_by(|a, b| a < b));
            prop_assert_eq!((kept[0], kept[kept.len() - 1]), (0, points.len() - 1));
            prop_assert!(worst(&points, &thin(&points, points.len())) < 1e-18);
        }
    }
}
