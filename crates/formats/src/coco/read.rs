//! Reading as a stream: items go to a sink one by one, so that memory does not grow with the file.

use super::convert::{self, Misfit};
use super::model::{Annotation, Category, Image};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::io::Read;

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The item and field: `annotations[12].bbox[3]`. Empty for the file as a whole.
    pub path: String,
    /// From 1; 0 where it is not known.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            let comma = if self.path.is_empty() { "" } else { ", " };
            write!(f, "{comma}line {}, column {}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// Why a file was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something in it does not fit.
    #[error("{place}: {reason}")]
    Content {
        /// Where.
        place: Place,
        /// What is wrong there.
        reason: String,
    },
    /// It could not be read from where it lies.
    #[error("the file could not be read: {0}")]
    Io(#[source] std::io::Error),
}

impl Error {
    /// An error about the content, at an item.
    #[must_use]
    pub fn at(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Content { place: Place { path: path.into(), ..Place::default() }, reason: reason.into() }
    }
}

/// Takes what is read, in the order of the file: annotations may come before their image. An error ends the reading.
pub trait Sink {
    /// An image; `index` is its place in `images`.
    fn image(&mut self, index: usize, image: Image) -> Result<(), Error>;
    /// An annotation; `index` is its place in `annotations`.
    fn annotation(&mut self, index: usize, annotation: Annotation) -> Result<(), Error>;
    /// A category; `index` is its place in `categories`.
    fn category(&mut self, index: usize, category: Category) -> Result<(), Error>;
    /// Anything else at the top: `info`, `licenses`.
    fn extra(&mut self, key: String, value: Value) -> Result<(), Error>;
}

/// What was in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Images.
    pub images: usize,
    /// Annotations.
    pub annotations: usize,
    /// Categories.
    pub categories: usize,
}

/// Reads a whole file. References are the sink's affair; shapes and values are checked here.
pub fn read(reader: impl Read, sink: &mut dyn Sink) -> Result<Summary, Error> {
    let mut state = State { sink, failed: None, summary: Summary::default(), seen: [false; 3] };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let outcome = Top(&mut state).deserialize(&mut json).and_then(|()| json.end());
    let State { failed, summary, seen, .. } = state;
    self::outcome(failed, outcome)?;
    for (name, seen) in ["images", "annotations", "categories"].iter().zip(seen) {
        if !seen {
            return Err(Error::at(*name, "is missing: this is not a COCO instances file"));
        }
    }
    Ok(summary)
}

/// How reading JSON ended: what a taker of items refused, with the line where that stands, or what the reader met.
pub(crate) fn outcome(failed: Option<Error>, read: serde_json::Result<()>) -> Result<(), Error> {
    match (failed, read) {
        (Some(Error::Content { mut place, reason }), Err(e)) => {
            (place.line, place.column) = (e.line(), e.column());
            Err(Error::Content { place, reason })
        }
        (Some(error), _) => Err(error),
        (None, Err(e)) if e.is_io() => Err(Error::Io(e.into())),
        (None, Err(e)) => {
            let place = Place { path: String::new(), line: e.line(), column: e.column() };
            Err(Error::Content { place, reason: reason(&e) })
        }
        (None, Ok(())) => Ok(()),
    }
}

/// serde_json's sentence without its "at line … column …", in plainer words where it ends too early.
fn reason(e: &serde_json::Error) -> String {
    if e.is_eof() {
        return if e.line() <= 1 && e.column() == 0 {
            "the file is empty".to_owned()
        } else {
            "the file ends too early: it was cut off".to_owned()
        };
    }
    let text = e.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(head, _)| head);
    if e.is_syntax() { format!("the file is not JSON: {text}") } else { text.to_owned() }
}

struct State<'a> {
    sink: &'a mut dyn Sink,
    failed: Option<Error>,
    summary: Summary,
    seen: [bool; 3],
}

struct Top<'a, 'b>(&'a mut State<'b>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a COCO instances file: an object with images, annotations and categories")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        let reason = "the file is a list: this looks like COCO results (predictions), not an instances file";
        self.0.failed = Some(Error::at("", reason));
        Err(A::Error::custom(reason))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let kind = match key.as_str() {
                "images" => Kind::Images,
                "annotations" => Kind::Annotations,
                "categories" => Kind::Categories,
                _ => {
                    let value = map.next_value()?;
                    if let Err(e) = self.0.sink.extra(key, value) {
                        self.0.failed = Some(e);
                        return Err(A::Error::custom(""));
                    }
                    continue;
                }
            };
            if let Some(seen) = self.0.seen.get_mut(kind as usize)
                && std::mem::replace(seen, true)
            {
                self.0.failed = Some(Error::at(key, "stands twice at the top of the file"));
                return Err(A::Error::custom(""));
            }
            map.next_value_seed(Items { state: self.0, kind })?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Images = 0,
    Annotations = 1,
    Categories = 2,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Annotations => "annotations",
            Self::Categories => "categories",
        }
    }
}

struct Items<'a, 'b> {
    state: &'a mut State<'b>,
    kind: Kind,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.kind.name())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = seq.next_element::<Value>()? {
            let State { sink, summary, .. } = self.state;
            let taken = match self.kind {
                Kind::Images => convert::image(value).map(|item| sink.image(index, item)),
                Kind::Annotations => convert::annotation(value).map(|item| sink.annotation(index, item)),
                Kind::Categories => convert::category(value).map(|item| sink.category(index, item)),
            };
            let failed = match taken {
                Ok(Ok(())) => {
                    match self.kind {
                        Kind::Images => summary.images += 1,
                        Kind::Annotations => summary.annotations += 1,
                        Kind::Categories => summary.categories += 1,
                    }
                    index += 1;
                    continue;
                }
                Ok(Err(error)) => error,
                Err(Misfit { field, reason }) => Error::at(format!("{}[{index}]{field}", self.kind.name()), reason),
            };
            self.state.failed = Some(failed);
            return Err(A::Error::custom(""));
        }
        Ok(())
    }
}
