//! From numbers to places on the screen, and the ticks of an axis.

/// A straight scale: numbers from `low` to `high` fall on places from `from` to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    pub from: f64,
    pub to: f64,
}

impl Scale {
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / self.width() * (self.to - self.from)
    }

    fn width(&self) -> f64 {
        let width = self.high - self.low;
        if width == 0.0 { 1.0 } else { width }
    }
}

/// Round numbers from `low` to `high`, about so many, and how many decimals they need.
pub(super) fn ticks(low: f64, high: f64, about: usize) -> (Vec<f64>, u8) {
    let room = high - low;
    if !(room.is_finite() && room > 0.0) {
        return (vec![low], 0);
    }
    let rough = room / about.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * 0.999).unwrap_or(power);
    let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as u8;
    // By whole steps, since sums of 0.1 drift.
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    ((first..=last).map(|i| i as f64 * step).collect(), decimals)
}

/// The range of some numbers, widened to round ones, and to `within` at most.
pub(super) fn round_range(values: impl Iterator<Item = f64>, about: usize, within: (f64, f64)) -> (f64, f64) {
    let (low, high) = values.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = (high - low).max(0.01);
    let step = ticks(low, low + room, about).0;
    let step = match step.as_slice() {
        [a, b, ..] => b - a,
        _ => room,
    };
    let down = ((low / step + 1e-9).floor() * step).max(within.0);
    let up = ((high / step - 1e-9).ceil() * step).min(within.1);
    if up > down { (down, up) } else { (down, down + step) }
}

#[cfg(test)]
mod tests {
    use super::{Scale, round_range, ticks};

    #[test]
    fn ticks_are_round() {
        let (at, decimals) = ticks(0.5, 1.0, 5);
        assert_eq!((at.len(), decimals), (6, 1));
        assert!(at.iter().zip([0.5, 0.6, 0.7, 0.8, 0.9, 1.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{at:?}");
        assert_eq!(ticks(0.0, 40.0, 4), (vec![0.0, 10.0, 20.0, 30.0, 40.0], 0));
        assert_eq!(ticks(3.0, 3.0, 4), (vec![3.0], 0));
        assert_eq!(ticks(f64::NAN, 3.0, 4).0.len(), 1);
    }

    #[test]
    fn ranges_are_widened_to_round_numbers() {
        let (low, high) = round_range([0.789, 0.994].into_iter(), 4, (0.0, 1.0));
        assert!((0.7..=0.789).contains(&low) && (high - 1.0).abs() < 1e-9, "{low} {high}");
        assert_eq!(round_range([f64::NAN].into_iter(), 4, (0.0, 1.0)), (0.0, 1.0));
        let (low, high) = round_range([1.0, 1.0].into_iter(), 4, (0.0, 1.0));
        assert!(low < high, "{low} {high}");
    }

    #[test]
    fn scales_run_either_way() {
        let scale = Scale { low: 0.5, high: 1.0, from: 200.0, to: 0.0 };
        assert!((scale.at(0.75) - 100.0).abs() < 1e-9);
        assert!(Scale { low: 1.0, high: 1.0, from: 0.0, to: 9.0 }.at(1.0).is_finite());
    }
}
