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

#[test]
fn a_call_takes_a_thousand_relations_and_no_more() {
    let w = World::new();
    concepts(&w, &["a", "b"]);
    let mut many = relation("a", "synonym", "b", "");
    many.concept_relations = vec![many.concept_relations.remove(0); 1001];
    assert!(w.refused(&many).1.contains("concept_relations holds 1001; a call takes 1 to 1000"));
    many.concept_relations.clear();
    assert_eq!(w.refused(&many).0, 40003);
    let ids = (0..1001).map(|n| n.to_string()).collect();
    let delete = DeleteConceptRelations { user_app_id: scope(), concept_id: "a".into(), ids };
    assert!(w.refused(&delete).1.contains("ids holds 1001"));
    assert_eq!(list(&w, "", "", "", 10), []);
}

#[test]
fn an_id_belongs_to_one_relation_and_the_subject_to_the_address() {
    let w = World::new();
    concepts(&w, &["a", "b", "c"]);
    let mut first = relation("a", "hyponym", "b", "");
    first.concept_relations[0].id = "r".into();
    first.concept_relations[0].subject_concept = Some(Concept { id: "a".into(), ..Concept::default() });
    first.concept_relations[0].visibility = Some(Visibility { gettable: Gettable::PUBLIC });
    let made = w.ok(&first).concept_relations.remove(0);
    assert_eq!((made.id.as_str(), made.visibility.unwrap().gettable), ("r", Gettable::PUBLIC));
    let mut taken = relation("b", "hyponym", "c", "");
    taken.concept_relations[0].id = "r".into();
    let (code, details) = w.refused(&taken);
    assert!(code == 40003 && details.contains("\"r\" is taken"), "{details}");
    taken.concept_relations[0].id = "no/path".into();
    assert_eq!(w.refused(&taken).0, 40003);
    let mut other = relation("a", "hyponym", "c", "");
    other.concept_relations[0].subject_concept = Some(Concept { id: "b".into(), ..Concept::default() });
    let (code, details) = w.refused(&other);
    assert!(code == 40003 && details.contains("concept_relations[0].subject_concept.id"), "{details}");
    assert_eq!(list(&w, "", "", "", 10), [f("a", "hyponym", "b")]);
    // Deleted, it is free again.
    w.ok(&DeleteConceptRelations { user_app_id: scope(), concept_id: "a".into(), ids: vec!["r".into()] });
    taken.concept_relations[0].id = "r".into();
    w.ok(&taken);
    assert_eq!(list(&w, "", "", "", 10), [f("b", "hyponym", "c")]);
}

#[test]
fn relations_of_one_call_count_for_each_other() {
    let w = World::new();
    concepts(&w, &["a", "b", "c", "d"]);
    relate(&w, "b", "hyponym", "c", "");
    relate(&w, "c", "hyponym", "d", "");
    let mut op = relation("a", "hyponym", "b", "");
    op.concept_relations.extend(relation("a", "hypernym", "d", "").concept_relations);
    let (code, details) = w.refused(&op);
    assert_eq!(code, 40003);
    assert!(details.contains("concept_relations[1]") && details.ends_with("d → a → b → c → d"), "{details}");
    // Neither is kept, so that either may be made alone.
    assert_eq!(list(&w, "a", "", "", 10), []);
    // The same twice in a call is one.
    op.concept_relations.truncate(1);
    op.concept_relations.extend(op.concept_relations.clone());
    let made = w.ok(&op).concept_relations;
    assert_eq!(made[0].id, made[1].id);
    assert_eq!(list(&w, "a", "", "", 10), [f("a", "hyponym", "b")]);
}

/// Can one climb from a concept to another? Steps lead from the narrower to the wider.
fn climbs(steps: &[(String, String)], from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(steps.iter().filter(|s| s.0 == at).map(|s| s.1.as_str()));
        }
    }
    false
}

/// Does a fact fit to those that are there? It need not lead anywhere new.
fn fits(stored: &[Fact], (subject, predicate, object, graph): &Fact) -> bool {
    let step = |s: &str, p: &str, o: &str| match p {
        "hyponym" => Some((s.to_owned(), o.to_owned())),
        "hypernym" => Some((o.to_owned(), s.to_owned())),
        _ => None,
    };
    let steps: Vec<_> = stored.iter().filter(|r| r.3 == *graph).filter_map(|r| step(&r.0, &r.1, &r.2)).collect();
    subject != object && step(subject, predicate, object).is_none_or(|(narrow, wide)| !climbs(&steps, &wide, &narrow))
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
            let taken = w.send(&relation(names[s], predicates[p], names[o], ["", "g"][g])).is_ok();
            prop_assert_eq!(taken, fits(&stored, &fact), "{:?} among {:?}", fact, stored);
            if taken && !known {
                stored.push(fact);
            }
        }
        prop_assert_eq!(&list(&w, "", "", "", per_page), &stored);
        for graph in ["", "g"] {
            for predicate in ["", "hypernym", "hyponym", "synonym"] {
                let told = |r: &Fact| (r.2.clone(), inverse(&r.1).to_owned(), r.0.clone(), r.3.clone());
                let of_graph = stored.iter().filter(|r| graph.is_empty() || r.3 == graph);
                // Of the whole app each stands once, in the words that are asked for.
                let both = |r: &&Fact| predicate.is_empty() || r.1 == predicate || inverse(&r.1) == predicate;
                let as_asked = |r: &Fact| if predicate.is_empty() || r.1 == predicate { r.clone() } else { told(r) };
                let wanted: Vec<Fact> = of_graph.clone().filter(both).map(as_asked).collect();
                prop_assert_eq!(list(&w, "", predicate, graph, per_page), wanted);
                for name in names {
                    let side = |r: &Fact| (r.0 == name).then(|| r.clone()).or_else(|| (r.2 == name).then(|| told(r)));
                    let wanted: Vec<Fact> =
                        of_graph.clone().filter_map(side).filter(|r| predicate.is_empty() || r.1 == predicate).collect();
                    prop_assert_eq!(list(&w, name, predicate, graph, per_page), wanted);
                }
            }
        }
    }
}
