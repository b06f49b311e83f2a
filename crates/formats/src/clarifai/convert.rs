//! Between the API's messages and protobuf.

use super::proto as p;
use labelscope_api::messages as m;
use labelscope_api::wire::{Base64, Struct, UInt64};
use serde_json::{Number, Value};

pub(super) fn input(input: &m::Input) -> p::Input {
    p::Input { id: input.id.clone(), data: boxed(input.data.as_deref()) }
}

pub(super) fn back_input(input: p::Input) -> m::Input {
    m::Input { id: input.id, data: back_boxed(input.data), ..m::Input::default() }
}

fn data(d: &m::Data) -> p::Data {
    p::Data {
        image: d.image.as_ref().map(image),
        video: d.video.as_ref().map(|v| p::Video {
            url: v.url.clone(),
            hosted: v.hosted.as_ref().map(hosted),
            video_info: v.video_info.as_ref().map(|i| p::VideoInfo {
                width: i.width,
                height: i.height,
                fps: i.fps,
                video_format: i.video_format.clone(),
                bit_rate: i.bit_rate,
                frame_count: i.frame_count,
                duration_seconds: i.duration_seconds,
            }),
        }),
        audio: d.audio.as_ref().map(|a| p::Audio {
            url: a.url.clone(),
            hosted: a.hosted.as_ref().map(hosted),
            audio_info: a.audio_info.as_ref().map(|i| p::AudioInfo {
                audio_format: i.audio_format.clone(),
                sample_rate: i.sample_rate,
                duration_seconds: i.duration_seconds,
                bit_rate: i.bit_rate,
            }),
        }),
        text: d.text.as_ref().map(|t| p::Text {
            raw: t.raw.clone(),
            url: t.url.clone(),
            hosted: t.hosted.as_ref().map(hosted),
            text_info: t
                .text_info
                .as_ref()
                .map(|i| p::TextInfo { char_count: i.char_count, encoding: i.encoding.clone() }),
        }),
        concepts: d.concepts.iter().map(concept).collect(),
        metadata: d.metadata.as_ref().map(structure),
        geo: d
            .geo
            .as_ref()
            .and_then(|g| g.geo_point.as_ref())
            .map(|g| p::Geo { geo_point: Some(p::GeoPoint { longitude: g.longitude, latitude: g.latitude }) }),
        embeddings: d
            .embeddings
            .iter()
            .map(|e| p::Embedding { vector: e.vector.clone(), num_dimensions: e.num_dimensions })
            .collect(),
        regions: d.regions.iter().map(region).collect(),
        frames: d.frames.iter().map(frame).collect(),
        tracks: d
            .tracks
            .iter()
            .map(|t| p::Track {
                id: t.id.clone(),
                data: boxed(t.data.as_deref()),
                time_info: t.time_info.as_ref().map(time),
                quality: t.quality,
            })
            .collect(),
        time_segments: d
            .time_segments
            .iter()
            .map(|t| p::TimeSegment {
                id: t.id.clone(),
                data: boxed(t.data.as_deref()),
                time_info: t.time_info.as_ref().map(time),
            })
            .collect(),
    }
}

fn back_data(d: p::Data) -> m::Data {
    m::Data {
        image: d.image.map(back_image),
        video: d.video.map(|v| m::Video {
            url: v.url,
            hosted: v.hosted.map(back_hosted),
            video_info: v.video_info.map(|i| m::VideoInfo {
                width: i.width,
                height: i.height,
                fps: i.fps,
                video_format: i.video_format,
                bit_rate: i.bit_rate,
                frame_count: i.frame_count,
                duration_seconds: i.duration_seconds,
            }),
            ..m::Video::default()
        }),
        audio: d.audio.map(|a| m::Audio {
            url: a.url,
            hosted: a.hosted.map(back_hosted),
            audio_info: a.audio_info.map(|i| m::AudioInfo {
                audio_format: i.audio_format,
                sample_rate: i.sample_rate,
                duration_seconds: i.duration_seconds,
                bit_rate: i.bit_rate,
            }),
            ..m::Audio::default()
        }),
        text: d.text.map(|t| m::Text {
            raw: t.raw,
            url: t.url,
            hosted: t.hosted.map(back_hosted),
            text_info: t.text_info.map(|i| m::TextInfo { char_count: i.char_count, encoding: i.encoding }),
            ..m::Text::default()
        }),
        concepts: d.concepts.into_iter().map(back_concept).collect(),
        metadata: d.metadata.map(back_structure),
        geo: d.geo.map(|g| m::Geo {
            geo_point: g.geo_point.map(|g| m::GeoPoint { longitude: g.longitude, latitude: g.latitude }),
            ..m::Geo::default()
        }),
        embeddings: d
            .embeddings
            .into_iter()
            .map(|e| m::Embedding { vector: e.vector, num_dimensions: e.num_dimensions })
            .collect(),
        regions: d.regions.into_iter().map(back_region).collect(),
        frames: d.frames.into_iter().map(back_frame).collect(),
        tracks: d
            .tracks
            .into_iter()
            .map(|t| m::Track {
                id: t.id,
                data: back_boxed(t.data),
                time_info: t.time_info.as_ref().map(back_time),
                quality: t.quality,
            })
            .collect(),
        time_segments: d
            .time_segments
            .into_iter()
            .map(|t| m::TimeSegment {
                id: t.id,
                data: back_boxed(t.data),
                time_info: t.time_info.as_ref().map(back_time),
            })
            .collect(),
        ..m::Data::default()
    }
}

fn boxed(d: Option<&m::Data>) -> Option<Box<p::Data>> {
    d.map(|d| Box::new(data(d)))
}

fn back_boxed(d: Option<Box<p::Data>>) -> Option<Box<m::Data>> {
    d.map(|d| Box::new(back_data(*d)))
}

fn time(t: &m::TimeInfo) -> p::TimeInfo {
    p::TimeInfo { num_frames: t.num_frames, begin_time: t.begin_time, end_time: t.end_time }
}

fn back_time(t: &p::TimeInfo) -> m::TimeInfo {
    m::TimeInfo { num_frames: t.num_frames, begin_time: t.begin_time, end_time: t.end_time }
}

fn frame(f: &m::Frame) -> p::Frame {
    p::Frame {
        frame_info: f.frame_info.as_ref().map(|i| p::FrameInfo { index: i.index, time: i.time.0, number: i.number }),
        data: boxed(f.data.as_deref()),
        id: f.id.clone(),
    }
}

fn back_frame(f: p::Frame) -> m::Frame {
    m::Frame {
        frame_info: f.frame_info.map(|i| m::FrameInfo { index: i.index, time: UInt64(i.time), number: i.number }),
        data: back_boxed(f.data),
        id: f.id,
    }
}

fn hosted(h: &m::HostedUrl) -> p::HostedUrl {
    p::HostedUrl { prefix: h.prefix.clone(), suffix: h.suffix.clone(), sizes: h.sizes.clone() }
}

fn back_hosted(h: p::HostedUrl) -> m::HostedUrl {
    m::HostedUrl { prefix: h.prefix, suffix: h.suffix, sizes: h.sizes, ..m::HostedUrl::default() }
}

fn image(i: &m::Image) -> p::Image {
    p::Image {
        url: i.url.clone(),
        base64: i.base64.0.clone(),
        hosted: i.hosted.as_ref().map(hosted),
        image_info: i.image_info.as_ref().map(|n| p::ImageInfo {
            width: n.width,
            height: n.height,
            format: n.format.clone(),
        }),
    }
}

fn back_image(i: p::Image) -> m::Image {
    m::Image {
        url: i.url,
        base64: Base64(i.base64),
        hosted: i.hosted.map(back_hosted),
        image_info: i.image_info.map(|n| m::ImageInfo {
            width: n.width,
            height: n.height,
            format: n.format,
            ..m::ImageInfo::default()
        }),
        ..m::Image::default()
    }
}

fn concept(c: &m::Concept) -> p::Concept {
    p::Concept {
        id: c.id.clone(),
        name: c.name.clone(),
        value: c.value.0,
        language: c.language.clone(),
        app_id: c.app_id.clone(),
        user_id: c.user_id.clone(),
    }
}

fn back_concept(c: p::Concept) -> m::Concept {
    m::Concept {
        id: c.id,
        name: c.name,
        value: m::ConceptValue(c.value),
        language: c.language,
        app_id: c.app_id,
        user_id: c.user_id,
        ..m::Concept::default()
    }
}

fn point(q: &m::Point) -> p::Point {
    p::Point { row: q.row, col: q.col, z: q.z, visibility: q.visibility.0 }
}

fn back_point(q: &p::Point) -> m::Point {
    m::Point { row: q.row, col: q.col, z: q.z, visibility: m::PointVisibility(q.visibility) }
}

fn region(r: &m::Region) -> p::Region {
    p::Region {
        id: r.id.clone(),
        value: r.value,
        track_id: r.track_id.clone(),
        data: boxed(r.data.as_deref()),
        region_info: r.region_info.as_ref().map(|i| p::RegionInfo {
            bounding_box: i.bounding_box.as_ref().map(|b| p::BoundingBox {
                top_row: b.top_row,
                left_col: b.left_col,
                bottom_row: b.bottom_row,
                right_col: b.right_col,
            }),
            mask: i.mask.as_ref().map(|k| p::Mask { image: k.image.as_ref().map(image) }),
            polygon: i.polygon.as_ref().map(|g| p::Polygon { points: g.points.iter().map(point).collect() }),
            point: i.point.as_ref().map(point),
            span: i.span.as_ref().map(|s| p::Span {
                char_start: s.char_start,
                char_end: s.char_end,
                raw_text: s.raw_text.clone(),
            }),
            keypoint_locations: i.keypoint_locations.iter().map(point).collect(),
        }),
    }
}

fn back_region(r: p::Region) -> m::Region {
    m::Region {
        id: r.id,
        value: r.value,
        track_id: r.track_id,
        data: back_boxed(r.data),
        region_info: r.region_info.map(|i| m::RegionInfo {
            bounding_box: i.bounding_box.map(|b| m::BoundingBox {
                top_row: b.top_row,
                left_col: b.left_col,
                bottom_row: b.bottom_row,
                right_col: b.right_col,
            }),
            mask: i.mask.map(|k| Box::new(m::Mask { image: k.image.map(back_image) })),
            polygon: i.polygon.map(|g| m::Polygon { points: g.points.iter().map(back_point).collect() }),
            point: i.point.as_ref().map(back_point),
            span: i.span.map(|s| m::Span { char_start: s.char_start, char_end: s.char_end, raw_text: s.raw_text }),
            keypoint_locations: i.keypoint_locations.iter().map(back_point).collect(),
            ..m::RegionInfo::default()
        }),
    }
}

fn structure(map: &Struct) -> p::Struct {
    p::Struct { fields: map.iter().map(|(k, v)| (k.clone(), value(v))).collect() }
}

fn back_structure(s: p::Struct) -> Struct {
    s.fields.into_iter().map(|(k, v)| (k, back_value(v))).collect()
}

fn value(v: &Value) -> p::Value {
    let kind = match v {
        Value::Null => p::Kind::Null(0),
        Value::Bool(b) => p::Kind::Bool(*b),
        Value::Number(n) => p::Kind::Number(n.as_f64().unwrap_or_default()),
        Value::String(s) => p::Kind::String(s.clone()),
        Value::Array(list) => p::Kind::List(p::ListValue { values: list.iter().map(value).collect() }),
        Value::Object(map) => p::Kind::Struct(structure(map)),
    };
    p::Value { kind: Some(kind) }
}

fn back_value(v: p::Value) -> Value {
    match v.kind {
        None | Some(p::Kind::Null(_)) => Value::Null,
        Some(p::Kind::Bool(b)) => Value::Bool(b),
        Some(p::Kind::Number(n)) => Number::from_f64(n).map_or(Value::Null, Value::Number),
        Some(p::Kind::String(s)) => Value::String(s),
        Some(p::Kind::List(list)) => Value::Array(list.values.into_iter().map(back_value).collect()),
        Some(p::Kind::Struct(s)) => Value::Object(back_structure(s)),
    }
}
