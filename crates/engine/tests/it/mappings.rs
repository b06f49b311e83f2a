use crate::languages::translate;
use crate::relations::{concepts, graph, list, relate};
use crate::world::{World, host, scope};
use labelscope_api::extensions::{CancelJob, JobState};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use labelscope_engine::{Host, Random};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

fn start(graph: &str, ids: &[&str]) -> PostConceptMappingJobs {
    let concept_ids = ids.iter().map(|i| (*i).into()).collect();
    let concept_mapping_jobs = vec![ConceptMappingJob { knowledge_graph_id: graph.into(), concept_ids }];
    PostConceptMappingJobs { user_app_id: scope(), concept_mapping_jobs }
}

#[test]
fn one_counterpart_is_noted_and_doubts_are_told() {
    let w = World::new();
    concepts(&w, &["animal", "dog", "cat", "tom"]);
    graph(&w, "g");
    relate(&w, "dog", "hyponym", "animal", "g");
    relate(&w, "cat", "hyponym", "animal", "g");
    relate(&w, "tom", "hyponym", "animal", "g");
    translate(&w, "tom", "de", "Katze");
    translate(&w, "cat", "de", "Katze");
    let mine = [("d1", "DOG"), ("d2", "dog"), ("k", "Katze"), ("x", "unheard of"), ("s", "beast")];
    let made = mine.iter().map(|(id, name)| Concept { id: (*id).into(), name: (*name).into(), ..Concept::default() });
    w.ok(&PostConcepts { user_app_id: scope(), concepts: made.collect() });
    relate(&w, "animal", "synonym", "s", "");
    assert!(w.refused(&start("none", &["d1"])).1.contains("concept_mapping_jobs[0].knowledge_graph_id"));
    assert!(w.refused(&start("g", &["d1", "none"])).1.contains("concept_ids[1]"));
    let ids = w.ok(&start("g", &["d1", "d2", "k", "x", "s", "dog"])).ids;
    // A kill before the first step, then a new process.
    let stop = AtomicBool::new(true);
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let mut reader = w.engine.reader().unwrap();
    assert_eq!(jobs::run(&w.engine, &mut reader, &w.writer, &id, &stop).unwrap(), Outcome::Stopped);
    let dir = w.dir();
    drop((reader, w));
    let w = World::at(dir, 1000);
    w.run_jobs();
    let job = w.job(&ids[0]);
    assert_eq!((job.state, job.done.0, job.total.0), (JobState::DONE, 6, 6));
    assert!(
        job.notes.starts_with("3 mapped, 1 in the graph already, 1 without counterpart, 1 ambiguous"),
        "{}",
        job.notes
    );
    assert!(job.notes.contains("k: cat, tom"), "{}", job.notes);
    let synonyms = list(&w, "", "synonym", "g", 10);
    let pairs: Vec<_> = synonyms.iter().map(|r| (r.0.as_str(), r.2.as_str())).collect();
    assert_eq!(pairs, [("d1", "dog"), ("d2", "dog"), ("s", "animal")]);
    // Once more changes nothing.
    let again = w.ok(&start("g", &["d1", "s"])).ids.remove(0);
    w.run_jobs();
    assert!(w.job(&again).notes.starts_with("0 mapped, 2 in the graph already"));
    assert_eq!(list(&w, "", "synonym", "g", 10).len(), 3);
}

/// Asks the jobs to stop once so many ids were made: inside a step, which still comes to its end.
struct StopsAfter {
    numbers: Arc<dyn Random>,
    left: AtomicI64,
    stop: Arc<AtomicBool>,
}

impl Random for StopsAfter {
    fn fill(&self, buffer: &mut [u8]) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.numbers.fill(buffer);
    }
}

/// 250 concepts with a counterpart each, and a job on them that was stopped inside its second step. Gives the job's id.
fn stopped_half_way() -> (World, String) {
    let stop = Arc::new(AtomicBool::new(false));
    let Host { clock, random, fetch, sources } = host(1);
    // One id is the job's own.
    let random = Arc::new(StopsAfter { numbers: random, left: AtomicI64::new(152), stop: stop.clone() });
    let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), Host { clock, random, fetch, sources });
    let named = |id: String, name: String| Concept { id, name, ..Concept::default() };
    let mut all = vec![named("top".into(), String::new())];
    for n in 0..250 {
        all.push(named(format!("wn{n}"), format!("Noun {n}")));
        all.push(named(format!("my{n}"), format!("noun {n}")));
    }
    w.ok(&PostConcepts { user_app_id: scope(), concepts: all });
    graph(&w, "g");
    let below = |n: i32| ConceptRelation {
        id: format!("r{n}"),
        object_concept: Some(named(format!("wn{n}"), String::new())),
        predicate: "hypernym".into(),
        knowledge_graph_id: "g".into(),
        ..ConceptRelation::default()
    };
    let concept_relations = (0..250).map(below).collect();
    w.ok(&PostConceptRelations { user_app_id: scope(), concept_id: "top".into(), concept_relations });
    let mine: Vec<String> = (0..250).map(|n| format!("my{n}")).collect();
    let job = w.ok(&start("g", &mine.iter().map(String::as_str).collect::<Vec<_>>())).ids.remove(0);
    let id = w.writer.lock().next_job().unwrap().unwrap();
    let outcome = jobs::run(&w.engine, &mut w.engine.reader().unwrap(), &w.writer, &id, &stop).unwrap();
    assert_eq!((outcome, w.job(&job).done.0), (Outcome::Stopped, 200));
    (w, job)
}

fn synonyms(w: &World) -> Vec<(String, String)> {
    list(w, "", "synonym", "g", 1000).into_iter().map(|r| (r.0, r.2)).collect()
}

#[test]
fn a_job_goes_on_after_a_kill_and_notes_nothing_twice() {
    let (w, job) = stopped_half_way();
    assert_eq!(synonyms(&w).len(), 200);
    let dir = w.dir();
    drop(w);
    let w = World::at(dir, 1000);
    w.run_jobs();
    let done = w.job(&job);
    assert_eq!((done.state, done.done.0, done.total.0), (JobState::DONE, 250, 250));
    let notes = "250 mapped, 0 in the graph already, 0 without counterpart, 0 ambiguous and left alone";
    assert_eq!(done.notes, notes);
    let found = synonyms(&w);
    let wanted: BTreeSet<_> = (0..250).map(|n| (format!("my{n}"), format!("wn{n}"))).collect();
    assert_eq!((found.len(), found.into_iter().collect::<BTreeSet<_>>()), (250, wanted));
}

#[test]
fn a_cancelled_job_keeps_what_it_noted_and_notes_no_more() {
    let (w, job) = stopped_half_way();
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.clone() });
    w.run_jobs();
    assert_eq!(w.job(&job).state, JobState::CANCELLED);
    assert_eq!(synonyms(&w).len(), 200);
    // One that never began leaves nothing.
    let job = w.ok(&start("g", &["my249"])).ids.remove(0);
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.clone() });
    w.run_jobs();
    assert_eq!((w.job(&job).state, synonyms(&w).len()), (JobState::CANCELLED, 200));
}

#[test]
fn jobs_that_cannot_be_are_refused_and_none_of_their_call_is_made() {
    let w = World::new();
    concepts(&w, &["a"]);
    graph(&w, "g");
    let mut two = start("g", &["a"]);
    two.concept_mapping_jobs.extend(start("g", &[]).concept_mapping_jobs);
    let (code, details) = w.refused(&two);
    assert!(code == 40003 && details.contains("concept_mapping_jobs[1].concept_ids"), "{details}");
    assert_eq!(w.refused(&start("", &["a"])).0, 40003);
    assert_eq!(w.refused(&PostConceptMappingJobs { user_app_id: scope(), ..Default::default() }).0, 40003);
    assert_eq!(w.writer.lock().next_job().unwrap(), None);
}
