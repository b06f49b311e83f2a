//! Filters in words.

use crate::format;
use labelscope_api::messages::{Annotation, Concept, Data, Filter, Input, Rank, RegionInfo, StatusCode};
use serde_json::Value;

/// What a filter asks for, in words; what there are no words for stands as JSON.
pub(crate) fn words(filter: &Filter) -> String {
    let mut said = Vec::new();
    if let Some(input) = &filter.input {
        of_input(input, &mut said);
    }
    if let Some(annotation) = &filter.annotation {
        of_annotation(annotation, &mut said);
    }
    if let Some(range) = &filter.last_updated_time_range {
        said.push(match (range.start_time, range.end_time) {
            (Some(a), Some(b)) => format!("updated {} to {}", format::time(Some(a)), format::time(Some(b))),
            (Some(a), None) => format!("updated since {}", format::time(Some(a))),
            (None, end) => format!("updated up to {}", format::time(end)),
        });
    }
    if said.is_empty() { serde_json::to_string(filter).unwrap_or_default() } else { said.join(" and ") }
}

/// What the hits are to be like.
pub(crate) fn words_of_rank(rank: &Rank) -> String {
    let data = rank.annotation.as_deref().and_then(|a| a.data.as_deref());
    match data.and_then(|d| d.text.as_ref()) {
        Some(text) => format!("like “{}”", text.raw),
        None => match data.map(|d| concepts(&d.concepts)).filter(|c| !c.is_empty()) {
            Some(names) => format!("most like {names}"),
            None => "in an order of its own".to_owned(),
        },
    }
}

fn of_input(input: &Input, said: &mut Vec<String>) {
    if !input.id.is_empty() {
        said.push(format!("id is {}", input.id));
    }
    if !input.dataset_ids.is_empty() {
        said.push(format!("in dataset {}", input.dataset_ids.join(" or ")));
    }
    if let Some(status) = &input.status {
        said.push(format!("state is {}", state(status.code)));
    }
    if let Some(data) = &input.data {
        of_data(data, "is", said);
    }
}

fn of_annotation(annotation: &Annotation, said: &mut Vec<String>) {
    for (value, what) in [
        (&annotation.id, "annotation id is"),
        (&annotation.input_id, "input id is"),
        (&annotation.user_id, "annotated by"),
        (&annotation.model_version_id, "annotated by model version"),
        (&annotation.task_id, "task is"),
    ] {
        if !value.is_empty() {
            said.push(format!("{what} {value}"));
        }
    }
    if let Some(worker) = &annotation.worker {
        if let Some(user) = &worker.user {
            said.push(format!("annotated by {}", user.id));
        }
        if let Some(model) = &worker.model {
            said.push(format!("annotated by model {}", model.id));
        }
    }
    if annotation.trusted {
        said.push("annotation is trusted".to_owned());
    }
    if annotation.input_level {
        said.push("annotates the whole input".to_owned());
    }
    if let Some(status) = &annotation.status {
        said.push(format!("annotation state is {}", state(status.code)));
    }
    if let Some(info) = &annotation.annotation_info {
        said.extend(info.iter().map(|(k, v)| format!("annotation info {k} is {}", plain(v))));
    }
    if let Some(data) = &annotation.data {
        of_data(data, "annotated with", said);
        for region in &data.regions {
            if let Some(info) = &region.region_info {
                said.push(shape(info).to_owned());
            }
            if let Some(inner) = &region.data {
                of_data(inner, "a region with", said);
            }
            if !region.track_id.is_empty() {
                said.push(format!("track is {}", region.track_id));
            }
        }
        if **data == Data::default() {
            said.push("annotation without a region, frame or time".to_owned());
        }
    }
}

fn of_data(data: &Data, is: &str, said: &mut Vec<String>) {
    if !data.concepts.is_empty() {
        said.push(concepts(&data.concepts));
    }
    if let Some(metadata) = &data.metadata {
        said.extend(metadata.iter().map(|(k, v)| format!("{k} is {}", plain(v))));
    }
    if let Some(geo) = &data.geo {
        let corners: Vec<String> = geo
            .geo_box
            .iter()
            .filter_map(|p| p.geo_point.as_ref())
            .map(|p| format!("{}, {}", p.latitude, p.longitude))
            .collect();
        if !corners.is_empty() {
            said.push(format!("between {}", corners.join(" and ")));
        } else if let (Some(p), Some(limit)) = (&geo.geo_point, &geo.geo_limit) {
            let unit = limit.r#type.strip_prefix("within").unwrap_or(&limit.r#type).to_lowercase();
            said.push(format!("within {} {unit} of {}, {}", limit.value, p.latitude, p.longitude));
        } else {
            said.push("has a place".to_owned());
        }
    }
    match &data.text {
        Some(text) if !text.raw.is_empty() => said.push(format!("text has “{}”", text.raw)),
        Some(_) => said.push(format!("{is} a text")),
        None => {}
    }
    for (there, what) in [
        (data.image.is_some(), "an image"),
        (data.video.is_some(), "a video"),
        (data.audio.is_some(), "a recording"),
        (!data.frames.is_empty(), "a frame"),
        (!data.time_segments.is_empty(), "a stretch of time"),
        (!data.tracks.is_empty(), "a track"),
    ] {
        if there {
            said.push(format!("{is} {what}"));
        }
    }
}

fn concepts(list: &[Concept]) -> String {
    let name = |c: &Concept| {
        let name = if c.name.is_empty() { &c.id } else { &c.name };
        if c.value.is_positive() { name.clone() } else { format!("{name} said to be absent") }
    };
    list.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The shape of a region; the order is that of the form.
pub(super) fn shape(info: &RegionInfo) -> &'static str {
    if info.bounding_box.is_some() {
        "has a box"
    } else if info.polygon.is_some() {
        "has a polygon"
    } else if info.mask.is_some() {
        "has a mask"
    } else if info.point.is_some() {
        "has a point"
    } else if info.span.is_some() {
        "has a stretch of text"
    } else {
        "has a region"
    }
}

/// A state of inputs and annotations in a word.
pub(crate) fn state(code: StatusCode) -> String {
    match code {
        StatusCode::INPUT_SUCCESS => "processed",
        StatusCode::INPUT_PENDING => "to process",
        StatusCode::INPUT_FAILED => "failed",
        StatusCode::INPUT_IN_PROGRESS => "in process",
        StatusCode::ANNOTATION_SUCCESS => "approved",
        StatusCode::ANNOTATION_PENDING => "pending",
        StatusCode::ANNOTATION_AWAITING_REVIEW => "awaiting review",
        StatusCode::ANNOTATION_REVIEW_DENIED => "denied",
        other => return other.0.to_string(),
    }
    .to_owned()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
