//! Where curves are on the screen, and which point is near a place.

use super::super::scale::Scale;
use super::Line;

/// The drawing's inner area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plot {
    pub x: Scale,
    pub y: Scale,
}

impl Plot {
    /// A point of a curve on the screen.
    pub fn point(&self, line: &Line, at: usize) -> Option<(f64, f64)> {
        let (x, y) = (f64::from(*line.x.get(at)?), f64::from(*line.y.get(at)?));
        (x.is_finite() && y.is_finite()).then(|| (self.x.at(x), self.y.at(y)))
    }

    /// Is a place inside, edges included?
    pub fn holds(&self, (x, y): (f64, f64)) -> bool {
        x >= self.x.from - 0.5 && x <= self.x.to + 0.5 && y <= self.y.from + 0.5 && y >= self.y.to - 0.5
    }

    /// The corners of a curve on the screen, without those that no eye can tell apart. A place where it is undefined begins
    /// it anew: `true`.
    pub fn corners(&self, line: &Line, stepped: bool, mut each: impl FnMut(f64, f64, bool)) {
        let mut before: Option<(f64, f64)> = None;
        let count = line.x.len().min(line.y.len());
        for (i, (x, y)) in line.x.iter().zip(&line.y).enumerate() {
            let (x, y) = (self.x.at(f64::from(*x)), self.y.at(f64::from(*y)));
            if !(x.is_finite() && y.is_finite()) {
                before = None;
                continue;
            }
            match before {
                None => each(x, y, true),
                // The last point ends the curve exactly.
                Some((a, b)) if i + 1 < count && (x - a).abs() < 0.4 && (y - b).abs() < 0.4 => continue,
                Some((_, b)) => {
                    if stepped {
                        each(x, b, false);
                    }
                    each(x, y, false);
                }
            }
            before = Some((x, y));
        }
    }
}

/// The point of a curve that is nearest to a place, and the square of its distance.
pub(super) fn nearest(plot: &Plot, line: &Line, (x, y): (f64, f64)) -> Option<(usize, f64)> {
    (0..line.x.len())
        .filter_map(|i| plot.point(line, i).map(|(a, b)| (i, (a - x).powi(2) + (b - y).powi(2))))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The next point to the right or left that can be told from this one; as many steps as wanted.
pub(super) fn along(plot: &Plot, line: &Line, from: usize, right: bool, steps: usize) -> usize {
    let last = line.x.len().saturating_sub(1);
    let rising = line.x.first() <= line.x.last();
    let forward = right == rising;
    let mut at = from.min(last);
    for _ in 0..steps {
        let begun = plot.point(line, at);
        loop {
            let next = if forward { (at + 1).min(last) } else { at.saturating_sub(1) };
            if next == at {
                return at;
            }
            at = next;
            let moved = match (begun, plot.point(line, at)) {
                (Some((a, b)), Some((x, y))) => (a - x).abs() >= 1.0 || (b - y).abs() >= 1.0,
                (None, Some(_)) => true,
                (_, None) => false,
            };
            if moved {
                break;
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        Plot {
            x: Scale { low: 0.0, high: 1.0, from: 0.0, to: 100.0 },
            y: Scale { low: 0.0, high: 1.0, from: 100.0, to: 0.0 },
        }
    }

    fn line(x: Vec<f32>, y: Vec<f32>) -> Line {
        Line { x, y, ..Line::default() }
    }

    #[test]
    fn the_nearest_point_is_found() {
        let line = line(vec![0.0, 0.5, f32::NAN, 1.0], vec![1.0, 0.5, 0.5, 0.0]);
        assert_eq!(nearest(&plot(), &line, (52.0, 50.0)), Some((1, 4.0)));
        assert_eq!(nearest(&plot(), &Line::default(), (0.0, 0.0)), None);
    }

    #[test]
    fn a_curve_can_be_walked_either_way_it_runs() {
        let rising = line(vec![0.0, 0.001, 0.5, 1.0], vec![1.0; 4]);
        assert_eq!(along(&plot(), &rising, 0, true, 1), 2, "points on the same pixel are one step");
        assert_eq!(along(&plot(), &rising, 2, true, 10), 3);
        let falling = line(vec![1.0, 0.5, 0.0], vec![0.0; 3]);
        assert_eq!([along(&plot(), &falling, 1, true, 1), along(&plot(), &falling, 1, false, 1)], [0, 2]);
        assert_eq!(along(&plot(), &Line::default(), 0, true, 1), 0);
    }

    #[test]
    fn steps_have_corners_and_gaps_begin_anew() {
        let mut seen = Vec::new();
        let gap = line(vec![0.0, 0.5, f32::NAN, 1.0], vec![1.0, 0.5, 0.5, 0.0]);
        plot().corners(&gap, true, |x, y, anew| seen.push((x as i32, y as i32, anew)));
        assert_eq!(seen, [(0, 0, true), (50, 0, false), (50, 50, false), (100, 100, true)]);
        let many = line((0..10_000).map(|i| i as f32 / 10_000.0).collect(), vec![0.5; 10_000]);
        let mut corners = 0;
        plot().corners(&many, false, |_, _, _| corners += 1);
        assert!(corners < 300, "{corners} corners on 100 pixels");
    }
}
