//! What an input or an annotation holds.

use super::{Audio, Concept, Hit, Image, Region, Text, Video};
use crate::wire::{Base64, Int64, Struct, UInt64, message};

message! {
    /// The content of an input, an annotation or a region. Which fields are set says what it is.
    pub struct Data {
        image: Option<Image>,
        video: Option<Video>,
        concepts: Vec<Concept>,
        metadata: Option<Struct>,
        geo: Option<Geo>,
        colors: Vec<Color>,
        clusters: Vec<Cluster>,
        embeddings: Vec<Embedding>,
        regions: Vec<Region>,
        frames: Vec<Frame>,
        text: Option<Text>,
        audio: Option<Audio>,
        tracks: Vec<Track>,
        time_segments: Vec<TimeSegment>,
        hits: Vec<Hit>,
        heatmaps: Vec<Image>,
        parts: Vec<Part>,
        ndarray: Option<NdArray>,
        int_value: Int64,
        float_value: f64,
        bytes_value: Base64,
        bool_value: bool,
        string_value: String,
        struct_value: Option<Struct>,
    }
}

message! {
    /// A place, or a search around one.
    pub struct Geo {
        geo_point: Option<GeoPoint>,
        geo_limit: Option<GeoLimit>,
        geo_box: Vec<GeoBoxedPoint>,
    }
}

message! {
    /// Degrees east and north.
    pub struct GeoPoint {
    }
    always {
        longitude: f32,
        latitude: f32,
    }
}

message! {
    /// A distance; `type` names its unit, such as `withinKilometers`.
    pub struct GeoLimit {
        r#type: String,
    }
    always {
        value: f32,
    }
}

message! {
    /// One corner of a box on the map.
    pub struct GeoBoxedPoint {
        geo_point: Option<GeoPoint>,
    }
}

message! {
    /// A colour and its share of the picture, 0 to 1.
    pub struct Color {
        raw_hex: String,
        w3c: Option<W3c>,
    }
    always {
        value: f32,
    }
}

message! {
    /// The nearest colour of the W3C's list.
    pub struct W3c {
        hex: String,
        name: String,
    }
}

message! {
    /// A group of alike inputs.
    pub struct Cluster {
        id: String,
        count: u32,
        score: f32,
        hits: Vec<Hit>,
        projection: Vec<f32>,
    }
}

message! {
    /// A vector that stands for the content.
    pub struct Embedding {
        vector: Vec<f32>,
        num_dimensions: u32,
    }
}

message! {
    /// One frame of a video.
    pub struct Frame {
        frame_info: Option<FrameInfo>,
        data: Option<Box<Data>>,
        id: String,
    }
}

message! {
    /// Which frame: index, number, and time in milliseconds.
    pub struct FrameInfo {
    }
    always {
        index: u32,
        time: UInt64,
        number: u32,
    }
}

message! {
    /// One object followed through a video.
    pub struct Track {
        id: String,
        data: Option<Box<Data>>,
        time_info: Option<TimeInfo>,
        quality: f32,
    }
}

message! {
    /// From when to when, in seconds.
    pub struct TimeInfo {
        num_frames: u32,
        begin_time: f32,
        end_time: f32,
    }
}

message! {
    /// A stretch of time.
    pub struct TimeSegment {
        id: String,
        data: Option<Box<Data>>,
        time_info: Option<TimeInfo>,
    }
}

message! {
    /// One part of multi-part data.
    pub struct Part {
        data: Option<Box<Data>>,
        id: String,
    }
}

message! {
    /// A numeric array: little-endian buffer, shape and element type.
    pub struct NdArray {
        buffer: Base64,
        shape: Vec<u32>,
        dtype: String,
    }
}
