//! Searches of concepts that reach beyond the app's own: into what a registered model knows.

use crate::models::{model, register};
use crate::relations::concepts;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

/// An app with three concepts, and a model that knows two of those and three of its own.
fn world() -> World {
    let w = World::new();
    concepts(&w, &["cat", "cow", "dog"]);
    let known = json!([
        {"id": "cow", "name": "cow"},
        {"id": "dog", "name": "dog"},
        {"id": "m-crab", "name": "Crab"},
        {"id": "crow"},
        {"id": "m-chien", "name": "chien", "language": "fr"},
    ]);
    register(
        &w,
        Model { output_info: Some(json!({"data": {"concepts": known}})), ..model("zoo", "visual-classifier") },
    );
    register(&w, model("empty", "visual-classifier"));
    w
}

fn of(id: &str) -> Box<Model> {
    Box::new(Model { id: id.into(), ..Model::default() })
}

fn op(name: &str, model: &str) -> PostConceptsSearches {
    let model = (!model.is_empty()).then(|| of(model));
    let concept_query = Some(ConceptQuery { name: name.into(), model, ..ConceptQuery::default() });
    PostConceptsSearches { user_app_id: scope(), concept_query, ..Default::default() }
}

fn change(mut op: PostConceptsSearches, f: impl FnOnce(&mut ConceptQuery)) -> PostConceptsSearches {
    f(op.concept_query.as_mut().unwrap());
    op
}

fn ids(w: &World, op: &PostConceptsSearches) -> Vec<String> {
    w.ok(op).concepts.into_iter().map(|c| c.id).collect()
}

#[test]
fn what_the_model_adds_stands_behind_and_nothing_twice() {
    let w = world();
    assert_eq!(ids(&w, &op("c*", "")), ["cat", "cow"]);
    assert_eq!(ids(&w, &op("c*", "zoo")), ["cat", "cow", "m-crab", "crow"]);
    assert_eq!(ids(&w, &op("CRAB", "zoo")), ["m-crab"]);
    assert_eq!(ids(&w, &op("*o*", "zoo")), ["cow", "dog", "crow"]);
    assert_eq!(ids(&w, &op("c*", "empty")), ["cat", "cow"]);
    assert_eq!(ids(&w, &change(op("*", "zoo"), |q| q.language = "fr".into())), ["m-chien"]);
}

#[test]
fn every_page_put_together_is_the_whole() {
    let w = world();
    let whole = ids(&w, &op("*", "zoo"));
    assert_eq!(whole, ["cat", "cow", "dog", "m-crab", "crow"]);
    for per_page in 1..=6 {
        let mut pages = Vec::new();
        for page in 1..=6 {
            let pagination = Some(Pagination { page, per_page });
            let some = ids(&w, &PostConceptsSearches { pagination, ..op("*", "zoo") });
            assert!(some.len() <= per_page as usize);
            pages.extend(some);
        }
        assert_eq!(pages, whole, "{per_page} a page");
    }
}

#[test]
fn without_the_apps_own_only_the_models_are_left() {
    let w = world();
    let alone = change(op("c*", "zoo"), |q| q.ignore_app_concepts = true);
    assert_eq!(ids(&w, &alone), ["cow", "m-crab", "crow"]);
    // To ask for uses is to ask the model alone.
    let uses = change(op("c*", "zoo"), |q| q.use_cases = vec![UseCase::CLASSIFICATION]);
    assert_eq!(ids(&w, &uses), ["cow", "m-crab", "crow"]);
    assert_eq!(ids(&w, &change(op("c*", ""), |q| q.ignore_app_concepts = true)), [""; 0]);
}

#[test]
fn what_another_model_can_rank_is_told() {
    let w = world();
    let extra_info = Some(ConceptExtraInfoRequest { rankable_model: Some(of("zoo")) });
    let asked = PostConceptsSearches { extra_info, ..op("c*", "") };
    let told: Vec<_> = w.ok(&asked).concepts.into_iter().map(|c| (c.id, c.extra_info.unwrap().is_rankable)).collect();
    assert_eq!(told, [("cat".to_owned(), false), ("cow".to_owned(), true)]);
    assert!(w.ok(&op("c*", "")).concepts.iter().all(|c| c.extra_info.is_none()));
    let extra_info = Some(ConceptExtraInfoRequest { rankable_model: Some(of("none")) });
    let (code, details) = w.refused(&PostConceptsSearches { extra_info, ..op("c*", "") });
    assert!(code == 21200 && details.contains("extra_info.rankable_model"), "{details}");
}

#[test]
fn what_is_not_there_is_refused() {
    let w = world();
    let (code, details) = w.refused(&op("c*", "none"));
    assert!(code == 21200 && details.contains("concept_query.model") && details.contains("none"), "{details}");
    for sent in [
        change(op("c*", ""), |q| q.workflow_id = "flow".into()),
        change(op("c*", ""), |q| q.workflow = Some(json!({"id": "flow"}))),
    ] {
        let (code, details) = w.refused(&sent);
        assert!(code == 11101 && details.contains("workflow") && details.contains("flow"), "{details}");
    }
    assert!(w.refused(&op(&"x".repeat(1001), "")).1.contains("1000"));
    let pagination = Some(Pagination { page: 1, per_page: 1001 });
    assert_eq!(w.refused(&PostConceptsSearches { pagination, ..op("c*", "") }).0, 11102);
    // A model that is forgotten is no more.
    w.ok(&DeleteModel { user_app_id: scope(), model_id: "zoo".into() });
    assert_eq!(w.refused(&op("c*", "zoo")).0, 21200);
}
