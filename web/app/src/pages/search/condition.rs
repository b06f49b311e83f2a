//! From the fields of the form to a filter of the API.

use labelscope_api::messages::{
    Annotation, Audio, BoundingBox, Concept, ConceptValue, Data, Filter, Geo, GeoBoxedPoint, GeoLimit, GeoPoint, Image,
    Input, Mask, Point, Polygon, Region, RegionInfo, Status, StatusCode, Text, TimeRange, Video,
};
use labelscope_api::wire::Timestamp;
use serde_json::{Map, Value};

/// What can be asked for: the name in the form, and in words.
pub(super) const KINDS: [(&str, &str); 12] = [
    ("concept", "Concept"),
    ("metadata", "Metadata"),
    ("dataset", "Dataset"),
    ("kind", "Kind of input"),
    ("region", "Kind of region"),
    ("text", "Text"),
    ("near", "Within a distance of a place"),
    ("box", "Within a box on the map"),
    ("state", "State of the input"),
    ("review", "State of the annotation"),
    ("worker", "Who annotated"),
    ("updated", "Time of the last change"),
];

/// The fields of the form. Which of them count depends on the kind.
#[derive(Clone, Default)]
pub(super) struct Fields {
    pub kind: String,
    /// A concept's id and name.
    pub concept: Option<(String, String)>,
    /// A word of a list: kind, state, unit, sign.
    pub choice: String,
    pub first: String,
    pub second: String,
    pub third: String,
    pub fourth: String,
    pub negate: bool,
}

/// The filter, or what is missing.
pub(super) fn make(f: &Fields) -> Result<Filter, &'static str> {
    let annotation = |data: Data| Filter { annotation: Some(Box::new(said(data))), ..Filter::default() };
    let input = |data: Data| Filter {
        input: Some(Box::new(Input { data: Some(Box::new(data)), ..Input::default() })),
        ..Filter::default()
    };
    let first = f.first.trim().to_owned();
    let filter = match f.kind.as_str() {
        "concept" => {
            let (id, name) = f.concept.clone().ok_or("Pick a concept from the list.")?;
            let value = ConceptValue(if f.choice == "absent" { 0.0 } else { 1.0 });
            annotation(Data { concepts: vec![Concept { id, name, value, ..Concept::default() }], ..Data::default() })
        }
        "metadata" => {
            if first.is_empty() {
                return Err("Name the key.");
            }
            let value = json_or_text(&f.second);
            annotation(Data { metadata: Some(Map::from_iter([(first, value)])), ..Data::default() })
        }
        "dataset" => {
            if first.is_empty() {
                return Err("Choose a dataset.");
            }
            Filter {
                input: Some(Box::new(Input { dataset_ids: vec![first], ..Input::default() })),
                ..Filter::default()
            }
        }
        "kind" => input(match f.choice.as_str() {
            "video" => Data { video: Some(Video::default()), ..Data::default() },
            "text" => Data { text: Some(Text::default()), ..Data::default() },
            "audio" => Data { audio: Some(Audio::default()), ..Data::default() },
            _ => Data { image: Some(Image::default()), ..Data::default() },
        }),
        "region" => annotation(match f.choice.as_str() {
            "none" => Data::default(),
            shape => Data {
                regions: vec![Region {
                    region_info: Some(match shape {
                        "polygon" => RegionInfo { polygon: Some(Polygon::default()), ..RegionInfo::default() },
                        "mask" => RegionInfo { mask: Some(Box::new(Mask::default())), ..RegionInfo::default() },
                        "point" => RegionInfo { point: Some(Point::default()), ..RegionInfo::default() },
                        _ => RegionInfo { bounding_box: Some(BoundingBox::default()), ..RegionInfo::default() },
                    }),
                    ..Region::default()
                }],
                ..Data::default()
            },
        }),
        "text" => {
            if first.is_empty() {
                return Err("Say which words.");
            }
            input(Data { text: Some(Text { raw: first, ..Text::default() }), ..Data::default() })
        }
        "near" => {
            let geo_point = Some(place(&f.first, &f.second)?);
            let value = number(&f.third).filter(|v| *v > 0.0).ok_or("The distance is a number above 0.")?;
            let r#type = if f.choice.is_empty() { "withinKilometers".to_owned() } else { f.choice.clone() };
            let geo = Geo { geo_point, geo_limit: Some(GeoLimit { r#type, value }), ..Geo::default() };
            annotation(Data { geo: Some(geo), ..Data::default() })
        }
        "box" => {
            let corner = |p: GeoPoint| GeoBoxedPoint { geo_point: Some(p) };
            let geo_box = vec![corner(place(&f.first, &f.second)?), corner(place(&f.third, &f.fourth)?)];
            annotation(Data { geo: Some(Geo { geo_box, ..Geo::default() }), ..Data::default() })
        }
        "state" => Filter {
            input: Some(Box::new(Input { status: Some(status(&f.choice, 30000)), ..Input::default() })),
            ..Filter::default()
        },
        "review" => Filter {
            annotation: Some(Box::new(Annotation { status: Some(status(&f.choice, 24150)), ..Annotation::default() })),
            ..Filter::default()
        },
        "worker" => {
            if first.is_empty() {
                return Err("Give the id.");
            }
            let who = if f.choice == "model" {
                Annotation { model_version_id: first, ..Annotation::default() }
            } else {
                Annotation { user_id: first, ..Annotation::default() }
            };
            Filter { annotation: Some(Box::new(who)), ..Filter::default() }
        }
        _ => {
            let (start_time, end_time) = (moment(&f.first), moment(&f.second));
            if start_time.is_none() && end_time.is_none() {
                return Err("Give a beginning, an end, or both.");
            }
            Filter { last_updated_time_range: Some(TimeRange { start_time, end_time }), ..Filter::default() }
        }
    };
    Ok(Filter { negate: f.negate, ..filter })
}

fn said(data: Data) -> Annotation {
    Annotation { data: Some(Box::new(data)), ..Annotation::default() }
}

fn status(choice: &str, or: i32) -> Status {
    Status { code: StatusCode(choice.parse().unwrap_or(or)), ..Status::default() }
}

/// JSON where it is JSON, else text: `3` is a number, `kitchen` a text.
pub(crate) fn json_or_text(text: &str) -> Value {
    let text = text.trim();
    serde_json::from_slice(text.as_bytes()).unwrap_or_else(|_| Value::from(text))
}

fn number(text: &str) -> Option<f32> {
    text.trim().parse().ok().filter(|v: &f32| v.is_finite())
}

/// Degrees north and east from two fields.
pub(crate) fn place(latitude: &str, longitude: &str) -> Result<GeoPoint, &'static str> {
    match (number(latitude), number(longitude)) {
        (Some(latitude), Some(longitude)) if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
            Ok(GeoPoint { longitude, latitude })
        }
        _ => Err("Latitude is −90 to 90, longitude −180 to 180, in degrees."),
    }
}

/// The time of a `datetime-local` field, where the reader is.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let at = js_sys::Date::new(&text.into()).get_time();
    at.is_finite().then_some(Timestamp((at * 1000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(kind: &str, choice: &str, parts: &[&str]) -> Fields {
        let part = |i: usize| parts.get(i).map(|s| (*s).to_owned()).unwrap_or_default();
        Fields {
            kind: kind.to_owned(),
            choice: choice.to_owned(),
            first: part(0),
            second: part(1),
            third: part(2),
            fourth: part(3),
            ..Fields::default()
        }
    }

    fn json(f: &Fields) -> Value {
        serde_json::to_value(make(f).unwrap()).unwrap()
    }

    #[test]
    fn presence_is_an_empty_object() {
        assert_eq!(json(&fields("kind", "text", &[])), serde_json::json!({"input": {"data": {"text": {}}}}));
        assert_eq!(
            json(&fields("region", "mask", &[])),
            serde_json::json!({"annotation": {"data": {"regions": [{"region_info": {"mask": {}}}]}}})
        );
        assert_eq!(json(&fields("region", "none", &[])), serde_json::json!({"annotation": {"data": {}}}));
    }

    #[test]
    fn values_keep_their_kind_and_the_sign_stays_outside() {
        let f = Fields { negate: true, ..fields("metadata", "", &["rooms", "3"]) };
        assert_eq!(json(&f), serde_json::json!({"negate": true, "annotation": {"data": {"metadata": {"rooms": 3}}}}));
        let f = fields("metadata", "", &["site", "north wing"]);
        assert_eq!(json(&f), serde_json::json!({"annotation": {"data": {"metadata": {"site": "north wing"}}}}));
    }

    #[test]
    fn what_is_missing_is_said() {
        for f in [
            fields("concept", "", &[]),
            fields("metadata", "", &[" "]),
            fields("dataset", "", &[]),
            fields("text", "", &[]),
            fields("near", "", &["91", "0", "1"]),
            fields("near", "", &["48", "11", "0"]),
            fields("box", "", &["1", "2", "3", "x"]),
            fields("worker", "", &[]),
        ] {
            assert!(make(&f).is_err(), "{}", f.kind);
        }
    }
}
