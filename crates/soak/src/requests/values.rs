//! Values for what a request holds: such as a client would send, at the borders of what is allowed, or of another type.

use super::known::{Known, kind_of};
use crate::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use labelscope_api::describe::{Message, Shape};
use serde_json::{Map, Value, json};

/// Texts that have broken software before.
const ODD: &[&str] = &[
    "",
    " ",
    ".",
    "..",
    "/",
    "a/b",
    "\0",
    "\u{1}",
    "\u{7f}",
    "\u{202e}abc",
    "\u{feff}",
    "\u{fffd}",
    "e\u{301}",
    "é",
    "ﬁ",
    "ẞ",
    "İ",
    "ı",
    "狗",
    "👩‍👩‍👧",
    "𐍈",
    "\u{10ffff}",
    "null",
    "true",
    "0",
    "-1",
    "NaN",
    "1e999",
    "' OR 1=1 --",
    "\"; DROP TABLE input; --",
    "%",
    "%00",
    "_",
    "*",
    "\"",
    "NEAR(",
    "AND OR NOT",
    "a\nb",
    "\\",
    "{}",
    "[]",
    "../../etc/passwd",
    "status",
    "searches",
    "{user_id}",
    "${x}",
    "<script>alert(1)</script>",
    "aux",
    "C:\\x",
    "data:image/png;base64,AAAA",
    "2024-02-30T25:61:61Z",
    "9999999999999999999999",
];

const LANGUAGES: &[&str] = &["en", "de", "ja", "zz", "en-GB", "pt-BR"];
const WORDS: &[&str] = &["cat", "dog", "Straße", "tree house", "犬", "chair", "traffic light", "x"];

/// Fields on which the rest hangs: they are mostly there.
const MAIN: &[&str] = &[
    "id",
    "data",
    "image",
    "concepts",
    "base64",
    "query",
    "filters",
    "annotation",
    "input",
    "model",
    "predicate",
    "object_concept",
    "subject_concept",
    "concept_ids",
    "name",
    "base_url",
    "upload",
    "content_length",
    "range_start",
    "model_version",
    "dataset",
];

/// How odd the values of a request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As a client would send them.
    Plain,
    /// Here and there at a border.
    Border,
    /// Here and there of another type.
    Typed,
    /// Messages in messages, far down.
    Deep,
}

pub struct Maker<'a> {
    pub rng: &'a mut Rng,
    pub known: &'a Known,
    pub mood: Mood,
    pub number: u64,
}

impl Maker<'_> {
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn choose<T: Copy>(&mut self, from: &[T], other: T) -> T {
        from.get(self.rng.usize(..from.len().max(1))).copied().unwrap_or(other)
    }

    /// The fields of a message, some of them.
    pub fn message(&mut self, message: &Message, without: &[&str], depth: u32) -> Value {
        if message.name == "BoundingBox" && self.mood == Mood::Plain {
            let mut sides = [self.rng.f32(), self.rng.f32(), self.rng.f32(), self.rng.f32()];
            sides.sort_by(f32::total_cmp);
            let [a, b, c, d] = sides;
            return json!({"top_row": a, "left_col": b, "bottom_row": c, "right_col": d});
        }
        let mut out = Map::new();
        // Every field more is one more that may be refused.
        let sparse = self.mood == Mood::Plain && self.chance(65);
        for field in message.fields.iter().filter(|f| !without.contains(&f.name())) {
            let name = field.name();
            let shape = (field.shape)();
            let main = MAIN.contains(&name) || name.ends_with("_id") && depth < 3;
            let percent = match (self.mood, depth) {
                (Mood::Deep, _) if matches!(inner(&shape), Shape::Message(_)) => 40,
                (Mood::Deep, _) => 3,
                (Mood::Plain, 0) => 90,
                (_, 0) => 75,
                (_, 1) if main => 90,
                (_, 1 | 2) if sparse => 4,
                (_, 1) => 25,
                (_, 2) if main => 60,
                (_, 2) => 15,
                _ if main => 35,
                _ => 8,
            };
            let scope = matches!(name, "user_app_id" | "pagination");
            if self.chance(if scope && depth == 0 { 15 } else { percent }) {
                let value = self.value(&shape, name, message.name, depth + 1);
                out.insert(name.to_owned(), value);
            }
        }
        out.into()
    }

    pub fn value(&mut self, shape: &Shape, name: &str, message: &str, depth: u32) -> Value {
        if self.mood == Mood::Typed && self.chance(8) {
            return self.any(3);
        }
        if depth > if self.mood == Mood::Deep { 45 } else { 9 } {
            return Value::Null;
        }
        let border = self.mood == Mood::Border && self.chance(20);
        match shape {
            Shape::Text | Shape::Secret | Shape::Time if border => self.odd().into(),
            Shape::Text | Shape::Secret => self.text(name, message).into(),
            Shape::Bool => self.rng.bool().into(),
            Shape::Int { .. } if border => {
                let numbers = [
                    json!(0),
                    json!(-1),
                    json!(1000),
                    json!(1001),
                    json!(i32::MAX),
                    json!(i32::MIN),
                    json!(u32::MAX),
                    json!(1u64 << 32),
                    json!(1.5),
                    json!("7"),
                ];
                numbers.get(self.rng.usize(..numbers.len())).cloned().unwrap_or_default()
            }
            Shape::Int { .. } if name == "page" => self.rng.u32(1..4).into(),
            Shape::Int { .. } => self.rng.u32(..40).into(),
            Shape::BigInt { .. } if border => {
                let numbers = [
                    json!("-1"),
                    json!(i64::MAX.to_string()),
                    json!(i64::MIN.to_string()),
                    json!(u64::MAX.to_string()),
                    json!(u64::MAX),
                    json!("1e3"),
                    json!(""),
                ];
                numbers.get(self.rng.usize(..numbers.len())).cloned().unwrap_or_default()
            }
            Shape::BigInt { .. } => self.rng.u32(..3000).to_string().into(),
            Shape::Float if border => {
                let numbers = [
                    json!(-0.0),
                    json!(-1),
                    json!(2),
                    json!(1e38),
                    json!(1e39),
                    json!(1e308),
                    json!(5e-324),
                    json!("NaN"),
                    json!("Infinity"),
                    json!(i64::MAX),
                ];
                numbers.get(self.rng.usize(..numbers.len())).cloned().unwrap_or_default()
            }
            Shape::Float if name == "value" => [0, 1].get(self.rng.usize(..2)).copied().unwrap_or(1).into(),
            Shape::Float => self.rng.f32().into(),
            Shape::Bytes => self.bytes().into(),
            Shape::Time => {
                format!("20{:02}-0{}-1{}T00:00:00Z", self.rng.u8(10..30), self.rng.u8(1..10), self.rng.u8(..10)).into()
            }
            Shape::Struct => self.object(2).into(),
            Shape::Any => self.any(2),
            Shape::Enum(_, values) => {
                let (name, number) = self.choose(values, ("", 0));
                match self.rng.u8(..20) {
                    0 => self.rng.i32(..).into(),
                    1 => self.odd().into(),
                    2..5 => name.into(),
                    _ => number.into(),
                }
            }
            Shape::Message(inner) => self.message(inner, &[], depth),
            Shape::List(inner) => {
                let most = if border && self.chance(3) {
                    1100
                } else if self.mood == Mood::Deep {
                    2
                } else {
                    4
                };
                let length = if most > 4 {
                    self.choose(&[129, 1001], 129)
                } else if self.mood == Mood::Plain && self.chance(55) {
                    1
                } else {
                    self.rng.usize(..most)
                };
                (0..length).map(|_| self.value(inner, name, message, depth)).collect()
            }
            Shape::Map(inner) => {
                let length = self.rng.usize(..3);
                (0..length)
                    .map(|_| (self.choose(WORDS, "w").to_owned(), self.value(inner, "", "", depth)))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Shape::Optional(inner) => self.value(inner, name, message, depth),
        }
    }

    pub fn odd(&mut self) -> String {
        match self.rng.u8(..10) {
            0 => "x".repeat(self.rng.usize(120..140)),
            1 => "ü".repeat(self.rng.usize(60..70)),
            2 => "long ".repeat(self.rng.usize(..4000)),
            3 => (0..self.rng.usize(..12)).map(|_| self.rng.char(..)).collect(),
            _ => self.choose(ODD, "").to_owned(),
        }
    }

    fn text(&mut self, name: &str, message: &str) -> String {
        let own = if name == "id" { message.to_owned() } else { kind_of(name.trim_end_matches("ids")) };
        match name {
            "ids" => {
                let kind = message
                    .trim_start_matches("List")
                    .trim_start_matches("Delete")
                    .trim_start_matches("Purge")
                    .trim_end_matches("Request");
                self.id(&kind_of(kind.trim_end_matches('s')))
            }
            "id" if message == "ConceptLanguage" => self.choose(LANGUAGES, "en").to_owned(),
            "id" => self.id(&own),
            _ if name.ends_with("_id") || name.ends_with("_ids") => self.id(&own),
            "url" | "call_back_url" | "base_url" => {
                let urls = [
                    "http://127.0.0.1:9/a.jpg",
                    "http://localhost:1/",
                    "ftp://127.0.0.1/x",
                    "file:///etc/hosts",
                    "http://[::1]:9/",
                    "no url",
                    "http://127.0.0.1:99999/",
                ];
                self.choose(&urls, "").to_owned()
            }
            "media_hosts" => "127.0.0.1".to_owned(),
            "action" => {
                self.choose(&["merge", "overwrite", "overwrite", "overwrite", "remove", "merge_all", ""], "").to_owned()
            }
            "predicate" => self.choose(&["hypernym", "hyponym", "synonym", "other"], "").to_owned(),
            "language" => self.choose(LANGUAGES, "en").to_owned(),
            "format" => self.choose(&["coco", "clarifai", ""], "").to_owned(),
            "operation_type" | "type" => self.choose(&["image", "text", "withinKilometers", "x"], "").to_owned(),
            _ if self.chance(10) => self.odd(),
            _ => format!("{} {}", self.choose(WORDS, "w"), self.rng.u32(..20)),
        }
    }

    pub fn id(&mut self, kind: &str) -> String {
        match kind {
            "Language" => return self.choose(LANGUAGES, "en").to_owned(),
            "StatusCode" => return self.choose(&["10000", "11102", "30000", "0", "-5", "99999999999"], "0").to_owned(),
            _ => {}
        }
        let known = match self.rng.u8(..20) {
            0 => return self.odd(),
            1 => self.known.any(self.rng),
            2..13 => self.known.pick(self.rng, kind),
            _ => None,
        };
        known.unwrap_or_else(|| {
            self.number += 1;
            format!("s{}-{}", self.number, self.rng.u16(..))
        })
    }

    fn bytes(&mut self) -> String {
        let bytes: Vec<u8> = match self.rng.u8(..10) {
            0 => Vec::new(),
            1 => (0..self.rng.usize(..60)).map(|_| self.rng.u8(..)).collect(),
            2 => {
                let mut picture = picture::bmp(4, 4, self.rng.u64(..));
                picture.truncate(self.rng.usize(..picture.len()));
                picture
            }
            3 => {
                let heads: [&[u8]; 8] = [
                    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
                    b"\xff\xd8\xff\xe0",
                    b"GIF89a\0\0",
                    b"RIFF\0\0\0\0WEBPVP8 ",
                    b"PK\x03\x04",
                    b"ID3\x04",
                    b"fLaC\0\0\0\x22",
                    b"\0\0\0\x18ftypmp42",
                ];
                let mut head = self.choose(&heads, b"").to_vec();
                head.extend((0..self.rng.usize(..200)).map(|_| self.rng.u8(..)));
                head
            }
            _ => picture::bmp(self.rng.u8(1..9), self.rng.u8(1..9), self.rng.u64(..)),
        };
        if self.chance(3) { "not base64!".to_owned() } else { STANDARD.encode(bytes) }
    }

    fn object(&mut self, depth: u32) -> Map<String, Value> {
        (0..self.rng.usize(..4)).map(|_| (self.choose(WORDS, "w").to_owned(), self.any(depth))).collect()
    }

    /// Any JSON.
    pub fn any(&mut self, depth: u32) -> Value {
        match self.rng.u8(..if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => self.rng.bool().into(),
            2 => self.rng.i64(..).into(),
            3 => self.rng.f64().into(),
            4 => self.odd().into(),
            5 => self.choose(WORDS, "w").into(),
            6 => self.rng.u8(..10).into(),
            7 => (0..self.rng.usize(..3)).map(|_| self.any(depth - 1)).collect(),
            _ => self.object(depth - 1).into(),
        }
    }
}

/// What a list or an optional field holds.
fn inner(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(of) | Shape::Optional(of) => inner(of),
        other => other,
    }
}
