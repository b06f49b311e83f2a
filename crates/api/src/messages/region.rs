//! Regions: what part of an input a label is about.

use super::{Data, Image};
use crate::wire::{message, open_enum};

open_enum! {
    /// Is the point seen?
    pub enum PointVisibility {
        NOT_SET = 0,
        VISIBLE = 1,
        NOT_VISIBLE = 2,
        NOT_PRESENT = 3,
    }
}

message! {
    /// A part of an input and what is there.
    pub struct Region {
        id: String,
        region_info: Option<RegionInfo>,
        data: Option<Box<Data>>,
        value: f32,
        track_id: String,
    }
}

message! {
    /// The shape of a region: one of these.
    pub struct RegionInfo {
        bounding_box: Option<BoundingBox>,
        mask: Option<Box<Mask>>,
        polygon: Option<Polygon>,
        point: Option<Point>,
        span: Option<Span>,
        token: Option<Token>,
        keypoint_locations: Vec<Point>,
    }
}

message! {
    /// A box in fractions of width and height, 0 to 1, from the top left.
    pub struct BoundingBox {
    }
    always {
        top_row: f32,
        left_col: f32,
        bottom_row: f32,
        right_col: f32,
    }
}

message! {
    /// A picture of the same aspect: white belongs to the region.
    pub struct Mask {
        image: Option<Image>,
    }
}

message! {
    /// A closed outline.
    pub struct Polygon {
        points: Vec<Point>,
    }
}

message! {
    /// A point in fractions of height (row) and width (col).
    pub struct Point {
        z: f32,
        visibility: PointVisibility,
    }
    always {
        row: f32,
        col: f32,
    }
}

message! {
    /// A stretch of characters.
    pub struct Span {
        raw_text: String,
    }
    always {
        char_start: u32,
        char_end: u32,
    }
}

message! {
    /// A token of a text, by characters.
    pub struct Token {
        raw_text: String,
    }
    always {
        char_start: u32,
        char_end: u32,
    }
}
