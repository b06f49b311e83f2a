//! How `merge`, `overwrite` and `remove` change what is there.

pub(crate) use super::fields::Action;
use super::unite;
use crate::fault::Fault;
use labelscope_api::messages::{Concept, Data};
use serde_json::{Map, Value};

/// Changes a list of concepts. A list that is not sent overwrites nothing.
pub(crate) fn concepts(action: Action, old: &mut Vec<Concept>, sent: Vec<Concept>) {
    let same = |a: &Concept, b: &Concept| if b.id.is_empty() { a.name == b.name } else { a.id == b.id };
    match action {
        Action::Merge => {
            for c in sent {
                match old.iter_mut().find(|o| same(o, &c)) {
                    Some(o) => o.value = c.value,
                    None => old.push(c),
                }
            }
        }
        Action::Overwrite if sent.is_empty() => {}
        Action::Overwrite => *old = sent,
        Action::Remove => old.retain(|o| !sent.iter().any(|c| same(o, c))),
    }
}

/// Changes all the rest of a content, field by field: objects are united, lists whose items have ids go by them, other
/// lists grow, anything else is replaced.
pub(crate) fn data(action: Action, old: &Data, sent: &Data) -> Result<Data, Fault> {
    let (Value::Object(mut into), Value::Object(from)) = (serde_json::to_value(old)?, serde_json::to_value(sent)?)
    else {
        return Ok(old.clone());
    };
    for (key, value) in from {
        match action {
            Action::Overwrite => drop(into.insert(key, value)),
            Action::Merge => match into.get_mut(&key) {
                Some(old) => merge(old, value),
                None => drop(into.insert(key, value)),
            },
            Action::Remove => remove(&mut into, &key, &value),
        }
    }
    Ok(serde_json::from_value(Value::Object(into))?)
}

fn id(value: &Value) -> Option<&str> {
    value.get("id")?.as_str().filter(|id| !id.is_empty())
}

fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => unite(old, new),
        (Value::Array(old), Value::Array(new)) => {
            for item in new {
                let found = id(&item).and_then(|wanted| old.iter_mut().find(|o| id(o) == Some(wanted)));
                match found {
                    Some(found) => merge(found, item),
                    None => old.push(item),
                }
            }
        }
        (old, new) => *old = new,
    }
}

fn remove(into: &mut Map<String, Value>, key: &str, sent: &Value) {
    let Some(old) = into.get_mut(key) else { return };
    let gone = match (old, sent) {
        // Metadata goes key by key.
        (Value::Object(old), Value::Object(sent)) if key == "metadata" => {
            for key in sent.keys() {
                old.remove(key);
            }
            old.is_empty()
        }
        (Value::Array(old), Value::Array(sent)) => {
            old.retain(|o| !sent.iter().any(|s| id(s).map_or(s == o, |wanted| id(o) == Some(wanted))));
            old.is_empty()
        }
        _ => true,
    };
    if gone {
        into.remove(key);
    }
}
