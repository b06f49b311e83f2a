//! Images, videos, sound and text, and where they are kept.

use crate::wire::{Base64, message};
use std::collections::BTreeMap;

message! {
    /// A picture: by URL or bytes when sent, by hosted URLs when answered.
    pub struct Image {
        url: String,
        base64: Base64,
        allow_duplicate_url: bool,
        hosted: Option<HostedUrl>,
        image_info: Option<ImageInfo>,
        hosted_image_info: BTreeMap<String, ImageInfo>,
        decoded_bytes: Base64,
    }
}

message! {
    /// Where copies are kept: `{prefix}/{size}/{suffix}` for each of `sizes`.
    pub struct HostedUrl {
        prefix: String,
        suffix: String,
        sizes: Vec<String>,
        crossorigin: String,
    }
}

message! {
    /// Width and height in pixels, and how the file is encoded.
    pub struct ImageInfo {
        width: i32,
        height: i32,
        format: String,
        color_mode: String,
        mode: String,
    }
}

message! {
    /// A video.
    pub struct Video {
        url: String,
        base64: Base64,
        allow_duplicate_url: bool,
        thumbnail_url: String,
        hosted: Option<HostedUrl>,
        hosted_thumbnail: Option<HostedUrl>,
        video_info: Option<VideoInfo>,
    }
}

message! {
    /// Pixels, frames per second and seconds of a video.
    pub struct VideoInfo {
        width: i32,
        height: i32,
        fps: f32,
        video_format: String,
        bit_rate: i32,
        frame_count: i32,
        duration_seconds: f32,
    }
}

message! {
    /// A sound recording.
    pub struct Audio {
        url: String,
        base64: Base64,
        allow_duplicate_url: bool,
        hosted: Option<HostedUrl>,
        audio_info: Option<AudioInfo>,
    }
}

message! {
    /// Hertz, seconds and bits per second of a recording.
    pub struct AudioInfo {
        audio_format: String,
        sample_rate: i32,
        duration_seconds: f32,
        bit_rate: i32,
    }
}

message! {
    /// A text: raw or by URL.
    pub struct Text {
        raw: String,
        url: String,
        allow_duplicate_url: bool,
        hosted: Option<HostedUrl>,
        text_info: Option<TextInfo>,
    }
}

message! {
    /// Characters and encoding of a text.
    pub struct TextInfo {
        char_count: i32,
        encoding: String,
    }
}
