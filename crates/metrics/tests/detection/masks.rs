//! Where masks are measured, and not everything has one.

use crate::{found, truth};
use labelscope_geometry::Rle;
use labelscope_metrics::Objects;
use labelscope_metrics::detection::{Overlap, overlaps};

/// The left half of a square.
fn half(side: u32) -> Rle {
    Rle::from_polygon(side, side, &[10., 10., 20., 10., 20., 30., 10., 30.])
}

fn overlap(of: Option<Box<Rle>>, predicted: Option<Box<Rle>>, by: Overlap) -> (f64, f64) {
    let mut objects = Objects {
        truth: vec![truth(0, 0, [10., 10., 20., 20.])],
        predictions: vec![found(0, 0, [10., 10., 20., 20.], 0.9)],
    };
    objects.truth[0].mask = of;
    objects.predictions[0].mask = predicted;
    let laid = overlaps(&objects, by);
    let (_, iou) = laid.of(0).next().unwrap();
    (iou, laid.area(0))
}

#[test]
fn what_has_no_mask_takes_part_with_its_box() {
    let half = || Some(Box::new(half(100)));
    let near = |(iou, area): (f64, f64), wanted: f64, pixels: f64| {
        assert!((iou - wanted).abs() < 1e-15 && (area - pixels).abs() < 1e-9, "{iou} {area}");
    };
    near(overlap(half(), half(), Overlap::Masks), 1.0, 200.0);
    near(overlap(half(), None, Overlap::Masks), 0.5, 400.0);
    near(overlap(None, half(), Overlap::Masks), 0.5, 200.0);
    near(overlap(None, None, Overlap::Masks), 1.0, 400.0);
    // Boxes do not look at masks.
    near(overlap(half(), half(), Overlap::Boxes), 1.0, 400.0);
    near(overlap(half(), None, Overlap::Boxes), 1.0, 400.0);
}

#[test]
fn masks_of_other_sizes_and_far_ones_do_not_overlap() {
    let mut objects = Objects {
        truth: vec![truth(0, 0, [10., 10., 20., 20.]), truth(0, 0, [60., 60., 20., 20.])],
        predictions: vec![found(0, 0, [10., 10., 20., 20.], 0.9)],
    };
    objects.truth[0].mask = Some(Box::new(half(100)));
    objects.predictions[0].mask = Some(Box::new(half(50)));
    assert_eq!(overlaps(&objects, Overlap::Masks).of(0).count(), 0);
}
