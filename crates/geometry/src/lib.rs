//! Boxes, polygons and run-length masks, exact in f64.
