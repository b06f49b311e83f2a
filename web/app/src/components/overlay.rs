//! Boxes, outlines and labels over a picture.

use leptos::prelude::*;
use std::fmt::Write;

/// The form of an object in pixels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    /// Left, top, width, height.
    Box([f64; 4]),
    /// Closed rings, each x0, y0, x1, y1, …
    Rings(Vec<Vec<f64>>),
}

/// An object to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What it is.
    pub label: String,
    /// Which of the eight box colours, from 1.
    pub colour: u8,
    /// Its form.
    pub outline: Outline,
}

impl Shape {
    /// Left, top, width, height of the whole.
    #[must_use]
    pub fn bounds(&self) -> [f64; 4] {
        match &self.outline {
            Outline::Box(b) => *b,
            Outline::Rings(rings) => {
                let (mut left, mut top, mut right, mut bottom) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
                for (i, v) in rings.iter().flatten().enumerate() {
                    if i % 2 == 0 {
                        (left, right) = (left.min(*v), right.max(*v));
                    } else {
                        (top, bottom) = (top.min(*v), bottom.max(*v));
                    }
                }
                if left > right { [0.0; 4] } else { [left, top, right - left, bottom - top] }
            }
        }
    }
}

/// Labels for the largest objects, at most `most`, none over another: index of the shape, left and top in percent. For a
/// thumbnail, whose size is about the same everywhere.
#[must_use]
pub fn labels_that_fit(shapes: &[Shape], width: f64, height: f64, most: usize) -> Vec<(usize, f64, f64)> {
    labels_at(shapes, (width, height), 172.0, most)
}

/// The same for a picture that is shown `shown` pixels wide.
#[must_use]
pub fn labels_at(shapes: &[Shape], (width, height): (f64, f64), shown: f64, most: usize) -> Vec<(usize, f64, f64)> {
    if width <= 0.0 || height <= 0.0 || most == 0 {
        return Vec::new();
    }
    // In percent of what is shown: a letter is 6.2 pixels wide, the sides of a label 12, a line 17 high.
    let (letter, sides, line) = (620.0 / shown, 1200.0 / shown, 1700.0 / (shown * height / width));
    let mut order: Vec<(usize, [f64; 4])> = shapes.iter().map(Shape::bounds).enumerate().collect();
    order.sort_by(|a, b| (b.1[2] * b.1[3]).total_cmp(&(a.1[2] * a.1[3])));
    let mut placed: Vec<[f64; 4]> = Vec::new();
    let mut out = Vec::new();
    for (index, [x, y, ..]) in order {
        let Some(shape) = shapes.get(index) else { continue };
        let w = letter * shape.label.chars().count() as f64 + sides;
        let left = (x / width * 100.0).clamp(0.0, (100.0 - w).max(0.0));
        let top = (y / height * 100.0).clamp(0.0, (100.0 - line).max(0.0));
        if placed.iter().all(|[l, t, pw, ph]| left + w < *l || l + pw < left || top + line < *t || t + ph < top) {
            placed.push([left, top, w, line]);
            out.push((index, left, top));
            if out.len() == most {
                break;
            }
        }
    }
    out
}

/// The drawing itself; it covers the picture and scales with it.
#[component]
pub fn Overlay(shapes: Vec<Shape>, width: f64, height: f64, #[prop(default = true)] cover: bool) -> impl IntoView {
    let path = |shape: &Shape| match &shape.outline {
        Outline::Box([x, y, w, h]) => format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h{:.1}z", -w),
        Outline::Rings(rings) => rings
            .iter()
            .map(|ring| {
                let mut d = String::new();
                for (i, p) in ring.chunks_exact(2).enumerate() {
                    if let [x, y] = p {
                        d.push_str(if i == 0 { "M" } else { "L" });
                        let _ = write!(d, "{x:.1} {y:.1}");
                    }
                }
                d + "z"
            })
            .collect(),
    };
    let drawn = shapes
        .iter()
        .map(|shape| {
            let d = path(shape);
            view! { <path class="halo" d=d.clone()></path><path class="line" style=format!("--c:var(--box-{})", shape.colour) d=d></path> }
        })
        .collect_view();
    view! {
        <svg class="ov" viewBox=format!("0 0 {} {}", width.max(1.0), height.max(1.0)) preserveAspectRatio=if cover { "xMidYMid slice" } else { "xMidYMid meet" } aria-hidden="true">
            {drawn}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(label: &str, b: [f64; 4]) -> Shape {
        Shape { label: label.into(), colour: 1, outline: Outline::Box(b) }
    }

    #[test]
    fn the_largest_are_named_and_none_over_another() {
        let shapes = [
            shape("small", [0., 0., 10., 10.]),
            shape("large", [0., 0., 90., 90.]),
            shape("right", [60., 50., 40., 40.]),
            shape("low", [0., 70., 20., 20.]),
            shape("more", [0., 40., 12., 12.]),
        ];
        let named: Vec<usize> = labels_that_fit(&shapes, 100.0, 100.0, 3).iter().map(|l| l.0).collect();
        assert_eq!(named, [1, 2, 3]);
        assert!(labels_that_fit(&shapes, 0.0, 100.0, 3).is_empty());
    }

    #[test]
    fn bounds_of_rings() {
        let s = Shape {
            outline: Outline::Rings(vec![vec![1., 2., 5., 2., 5., 8.], vec![0., 9., 1., 9., 1., 10.]]),
            ..shape("", [0.; 4])
        };
        assert!(s.bounds().iter().zip([0., 2., 5., 8.]).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
