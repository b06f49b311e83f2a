//! What the file holds.

use labelscope_geometry::{PixelBox, Rle, RleError, decode_counts, encode_counts, polygon_bounds};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An image. Fields that we do not know are kept in `extra`, as they were.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Image {
    /// The file's own id.
    pub id: i64,
    /// Name of the picture, perhaps with folders.
    pub file_name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// All other fields.
    pub extra: Map<String, Value>,
}

/// One object in an image.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Annotation {
    /// The file's own id, where it has one.
    pub id: Option<i64>,
    /// The image.
    pub image_id: i64,
    /// What it is.
    pub category_id: i64,
    /// Left, top, width, height in pixels.
    pub bbox: Option<[f64; 4]>,
    /// Pixels, as the file says.
    pub area: Option<f64>,
    /// Its outline or mask.
    pub segmentation: Option<Segmentation>,
    /// A group of objects under one mask.
    pub iscrowd: bool,
    /// All other fields.
    pub extra: Map<String, Value>,
}

/// A kind of object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Category {
    /// The file's own id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The kind of kinds; may be empty.
    pub supercategory: String,
    /// All other fields.
    pub extra: Map<String, Value>,
}

/// An outline, or a mask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Segmentation {
    /// Outlines, each x0, y0, x1, y1, … in pixels.
    Polygons(Vec<Vec<f64>>),
    /// Run lengths over `size` = height, width.
    Rle {
        /// Height and width.
        size: [u32; 2],
        /// The runs, in the spelling of the file.
        counts: Counts,
    },
}

/// Run lengths: compressed text or plain numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Counts {
    /// Compressed.
    Text(String),
    /// Plain.
    Numbers(Vec<u32>),
}

impl Counts {
    fn runs(&self) -> Result<Vec<u32>, RleError> {
        match self {
            Self::Text(text) => decode_counts(text),
            Self::Numbers(numbers) => Ok(numbers.clone()),
        }
    }
}

impl Segmentation {
    /// The mask, where this is one.
    pub fn mask(&self) -> Option<Result<Rle, RleError>> {
        let Self::Rle { size: [height, width], counts } = self else { return None };
        Some(counts.runs().and_then(|runs| Rle::new(*height, *width, runs)))
    }

    /// All its pixels, in an image of this size; a mask keeps its own.
    pub fn filled(&self, height: u32, width: u32) -> Result<Rle, RleError> {
        match self {
            Self::Polygons(rings) => Ok(Rle::from_polygons(height, width, rings.iter().map(Vec::as_slice))),
            Self::Rle { size: [height, width], counts } => Rle::new(*height, *width, counts.runs()?),
        }
    }

    /// The smallest box around it; `None` where it has no points, or its mask cannot be read.
    #[must_use]
    pub fn bounds(&self) -> Option<PixelBox> {
        match self {
            Self::Polygons(rings) => polygon_bounds(rings.iter().map(Vec::as_slice)),
            mask @ Self::Rle { .. } => mask.mask()?.ok().map(|m| m.bounds()),
        }
    }

    /// A mask with compressed run lengths.
    #[must_use]
    pub fn from_mask(mask: &Rle) -> Self {
        Self::Rle { size: [mask.height(), mask.width()], counts: Counts::Text(encode_counts(mask.counts())) }
    }
}
