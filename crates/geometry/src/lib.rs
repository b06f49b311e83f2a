//! Boxes, polygons and run-length masks in pixels, exact in f64. Pure: nothing here reads a file or a clock.
//!
//! Masks follow pycocotools to the letter: column by column, first run empty, the same compressed string, the same
//! rasterisation of polygons.

mod bbox;
mod polygon;
mod rle;
mod rle_string;

pub use bbox::{PixelBox, RelativeBox};
pub use polygon::{polygon_area, polygon_bounds};
pub use rle::{Rle, RleError};
pub use rle_string::{decode_counts, encode_counts};
