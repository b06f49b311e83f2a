//! Lists of items in JSON, as a stream: at the top of the file, or under names in an object.

use crate::coco::Error;
use crate::coco::read::outcome;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::io::Read;

/// What a file may look like.
pub(super) struct Layout {
    /// For errors: what a reader expects.
    pub what: &'static str,
    /// Lists that hold items, in an object.
    pub lists: &'static [&'static str],
    /// An object inside of the first that may hold these lists too.
    pub inside: &'static [&'static str],
    /// Why an object without such a list is refused.
    pub otherwise: &'static str,
}

/// Takes an item: name of its list (empty for one at the top), index, value.
type Each<'a> = dyn FnMut(&'static str, usize, Value) -> Result<(), Error> + 'a;

/// Hands on each item.
pub(super) fn read(reader: impl Read, layout: &'static Layout, each: &mut Each<'_>) -> Result<(), Error> {
    let mut state = State { layout, each, failed: None, found: false };
    let mut json = serde_json::Deserializer::from_reader(reader);
    let done = Top { state: &mut state, inside: false }.deserialize(&mut json).and_then(|()| json.end());
    let State { failed, found, .. } = state;
    outcome(failed, done)?;
    if found { Ok(()) } else { Err(Error::at("", layout.otherwise)) }
}

struct State<'a> {
    layout: &'static Layout,
    each: &'a mut Each<'a>,
    failed: Option<Error>,
    found: bool,
}

struct Top<'a, 'b> {
    state: &'a mut State<'b>,
    inside: bool,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.layout.what)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        if self.inside {
            self.state.failed = Some(Error::at("", "the file holds several evaluations: save one of them by itself"));
            return Err(A::Error::custom(""));
        }
        Items { state: self.state, list: "" }.visit_seq(seq)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let layout = self.state.layout;
            if let Some(list) = layout.lists.iter().find(|l| **l == key) {
                if std::mem::replace(&mut self.state.found, true) {
                    let reason = "stands beside another list of predictions: a file holds one list";
                    self.state.failed = Some(Error::at(key, reason));
                    return Err(A::Error::custom(""));
                }
                map.next_value_seed(Items { state: self.state, list })?;
            } else if !self.inside && layout.inside.contains(&key.as_str()) {
                map.next_value_seed(Top { state: self.state, inside: true })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Items<'a, 'b> {
    state: &'a mut State<'b>,
    list: &'static str,
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
        write!(f, "a list in {}", self.list)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.state.found = true;
        let mut index = 0;
        while let Some(value) = seq.next_element::<Value>()? {
            if let Err(error) = (self.state.each)(self.list, index, value) {
                self.state.failed = Some(error);
                return Err(A::Error::custom(""));
            }
            index += 1;
        }
        Ok(())
    }
}
