//! Query strings: snake case, nested names with dots, lists as repeated keys, booleans in the spellings that the
//! vendor's clients use (`True`).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A parameter that does not fit its field. The message begins with the parameter's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(String);

impl serde::de::Error for QueryError {
    fn custom<T: fmt::Display>(msg: T) -> Self {
        Self(msg.to_string())
    }
}

/// Writes the fields of a request as a query string, without the `?`.
pub fn to_query<T: Serialize>(request: &T) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    flatten(&mut out, "", &serde_json::to_value(request)?);
    Ok(out)
}

fn flatten(out: &mut String, name: &str, value: &Value) {
    let text = match value {
        Value::Null => return,
        Value::Object(map) => {
            for (k, v) in map {
                if name.is_empty() { flatten(out, k, v) } else { flatten(out, &format!("{name}.{k}"), v) }
            }
            return;
        }
        Value::Array(items) => return items.iter().for_each(|v| flatten(out, name, v)),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    out.extend(utf8_percent_encode(&text, QUERY));
}

/// Reads a request from a query string. Unknown names are ignored; the last of several values wins where one is wanted.
pub fn from_query<T: DeserializeOwned>(query: &str) -> Result<T, QueryError> {
    let mut root = Node::default();
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let mut node = &mut root;
        for part in decode(name).split('.') {
            node = node.children.entry(super::case::snake(part)).or_default();
        }
        node.values.push(decode(value));
    }
    T::deserialize(At { node: &root, name: String::new() })
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[derive(Default)]
struct Node {
    values: Vec<String>,
    children: BTreeMap<String, Node>,
}

/// A node and its dotted name, for error messages.
struct At<'a> {
    node: &'a Node,
    name: String,
}

impl At<'_> {
    fn text(&self) -> &str {
        self.node.values.last().map_or("", String::as_str)
    }
    fn wrong(&self, expected: &str) -> QueryError {
        QueryError(format!("{}: `{}` is not {expected}", self.name, self.text()))
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "True" | "TRUE" => Some(true),
        "" | "0" | "f" | "F" | "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

macro_rules! number {
    ($($method:ident $visit:ident $ty:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
            match self.text().parse::<$ty>() {
                Ok(n) => visitor.$visit(n),
                Err(_) => Err(self.wrong("a number that fits")),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for At<'_> {
    type Error = QueryError;

    number!(deserialize_u32 visit_u32 u32, deserialize_i32 visit_i32 i32, deserialize_u64 visit_u64 u64, deserialize_i64 visit_i64 i64, deserialize_f32 visit_f32 f32, deserialize_f64 visit_f64 f64);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        match boolean(self.text()) {
            Some(b) => visitor.visit_bool(b),
            None => Err(self.wrong("true or false")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_seq(Items { values: &self.node.values, name: &self.name })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_map(Fields { iter: self.node.children.iter(), current: None, name: self.name })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, QueryError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_newtype_struct(self)
    }

    /// Open enums, 64-bit integers and free JSON values ask for "any": a number where the text is one.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        let text = self.text();
        if let Ok(n) = text.parse::<i64>() {
            visitor.visit_i64(n)
        } else if let Some(n) = text.parse::<f64>().ok().filter(|n| n.is_finite()) {
            visitor.visit_f64(n)
        } else {
            visitor.visit_str(text)
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_str(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, QueryError> {
        visitor.visit_str(self.text())
    }

    forward_to_deserialize_any! { i8 i16 u8 u16 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier ignored_any }
}

struct Items<'a> {
    values: &'a [String],
    name: &'a str,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = QueryError;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, QueryError> {
        let Some((first, rest)) = self.values.split_first() else {
            return Ok(None);
        };
        self.values = rest;
        let node = Node { values: vec![first.clone()], children: BTreeMap::new() };
        seed.deserialize(At { node: &node, name: self.name.to_owned() }).map(Some)
    }
}

struct Fields<'a> {
    iter: std::collections::btree_map::Iter<'a, String, Node>,
    current: Option<(&'a str, &'a Node)>,
    name: String,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = QueryError;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, QueryError> {
        let Some((key, node)) = self.iter.next() else {
            return Ok(None);
        };
        self.current = Some((key, node));
        let key: StrDeserializer<'_, QueryError> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, QueryError> {
        let (key, node) = self.current.take().ok_or_else(|| QueryError::custom("a value without its name"))?;
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        seed.deserialize(At { node, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::StatusCode;
    use crate::operations::{ListDatasets, ListInputs};
    use proptest::prelude::*;

    #[test]
    fn reads_what_the_python_client_sends() {
        let q = "user_app_id.user_id=me&user_app_id.app_id=demo&page=1&per_page=5&ids=i1&ids=i+2%2F&status.code=INPUT_SUCCESS&unknown=3";
        let r: ListInputs = from_query(q).unwrap();
        assert_eq!((r.page, r.per_page, r.ids), (1, 5, vec!["i1".to_owned(), "i 2/".to_owned()]));
        assert_eq!(r.status.unwrap().code, StatusCode::INPUT_SUCCESS);
        assert_eq!(r.user_app_id.app_id, "demo");
        let r: ListDatasets = from_query("sort_ascending=True&starredOnly=1&perPage=7").unwrap();
        assert!(r.sort_ascending && r.starred_only && r.per_page == 7);
    }

    #[test]
    fn says_which_parameter_is_wrong() {
        assert_eq!(
            from_query::<ListInputs>("per_page=many").unwrap_err().to_string(),
            "per_page: `many` is not a number that fits"
        );
        assert_eq!(
            from_query::<ListDatasets>("bookmark=maybe").unwrap_err().to_string(),
            "bookmark: `maybe` is not true or false"
        );
    }

    proptest! {
        #[test]
        fn round_trips(page in 0u32.., ids in prop::collection::vec(".*", 0..4)) {
            let ids: Vec<String> = ids;
            let r = ListInputs { page, ids, ..Default::default() };
            prop_assert_eq!(from_query::<ListInputs>(&to_query(&r).unwrap()).unwrap(), r);
        }
    }
}
