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

/// Which colour a cell has, as a number: larger is more to be seen, so that of several cells that share one point of the screen
/// the largest is painted. What is wrong goes before what is right, and more before less.
pub(super) type Code = u16;

/// Undefined or left out; nothing; then the steps of blue, then those of orange.
const BACKGROUND: Code = 0;
const NOTHING: Code = 1;
const GOOD: Code = 1;
const BAD: Code = GOOD + STEPS as Code - 1;
const CODES: usize = BAD as usize + STEPS;

/// From codes to colours, in one theme.
pub(super) struct Shades([Rgb; CODES]);

impl Shades {
    pub fn new(looks: &Looks) -> Self {
        let mut all = [looks.bg; CODES];
        let (good, bad) = (ramp(&looks.seq), ramp(&looks.err));
        // A ramp's first step is that of nothing, which both share.
        let steps = good.iter().chain(bad.iter().skip(1));
        for (place, rgb) in all.iter_mut().skip(NOTHING as usize).zip(steps) {
            *place = *rgb;
        }
        Self(all)
    }

    pub fn of(&self, code: Code) -> Rgb {
        self.0.get(usize::from(code)).copied().unwrap_or_default()
    }
}

/// From numbers to codes.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Coder {
    colours: Colours,
    /// What has the full colour, on the diagonal and off it.
    on: Amount,
    off: Amount,
}

/// From an amount to a step.
#[derive(Clone, Copy, PartialEq)]
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

    fn step(self, value: f32) -> Code {
        let part = value / self.most;
        if part.is_nan() || part <= 0.0 {
            return 0;
        }
        let part = if self.bend > 0.0 { (1.0 + self.bend * part).ln() / (1.0 + self.bend).ln() } else { part };
        // Something is never painted as nothing.
        1 + ((part.min(1.0) * (STEPS - 2) as f32) as Code).min(STEPS as Code - 2)
    }
}

impl Coder {
    pub fn new(colours: Colours, data: &Matrix) -> Self {
        let (on, off) = match colours.scheme {
            Scheme::RightWrong => (data.on, data.off),
            // One measure for both, so that they can be compared.
            Scheme::Amount if colours.hide_diagonal => (data.off, data.off),
            Scheme::Amount | Scheme::Change => (data.on.max(data.off), data.on.max(data.off)),
        };
        let amount = |most| Amount::new(most, colours.logarithmic);
        Self { colours, on: amount(on), off: amount(off) }
    }

    pub fn code(&self, value: f32, diagonal: bool) -> Code {
        if value.is_nan() || (diagonal && self.colours.hide_diagonal) {
            return BACKGROUND;
        }
        // Most cells of a large matrix.
        if value == 0.0 {
            return NOTHING;
        }
        let step = if diagonal { self.on } else { self.off }.step(value.abs());
        let good = match self.colours.scheme {
            Scheme::RightWrong => diagonal,
            Scheme::Amount => true,
            Scheme::Change => diagonal == (value > 0.0),
        };
        if good { GOOD + step } else { BAD + step }
    }

    /// Those of a whole matrix, row by row.
    pub fn codes(&self, data: &Matrix) -> Vec<Code> {
        let n = data.side().max(1);
        let rows = data.cells.chunks_exact(n).enumerate();
        rows.flat_map(|(i, row)| row.iter().enumerate().map(move |(j, v)| self.code(*v, i == j))).collect()
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

    fn colour(colours: Colours, data: &Matrix, value: f32, diagonal: bool) -> Rgb {
        Shades::new(&looks()).of(Coder::new(colours, data).code(value, diagonal))
    }

    #[test]
    fn right_is_blue_and_wrong_is_orange() {
        let of = |value, diagonal| colour(Colours::default(), &matrix(), value, diagonal);
        assert_eq!(of(90.0, true), [0, 0, 160]);
        assert_eq!(of(1.0, false), [150, 0, 0], "the largest that is wrong has the full colour");
        assert_eq!(of(0.0, false), [0, 0, 100]);
        assert_eq!(of(f32::NAN, true), [255; 3]);
        assert_eq!(of(0.001, false), [110, 0, 0], "a little is not nothing");
        let coder = Coder::new(Colours::default(), &matrix());
        assert!(coder.code(0.01, false) > coder.code(90.0, true), "one mistake is seen beside many that are right");
        assert!(coder.code(1.0, true) > coder.code(0.0, false) && coder.code(0.0, false) > coder.code(f32::NAN, false));
        assert_eq!(coder.codes(&matrix()).len(), 4);
    }

    #[test]
    fn a_change_is_better_or_worse_by_where_it_stands() {
        let colours = Colours { scheme: Scheme::Change, ..Colours::default() };
        let data = Matrix::new(vec!["a".to_owned(), "b".to_owned()], false, vec![5.0, -5.0, 2.0, -1.0]);
        let blue = |value, diagonal| colour(colours, &data, value, diagonal)[2] > 0;
        assert!(blue(5.0, true) && blue(-5.0, false));
        assert!(!blue(-5.0, true) && !blue(5.0, false));
    }

    #[test]
    fn the_logarithm_lifts_the_few() {
        let data = Matrix { off: 1000.0, ..matrix() };
        let bent = Colours { logarithmic: true, ..Colours::default() };
        let [plain, lifted] = [Colours::default(), bent].map(|c| colour(c, &data, 10.0, false)[0]);
        assert!(lifted > plain, "{lifted} {plain}");
        assert_eq!(colour(bent, &data, 1000.0, false), colour(Colours::default(), &data, 1000.0, false));
        let hidden = Colours { hide_diagonal: true, ..Colours::default() };
        assert_eq!(colour(hidden, &matrix(), 90.0, true), [255; 3]);
    }

    #[test]
    fn ink_can_be_read() {
        assert_eq!([ink([255; 3]), ink([18, 66, 125]), ink([0; 3])], ["#101318", "#ffffff", "#ffffff"]);
    }
}
