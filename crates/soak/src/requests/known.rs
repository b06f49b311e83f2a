//! What the replies have told so far: ids by message, and which belong together. With it calls reach what is there.

use fastrand::Rng;
use labelscope_api::describe::Shape;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// So many ids of a kind and so many paths are kept; few, so that those which belong together meet.
const KEPT: usize = 10;

#[derive(Default)]
pub struct Known {
    ids: HashMap<String, VecDeque<String>>,
    /// Parameters that were in the path of one call, with an id of its reply.
    together: VecDeque<BTreeMap<String, String>>,
}

/// The message that a field such as `dataset_version_ids` speaks of.
pub fn kind_of(field: &str) -> String {
    let bare = field.trim_end_matches("_ids").trim_end_matches("_id");
    match bare {
        "version" => "ModelVersion".to_owned(),
        "import" => "Job".to_owned(),
        "subject_concept" | "object_concept" | "source_concept" => "Concept".to_owned(),
        other => {
            let upper = |word: &str| {
                word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()
            };
            other.rsplit('.').next().unwrap_or(other).split('_').map(upper).collect()
        }
    }
}

/// The field by which a message is named in paths.
fn field_of(message: &str) -> String {
    let mut out = String::new();
    for letter in message.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out + "_id"
}

impl Known {
    pub fn pick(&self, rng: &mut Rng, kind: &str) -> Option<String> {
        let ids = self.ids.get(kind)?;
        ids.get(rng.usize(..ids.len().max(1))).cloned()
    }

    /// An id of anything.
    pub fn any(&self, rng: &mut Rng) -> Option<String> {
        let mut kinds: Vec<&String> = self.ids.keys().collect();
        kinds.sort();
        let kind = kinds.get(rng.usize(..kinds.len().max(1)))?;
        self.pick(rng, kind)
    }

    /// Values for all of these parameters that have been seen in one call.
    pub fn path(&self, rng: &mut Rng, wanted: &[&str]) -> Option<BTreeMap<String, String>> {
        let fitting: Vec<_> = self.together.iter().filter(|t| wanted.iter().all(|w| t.contains_key(*w))).collect();
        fitting.get(rng.usize(..fitting.len().max(1))).map(|t| (*t).clone())
    }

    pub fn note(&mut self, kind: &str, id: &str) {
        let ids = self.ids.entry(kind.to_owned()).or_default();
        if !id.is_empty() && !ids.iter().any(|known| known == id) {
            ids.push_back(id.to_owned());
            if ids.len() > KEPT {
                ids.pop_front();
            }
        }
    }

    /// Takes the ids out of a reply to a call with these parameters.
    pub fn learn(&mut self, path: &BTreeMap<String, String>, shape: &Shape, reply: &Value, depth: u32) {
        match (shape, reply) {
            (Shape::Optional(inner), value) => self.learn(path, inner, value, depth),
            (Shape::List(inner), Value::Array(items)) => {
                items.iter().take(4).for_each(|item| self.learn(path, inner, item, depth));
            }
            (Shape::Message(message), Value::Object(fields)) if depth < 6 => {
                if let Some(Value::String(id)) = fields.get("id") {
                    self.note(message.name, id);
                    let mut together = path.clone();
                    together.insert(field_of(message.name), id.clone());
                    if message.name == "ModelVersion" {
                        together.insert("version_id".to_owned(), id.clone());
                    }
                    if let Some(Value::String(input)) = fields.get("input_id") {
                        together.insert("input_id".to_owned(), input.clone());
                    }
                    if !self.together.contains(&together) && depth < 3 {
                        self.together.push_back(together);
                    }
                    if self.together.len() > KEPT * 12 {
                        self.together.pop_front();
                    }
                }
                for field in message.fields {
                    if let Some(value) = fields.get(field.name()) {
                        self.learn(path, &(field.shape)(), value, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}
