//! A large taxonomy through the whole way: the nouns of WordNet, what stands above what, walking down and searching.
//! JSON answers are read by index: a missing member is `null`, which the checks that follow refuse.
#![allow(clippy::indexing_slicing)]

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::Bench;
use super::nouns::Nouns;
use super::synthetic::Numbers;
use crate::http::Connection;
use crate::paths;
use crate::server::{Options, Server};

pub const BENCH: Bench = Bench {
    name: "wordnet",
    about: "82,000 nouns of WordNet as concepts and their relations: loading, listing, walking down, searching",
    workbench: false,
    run,
};

const CONCEPTS: &str = "/v2/users/me/apps/demo/concepts";
const BATCH: usize = 1000;
/// Connections that send relations at the same time, one relation a request.
const CONNECTIONS: usize = 16;
/// The concept whose subtree is walked.
const TOP: &str = "animal";
/// Searches of each kind.
const SEARCHES: usize = 300;

/// Figures that are promised, and what they must be at least (`true`) or at most.
const TARGETS: &[(&str, bool, f64)] = &[
    ("concepts_per_second", true, 10_000.0),
    ("relations_per_second", true, 3_000.0),
    ("list_all_concepts_seconds", false, 1.0),
    ("subtree_request_p99_ms", false, 20.0),
    ("search_exact_p99_ms", false, 20.0),
    ("search_prefix_p99_ms", false, 20.0),
    ("search_anywhere_p99_ms", false, 20.0),
];

fn run() -> Result<Value> {
    let nouns = Nouns::get()?;
    let binary = paths::server_binary();
    let server = Server::start(&Options { binary: &binary, name: "bench", port: 0, allow_origin: &[] })?;
    let mut line = Connection::open(&server)?;
    let counts = [("concepts", nouns.concepts.len()), ("relations", nouns.narrower.len())];
    let mut figures: Map<_, _> = counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect();
    let mut note = |name: &str, value: f64| figures.insert(name.to_owned(), json!(value));

    let loading = load_concepts(&mut line, &nouns)?;
    note("concepts_per_second", (nouns.concepts.len() as f64 / loading.as_secs_f64()).round());
    let mut relating = load_relations(&server, &nouns)?;
    note("relations_per_second", (nouns.narrower.len() as f64 / relating.whole.as_secs_f64()).round());
    note("relation_request_p99_ms", relating.times.within(99));

    let begun = Instant::now();
    let pages = pages(&mut line, CONCEPTS, nouns.concepts.len())?;
    note("list_all_concepts_seconds", begun.elapsed().as_secs_f64());
    check(&pages, "concepts", nouns.concepts.len())?;
    let begun = Instant::now();
    let pages = self::pages(&mut line, &format!("{CONCEPTS}/relations"), nouns.narrower.len())?;
    note("list_all_relations_seconds", begun.elapsed().as_secs_f64());
    check(&pages, "concept_relations", nouns.narrower.len())?;

    let mut walk = walk(&mut line, &nouns)?;
    note("subtree_seconds", walk.whole.as_secs_f64());
    note("subtree_request_p50_ms", walk.times.within(50));
    note("subtree_request_p99_ms", walk.times.within(99));
    for (kind, pattern) in [("exact", "{}"), ("prefix", "{}*"), ("anywhere", "*{}*")] {
        let mut times = search(&mut line, &nouns, pattern)?;
        note(&format!("search_{kind}_p50_ms"), times.within(50));
        note(&format!("search_{kind}_p99_ms"), times.within(99));
    }
    figures.insert("subtree_concepts".to_owned(), json!(walk.times.0.len()));
    figures.insert("peak_memory_bytes".to_owned(), json!(server.peak_memory()));

    let mut targets = Map::new();
    let mut missed = Vec::new();
    for &(name, least, target) in TARGETS {
        let is = figures.get(name).and_then(Value::as_f64).with_context(|| format!("{name} was not measured"))?;
        targets.insert(name.to_owned(), json!(format!("{} {target}", if least { "at least" } else { "at most" })));
        if (least && is < target) || (!least && is > target) {
            missed.push(name);
        }
    }
    figures.insert("targets".to_owned(), Value::Object(targets));
    figures.insert("missed".to_owned(), json!(missed));
    Ok(Value::Object(figures))
}

/// What each request took.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
    /// In milliseconds, what so many of 100 requests stay within.
    fn within(&mut self, percent: usize) -> f64 {
        self.0.sort_unstable();
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}

struct Timed {
    whole: Duration,
    times: Times,
}

fn load_concepts(line: &mut Connection, nouns: &Nouns) -> Result<Duration> {
    let begun = Instant::now();
    for batch in nouns.concepts.chunks(BATCH) {
        let concepts: Vec<Value> =
            batch.iter().map(|c| json!({"id": c.id, "name": c.name, "definition": c.definition})).collect();
        line.call("POST", CONCEPTS, Some(&json!({"concepts": concepts})))?;
    }
    Ok(begun.elapsed())
}

fn load_relations(server: &Server, nouns: &Nouns) -> Result<Timed> {
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Times::default());
    let id = |place: usize| nouns.concepts.get(place).map_or("", |c| c.id.as_str());
    let send = || -> Result<()> {
        let mut line = Connection::open(server)?;
        let mut times = Vec::new();
        while let Some(&(narrow, wide)) = nouns.narrower.get(next.fetch_add(1, Ordering::Relaxed)) {
            let relation = json!({"object_concept": {"id": id(wide)}, "predicate": "hyponym"});
            let path = format!("{CONCEPTS}/{}/relations", id(narrow));
            let begun = Instant::now();
            line.call("POST", &path, Some(&json!({"concept_relations": [relation]})))?;
            times.push(begun.elapsed());
        }
        all.lock().map_err(|_| anyhow::anyhow!("a sender has failed"))?.0.append(&mut times);
        Ok(())
    };
    let begun = Instant::now();
    thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(send)).collect();
        senders.into_iter().try_for_each(|sender| sender.join().map_err(|_| anyhow::anyhow!("a sender has failed"))?)
    })?;
    let whole = begun.elapsed();
    Ok(Timed { whole, times: all.into_inner().map_err(|_| anyhow::anyhow!("a sender has failed"))? })
}

/// All pages of a list of `count` items, unread.
fn pages(line: &mut Connection, path: &str, count: usize) -> Result<Vec<Vec<u8>>> {
    (1..=count.div_ceil(BATCH))
        .map(|page| line.call("GET", &format!("{path}?page={page}&per_page={BATCH}"), None))
        .collect()
}

/// Every item of the list is on one of its pages, once.
fn check(pages: &[Vec<u8>], member: &str, count: usize) -> Result<()> {
    let mut ids = HashSet::new();
    for page in pages {
        let page: Value = serde_json::from_slice(page)?;
        for item in page[member].as_array().with_context(|| format!("no {member}"))? {
            ids.insert(item["id"].as_str().context("no id")?.to_owned());
        }
    }
    if ids.len() != count {
        bail!("{} {member} were listed, not {count}", ids.len());
    }
    Ok(())
}

/// Goes down from one concept to all below it, a request for each.
fn walk(line: &mut Connection, nouns: &Nouns) -> Result<Timed> {
    let top = nouns.concepts.iter().position(|c| c.name == TOP).with_context(|| format!("there is no {TOP}"))?;
    let mut times = Times::default();
    let mut found = HashSet::from([nouns.concepts.get(top).map_or("", |c| c.id.as_str()).to_owned()]);
    let mut open: Vec<String> = found.iter().cloned().collect();
    let all = Instant::now();
    while let Some(id) = open.pop() {
        let begun = Instant::now();
        let page = line.json("GET", &format!("{CONCEPTS}/{id}/relations?predicate=hypernym&per_page={BATCH}"), None)?;
        times.0.push(begun.elapsed());
        let relations = page["concept_relations"].as_array().context("no relations")?;
        if relations.len() == BATCH {
            bail!("{id} has more than a page of concepts right below it");
        }
        for relation in relations {
            let child = relation["object_concept"]["id"].as_str().context("no object")?;
            if found.insert(child.to_owned()) {
                open.push(child.to_owned());
            }
        }
    }
    let whole = all.elapsed();
    let wanted = nouns.below(top).len();
    if found.len() != wanted {
        bail!("{} concepts were found at and below {TOP}, not {wanted}", found.len());
    }
    Ok(Timed { whole, times })
}

/// Searches for names taken from all over the nouns.
fn search(line: &mut Connection, nouns: &Nouns, pattern: &str) -> Result<Times> {
    let mut numbers = Numbers(7);
    let mut times = Times::default();
    for round in 0..SEARCHES {
        let place = numbers.below(nouns.concepts.len() as u64) as usize;
        let word = if round == 0 { "dog" } else { nouns.concepts.get(place).map_or("", |c| c.name.as_str()) };
        let query = json!({"concept_query": {"name": pattern.replace("{}", word)}});
        let begun = Instant::now();
        let found = line.json("POST", &format!("{CONCEPTS}/searches"), Some(&query))?;
        times.0.push(begun.elapsed());
        if found["concepts"].as_array().is_none_or(Vec::is_empty) {
            bail!("nothing was found for {query}");
        }
    }
    Ok(times)
}
