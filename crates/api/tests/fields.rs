//! Our operations and messages hold every field of the API's own description (testdata/fields.json), in the same kind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::describe::{Field, Message, Shape};
use labelscope_api::operations;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Messages that bear another name here, since theirs is too common for a whole crate.
const RENAMED: &[(&str, &str)] = &[
    ("BulkOperationKind", "Operation"),
    ("BulkOperationProgress", "Progress"),
    ("BulkDeleteAnnotations", "DeleteAnnotations"),
];

/// What lies far from labels and datasets: JSON that passes through. `docs/API.md` lists the same.
const OPAQUE: &[&str] = &[
    "Workflow",
    "Output",
    "OutputInfo",
    "InputInfo",
    "TrainInfo",
    "ImportInfo",
    "ModelLayerInfo",
    "MethodSignature",
    "ModelTypeField",
    "TritonCondaEnvInfo",
    "PretrainedModelConfig",
    "ComputeInfo",
    "BuildInfo",
    "SpecialHandling",
    "OpenRouterInfo",
    "FullTag",
    "LicenseType",
    "Source",
    "BillingType",
    "DeployRestriction",
    "PatchAction",
];

fn table() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/fields.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn wire_name(ours: &str) -> String {
    RENAMED.iter().find(|(o, _)| *o == ours).map_or(ours, |(_, w)| w).to_lowercase()
}

struct Walk<'a> {
    wire: BTreeMap<String, &'a Map<String, Value>>,
    enums: &'a Map<String, Value>,
    seen: BTreeSet<String>,
    problems: Vec<String>,
}

impl Walk<'_> {
    fn message(&mut self, ours: &Message, wire: &str) {
        if !self.seen.insert(wire.to_lowercase()) {
            return;
        }
        let Some(fields) = self.wire.get(&wire.to_lowercase()).copied() else {
            self.problems.push(format!("{} is no message of the API", ours.name));
            return;
        };
        for (name, kind) in fields {
            match ours.fields.iter().find(|f| f.name() == name) {
                Some(field) => self.field(ours.name, field, kind.as_array().unwrap()),
                None => self.problems.push(format!("{}.{name} is missing", ours.name)),
            }
        }
        for field in ours.fields {
            // Every operation of ours has a scope; the status codes belong to no app.
            let scope = field.name() == "user_app_id" && ours.name.contains("StatusCode");
            if !scope && !fields.contains_key(field.name()) {
                self.problems.push(format!("{}.{} is not in the API", ours.name, field.name()));
            }
        }
    }

    fn field(&mut self, message: &str, field: &Field, kind: &[Value]) {
        let at = format!("{message}.{}", field.name());
        let (cardinality, ty) = (kind[0].as_str().unwrap(), kind[1].as_str().unwrap());
        let name = kind.get(2).and_then(Value::as_str).unwrap_or_default();
        let always = kind.iter().any(|k| k == "always");
        // A message that is absent is not printed by us, even where theirs would be as `null`.
        if always != field.always && (cardinality != "singular" || ty != "message") {
            self.problems.push(format!("{at}: printed when empty is {always} there and {} here", field.always));
        }
        let shape = (field.shape)();
        let inner = match (cardinality, shape) {
            ("repeated", Shape::List(inner)) | ("map", Shape::Map(inner)) | ("singular", Shape::Optional(inner)) => {
                *inner
            }
            ("singular", shape) if !matches!(shape, Shape::List(_) | Shape::Map(_)) => shape,
            (_, shape) => return self.problems.push(format!("{at}: {cardinality} there, {shape:?} here")),
        };
        let fits = match (ty, &inner) {
            ("message" | "enum", Shape::Any) => OPAQUE.contains(&name),
            ("message", Shape::Message(m)) if wire_name(m.name) == name.to_lowercase() => {
                self.message(m, name);
                true
            }
            ("enum", Shape::Enum(_, names)) => return self.enumeration(&at, name, names),
            ("string" | "google.protobuf.StringValue", Shape::Text | Shape::Secret)
            | ("bool" | "google.protobuf.BoolValue", Shape::Bool)
            | ("bytes", Shape::Bytes | Shape::Text | Shape::Secret)
            | ("google.protobuf.Timestamp", Shape::Time)
            | ("google.protobuf.Struct", Shape::Struct)
            | ("google.protobuf.Value", Shape::Any)
            | ("uint32" | "google.protobuf.UInt32Value", Shape::Int { signed: false })
            | ("int32" | "google.protobuf.Int32Value", Shape::Int { signed: true })
            | ("uint64" | "google.protobuf.UInt64Value", Shape::BigInt { signed: false })
            | ("int64", Shape::BigInt { signed: true })
            | ("float" | "double" | "google.protobuf.FloatValue", Shape::Float) => true,
            _ => false,
        };
        if !fits {
            self.problems.push(format!("{at}: {ty} {name} there, {inner:?} here"));
        }
    }

    fn enumeration(&mut self, at: &str, name: &str, ours: &[(&str, i32)]) {
        let Some(theirs) = self.enums.get(name).and_then(Value::as_object) else {
            return self.problems.push(format!("{at}: the enum {name} is not in the table"));
        };
        let numbers: BTreeSet<i64> = ours.iter().map(|(_, n)| i64::from(*n)).collect();
        for (value, number) in theirs {
            // Two names of one number: the newer one is ours, the older one an alias.
            if !numbers.contains(&number.as_i64().unwrap()) {
                self.problems.push(format!("{at}: {name}.{value} = {number} is missing"));
            }
        }
    }
}

#[test]
fn every_field_of_the_api_is_typed() {
    let table = table();
    let messages = table["messages"].as_object().unwrap();
    let mut walk = Walk {
        wire: messages.iter().map(|(k, v)| (k.to_lowercase(), v.as_object().unwrap())).collect(),
        enums: table["enums"].as_object().unwrap(),
        seen: BTreeSet::new(),
        problems: Vec::new(),
    };
    for op in operations::DESCRIBED {
        let theirs = &table["operations"][op.meta.name];
        assert_eq!(theirs["method"], op.meta.method, "{}", op.meta.name);
        let ours: BTreeSet<&str> = op.meta.paths.iter().copied().collect();
        for path in theirs["paths"].as_array().unwrap() {
            if !ours.contains(path.as_str().unwrap()) {
                walk.problems.push(format!("{} does not answer at {path}", op.meta.name));
            }
        }
        for (shape, name) in [((op.request)(), &theirs["request"]), ((op.reply)(), &theirs["response"])] {
            let Shape::Message(message) = shape else { panic!("{} is no message", op.meta.name) };
            walk.message(message, name.as_str().unwrap());
        }
    }
    assert!(walk.problems.is_empty(), "{} problems:\n{}", walk.problems.len(), walk.problems.join("\n"));
    assert!(walk.seen.len() > 200, "only {} messages were compared", walk.seen.len());
}
