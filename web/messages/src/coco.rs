//! What a chosen COCO file holds, before it is imported.

use serde::{Deserialize, Serialize};

/// Counts of a COCO instances file, and the first of its problems.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CocoPreview {
    pub images: u32,
    pub categories: u32,
    pub annotations: u32,
    /// Annotations by what they draw: a plain box, polygons, or a run-length mask.
    pub boxes: u32,
    pub polygons: u32,
    pub masks: u32,
    /// Annotations with the crowd flag.
    pub crowds: u32,
    /// Images that no annotation is about.
    pub empty_images: u32,
    /// The categories' names, in the file's order, at most [`CocoPreview::NAMES`] of them.
    pub category_names: Vec<String>,
    /// File names of images in the file's order, at most [`CocoPreview::NAMES`] of them.
    pub file_names: Vec<String>,
    /// Everything that is wrong, counted; an import refuses a file with problems.
    pub problem_count: u32,
    /// The first of them, at most [`CocoPreview::PROBLEMS`].
    pub problems: Vec<Problem>,
}

impl CocoPreview {
    /// How many names are told.
    pub const NAMES: usize = 50;
    /// How many problems are told in full.
    pub const PROBLEMS: usize = 20;
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where, such as `annotations[17].bbox` or `line 3, column 14`.
    pub place: String,
    /// What is wrong, in one sentence.
    pub reason: String,
}
