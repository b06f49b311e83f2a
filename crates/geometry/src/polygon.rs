//! Polygons as flat lists x0, y0, x1, y1, …

use crate::PixelBox;

pub(crate) fn points(flat: &[f64]) -> impl Iterator<Item = (f64, f64)> + Clone + '_ {
    flat.chunks_exact(2).map(|p| (p.first().copied().unwrap_or(0.0), p.last().copied().unwrap_or(0.0)))
}

/// The area that a closed outline encloses, by the shoelace formula; its direction does not matter.
#[must_use]
pub fn polygon_area(flat: &[f64]) -> f64 {
    let all = points(flat);
    let next = all.clone().cycle().skip(1);
    (all.zip(next).map(|((x0, y0), (x1, y1))| x0 * y1 - x1 * y0).sum::<f64>() / 2.0).abs()
}

/// The smallest box around outlines. `None` where there is no point.
#[must_use]
pub fn polygon_bounds<'a>(outlines: impl IntoIterator<Item = &'a [f64]>) -> Option<PixelBox> {
    let mut all = outlines.into_iter().flat_map(points);
    let (x, y) = all.next()?;
    let (mut left, mut top, mut right, mut bottom) = (x, y, x, y);
    for (x, y) in all {
        (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
    }
    Some(PixelBox { x: left, y: top, w: right - left, h: bottom - top })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_and_triangles() {
        assert!((polygon_area(&[0., 0., 10., 0., 10., 10., 0., 10.]) - 100.0).abs() < 1e-12);
        assert!((polygon_area(&[0., 0., 0., 10., 10., 0.]) - 50.0).abs() < 1e-12);
        assert!(polygon_area(&[]).abs() < 1e-12);
        let b = polygon_bounds([&[1., 2., 5., 2., 5., 8.][..], &[0., 9., 1., 9., 1., 10.][..]]).unwrap();
        assert_eq!(b, PixelBox { x: 0., y: 2., w: 5., h: 8. });
        assert_eq!(polygon_bounds([&[][..]]), None);
    }
}
