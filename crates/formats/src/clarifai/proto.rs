//! The messages of `clarifai.api` that archives hold, by their field numbers.

use prost::{Message, Oneof};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Message)]
pub struct InputBatch {
    #[prost(message, repeated, tag = "1")]
    pub inputs: Vec<Input>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Input {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, boxed, tag = "2")]
    pub data: Option<Box<Data>>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Data {
    #[prost(message, optional, tag = "1")]
    pub image: Option<Image>,
    #[prost(message, optional, tag = "2")]
    pub video: Option<Video>,
    #[prost(message, repeated, tag = "3")]
    pub concepts: Vec<Concept>,
    #[prost(message, optional, tag = "5")]
    pub metadata: Option<Struct>,
    #[prost(message, optional, tag = "6")]
    pub geo: Option<Geo>,
    #[prost(message, repeated, tag = "9")]
    pub embeddings: Vec<Embedding>,
    #[prost(message, repeated, tag = "11")]
    pub regions: Vec<Region>,
    #[prost(message, repeated, tag = "12")]
    pub frames: Vec<Frame>,
    #[prost(message, optional, tag = "13")]
    pub text: Option<Text>,
    #[prost(message, optional, tag = "14")]
    pub audio: Option<Audio>,
    #[prost(message, repeated, tag = "15")]
    pub tracks: Vec<Track>,
    #[prost(message, repeated, tag = "16")]
    pub time_segments: Vec<TimeSegment>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Concept {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(float, tag = "3")]
    pub value: f32,
    #[prost(string, tag = "5")]
    pub language: String,
    #[prost(string, tag = "6")]
    pub app_id: String,
    #[prost(string, tag = "10")]
    pub user_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct HostedUrl {
    #[prost(string, tag = "1")]
    pub prefix: String,
    #[prost(string, tag = "2")]
    pub suffix: String,
    #[prost(string, repeated, tag = "3")]
    pub sizes: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub struct ImageInfo {
    #[prost(int32, tag = "1")]
    pub width: i32,
    #[prost(int32, tag = "2")]
    pub height: i32,
    #[prost(string, tag = "3")]
    pub format: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Image {
    #[prost(string, tag = "1")]
    pub url: String,
    #[prost(bytes = "vec", tag = "2")]
    pub base64: Vec<u8>,
    #[prost(message, optional, tag = "5")]
    pub hosted: Option<HostedUrl>,
    #[prost(message, optional, tag = "6")]
    pub image_info: Option<ImageInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Video {
    #[prost(string, tag = "1")]
    pub url: String,
    #[prost(message, optional, tag = "6")]
    pub hosted: Option<HostedUrl>,
    #[prost(message, optional, tag = "7")]
    pub video_info: Option<VideoInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Audio {
    #[prost(string, tag = "1")]
    pub url: String,
    #[prost(message, optional, tag = "5")]
    pub hosted: Option<HostedUrl>,
    #[prost(message, optional, tag = "6")]
    pub audio_info: Option<AudioInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Text {
    #[prost(string, tag = "1")]
    pub raw: String,
    #[prost(string, tag = "2")]
    pub url: String,
    #[prost(message, optional, tag = "4")]
    pub hosted: Option<HostedUrl>,
    #[prost(message, optional, tag = "5")]
    pub text_info: Option<TextInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct VideoInfo {
    #[prost(int32, tag = "1")]
    pub width: i32,
    #[prost(int32, tag = "2")]
    pub height: i32,
    #[prost(float, tag = "3")]
    pub fps: f32,
    #[prost(string, tag = "4")]
    pub video_format: String,
    #[prost(int32, tag = "5")]
    pub bit_rate: i32,
    #[prost(int32, tag = "6")]
    pub frame_count: i32,
    #[prost(float, tag = "7")]
    pub duration_seconds: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct AudioInfo {
    #[prost(string, tag = "1")]
    pub audio_format: String,
    #[prost(int32, tag = "2")]
    pub sample_rate: i32,
    #[prost(float, tag = "3")]
    pub duration_seconds: f32,
    #[prost(int32, tag = "4")]
    pub bit_rate: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct TextInfo {
    #[prost(int32, tag = "1")]
    pub char_count: i32,
    #[prost(string, tag = "2")]
    pub encoding: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct Embedding {
    #[prost(float, repeated, tag = "1")]
    pub vector: Vec<f32>,
    #[prost(uint32, tag = "2")]
    pub num_dimensions: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Frame {
    #[prost(message, optional, tag = "1")]
    pub frame_info: Option<FrameInfo>,
    #[prost(message, optional, boxed, tag = "2")]
    pub data: Option<Box<Data>>,
    #[prost(string, tag = "3")]
    pub id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct FrameInfo {
    #[prost(uint32, tag = "1")]
    pub index: u32,
    #[prost(uint64, tag = "2")]
    pub time: u64,
    #[prost(uint32, tag = "3")]
    pub number: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Track {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, boxed, tag = "2")]
    pub data: Option<Box<Data>>,
    #[prost(message, optional, tag = "4")]
    pub time_info: Option<TimeInfo>,
    #[prost(float, tag = "5")]
    pub quality: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct TimeSegment {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, boxed, tag = "2")]
    pub data: Option<Box<Data>>,
    #[prost(message, optional, tag = "3")]
    pub time_info: Option<TimeInfo>,
}

#[derive(Clone, PartialEq, Message)]
pub struct TimeInfo {
    #[prost(uint32, tag = "1")]
    pub num_frames: u32,
    #[prost(float, tag = "4")]
    pub begin_time: f32,
    #[prost(float, tag = "5")]
    pub end_time: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Geo {
    #[prost(message, optional, tag = "1")]
    pub geo_point: Option<GeoPoint>,
}

#[derive(Clone, PartialEq, Message)]
pub struct GeoPoint {
    #[prost(float, tag = "1")]
    pub longitude: f32,
    #[prost(float, tag = "2")]
    pub latitude: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Region {
    #[prost(string, tag = "1")]
    pub id: String,
    #[prost(message, optional, tag = "2")]
    pub region_info: Option<RegionInfo>,
    #[prost(message, optional, boxed, tag = "3")]
    pub data: Option<Box<Data>>,
    #[prost(float, tag = "4")]
    pub value: f32,
    #[prost(string, tag = "5")]
    pub track_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct RegionInfo {
    #[prost(message, optional, tag = "1")]
    pub bounding_box: Option<BoundingBox>,
    #[prost(message, optional, tag = "4")]
    pub mask: Option<Mask>,
    #[prost(message, optional, tag = "5")]
    pub polygon: Option<Polygon>,
    #[prost(message, optional, tag = "6")]
    pub point: Option<Point>,
    #[prost(message, optional, tag = "7")]
    pub span: Option<Span>,
    #[prost(message, repeated, tag = "9")]
    pub keypoint_locations: Vec<Point>,
}

#[derive(Clone, PartialEq, Message)]
pub struct BoundingBox {
    #[prost(float, tag = "1")]
    pub top_row: f32,
    #[prost(float, tag = "2")]
    pub left_col: f32,
    #[prost(float, tag = "3")]
    pub bottom_row: f32,
    #[prost(float, tag = "4")]
    pub right_col: f32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Mask {
    #[prost(message, optional, tag = "2")]
    pub image: Option<Image>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Polygon {
    #[prost(message, repeated, tag = "1")]
    pub points: Vec<Point>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Point {
    #[prost(float, tag = "1")]
    pub row: f32,
    #[prost(float, tag = "2")]
    pub col: f32,
    #[prost(float, tag = "3")]
    pub z: f32,
    #[prost(int32, tag = "4")]
    pub visibility: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Span {
    #[prost(uint32, tag = "1")]
    pub char_start: u32,
    #[prost(uint32, tag = "2")]
    pub char_end: u32,
    #[prost(string, tag = "3")]
    pub raw_text: String,
}

/// `google.protobuf.Struct`.
#[derive(Clone, PartialEq, Message)]
pub struct Struct {
    #[prost(btree_map = "string, message", tag = "1")]
    pub fields: BTreeMap<String, Value>,
}

#[derive(Clone, PartialEq, Message)]
pub struct Value {
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6")]
    pub kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Kind {
    #[prost(int32, tag = "1")]
    Null(i32),
    #[prost(double, tag = "2")]
    Number(f64),
    #[prost(string, tag = "3")]
    String(String),
    #[prost(bool, tag = "4")]
    Bool(bool),
    #[prost(message, tag = "5")]
    Struct(Struct),
    #[prost(message, tag = "6")]
    List(ListValue),
}

#[derive(Clone, PartialEq, Message)]
pub struct ListValue {
    #[prost(message, repeated, tag = "1")]
    pub values: Vec<Value>,
}
