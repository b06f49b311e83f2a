//! TypeScript out of the API's description: messages, enums, requests, and a method for each operation.

use crate::names::NAMES;
use labelscope_api::describe::{Message, Shape};
use labelscope_api::operations::{DESCRIBED, Described};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The whole generated module.
#[must_use]
pub fn all() -> String {
    let mut out = String::from(
        "// Generated from the API's description; what you change here is lost.\n\
         import { type Loose, type Paging, type Sender, List } from \"./paging.js\";\n\
         import type { CallOptions } from \"./options.js\";\n\n",
    );
    let mut reached = BTreeMap::new();
    for operation in DESCRIBED {
        (operation.reply)().reach(&mut reached);
        if let Shape::Message(request) = (operation.request)() {
            request.fields.iter().for_each(|field| (field.shape)().reach(&mut reached));
        }
    }
    for shape in reached.values() {
        match shape {
            Shape::Enum(name, values) => enumeration(&mut out, name, values),
            Shape::Message(message) => interface(&mut out, message),
            _ => {}
        }
    }
    for operation in DESCRIBED {
        request(&mut out, operation);
    }
    table(&mut out);
    namespaces(&mut out);
    out
}

/// A comment, if there is anything to say. The end of a comment cannot stand in one.
fn comment(out: &mut String, indent: &str, doc: &str) {
    let doc = doc.trim().replace("*/", "* /");
    if !doc.is_empty() {
        let _ = writeln!(out, "{indent}/** {doc} */");
    }
}

fn enumeration(out: &mut String, name: &str, values: &[(&str, i32)]) {
    let _ = writeln!(out, "export const {name} = {{");
    for (value, number) in values {
        let _ = writeln!(out, "  {value}: {number},");
    }
    let _ = writeln!(out, "}} as const;");
    comment(out, "", "One of the named numbers, or one that a newer server knows.");
    let _ = writeln!(out, "export type {name} = (typeof {name})[keyof typeof {name}] | (number & {{}});\n");
}

fn interface(out: &mut String, message: &Message) {
    let _ = writeln!(out, "export interface {} {{", message.name);
    for field in message.fields {
        comment(out, "  ", field.doc);
        let mark = if field.always { "" } else { "?" };
        let (shape, null) = match (field.shape)() {
            Shape::Optional(inner) => (*inner, if field.always { " | null" } else { "" }),
            other => (other, ""),
        };
        let _ = writeln!(out, "  {}{mark}: {}{null};", field.name(), type_of(&shape));
    }
    out.push_str("}\n\n");
}

/// The TypeScript type of a shape.
#[must_use]
pub fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::Secret | Shape::BigInt { .. } | Shape::Bytes | Shape::Time => "string".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Int { .. } | Shape::Float => "number".to_owned(),
        Shape::Struct => "{ [key: string]: unknown }".to_owned(),
        Shape::Any => "unknown".to_owned(),
        Shape::Enum(name, _) => (*name).to_owned(),
        Shape::Message(message) => message.name.to_owned(),
        Shape::List(inner) => format!("{}[]", bracketed(type_of(inner))),
        Shape::Map(inner) => format!("{{ [key: string]: {} }}", type_of(inner)),
        Shape::Optional(inner) => format!("{} | null", type_of(inner)),
    }
}

fn bracketed(text: String) -> String {
    if text.contains('|') { format!("({text})") } else { text }
}

/// Parameters without which no path can be written.
fn required(operation: &Described) -> Vec<&'static str> {
    let long =
        || operation.meta.paths.iter().filter(|p| p.starts_with("/v2/users/") || operation.meta.paths.len() == 1);
    let stands = |path: &str, name: &str| path.split('/').any(|s| s == format!("{{{name}}}"));
    operation.meta.path_params().filter(|name| long().all(|path| stands(path, name))).collect()
}

fn request(out: &mut String, operation: &Described) {
    let Shape::Message(message) = (operation.request)() else { return };
    let needed = required(operation);
    comment(out, "", operation.doc);
    let _ = writeln!(out, "export interface {} {{", message.name);
    for field in message.fields {
        comment(out, "  ", field.doc);
        let mark = if needed.contains(&field.name()) { "" } else { "?" };
        let shape = match (field.shape)() {
            Shape::Optional(inner) => *inner,
            other => other,
        };
        let ty = type_of(&shape);
        let ty = if matches!(reached_by(&shape), Shape::Message(_)) { format!("Loose<{ty}>") } else { ty };
        let _ = writeln!(out, "  {}{mark}: {ty};", field.name());
    }
    out.push_str("}\n\n");
}

/// What a list or a map is of, at the end.
fn reached_by(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(inner) | Shape::Map(inner) | Shape::Optional(inner) => reached_by(inner),
        other => other,
    }
}

/// How an operation pages, the field that holds the items, and what they are.
fn paging(operation: &Described) -> Option<(&'static str, &'static str, String)> {
    let (Shape::Message(request), Shape::Message(reply)) = ((operation.request)(), (operation.reply)()) else {
        return None;
    };
    let has = |name: &str| request.fields.iter().any(|f| f.name() == name);
    let style = if has("last_id") {
        "last_id"
    } else if has("pagination") {
        "pagination"
    } else if has("page") {
        "page"
    } else {
        return None;
    };
    let lists = || reply.fields.iter().filter(|f| matches!((f.shape)(), Shape::List(_)));
    let items = lists().find(|f| f.always).or_else(|| lists().next())?;
    let Shape::List(item) = (items.shape)() else { return None };
    Some((style, items.name(), type_of(&item)))
}

fn type_name(shape: &Shape) -> &'static str {
    if let Shape::Message(message) = shape { message.name } else { "unknown" }
}

fn table(out: &mut String) {
    comment(out, "", "What each operation takes and gives.");
    out.push_str("export interface Operations {\n");
    for operation in DESCRIBED {
        let (request, reply) = (type_name(&(operation.request)()), type_name(&(operation.reply)()));
        let _ = writeln!(out, "  {}: {{ request: {request}; reply: {reply} }};", operation.meta.name);
    }
    out.push_str("}\n\n");
}

fn namespaces(out: &mut String) {
    let mut current = "";
    for (name, namespace, method) in NAMES {
        let Some(operation) = DESCRIBED.iter().find(|o| o.meta.name == *name) else { continue };
        if *namespace != current {
            if !current.is_empty() {
                out.push_str("}\n\n");
            }
            current = namespace;
            let _ = writeln!(out, "export class {} {{", class(namespace));
            out.push_str("  protected readonly sender: Sender;\n\n");
            out.push_str("  constructor(sender: Sender) {\n    this.sender = sender;\n  }\n");
        }
        let (request, reply) = (type_name(&(operation.request)()), type_name(&(operation.reply)()));
        let default = if required(operation).iter().any(|p| !p.starts_with("user_app_id.")) { "" } else { " = {}" };
        out.push('\n');
        comment(out, "  ", &format!("{} `{} {}`", operation.doc.trim(), operation.meta.method, path(operation)));
        let head = format!("  {method}(request: {request}{default}, options: CallOptions = {{}})");
        let _ = match paging(operation) {
            Some((style, items, item)) => writeln!(
                out,
                "{head}: List<{item}, {reply}> {{\n    const paging: Paging = {{ style: \"{style}\", items: \"{items}\" }};\n    \
                 return new List<{item}, {reply}>(this.sender, \"{name}\", {{ ...request }}, paging, options);\n  }}"
            ),
            None => writeln!(
                out,
                "{head}: Promise<{reply}> {{\n    return this.sender.send<{reply}>(\"{name}\", {{ ...request }}, options);\n  }}"
            ),
        };
    }
    out.push_str("}\n");
}

/// The path as people write it.
fn path(operation: &Described) -> String {
    operation.meta.path().replace("user_app_id.", "")
}

fn class(namespace: &str) -> String {
    let mut letters = namespace.chars();
    let first: String = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().collect();
    format!("{first}{}Operations", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece<'a>(text: &'a str, from: &str) -> &'a str {
        let rest = &text[text.find(from).unwrap_or_else(|| panic!("{from} is not there"))..];
        &rest[..rest.find("\n}\n").unwrap_or(rest.len())]
    }

    #[test]
    fn a_few_types_in_full() {
        let all = all();
        assert_eq!(
            piece(&all, "export interface GetConceptRequest"),
            "export interface GetConceptRequest {\n  user_app_id?: Loose<UserAppIDSet>;\n  concept_id: string;"
                .replace("UserAppIDSet", "UserAppIdSet")
        );
        assert_eq!(
            piece(&all, "export interface MultiConceptResponse"),
            "export interface MultiConceptResponse {\n  /** How the call went. */\n  status?: Status;\n  concepts: Concept[];"
        );
        assert!(piece(&all, "export interface PostConceptsRequest").contains("  concepts?: Loose<Concept[]>;"));
        assert!(piece(&all, "export interface ListConceptRelationsRequest").contains("  concept_id?: string;"));
        assert!(all.contains("  MODEL_EVALUATED: 21300,\n"));
        assert!(all.contains("list(request: ListConceptsRequest = {}, options: CallOptions = {}): List<Concept, "));
        assert!(all.contains("items: \"hits\""));
        assert!(all.contains("style: \"last_id\", items: \"inputs\""));
    }

    #[test]
    fn each_shape_has_a_type() {
        let maybe = Shape::Optional(Box::new(Shape::Time));
        assert_eq!(type_of(&Shape::List(Box::new(maybe))), "(string | null)[]");
        assert_eq!(type_of(&Shape::Map(Box::new(Shape::BigInt { signed: true }))), "{ [key: string]: string }");
        assert_eq!(type_of(&Shape::Struct), "{ [key: string]: unknown }");
        assert!(!all().contains(": any"));
    }
}
