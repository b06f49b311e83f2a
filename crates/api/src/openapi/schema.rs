//! Messages and enums as JSON Schema, each once, by name. What is sent and what comes back differ: an enum is read by name
//! too, and what is always printed is only promised in replies. So a message that goes both ways has two schemas.

use crate::describe::{Message, Shape};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Request,
    Reply,
}

/// The schemas that have been asked for.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    pub fn finish(self) -> Map<String, Value> {
        self.0.into_iter().collect()
    }

    /// The schema of a shape; messages and enums are named and referred to.
    pub fn of(&mut self, shape: &Shape, way: Way) -> Value {
        let whole = |bits: u8, signed: bool| {
            let mut schema =
                json!({"type": "integer", "format": format!("{}int{bits}", if signed { "" } else { "u" })});
            if !signed {
                set(&mut schema, "minimum", 0);
            }
            schema
        };
        match shape {
            Shape::Text => json!({"type": "string"}),
            Shape::Secret => json!({"type": "string", "format": "password"}),
            Shape::Bool => json!({"type": "boolean"}),
            Shape::Int { signed } => whole(32, *signed),
            Shape::BigInt { signed } => {
                let pattern = if *signed { "^-?[0-9]+$" } else { "^[0-9]+$" };
                let mut schema = whole(64, *signed);
                match way {
                    Way::Request => set(&mut schema, "type", json!(["string", "integer"])),
                    Way::Reply => {
                        schema = json!({"type": "string", "format": if *signed { "int64" } else { "uint64" }});
                    }
                }
                set(&mut schema, "pattern", pattern);
                schema
            }
            Shape::Float => json!({"type": "number"}),
            Shape::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Shape::Time => json!({"type": "string", "format": "date-time"}),
            Shape::Struct => json!({"type": "object"}),
            Shape::Any => json!({}),
            Shape::List(inner) => json!({"type": "array", "items": self.of(inner, way)}),
            Shape::Map(inner) => json!({"type": "object", "additionalProperties": self.of(inner, way)}),
            Shape::Optional(inner) => self.of(inner, way),
            Shape::Enum(name, values) => self.named(name, way, |_| enumeration(values, way)),
            Shape::Message(message) => self.named(message.name, way, |all| all.object(message, way, &[])),
        }
    }

    fn named(&mut self, name: &str, way: Way, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let name = if way == Way::Request { format!("{name}-Request") } else { name.to_owned() };
        if !self.0.contains_key(&name) {
            // Messages hold each other: the name is taken before the fields are walked.
            self.0.insert(name.clone(), Value::Null);
            let schema = make(self);
            self.0.insert(name.clone(), schema);
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// A message's own schema, without some of its fields.
    pub fn object(&mut self, message: &Message, way: Way, without: &[&str]) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for field in message.fields.iter().filter(|f| !without.contains(&f.name())) {
            let shape = (field.shape)();
            let mut schema = self.of(&shape, way);
            if field.always && way == Way::Reply {
                required.push(field.name());
                if matches!(shape, Shape::Optional(_)) {
                    schema = json!({"anyOf": [schema, {"type": "null"}]});
                }
            }
            if !field.doc.is_empty() {
                set(&mut schema, "description", text(field.doc));
            }
            properties.insert(field.name().to_owned(), schema);
        }
        let mut out = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            set(&mut out, "required", json!(required));
        }
        out
    }
}

/// Enums are open: a newer server may know more numbers.
fn enumeration(values: &[(&str, i32)], way: Way) -> Value {
    let number = json!({"type": "integer", "format": "int32"});
    let mut out = match way {
        Way::Reply => number,
        Way::Request => json!({"anyOf": [number, {"type": "string"}]}),
    };
    let names: Map<String, Value> = values.iter().map(|(name, number)| ((*name).to_owned(), json!(number))).collect();
    set(&mut out, "x-values", names);
    out
}

/// Documentation without the marks that link it to Rust.
pub(super) fn text(doc: &str) -> String {
    let mut out = doc.trim().replace("[`", "`").replace("`]", "`").replace("super::", "");
    for (name, path) in [
        ("IMPORT_FILE_PATH", "PUT /labelscope/v1/imports/{import_id}/files/{file_name}"),
        ("EXPORT_FILE_PATH", "GET /labelscope/v1/exports/{export_id}/{file_name}"),
    ] {
        out = out.replace(name, path);
    }
    out
}

/// Sets a member of an object.
pub(super) fn set(object: &mut Value, name: &str, to: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), to.into());
    }
}
