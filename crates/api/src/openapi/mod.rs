//! The OpenAPI 3.1 description of all operations and extensions, made from their declarations. Only the server links it.

mod plain;
mod schema;

use crate::describe::{Message, Shape};
use crate::extensions;
use crate::operation::Effect;
use crate::operations::{self, Described};
use schema::{Schemas, Way, set, text};
use serde_json::{Map, Value, json};

const ABOUT: &str = "The data side of the Clarifai v2 API as Labelscope answers it, and its own extensions below \
    /labelscope/v1. In requests a field that is absent, null or empty is the same unless its description says otherwise, \
    names may be in camel case too, and enums are numbers or names; in replies enums are numbers. 64-bit integers are \
    strings. Every reply has a status, and a failure is told by its code.";

/// The whole document, for a server of this version.
#[must_use]
pub fn document(version: &str) -> Value {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for operation in operations::DESCRIBED.iter().chain(extensions::DESCRIBED) {
        for (nth, path) in operation.meta.paths.iter().enumerate() {
            let item = paths.entry(shown(path)).or_insert_with(|| json!({}));
            if let Value::Object(item) = item {
                item.insert(operation.meta.method.to_lowercase(), under(operation, path, nth, &mut schemas));
            }
        }
    }
    plain::add(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Labelscope", "version": version, "description": ABOUT, "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Key ` and the token."},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    })
}

/// A path as people write it.
fn shown(path: &str) -> String {
    path.replace("{user_app_id.", "{")
}

/// An operation under one of its paths.
fn under(operation: &Described, path: &str, nth: usize, schemas: &mut Schemas) -> Value {
    let meta = operation.meta;
    let in_path: Vec<&str> = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
    let Shape::Message(request) = (operation.request)() else { return Value::Null };
    let mut parameters: Vec<Value> = in_path.iter().map(|name| in_the_path(request, name)).collect();
    let mut out = json!({
        "operationId": if nth == 0 { meta.name.to_owned() } else { format!("{}_{nth}", meta.name) },
        "summary": meta.name,
        "description": text(operation.doc),
        "tags": [tag(path)],
        "x-effect": match meta.effect { Effect::Read => "read", Effect::Idempotent => "idempotent", Effect::Once => "once" },
    });
    if meta.method == "GET" {
        let mut at = Vec::new();
        in_the_query(request, "", &in_path, &mut at, schemas, &mut parameters);
    } else {
        // The body's fields that stand in the path are taken from there.
        let body = schemas.object(request, Way::Request, &in_path);
        set(&mut out, "requestBody", json!({"content": {"application/json": {"schema": body}}}));
    }
    set(&mut out, "parameters", parameters);
    let reply = schemas.of(&(operation.reply)(), Way::Reply);
    let failure = schemas.of(&<crate::messages::BaseResponse as crate::describe::Describe>::shape(), Way::Reply);
    let responses = json!({
        "200": {"description": "Done, or done in part: the status has code 10010 then, and each item its own.", "content": {"application/json": {"schema": reply}}},
        "default": {"description": "Not done. The status says why; the empty lists of the reply may stand beside it.", "content": {"application/json": {"schema": failure}}},
    });
    set(&mut out, "responses", responses);
    out
}

fn in_the_path(request: &Message, name: &str) -> Value {
    let doc = request.fields.iter().find(|f| f.name() == name).map_or("", |f| f.doc);
    let doc = match name {
        "user_app_id.user_id" => "The user; `me` is the caller.",
        "user_app_id.app_id" => "The app.",
        _ => doc,
    };
    let name = name.trim_start_matches("user_app_id.");
    json!({"name": name, "in": "path", "required": true, "description": text(doc), "schema": {"type": "string", "minLength": 1}})
}

/// Fields as parameters: nested names with dots, lists as repeated keys. What a query cannot hold (lists of messages, free
/// objects) is left out.
fn in_the_query(
    message: &'static Message,
    before: &str,
    in_path: &[&str],
    at: &mut Vec<&'static str>,
    schemas: &mut Schemas,
    into: &mut Vec<Value>,
) {
    if at.contains(&message.name) {
        return;
    }
    at.push(message.name);
    for field in message.fields {
        let name = if before.is_empty() { field.name().to_owned() } else { format!("{before}.{}", field.name()) };
        let shape = match (field.shape)() {
            Shape::Optional(inner) => *inner,
            other => other,
        };
        match &shape {
            Shape::Message(inner) => in_the_query(inner, &name, in_path, at, schemas, into),
            Shape::Struct | Shape::Map(_) | Shape::Any => {}
            Shape::List(inner) if matches!(**inner, Shape::Message(_) | Shape::Struct | Shape::Any) => {}
            _ if in_path.contains(&name.as_str()) => {}
            _ => {
                let schema = schemas.of(&shape, Way::Request);
                let mut parameter = json!({"name": name, "in": "query", "schema": schema});
                if matches!(shape, Shape::List(_)) {
                    set(&mut parameter, "explode", true);
                }
                if !field.doc.is_empty() {
                    set(&mut parameter, "description", text(field.doc));
                }
                into.push(parameter);
            }
        }
    }
    at.pop();
}

/// What an operation is about: the first fixed word after its scope.
fn tag(path: &str) -> &str {
    if path.starts_with("/labelscope/") {
        return "labelscope";
    }
    let mut words = path.split('/').skip(2).filter(|word| !word.starts_with('{'));
    let first = words.next().unwrap_or("v2");
    match first {
        "users" => words.find(|w| *w != "apps").unwrap_or(if path.contains("/apps") { "apps" } else { "users" }),
        other => other,
    }
}
