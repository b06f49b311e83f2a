//! A client that writes without pause, and remembers what was acknowledged. Each has resources of its own, so that it
//! knows what must be there.

use super::model::{APP, EXTENSIONS, Key, Kind, State, Write, request};
use crate::http::Connection;
use crate::picture;
use crate::process::TOKEN;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub struct Client {
    name: String,
    rng: Rng,
    next: u64,
    /// What has been acknowledged.
    pub facts: BTreeMap<Key, State>,
    /// Written since they were last looked at.
    pub touched: BTreeSet<Key>,
    /// On its way when the server was killed.
    pub pending: Option<Write>,
    /// How many inputs each version froze.
    pub frozen: BTreeMap<Key, u64>,
    /// Versions of which an archive was ordered.
    pub ordered: BTreeSet<Key>,
    pub acknowledged: u64,
    pub failures: Vec<String>,
    /// This server has uploads, bulk operations.
    pub uploads: bool,
    pub bulk: bool,
}

impl Client {
    pub fn new(number: usize, seed: u64) -> Self {
        Self {
            name: format!("k{number}"),
            rng: Rng::with_seed(seed),
            next: 0,
            facts: BTreeMap::new(),
            touched: BTreeSet::new(),
            pending: None,
            frozen: BTreeMap::new(),
            ordered: BTreeSet::new(),
            acknowledged: 0,
            failures: Vec::new(),
            uploads: false,
            bulk: false,
        }
    }

    /// Writes until the server is gone.
    pub fn work(&mut self, address: &str) {
        let mut connection = Connection::new(address);
        while self.step(&mut connection) {}
    }

    /// One write; false where no answer came.
    fn step(&mut self, connection: &mut Connection) -> bool {
        let Some(write) = self.make() else { return true };
        let sent = connection.send(&write.request, TOKEN);
        let Ok(answer) = sent else {
            self.pending = Some(write);
            return false;
        };
        let reply: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status != 200 || reply.pointer("/status/code") != Some(&json!(10000)) {
            let (method, target) = (&write.request.method, &write.request.target);
            self.failures.push(format!("{method} {target}: HTTP {}: {reply:.400}", answer.status));
            return self.failures.len() < 20;
        }
        self.acknowledged += 1;
        for (key, state) in write.changes {
            self.note(key, state);
        }
        if write.request.target.ends_with("/imports/sample")
            && let Some(id) = reply.pointer("/job/id").and_then(Value::as_str)
        {
            self.note(Key(Kind::Job, String::new(), id.to_owned()), Some(String::new()));
        }
        true
    }

    /// From now on this is there.
    pub fn note(&mut self, key: Key, state: State) {
        if key.0 == Kind::Version && state.is_some() && !self.frozen.contains_key(&key) {
            let count = self.living(Kind::Member).filter(|member| member.1 == key.1).count();
            self.frozen.insert(key.clone(), count as u64);
        }
        if state.is_none() {
            self.frozen.remove(&key);
            self.ordered.remove(&key);
        }
        self.touched.insert(key.clone());
        self.facts.insert(key, state);
    }

    fn living(&self, kind: Kind) -> impl Iterator<Item = &Key> {
        self.facts.iter().filter(move |(key, state)| key.0 == kind && state.is_some()).map(|(key, _)| key)
    }

    fn pick(&mut self, kind: Kind) -> Option<Key> {
        let all: Vec<Key> = self.living(kind).cloned().collect();
        all.get(self.rng.usize(..all.len().max(1))).cloned()
    }

    fn id(&mut self, what: &str) -> String {
        self.next += 1;
        format!("{}-{what}{}", self.name, self.next)
    }

    fn number(&mut self) -> u32 {
        self.rng.u32(1..500)
    }

    /// The next write; None where there is nothing yet to write to.
    fn make(&mut self) -> Option<Write> {
        match self.rng.u8(..100) {
            0..12 => Some(self.new_concepts()),
            12..18 => self.rename_concept(),
            18..40 => Some(self.new_inputs()),
            40..48 => self.change_input(),
            48..54 => self.delete_inputs(),
            54..68 => self.new_annotation(),
            68..74 => self.change_annotation(),
            74..78 => Some(self.new_dataset()),
            78..84 => self.join(),
            84..89 => self.new_version(),
            89..93 => self.order(),
            93..95 => self.delete_version(),
            95 => Some(write("POST", &format!("{EXTENSIONS}/imports/sample"), &json!({}), vec![])),
            96 | 97 if self.uploads => Some(self.upload()),
            98 | 99 if self.bulk => self.many(),
            _ => self.describe_dataset(),
        }
    }

    fn new_concepts(&mut self) -> Write {
        let (mut sent, mut changes) = (Vec::new(), Vec::new());
        for _ in 0..self.rng.usize(1..5) {
            let id = self.id("c");
            let name = format!("name {}", self.number());
            sent.push(json!({"id": id, "name": name}));
            changes.push((key(Kind::Concept, "", &id), Some(name)));
        }
        write("POST", &format!("{APP}/concepts"), &json!({"concepts": sent}), changes)
    }

    fn rename_concept(&mut self) -> Option<Write> {
        let concept = self.pick(Kind::Concept)?;
        let name = format!("renamed {}", self.number());
        let body = json!({"concepts": [{"id": concept.2, "name": name}], "action": "overwrite"});
        Some(write("PATCH", &format!("{APP}/concepts"), &body, vec![(concept, Some(name))]))
    }

    fn new_inputs(&mut self) -> Write {
        let dataset = self.pick(Kind::Dataset);
        let (mut sent, mut changes) = (Vec::new(), Vec::new());
        for _ in 0..self.rng.usize(1..4) {
            let (id, n) = (self.id("i"), self.number());
            let picture = STANDARD.encode(picture::bmp(6, 5, self.rng.u64(..)));
            let data = json!({"image": {"base64": picture}, "metadata": {"n": n}});
            changes.push((key(Kind::Input, "", &id), Some(n.to_string())));
            if let Some(dataset) = &dataset {
                changes.push((key(Kind::Member, &dataset.2, &id), Some(String::new())));
            }
            let datasets: Vec<&str> = dataset.iter().map(|dataset| dataset.2.as_str()).collect();
            sent.push(json!({"id": id, "data": data, "dataset_ids": datasets}));
        }
        write("POST", &format!("{APP}/inputs"), &json!({"inputs": sent}), changes)
    }

    fn change_input(&mut self) -> Option<Write> {
        let (input, n) = (self.pick(Kind::Input)?, self.number());
        let body = json!({"inputs": [{"id": input.2, "data": {"metadata": {"n": n}}}], "action": "overwrite"});
        Some(write("PATCH", &format!("{APP}/inputs"), &body, vec![(input, Some(n.to_string()))]))
    }

    /// With them go their annotations and their places in datasets.
    fn delete_inputs(&mut self) -> Option<Write> {
        let gone: BTreeSet<String> =
            (0..self.rng.usize(1..3)).filter_map(|_| Some(self.pick(Kind::Input)?.2)).collect();
        let mut changes = Vec::new();
        for key in self.facts.iter().filter(|(_, state)| state.is_some()).map(|(key, _)| key) {
            let input = match key.0 {
                Kind::Annotation => &key.1,
                Kind::Input | Kind::Member => &key.2,
                _ => continue,
            };
            if gone.contains(input) {
                changes.push((key.clone(), None));
            }
        }
        (!gone.is_empty()).then(|| write("DELETE", &format!("{APP}/inputs"), &json!({"ids": gone}), changes))
    }

    fn annotation(&mut self, input: &str, id: &str, extra: &Value) -> (Value, String) {
        let n = self.number();
        let top = f64::from(n) / 1000.0;
        let sides = json!({"top_row": top, "left_col": 0.1, "bottom_row": 0.9, "right_col": 0.8});
        let regions = json!([{"region_info": {"bounding_box": sides}, "data": {"concepts": extra}}]);
        (json!({"id": id, "input_id": input, "data": {"regions": regions}}), n.to_string())
    }

    fn new_annotation(&mut self) -> Option<Write> {
        let (input, concept) = (self.pick(Kind::Input)?, self.pick(Kind::Concept)?);
        let id = self.id("a");
        let (annotation, state) = self.annotation(&input.2, &id, &json!([{"id": concept.2, "value": 1}]));
        let changes = vec![(key(Kind::Annotation, &input.2, &id), Some(state))];
        Some(write("POST", &format!("{APP}/annotations"), &json!({"annotations": [annotation]}), changes))
    }

    fn change_annotation(&mut self) -> Option<Write> {
        let (old, concept) = (self.pick(Kind::Annotation)?, self.pick(Kind::Concept)?);
        let (annotation, state) = self.annotation(&old.1, &old.2, &json!([{"id": concept.2, "value": 1}]));
        let body = json!({"annotations": [annotation], "action": "overwrite"});
        Some(write("PATCH", &format!("{APP}/annotations"), &body, vec![(old, Some(state))]))
    }

    fn new_dataset(&mut self) -> Write {
        let id = self.id("d");
        let description = format!("made {}", self.number());
        let body = json!({"datasets": [{"id": id, "description": description}]});
        write("POST", &format!("{APP}/datasets"), &body, vec![(key(Kind::Dataset, "", &id), Some(description))])
    }

    fn describe_dataset(&mut self) -> Option<Write> {
        let dataset = self.pick(Kind::Dataset)?;
        let description = format!("changed {}", self.number());
        let body = json!({"datasets": [{"id": dataset.2, "description": description}], "action": "overwrite"});
        Some(write("PATCH", &format!("{APP}/datasets"), &body, vec![(dataset, Some(description))]))
    }

    fn join(&mut self) -> Option<Write> {
        let dataset = self.pick(Kind::Dataset)?.2;
        let inputs: BTreeSet<String> = (0..3).filter_map(|_| Some(self.pick(Kind::Input)?.2)).collect();
        let changes: Vec<_> = inputs
            .iter()
            .map(|id| key(Kind::Member, &dataset, id))
            .filter(|member| self.facts.get(member).is_none_or(Option::is_none))
            .map(|member| (member, Some(String::new())))
            .collect();
        // A member that is there already is refused as one.
        let sent: Vec<Value> = changes.iter().map(|(member, _)| json!({"input": {"id": member.2}})).collect();
        let body = json!({"dataset_inputs": sent});
        (!sent.is_empty()).then(|| write("POST", &format!("{APP}/datasets/{dataset}/inputs"), &body, changes))
    }

    fn new_version(&mut self) -> Option<Write> {
        let dataset = self.pick(Kind::Dataset)?.2;
        let (id, description) = (self.id("v"), format!("frozen {}", self.number()));
        let body = json!({"dataset_versions": [{"id": id, "description": description}]});
        let changes = vec![(key(Kind::Version, &dataset, &id), Some(description))];
        Some(write("POST", &format!("{APP}/datasets/{dataset}/versions"), &body, changes))
    }

    fn order(&mut self) -> Option<Write> {
        let version = self.pick(Kind::Version)?;
        let state = self.facts.get(&version)?.clone();
        let target = format!("{APP}/datasets/{}/versions/{}/exports", version.1, version.2);
        self.ordered.insert(version.clone());
        Some(write("PUT", &target, &json!({"exports": [{"format": 2}]}), vec![(version, state)]))
    }

    fn delete_version(&mut self) -> Option<Write> {
        let version = self.pick(Kind::Version)?;
        let body = json!({"dataset_version_ids": [version.2]});
        Some(write("DELETE", &format!("{APP}/datasets/{}/versions", version.1), &body, vec![(version, None)]))
    }

    fn upload(&mut self) -> Write {
        let id = self.id("u");
        let body = json!({"uploads": [{"id": id, "content_name": "a.bin", "content_length": "10"}]});
        write("POST", &format!("{APP}/uploads"), &body, vec![(key(Kind::Upload, "", &id), Some(String::new()))])
    }

    /// Adds metadata beside that by which inputs are known again.
    fn many(&mut self) -> Option<Write> {
        let id = self.id("b");
        let ids: BTreeSet<String> = (0..3).filter_map(|_| Some(self.pick(Kind::Dataset)?.2)).collect();
        let dataset = ids.first()?;
        let operation = json!({"add_metadata": {"metadata": {"bulk": self.number()}}});
        let body = json!({"bulk_operations": [{"id": id, "dataset": {"id": dataset}, "operation": operation}]});
        let changes = vec![(key(Kind::Bulk, "", &id), Some(String::new()))];
        Some(write("POST", &format!("{APP}/bulk_operations"), &body, changes))
    }
}

fn key(kind: Kind, owner: &str, id: &str) -> Key {
    Key(kind, owner.to_owned(), id.to_owned())
}

fn write(method: &str, target: &str, body: &Value, changes: Vec<(Key, State)>) -> Write {
    Write { request: request(method, target, body), changes }
}
