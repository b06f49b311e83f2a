//! Boxes.

/// A box in pixels from the top left: left, top, width, height, as COCO has it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PixelBox {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A box in fractions of width and height, as the API has it: 32-bit, top, left, bottom, right.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RelativeBox {
    /// Top edge, 0 to 1.
    pub top: f32,
    /// Left edge, 0 to 1.
    pub left: f32,
    /// Bottom edge, 0 to 1.
    pub bottom: f32,
    /// Right edge, 0 to 1.
    pub right: f32,
}

impl PixelBox {
    /// Width times height.
    #[must_use]
    #[inline]
    pub fn area(self) -> f64 {
        self.w * self.h
    }

    /// The area that two boxes share.
    #[must_use]
    #[inline]
    pub fn intersection(self, other: Self) -> f64 {
        let w = (self.x + self.w).min(other.x + other.w) - self.x.max(other.x);
        let h = (self.y + self.h).min(other.y + other.h) - self.y.max(other.y);
        if w <= 0.0 || h <= 0.0 { 0.0 } else { w * h }
    }

    /// Intersection over union, 0 to 1; 0 where both are empty. Against a crowd, over the area of `self` alone, as
    /// pycocotools does.
    #[must_use]
    #[inline]
    pub fn iou(self, truth: Self, crowd: bool) -> f64 {
        let shared = self.intersection(truth);
        let whole = if crowd { self.area() } else { self.area() + truth.area() - shared };
        if whole > 0.0 { shared / whole } else { 0.0 }
    }

    /// In fractions of an image of this many pixels, clamped to it. `None` where the image has no size.
    #[must_use]
    pub fn relative(self, width: f64, height: f64) -> Option<RelativeBox> {
        if !(width > 0.0 && height > 0.0) {
            return None;
        }
        let part = |v: f64, of: f64| (v / of).clamp(0.0, 1.0) as f32;
        Some(RelativeBox {
            top: part(self.y, height),
            left: part(self.x, width),
            bottom: part(self.y + self.h, height),
            right: part(self.x + self.w, width),
        })
    }
}

impl RelativeBox {
    /// In pixels of an image of this size.
    #[must_use]
    pub fn pixels(self, width: f64, height: f64) -> PixelBox {
        let (top, left) = (f64::from(self.top) * height, f64::from(self.left) * width);
        PixelBox { x: left, y: top, w: f64::from(self.right) * width - left, h: f64::from(self.bottom) * height - top }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn b(x: f64, y: f64, w: f64, h: f64) -> PixelBox {
        PixelBox { x, y, w, h }
    }

    #[test]
    fn known_overlaps() {
        assert!((b(0., 0., 10., 10.).iou(b(5., 0., 10., 10.), false) - 1.0 / 3.0).abs() < 1e-15);
        assert!((b(0., 0., 10., 10.).iou(b(5., 0., 100., 10.), true) - 0.5).abs() < 1e-15);
        assert!(b(0., 0., 10., 10.).iou(b(10., 0., 1., 1.), false).abs() < 1e-15);
        assert!(b(0., 0., 0., 0.).iou(b(0., 0., 0., 0.), false).abs() < 1e-15);
        assert_eq!(b(0., 0., 1., 1.).relative(0.0, 10.0), None);
    }

    proptest! {
        #[test]
        fn overlap_is_symmetric_and_bounded(a in prop::array::uniform4(0f64..100.), c in prop::array::uniform4(0f64..100.)) {
            let (p, q) = (b(a[0], a[1], a[2], a[3]), b(c[0], c[1], c[2], c[3]));
            let iou = p.iou(q, false);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&iou));
            prop_assert!((iou - q.iou(p, false)).abs() < 1e-12);
        }

        #[test]
        fn there_and_back_is_near(a in prop::array::uniform4(0f64..200.)) {
            let p = b(a[0], a[1], a[2], a[3]);
            let q = p.relative(640.0, 480.0).unwrap().pixels(640.0, 480.0);
            for (m, n) in [(p.x, q.x), (p.y, q.y), (p.w, q.w), (p.h, q.h)] {
                prop_assert!((m - n).abs() < 1e-3);
            }
        }
    }
}
