//! Run-length masks.

use crate::{PixelBox, polygon};
use thiserror::Error;

/// Why run lengths make no mask.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RleError {
    /// A character that the compressed text cannot hold.
    #[error("character {at} does not belong into compressed run lengths")]
    Character {
        /// Its place, from 0.
        at: usize,
    },
    /// The text ends inside a number.
    #[error("the compressed run lengths end in the middle of a number")]
    Cut,
    /// The runs do not fill the image.
    #[error("the runs add up to {sum} pixels, but the size {height} x {width} has {pixels}")]
    Sum {
        /// What the runs add up to.
        sum: u64,
        /// Pixels of the size.
        pixels: u64,
        /// Rows.
        height: u32,
        /// Columns.
        width: u32,
    },
}

/// A mask as lengths of runs, column by column from the top left, beginning with background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rle {
    height: u32,
    width: u32,
    counts: Vec<u32>,
}

impl Rle {
    /// Checks that the runs fill the image.
    pub fn new(height: u32, width: u32, counts: Vec<u32>) -> Result<Self, RleError> {
        let sum: u64 = counts.iter().map(|c| u64::from(*c)).sum();
        let pixels = u64::from(height) * u64::from(width);
        if sum != pixels {
            return Err(RleError::Sum { sum, pixels, height, width });
        }
        Ok(Self { height, width, counts })
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The runs.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Runs of foreground as start and end of pixel numbers, column by column.
    fn foreground(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.counts
            .iter()
            .scan(0u64, |at, run| {
                let start = *at;
                *at += u64::from(*run);
                Some((start, *at))
            })
            .skip(1)
            .step_by(2)
            .filter(|(start, end)| end > start)
    }

    /// How many pixels belong to the mask.
    #[must_use]
    pub fn area(&self) -> u64 {
        self.foreground().map(|(start, end)| end - start).sum()
    }

    /// The smallest box around the mask; empty for an empty mask.
    #[must_use]
    pub fn bounds(&self) -> PixelBox {
        let rows = u64::from(self.height.max(1));
        let mut found: Option<(u64, u64, u64, u64)> = None;
        for (start, end) in self.foreground() {
            let (x0, x1) = (start / rows, (end - 1) / rows);
            // A run over the end of a column touches its bottom and the next one's top.
            let (y0, y1) = if x0 == x1 { (start % rows, (end - 1) % rows) } else { (0, rows - 1) };
            found = Some(match found {
                None => (x0, y0, x1, y1),
                Some((left, top, right, bottom)) => (left.min(x0), top.min(y0), right.max(x1), bottom.max(y1)),
            });
        }
        found.map_or_else(PixelBox::default, |(x0, y0, x1, y1)| PixelBox {
            x: x0 as f64,
            y: y0 as f64,
            w: (x1 - x0 + 1) as f64,
            h: (y1 - y0 + 1) as f64,
        })
    }

    /// The mask as one byte a pixel, row by row: 255 inside, 0 outside.
    #[must_use]
    pub fn bitmap(&self) -> Vec<u8> {
        let (h, w) = (self.height as usize, self.width as usize);
        let mut out = vec![0; h * w];
        for (start, end) in self.foreground() {
            for pixel in start..end {
                let (x, y) = (pixel as usize / h.max(1), pixel as usize % h.max(1));
                if let Some(p) = out.get_mut(y * w + x) {
                    *p = 255;
                }
            }
        }
        out
    }

    /// A mask from one byte a pixel, row by row: above 127 is inside. `None` where the bytes do not fill the size.
    #[must_use]
    pub fn from_bitmap(height: u32, width: u32, pixels: &[u8]) -> Option<Self> {
        let (h, w) = (height as usize, width as usize);
        if pixels.len() != h * w {
            return None;
        }
        let (mut counts, mut inside, mut run) = (Vec::new(), false, 0u32);
        for x in 0..w {
            for y in 0..h {
                let now = pixels.get(y * w + x).is_some_and(|p| *p > 127);
                if now != inside {
                    counts.push(run);
                    (inside, run) = (now, 0);
                }
                run += 1;
            }
        }
        counts.push(run);
        Some(Self { height, width, counts })
    }

    /// Rasterises an outline (x0, y0, x1, y1, …) as pycocotools does: edges walked at five times the resolution.
    #[must_use]
    pub fn from_polygon(height: u32, width: u32, flat: &[f64]) -> Self {
        const SCALE: f64 = 5.0;
        let (h, w) = (i64::from(height), i64::from(width));
        let mut corners: Vec<(i64, i64)> =
            polygon::points(flat).map(|(x, y)| ((SCALE * x + 0.5) as i64, (SCALE * y + 0.5) as i64)).collect();
        if let Some(first) = corners.first().copied() {
            corners.push(first);
        }
        let mut walk: Vec<(i64, i64)> = Vec::new();
        for pair in corners.windows(2) {
            if let [from, to] = pair {
                walk_edge(*from, *to, &mut walk);
            }
        }
        // Where the walk enters another column, its row there is a boundary between outside and inside.
        let mut cuts: Vec<i64> = Vec::new();
        for pair in walk.windows(2) {
            let [(u0, v0), (u1, v1)] = pair else { continue };
            if u1 == u0 {
                continue;
            }
            let column = (if u1 < u0 { *u1 } else { u1 - 1 }) as f64;
            let column = (column + 0.5) / SCALE - 0.5;
            if column.floor() - column != 0.0 || column < 0.0 || column > (w - 1) as f64 {
                continue;
            }
            let row = (if v1 < v0 { *v1 } else { *v0 }) as f64;
            let row = ((row + 0.5) / SCALE - 0.5).clamp(0.0, h as f64).ceil();
            cuts.push(column as i64 * h + row as i64);
        }
        cuts.push(h * w);
        cuts.sort_unstable();
        let mut runs: Vec<u32> = Vec::with_capacity(cuts.len());
        let mut before = 0;
        for cut in cuts {
            runs.push((cut - before).max(0) as u32);
            before = cut;
        }
        // A run of no length joins its neighbours.
        let mut counts: Vec<u32> = Vec::with_capacity(runs.len());
        let mut iter = runs.into_iter();
        counts.extend(iter.next());
        while let Some(run) = iter.next() {
            if run > 0 {
                counts.push(run);
            } else if let (Some(next), Some(last)) = (iter.next(), counts.last_mut()) {
                *last += next;
            }
        }
        Self { height, width, counts }
    }
    /// Rasterises outlines (each x0, y0, x1, y1, …) and unites them, as pycocotools' `annToRLE` does.
    #[must_use]
    pub fn from_polygons<'a>(height: u32, width: u32, outlines: impl IntoIterator<Item = &'a [f64]>) -> Self {
        let parts: Vec<Self> = outlines.into_iter().map(|flat| Self::from_polygon(height, width, flat)).collect();
        Self::united(height, width, parts.iter())
    }

    /// All pixels that belong to one mask or more. `None` where their sizes differ.
    #[must_use]
    pub fn union<'a>(masks: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let masks: Vec<&Self> = masks.into_iter().collect();
        let first = masks.first()?;
        let (height, width) = (first.height, first.width);
        masks
            .iter()
            .all(|m| (m.height, m.width) == (height, width))
            .then(|| Self::united(height, width, masks.into_iter()))
    }

    fn united<'a>(height: u32, width: u32, masks: impl Iterator<Item = &'a Self>) -> Self {
        let mut runs: Vec<(u64, u64)> = masks.flat_map(Self::foreground).collect();
        runs.sort_unstable();
        let mut counts = Vec::new();
        let (mut at, mut rest) = (0, runs.into_iter().peekable());
        while let Some((start, mut end)) = rest.next() {
            // Runs that touch are one.
            while let Some((_, more)) = rest.next_if(|(next, _)| *next <= end) {
                end = end.max(more);
            }
            counts.extend([(start - at) as u32, (end - start) as u32]);
            at = end;
        }
        let pixels = u64::from(height) * u64::from(width);
        if at < pixels || counts.is_empty() {
            counts.push((pixels - at) as u32);
        }
        Self { height, width, counts }
    }

    /// How many pixels belong to both masks; 0 where their sizes differ.
    #[must_use]
    pub fn shared(&self, other: &Self) -> u64 {
        if (self.height, self.width) != (other.height, other.width) {
            return 0;
        }
        let (mut ours, mut theirs) = (self.foreground(), other.foreground());
        let (mut one, mut two) = (ours.next(), theirs.next());
        let mut sum = 0;
        while let (Some((start, end)), Some((from, to))) = (one, two) {
            sum += end.min(to).saturating_sub(start.max(from));
            if end <= to {
                one = ours.next();
            } else {
                two = theirs.next();
            }
        }
        sum
    }

    /// Intersection over union, 0 to 1; 0 where nothing is shared or the sizes differ (pycocotools says −1 to that). Against
    /// a crowd, over the area of `self` alone. Agrees with pycocotools' `mask.iou`.
    #[must_use]
    pub fn iou(&self, truth: &Self, crowd: bool) -> f64 {
        let shared = self.shared(truth);
        if shared == 0 {
            return 0.0;
        }
        let whole = if crowd { self.area() } else { self.area() + truth.area() - shared };
        shared as f64 / whole as f64
    }
}

/// The points of an edge, one a step along its longer axis.
fn walk_edge((xs, ys): (i64, i64), (xe, ye): (i64, i64), out: &mut Vec<(i64, i64)>) {
    let (dx, dy) = ((xe - xs).abs(), (ys - ye).abs());
    let flip = (dx >= dy && xs > xe) || (dx < dy && ys > ye);
    let ((xs, ys), (xe, ye)) = if flip { ((xe, ye), (xs, ys)) } else { ((xs, ys), (xe, ye)) };
    let along = dx.max(dy);
    let slope = if along == 0 {
        0.0
    } else if dx >= dy {
        (ye - ys) as f64 / dx as f64
    } else {
        (xe - xs) as f64 / dy as f64
    };
    for step in 0..=along {
        let t = if flip { along - step } else { step };
        out.push(if dx >= dy {
            (t + xs, (ys as f64 + slope * t as f64 + 0.5) as i64)
        } else {
            ((xs as f64 + slope * t as f64 + 0.5) as i64, t + ys)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_size_must_be_filled() {
        assert_eq!(Rle::new(2, 3, vec![1, 4]), Err(RleError::Sum { sum: 5, pixels: 6, height: 2, width: 3 }));
        let empty = Rle::new(2, 3, vec![6]).unwrap();
        assert_eq!((empty.area(), empty.bounds()), (0, PixelBox::default()));
    }

    #[test]
    fn a_square_covers_its_pixels() {
        let m = Rle::from_polygon(10, 10, &[2., 3., 6., 3., 6., 8., 2., 8.]);
        assert_eq!((m.area(), m.bounds()), (20, PixelBox { x: 2., y: 3., w: 4., h: 5. }));
        assert_eq!(Rle::from_bitmap(10, 10, &m.bitmap()).unwrap(), m);
    }

    #[test]
    fn overlaps_of_masks() {
        let square = |x: f64| Rle::from_polygon(10, 20, &[x, 0., x + 10., 0., x + 10., 10., x, 10.]);
        assert!((square(0.).iou(&square(5.), false) - 1.0 / 3.0).abs() < 1e-15);
        assert!((square(0.).iou(&square(5.), true) - 0.5).abs() < 1e-15);
        assert!(square(0.).iou(&square(10.), false).abs() < 1e-15);
        assert!(square(0.).iou(&Rle::new(20, 10, vec![0, 200]).unwrap(), false).abs() < 1e-15);
        let both = Rle::union([&square(0.), &square(5.)]).unwrap();
        assert_eq!(both.counts(), [0, 150, 50]);
        assert_eq!(Rle::union([&square(0.), &Rle::new(1, 1, vec![1]).unwrap()]), None);
        assert_eq!(Rle::union([]), None);
        assert_eq!(Rle::from_polygons(2, 3, []).counts(), [6]);
    }

    proptest! {
        #[test]
        fn masks_overlap_as_their_pixels_do(
            a in prop::collection::vec(any::<bool>(), 12), b in prop::collection::vec(any::<bool>(), 12), crowd: bool
        ) {
            let mask = |bits: &[bool]| {
                Rle::from_bitmap(3, 4, &bits.iter().map(|b| if *b { 255 } else { 0 }).collect::<Vec<u8>>()).unwrap()
            };
            let (p, q) = (mask(&a), mask(&b));
            let both = a.iter().zip(&b).filter(|(a, b)| **a && **b).count();
            let any: Vec<bool> = a.iter().zip(&b).map(|(a, b)| *a || *b).collect();
            let whole = if crowd { p.area() as usize } else { any.iter().filter(|x| **x).count() };
            prop_assert_eq!(p.shared(&q) as usize, both);
            let iou = if both == 0 { 0.0 } else { both as f64 / whole as f64 };
            prop_assert!((p.iou(&q, crowd) - iou).abs() < 1e-15);
            prop_assert_eq!(Rle::union([&p, &q]).unwrap(), mask(&any));
        }

        #[test]
        fn bitmaps_round_trip(bits in prop::collection::vec(any::<bool>(), 12)) {
            let pixels: Vec<u8> = bits.iter().map(|b| if *b { 255 } else { 0 }).collect();
            let m = Rle::from_bitmap(3, 4, &pixels).unwrap();
            prop_assert_eq!(m.bitmap(), pixels.clone());
            prop_assert_eq!(m.area() as usize, bits.iter().filter(|b| **b).count());
            prop_assert!(Rle::new(3, 4, m.counts().to_vec()).is_ok());
        }

        #[test]
        fn any_outline_fills_the_size(flat in prop::collection::vec(-5f64..40., 6..16)) {
            let m = Rle::from_polygon(20, 30, &flat);
            prop_assert!(Rle::new(20, 30, m.counts().to_vec()).is_ok());
        }
    }
}
