use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

pub fn concepts(w: &World, ids: &[&str]) {
    let concepts = ids.iter().map(|id| Concept { id: (*id).into(), ..Concept::default() }).collect();
    w.ok(&PostConcepts { user_app_id: scope(), concepts });
}

pub fn graph(w: &World, id: &str) -> KnowledgeGraph {
    let knowledge_graphs = vec![KnowledgeGraph { id: id.into(), ..Default::default() }];
    w.ok(&PostKnowledgeGraphs { user_app_id: scope(), knowledge_graphs }).knowledge_graphs.remove(0)
}

fn relation(subject: &str, predicate: &str, object: &str, graph: &str) -> PostConceptRelations {
    let concept_relations = vec![ConceptRelation {
        object_concept: Some(Concept { id: object.into(), ..Concept::default() }),
        predicate: predicate.into(),
        knowledge_graph_id: graph.into(),
        ..ConceptRelation::default()
    }];
    PostConceptRelations { user_app_id: scope(), concept_id: subject.into(), concept_relations }
}

pub fn relate(w: &World, subject: &str, predicate: &str, object: &str, graph: &str) -> ConceptRelation {
    w.ok(&relation(subject, predicate, object, graph)).concept_relations.remove(0)
}

type Fact = (String, String, String, String);

fn fact(r: ConceptRelation) -> Fact {
    (r.subject_concept.unwrap().id, r.predicate, r.object_concept.unwrap().id, r.knowledge_graph_id)
}

pub fn list(w: &World, concept: &str, predicate: &str, graph: &str, per_page: u32) -> Vec<Fact> {
    let mut all = Vec::new();
    for page in 1.. {
        let op = ListConceptRelations {
            user_app_id: scope(),
            concept_id: concept.into(),
            predicate: predicate.into(),
            knowledge_graph_id: graph.into(),
            page,
            per_page,
        };
        let found = w.ok(&op).concept_relations;
        let last = found.len() < per_page as usize;
        all.extend(found.into_iter().map(fact));
        if last {
            break;
        }
    }
    all
}

fn f(s: &str, p: &str, o: &str) -> Fact {
    (s.into(), p.into(), o.into(), String::new())
}

#[test]
fn told_from_either_side() {
    let w = World::new();
    concepts(&w, &["honey", "food", "meal"]);
    let made = relate(&w, "honey", "hyponym", "food", "");
    assert_eq!(made.id.len(), 32);
    assert_eq!(made.visibility.as_ref().unwrap().gettable, Gettable::PRIVATE);
    relate(&w, "food", "synonym", "meal", "");
    assert_eq!(list(&w, "food", "", "", 10), [f("food", "hypernym", "honey"), f("food", "synonym", "meal")]);
    assert_eq!(list(&w, "meal", "", "", 10), [f("meal", "synonym", "food")]);
    assert_eq!(list(&w, "food", "hypernym", "", 10), [f("food", "hypernym", "honey")]);
    assert_eq!(list(&w, "food", "hyponym", "", 10), []);
    assert_eq!(list(&w, "", "", "", 10), [f("honey", "hyponym", "food"), f("food", "synonym", "meal")]);
    assert_eq!(list(&w, "", "hypernym", "", 10), [f("food", "hypernym", "honey")]);
    assert_eq!(list(&w, "", "hyponym", "", 10), [f("honey", "hyponym", "food")]);
    // The same again, in either spelling, is the one that is there.
    let again = relate(&w, "food", "hypernym", "honey", "");
    assert_eq!((again.id.clone(), fact(again)), (made.id, f("food", "hypernym", "honey")));
    relate(&w, "meal", "synonym", "food", "");
    assert_eq!(list(&w, "", "", "", 10).len(), 2);
}

#[test]
fn circles_are_refused_in_one_graph() {
    let w = World::new();
    concepts(&w, &["dog", "animal", "thing"]);
    graph(&w, "g");
    relate(&w, "dog", "hyponym", "animal", "");
    relate(&w, "thing", "hypernym", "animal", "");
    let (code, details) = w.refused(&relation("dog", "hypernym", "thing", ""));
    assert_eq!(code, 40003);
    assert!(details.contains("concept_relations[0]"), "{details}");
    assert!(details.contains("thing → dog → animal → thing"), "{details}");
    assert!(w.refused(&relation("dog", "hypernym", "animal", "")).1.contains("animal → dog → animal"));
    relate(&w, "dog", "hypernym", "thing", "g");
    assert_eq!(list(&w, "", "", "g", 10).len(), 1);
    assert_eq!(list(&w, "", "", "", 10).len(), 3);
}

#[test]
fn what_cannot_be_related_is_refused_and_nothing_written() {
    let w = World::new();
    concepts(&w, &["a", "b"]);
    assert_eq!(w.refused(&relation("a", "hyponym", "none", "")).0, 11101);
    assert_eq!(w.refused(&relation("none", "hyponym", "a", "")).0, 11101);
    assert_eq!(w.refused(&relation("a", "hyponym", "b", "none")).0, 11101);
    assert_eq!(w.refused(&relation("a", "hyponym", "a", "")).0, 40003);
    assert_eq!(w.refused(&relation("a", "hyponym", "", "")).0, 40003);
    assert!(w.refused(&relation("a", "parent", "b", "")).1.contains("concept_relations[0].predicate"));
    let mut two = relation("a", "synonym", "b", "");
    two.concept_relations.extend(relation("a", "synonym", "none", "").concept_relations);
    assert!(w.refused(&two).1.contains("concept_relations[1]"));
    assert_eq!(list(&w, "", "", "", 10), []);
}

#[test]
fn deleted_by_id_from_either_side() {
    let w = World::new();
    concepts(&w, &["a", "b", "c"]);
    let id = relate(&w, "a", "hyponym", "b", "").id;
    let delete = |concept: &str, ids: &[&str]| DeleteConceptRelations {
        user_app_id: scope(),
        concept_id: concept.into(),
        ids: ids.iter().map(|i| (*i).into()).collect(),
    };
    assert_eq!(w.refused(&delete("a", &[])).0, 40003);
    assert_eq!(w.refused(&delete("c", &[&id])).0, 11101);
    assert_eq!(w.refused(&delete("a", &[&id, "none"])).0, 11101);
    assert_eq!(list(&w, "a", "", "", 10).len(), 1);
    w.ok(&delete("b", &[&id]));
    assert_eq!(list(&w, "a", "", "", 10), []);
    relate(&w, "b", "hyponym", "a", "");
}

#[test]
fn graphs_are_made_once() {
    let w = World::new();
    assert_eq!(graph(&w, "g").name, "g");
    assert_eq!(graph(&w, "").id.len(), 32);
    let knowledge_graphs = vec![KnowledgeGraph { id: "g".into(), ..Default::default() }];
    assert_eq!(w.refused(&PostKnowledgeGraphs { user_app_id: scope(), knowledge_graphs }).0, 40003);
    assert_eq!(w.ok(&ListKnowledgeGraphs { user_app_id: scope() }).knowledge_graphs.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn lists_are_what_was_posted(facts in proptest::collection::vec((0usize..6, 0usize..3, 0usize..6, 0usize..2), 0..30), per_page in 1u32..5) {
        let w = World::new();
        let names = ["c0", "c1", "c2", "c3", "c4", "c5"];
        concepts(&w, &names);
        graph(&w, "g");
        let predicates = ["hypernym", "hyponym", "synonym"];
        let inverse = |p: &str| match p { "hypernym" => "hyponym", "hyponym" => "hypernym", _ => "synonym" };
        let mut stored: Vec<Fact> = Vec::new();
        for (s, p, o, g) in facts {
            let fact = (names[s].into(), predicates[p].into(), names[o].into(), ["", "g"][g].into());
            let turned: Fact = (names[o].into(), inverse(predicates[p]).into(), names[s].into(), ["", "g"][g].into());
            let known = stored.contains(&fact) || stored.contains(&turned);
            if w.send(&relation(names[s], predicates[p], names[o], ["", "g"][g])).is_ok() && !known {
                stored.push(fact);
            }
        }
        prop_assert_eq!(&list(&w, "", "", "", per_page), &stored);
        for graph in ["", "g"] {
            for predicate in ["", "hypernym", "hyponym", "synonym"] {
                for name in names {
                    let wanted: Vec<Fact> = stored.iter().filter(|r| graph.is_empty() || r.3 == graph).filter_map(|r| {
                        if r.0 == name { Some(r.clone()) }
                        else if r.2 == name { Some((name.into(), inverse(&r.1).into(), r.0.clone(), r.3.clone())) }
                        else { None }
                    }).filter(|r| predicate.is_empty() || r.1 == predicate).collect();
                    prop_assert_eq!(list(&w, name, predicate, graph, per_page), wanted);
                }
            }
        }
        let unique: BTreeSet<_> = stored.iter().collect();
        prop_assert_eq!(unique.len(), stored.len());
    }
}
