//! Finding the counterparts of concepts in a knowledge graph, and noting them there as synonyms.

use super::{Halt, Work};
use crate::fault::Fault;
use crate::store::concept;
use crate::store::relation::{self, Fact, Predicate};
use crate::tx::{App, Tx};
use labelscope_api::messages::Gettable;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Concepts in one step.
const CHUNK: usize = 100;
/// At most so many ambiguous concepts are told one by one.
const LINES: usize = 100;
/// At most so many candidates are named for one of them.
const NAMED: usize = 5;

/// What is to be done, and what came of it so far. How many concepts are through is the job's cursor.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Spec {
    graph: String,
    concepts: Vec<String>,
    mapped: usize,
    known: usize,
    missing: usize,
    ambiguous: usize,
    lines: Vec<String>,
}

impl Spec {
    pub fn new(graph: String, concepts: Vec<String>) -> Self {
        Self { graph, concepts, ..Self::default() }
    }

    fn notes(&self) -> String {
        let mut out = format!(
            "{} mapped, {} in the graph already, {} without counterpart, {} ambiguous and left alone",
            self.mapped, self.known, self.missing, self.ambiguous
        );
        for line in &self.lines {
            let _ = write!(out, "\n{line}");
        }
        if self.ambiguous > self.lines.len() {
            let _ = write!(out, "\nand {} more", self.ambiguous - self.lines.len());
        }
        out
    }
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    loop {
        let over = work.step(|tx, app, job| {
            let mut spec: Spec = serde_json::from_str(&job.spec)?;
            let begun = usize::try_from(job.cursor).unwrap_or_default();
            let chunk: Vec<String> = spec.concepts.iter().skip(begun).take(CHUNK).cloned().collect();
            for id in &chunk {
                map_one(tx, app, &mut spec, id)?;
            }
            job.phase = 1;
            job.total = spec.concepts.len() as i64;
            job.cursor += chunk.len() as i64;
            job.done = job.cursor;
            job.notes = spec.notes();
            job.spec = serde_json::to_string(&spec)?;
            Ok(job.cursor >= job.total)
        })?;
        if over {
            return Ok(());
        }
    }
}

fn map_one(tx: &Tx<'_>, app: &App, spec: &mut Spec, id: &str) -> Result<(), Fault> {
    let Some(concept) = concept::find(tx, app, id)? else {
        spec.missing += 1;
        return Ok(());
    };
    if takes_part(tx, concept.key, &spec.graph)? {
        spec.known += 1;
        return Ok(());
    }
    let found = counterparts(tx, app, concept.key, &spec.graph)?;
    let mut found = found.iter();
    match (found.next(), found.len()) {
        (None, _) => spec.missing += 1,
        (Some(&object), 0) => {
            let fact = Fact { subject: concept.key, object, predicate: Predicate::Synonym, graph: &spec.graph };
            relation::insert(tx, app, &tx.new_id(), &fact, Gettable::PRIVATE)?;
            spec.mapped += 1;
        }
        (Some(first), more) => {
            spec.ambiguous += 1;
            if spec.lines.len() < LINES {
                let mut names = Vec::new();
                for key in std::iter::once(first).chain(found).take(NAMED) {
                    let sql = "SELECT id FROM concept WHERE key = ?1 AND died IS NULL";
                    names.extend(tx.one(sql, [key], |r| r.get::<_, String>(0))?);
                }
                let rest = if more + 1 > NAMED { ", …" } else { "" };
                spec.lines.push(format!("{id}: {}{rest}", names.join(", ")));
            }
        }
    }
    Ok(())
}

fn takes_part(tx: &Tx<'_>, concept: i64, graph: &str) -> Result<bool, Fault> {
    let found = tx.count(
        "SELECT EXISTS (SELECT 1 FROM relation WHERE subject = ?1 AND graph = ?2 AND died IS NULL)
             OR EXISTS (SELECT 1 FROM relation WHERE object = ?1 AND graph = ?2 AND died IS NULL)",
        (concept, graph),
    )?;
    Ok(found != 0)
}

/// Concepts of the graph that share a name with this one in any language, or are its synonyms anywhere.
fn counterparts(tx: &Tx<'_>, app: &App, concept: i64, graph: &str) -> Result<BTreeSet<i64>, Fault> {
    let near: Vec<i64> = tx.all(
        "WITH word (folded) AS (SELECT folded FROM concept WHERE key = ?2 AND died IS NULL
                                UNION SELECT folded FROM concept_language WHERE concept = ?2 AND died IS NULL)
         SELECT c.key FROM word CROSS JOIN concept c INDEXED BY concept_name ON c.app = ?1 AND c.folded = word.folded AND c.died IS NULL
         UNION SELECT l.concept FROM word CROSS JOIN concept_language l INDEXED BY concept_language_word ON l.app = ?1 AND l.folded = word.folded AND l.died IS NULL
         UNION SELECT object FROM relation WHERE subject = ?2 AND predicate = 'synonym' AND died IS NULL
         UNION SELECT subject FROM relation WHERE object = ?2 AND predicate = 'synonym' AND died IS NULL",
        (app.key, concept),
        |r| r.get(0),
    )?;
    let mut found = BTreeSet::new();
    for key in near {
        if key != concept && takes_part(tx, key, graph)? {
            found.insert(key);
        }
    }
    // One that was itself mapped onto another of them is no second counterpart.
    let mut mapped = BTreeSet::new();
    for &key in &found {
        let others: Vec<i64> = tx.all(
            "SELECT object FROM relation r WHERE subject = ?1 AND graph = ?2 AND predicate = 'synonym' AND died IS NULL
               AND (SELECT count(*) FROM relation WHERE subject = ?1 AND graph = ?2 AND died IS NULL) = 1
               AND NOT EXISTS (SELECT 1 FROM relation WHERE object = ?1 AND graph = ?2 AND died IS NULL)",
            (key, graph),
            |r| r.get(0),
        )?;
        if others.iter().any(|o| found.contains(o)) {
            mapped.insert(key);
        }
    }
    Ok(found.difference(&mapped).copied().collect())
}
