use crate::languages::translate;
use crate::relations::{concepts, graph, list, relate};
use crate::world::{World, scope};
use labelscope_api::extensions::JobState;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::jobs::{self, Outcome};
use std::sync::atomic::AtomicBool;

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
}
