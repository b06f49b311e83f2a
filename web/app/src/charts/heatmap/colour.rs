//! Which colour a number of a matrix has.

use super::super::looks::{Looks, Rgb};
use super::Matrix;

/// What colours say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Blue on the diagonal, where it is right; orange off it, where it is wrong.
    #[default]
    RightWrong,
    /// Blue throughout: an amount without right and wrong.
    Amount,
    /// A difference of two matrices: blue is better, that is more on the diagonal or less off it; orange is worse.
    Change,
}

/// How numbers become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colours {
    pub scheme: Scheme,
    /// By the logarithm, so that few are told from none beside very many.
    pub logarithmic: bool,
    /// The diagonal is left out.
    pub hide_diagonal: bool,
}

/// Steps of a ramp, the first of which is that of nothing.
const STEPS: usize = 256;

/// All colours of a matrix, ready to be looked up.
pub(super) struct Paint {
    colours: Colours,
    /// Blue and orange.
    good: [Rgb; STEPS],
    bad: [Rgb; STEPS],
    nothing: Rgb,
    background: Rgb,
    /// What is the full colour, on the diagonal and off it.
    on: Amount,
    off: Amount,
}

/// From an amount to a step.
#[derive(Clone, Copy)]
struct Amount {
    most: f32,
    /// How strongly the logarithm bends; 0 for not at all.
    bend: f32,
}

impl Amount {
    fn new(most: f32, logarithmic: bool) -> Self {
        let bend = match (logarithmic, most) {
            (false, _) => 0.0,
            // Of counts so that 1 stands out from 0, of shares so that a hundredth does.
            (true, m) if m > 1.0 => m,
            (true, _) => 100.0,
        };
        Self { most, bend }
    }

    fn step(self, value: f32) -> usize {
        let part = value / self.most;
        if part.is_nan() || part <= 0.0 {
            return 0;
        }
        let part = if self.bend > 0.0 { (1.0 + self.bend * part).ln() / (1.0 + self.bend).ln() } else { part };
        // Something is never painted as nothing.
        1 + ((part.min(1.0) * (STEPS - 2) as f32) as usize).min(STEPS - 2)
    }
}

impl Paint {
    pub fn new(colours: Colours, looks: &Looks, data: &Matrix) -> Self {
        let (on, off) = match colours.scheme {
            Scheme::RightWrong => (data.on, data.off),
            // One measure for both, so that they can be compared.
            Scheme::Amount if colours.hide_diagonal => (data.off, data.off),
            Scheme::Amount | Scheme::Change => (data.on.max(data.off), data.on.max(data.off)),
        };
        Self {
            colours,
            good: ramp(&looks.seq),
            bad: ramp(&looks.err),
            nothing: looks.seq[0],
            background: looks.bg,
            on: Amount::new(on, colours.logarithmic),
            off: Amount::new(off, colours.logarithmic),
        }
    }

    pub fn colour(&self, value: f32, diagonal: bool) -> Rgb {
        if value.is_nan() || (diagonal && self.colours.hide_diagonal) {
            return self.background;
        }
        let amount = if diagonal { self.on } else { self.off };
        let step = amount.step(value.abs());
        if step == 0 {
            return self.nothing;
        }
        let good = match self.colours.scheme {
            Scheme::RightWrong => diagonal,
            Scheme::Amount => true,
            Scheme::Change => diagonal == (value > 0.0),
        };
        let ramp = if good { &self.good } else { &self.bad };
        ramp.get(step).copied().unwrap_or(self.nothing)
    }

    /// Of several cells that share one point of the screen, the one to be seen: what is wrong before what is right, and the
    /// larger before the smaller.
    pub fn weight(&self, value: f32, diagonal: bool) -> f32 {
        if value.is_nan() || (diagonal && self.colours.hide_diagonal) {
            return -1.0;
        }
        let (amount, first) = if diagonal { (self.on, 0.0) } else { (self.off, 1.0) };
        if value == 0.0 { 0.0 } else { first + value.abs() / amount.most.max(f32::MIN_POSITIVE) }
    }
}

/// Between the colours of the design, evenly.
fn ramp(stops: &[Rgb]) -> [Rgb; STEPS] {
    let mut out = [[0; 3]; STEPS];
    let parts = stops.len().saturating_sub(2).max(1) as f32;
    for (i, place) in out.iter_mut().enumerate() {
        if i == 0 {
            *place = stops.first().copied().unwrap_or_default();
            continue;
        }
        // The first colour is nothing's own; the least amount begins with the second.
        let at = (i - 1) as f32 / (STEPS - 2) as f32 * parts;
        let k = (at.floor() as usize + 1).min(stops.len().saturating_sub(1));
        let (a, b) =
            (stops.get(k).copied().unwrap_or_default(), stops.get(k + 1).or(stops.get(k)).copied().unwrap_or_default());
        let t = at - at.floor();
        for ((c, a), b) in place.iter_mut().zip(a).zip(b) {
            *c = (f32::from(a) + (f32::from(b) - f32::from(a)) * t).round() as u8;
        }
    }
    out
}

/// White or nearly black, whichever can be read better on a colour.
pub(super) fn ink(on: Rgb) -> &'static str {
    let [r, g, b] = on.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    // Where both contrasts are equal (WCAG 2): white 1.05 / (L + .05), #101318 (L + .05) / .0565.
    if light > 0.193 { "#101318" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks() -> Looks {
        let grey = |i: usize| [i as u8 * 10; 3];
        Looks {
            bg: [255; 3],
            seq: std::array::from_fn(|i| [0, 0, grey(i)[0] + 100]),
            err: std::array::from_fn(|i| if i == 0 { [0, 0, 100] } else { [grey(i)[0] + 100, 0, 0] }),
            ..Looks::default()
        }
    }

    fn matrix() -> Matrix {
        Matrix::new(vec!["a".to_owned(), "b".to_owned()], false, vec![90.0, 1.0, 0.0, f32::NAN])
    }

    #[test]
    fn right_is_blue_and_wrong_is_orange() {
        let paint = Paint::new(Colours::default(), &looks(), &matrix());
        assert_eq!(paint.colour(90.0, true), [0, 0, 160]);
        assert_eq!(paint.colour(1.0, false), [150, 0, 0], "the largest that is wrong has the full colour");
        assert_eq!(paint.colour(0.0, false), [0, 0, 100]);
        assert_eq!(paint.colour(f32::NAN, true), [255; 3]);
        let [red, ..] = paint.colour(0.001, false);
        assert!(red > 0, "a little is not nothing");
        assert!(paint.weight(1.0, false) > paint.weight(90.0, true), "one mistake is seen beside many that are right");
    }

    #[test]
    fn a_change_is_better_or_worse_by_where_it_stands() {
        let colours = Colours { scheme: Scheme::Change, ..Colours::default() };
        let data = Matrix::new(vec!["a".to_owned(), "b".to_owned()], false, vec![5.0, -5.0, 2.0, -1.0]);
        let paint = Paint::new(colours, &looks(), &data);
        let blue = |[r, _, b]: Rgb| r == 0 && b > 0;
        assert!(blue(paint.colour(5.0, true)) && blue(paint.colour(-5.0, false)));
        assert!(!blue(paint.colour(-5.0, true)) && !blue(paint.colour(5.0, false)));
    }

    #[test]
    fn the_logarithm_lifts_the_few() {
        let plain = Paint::new(Colours::default(), &looks(), &Matrix { off: 1000.0, ..matrix() });
        let bent = Paint::new(
            Colours { logarithmic: true, ..Colours::default() },
            &looks(),
            &Matrix { off: 1000.0, ..matrix() },
        );
        assert!(bent.colour(10.0, false)[0] > plain.colour(10.0, false)[0]);
        assert_eq!(bent.colour(1000.0, false), plain.colour(1000.0, false));
        let hidden = Paint::new(Colours { hide_diagonal: true, ..Colours::default() }, &looks(), &matrix());
        assert_eq!(hidden.colour(90.0, true), [255; 3]);
    }

    #[test]
    fn ink_can_be_read() {
        assert_eq!([ink([255; 3]), ink([18, 66, 125]), ink([0; 3])], ["#101318", "#ffffff", "#ffffff"]);
    }
}
