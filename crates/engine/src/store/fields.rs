//! The three ways in which the API changes a message: merge, overwrite, remove. They work on its JSON, so that fields
//! which nothing here looks into are kept too.

use crate::fault::Fault;
use labelscope_api::wire::Struct;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How a message is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Objects are united key by key, members of lists come behind those that are there; the rest is replaced.
    Merge,
    /// What is sent replaces what is there.
    Overwrite,
    /// Members of lists and keys of objects that are sent are taken out.
    Remove,
}

impl Action {
    /// The action of a call; none means overwrite.
    pub fn of(action: &str, what: &str) -> Result<Self, Fault> {
        match action {
            "" | "overwrite" => Ok(Self::Overwrite),
            "merge" => Ok(Self::Merge),
            "remove" => Ok(Self::Remove),
            _ => Err(Fault::invalid(format!(
                "action is \"{action}\"; {what} are changed with \"overwrite\", \"merge\" or \"remove\""
            ))),
        }
    }

    /// The action of a call on inputs and annotations; none means merge.
    pub fn or_merge(action: &str, what: &str) -> Result<Self, Fault> {
        match action {
            "" | "merge" => Ok(Self::Merge),
            "overwrite" => Ok(Self::Overwrite),
            "remove" => Ok(Self::Remove),
            other => Err(Fault::invalid(format!(
                "action is \"{other}\"; {what} are changed with \"merge\", \"overwrite\" or \"remove\""
            ))),
        }
    }

    /// Changes a message by one that holds the changed fields alone.
    pub fn apply<T: Serialize + DeserializeOwned>(self, now: &T, sent: &T) -> Result<T, Fault> {
        let (Value::Object(mut now), Value::Object(sent)) = (serde_json::to_value(now)?, serde_json::to_value(sent)?)
        else {
            return Err(Fault::invalid("what is to be changed is no object"));
        };
        for (key, value) in sent {
            self.field(&mut now, key, value);
        }
        Ok(serde_json::from_value(Value::Object(now))?)
    }

    fn field(self, now: &mut Struct, key: String, value: Value) {
        match (self, now.get_mut(&key)) {
            (Self::Remove, None) => {}
            (Self::Remove, Some(old)) => {
                if take_out(old, &value) {
                    now.remove(&key);
                }
            }
            (Self::Merge, Some(old)) => merge(old, value),
            (Self::Overwrite | Self::Merge, _) => drop(now.insert(key, value)),
        }
    }
}

/// Two members of a list are the same where their ids are, or all of them.
fn same(a: &Value, b: &Value) -> bool {
    match (a.get("id"), b.get("id")) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                Action::Merge.field(old, key, value);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for value in new {
                match old.iter_mut().find(|o| same(o, &value)) {
                    Some(o) => merge(o, value),
                    None => old.push(value),
                }
            }
        }
        (old, new) => *old = new,
    }
}

/// Takes out what is named; true where nothing is left.
fn take_out(old: &mut Value, named: &Value) -> bool {
    match (old, named) {
        (Value::Array(old), Value::Array(named)) => {
            old.retain(|o| !named.iter().any(|n| same(o, n)));
            old.is_empty()
        }
        (Value::Object(old), Value::Object(named)) => {
            for (key, value) in named {
                if old.get_mut(key).is_some_and(|o| take_out(o, value)) {
                    old.remove(key);
                }
            }
            old.is_empty()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::Action;
    use serde_json::{Value, json};

    #[test]
    fn each_action_does_its_own() {
        let now =
            json!({"a": 1, "m": {"x": {"p": 1}, "y": 2}, "l": [{"id": "1", "v": 1}, {"id": "2"}], "t": ["a", "b"]});
        let sent = json!({"a": 2, "m": {"x": {"q": 2}}, "l": [{"id": "1", "w": 3}, {"id": "3"}], "t": ["b", "c"]});
        let apply = |action: Action| action.apply::<Value>(&now, &sent).unwrap();
        assert_eq!(
            apply(Action::Merge),
            json!({"a": 2, "m": {"x": {"p": 1, "q": 2}, "y": 2}, "l": [{"id": "1", "v": 1, "w": 3}, {"id": "2"}, {"id": "3"}], "t": ["a", "b", "c"]})
        );
        assert_eq!(apply(Action::Overwrite), sent);
        assert_eq!(
            Action::Remove.apply::<Value>(&now, &json!({"m": {"y": 2}, "l": [{"id": "2"}], "t": ["a", "b"]})).unwrap(),
            json!({"a": 1, "m": {"x": {"p": 1}}, "l": [{"id": "1", "v": 1}]})
        );
        assert!(Action::of("delete", "things").is_err());
    }
}
