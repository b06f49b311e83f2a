//! Copies of apps.

use crate::bulk_operations::{datasets, members_of};
use crate::imports::{coco_of, export, freeze, gt};
use crate::models::{add, model, register, version};
use crate::relations::{concepts, graph, relate};
use crate::world::{World, scope};
use labelscope_api::extensions::{GetAppCounts, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_formats::coco::compare::differences;
use serde_json::{Value, json};

pub fn app(id: &str) -> UserAppIdSet {
    UserAppIdSet { user_id: "me".into(), app_id: id.into() }
}

fn op(sent: Value) -> PostAppDuplications {
    PostAppDuplications { user_app_id: scope(), app_duplications: vec![serde_json::from_value(sent).unwrap()] }
}

pub fn post(w: &World, sent: Value) -> AppDuplication {
    w.ok(&op(sent)).app_duplications.remove(0)
}

pub fn get(w: &World, id: &str) -> AppDuplication {
    let user_app_id = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    w.ok(&GetAppDuplication { user_app_id, app_duplication_id: id.into() }).app_duplication.unwrap()
}

pub fn list(w: &World, page: u32, per_page: u32) -> Vec<String> {
    let user_app_id = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    let found = w.ok(&ListAppDuplications { user_app_id, page, per_page }).app_duplications;
    found.into_iter().map(|d| d.id).collect()
}

pub fn code(copy: &AppDuplication) -> i32 {
    copy.status.as_ref().unwrap().code.0
}

fn progress(copy: &AppDuplication) -> Vec<(&str, i32)> {
    copy.progress.iter().map(|p| (p.field.as_str(), p.value)).collect()
}

/// Copies to the end.
fn copied(w: &World, sent: Value) -> AppDuplication {
    let id = post(w, sent).id;
    w.run_jobs();
    let copy = get(w, &id);
    assert_eq!(code(&copy), 25200, "{:?}", copy.status);
    copy
}

/// Something of every kind, beside a real dataset with exact pixels.
pub fn fill(w: &World) {
    w.imported("coco100", &[("gt.json", &gt("coco100"))]);
    concepts(w, &["animal", "lynx", "wolf", "felis"]);
    graph(w, "linnaeus");
    relate(w, "lynx", "hyponym", "animal", "");
    relate(w, "lynx", "synonym", "felis", "linnaeus");
    let concept_languages = vec![ConceptLanguage { id: "de".into(), name: "Luchs".into(), definition: "Tier".into() }];
    w.ok(&PostConceptLanguages { user_app_id: scope(), concept_id: "lynx".into(), concept_languages });
    datasets(w, &["mine", "empty"]);
    let inputs = (0..3).map(|n| {
        json!({"id": format!("own{n}"), "dataset_ids": ["mine"], "data": {"image": {"url": format!("http://x/{n}.jpg")},
            "concepts": [{"id": "lynx", "value": n % 2}, {"id": "wolf"}], "metadata": {"n": n, "deep": {"k": ["v"]}},
            "geo": {"geo_point": {"longitude": n, "latitude": 2 * n}}}})
    });
    let inputs = inputs.map(|i| serde_json::from_value(i).unwrap()).collect();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    register(w, Model { notes: "of old".into(), ..model("finder", "visual-classifier") });
    add(w, "finder", vec![version("v1"), version("v2")]);
    register(w, model("other", "visual-detector"));
    let said = json!([
        {"id": "said", "input_id": "own0", "data": {"regions": [{"region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.2, "bottom_row": 0.5, "right_col": 0.75}},
            "data": {"concepts": [{"id": "wolf", "value": 0.25}]}}], "metadata": {"by": "hand"}}},
        {"id": "guess", "input_id": "own1", "model_version_id": "v1", "data": {"concepts": [{"id": "lynx", "value": 0.75}], "embeddings": [{"vector": [0.5, 1.0]}]}},
        {"id": "late", "input_id": "own0", "user_id": "ann", "task_id": "t", "data": {"concepts": [{"id": "felis"}]}, "annotation_info": {"k": 1}},
    ]);
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: serde_json::from_value(said).unwrap() });
    // Changed after others came: its row is newer than its place in the list.
    let changed = json!([{"id": "said", "input_id": "own0", "data": {"metadata": {"twice": true}}}]);
    w.ok(&PatchAnnotations {
        user_app_id: scope(),
        annotations: serde_json::from_value(changed).unwrap(),
        action: "merge".into(),
        ..Default::default()
    });
    let patch = json!([{"id": "own2", "data": {"metadata": {"n": 7}}}]);
    w.ok(&PatchInputs { user_app_id: scope(), inputs: serde_json::from_value(patch).unwrap(), action: "merge".into() });
    let search = json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "lynx"}]}}}]}});
    let filter = json!([{"id": "cats", "search": search}]);
    w.ok(&PostAnnotationFilters { user_app_id: scope(), annotation_filters: serde_json::from_value(filter).unwrap() });
    let mut save = search;
    save["id"] = json!("kept");
    save["save"] = json!(true);
    let searches = serde_json::from_value(json!([save])).unwrap();
    w.ok(&PostInputsSearches { user_app_id: scope(), searches, ..Default::default() });
    w.run_jobs();
}

/// All lists of an app as a client sees them, with the app's own id taken out.
pub fn lists(w: &World, id: &str) -> Vec<(&'static str, String)> {
    let user_app_id = app(id);
    let mut out = Vec::new();
    let mut note = |what, value: Value| {
        let text = serde_json::to_string_pretty(&value).unwrap();
        out.push((what, text.replace(&format!("_id\": \"{id}\""), "_id\": \"APP\"")));
    };
    macro_rules! note {
        ($op:ident { $($field:ident: $value:expr),* } $key:ident) => {{
            let reply = w.ok(&$op { user_app_id: user_app_id.clone(), per_page: 1000, $($field: $value,)* ..Default::default() });
            note(stringify!($op), serde_json::to_value(&reply.$key).unwrap());
            reply.$key
        }};
    }
    let concepts = note!(ListConcepts {} concepts);
    for concept in concepts {
        note!(ListConceptLanguages { concept_id: concept.id } concept_languages);
    }
    note!(ListConceptRelations {} concept_relations);
    note!(GetConceptCounts {} concept_counts);
    note!(ListInputs {} inputs);
    for page in 1..=2 {
        note!(ListAnnotations { list_all_annotations: true, page: page } annotations);
    }
    note!(ListAnnotations { input_ids: vec!["own0".into()] } annotations);
    for dataset in note!(ListDatasets { sort_by_id: true } datasets) {
        note!(ListDatasetInputs { dataset_id: dataset.id } dataset_inputs);
    }
    for model in note!(ListModels {} models) {
        note!(ListModelVersions { model_id: model.id } model_versions);
    }
    note!(ListSearches {} searches);
    note!(ListAnnotationFilters {} annotation_filters);
    let graphs = w.ok(&ListKnowledgeGraphs { user_app_id: user_app_id.clone() }).knowledge_graphs;
    note("ListKnowledgeGraphs", serde_json::to_value(graphs).unwrap());
    let counts = w.ok(&GetAppCounts { user_app_id: user_app_id.clone() }).counts.unwrap();
    note("counts", json!([counts.concepts.0, counts.datasets.0, counts.inputs.0]));
    // What searches go by is kept in step.
    let filters = [
        json!([{"annotation": {"data": {"concepts": [{"id": "wolf"}]}}}]),
        json!([{"annotation": {"data": {"concepts": [{"id": "lynx", "value": 0}]}}, "negate": true}, {"input": {"dataset_ids": ["mine"]}}]),
        json!([{"input": {"data": {"metadata": {"deep": {"k": ["v"]}}}}}]),
        json!([{"annotation": {"data": {"metadata": {"by": "hand"}}}}]),
        json!([{"input": {"data": {"geo": {"geo_limit": {"type": "withinKilometers", "value": 400}, "geo_point": {"longitude": 1, "latitude": 2}}}}}]),
    ];
    for filter in filters {
        let searches: Vec<Search> = serde_json::from_value(json!([{"query": {"filters": filter}}])).unwrap();
        let pagination = Some(Pagination { page: 1, per_page: 1000 });
        let op = PostInputsSearches {
            user_app_id: user_app_id.clone(),
            searches: searches.clone(),
            pagination,
            ..Default::default()
        };
        let hits: Vec<String> = w.ok(&op).hits.into_iter().map(|h| h.input.unwrap().id).collect();
        let count =
            PostInputsSearches { user_app_id: user_app_id.clone(), searches, only_count: true, ..Default::default() };
        assert_eq!(w.ok(&count).hit_counts[0].estimated_total.0, hits.len() as u64);
        assert!(!hits.is_empty() || id == "partial", "{filter}");
        note("PostInputsSearches", serde_json::to_value(hits).unwrap());
    }
    let near = json!([{"query": {"ranks": [{"annotation": {"data": {"embeddings": [{"vector": [0.5, 1.0]}]}}}]}}]);
    let searches = serde_json::from_value(near).unwrap();
    let op = PostAnnotationsSearches { user_app_id: user_app_id.clone(), searches, ..Default::default() };
    let hits: Vec<_> = w.ok(&op).hits.into_iter().map(|h| (h.score, h.annotation.unwrap().id)).collect();
    note("by likeness", serde_json::to_value(hits).unwrap());
    let words = ListDatasets { user_app_id, search: "min".into(), ..Default::default() };
    note("words", serde_json::to_value(w.ok(&words).datasets.len()).unwrap());
    out
}

pub fn assert_alike(left: &[(&str, String)], right: &[(&str, String)]) {
    assert_eq!(left.len(), right.len());
    for ((what, a), (_, b)) in left.iter().zip(right) {
        if a != b {
            let pair = a.lines().zip(b.lines()).find(|(a, b)| a != b);
            panic!("{what} differs: {pair:?}\n{}\n{}", &a[..a.len().min(3000)], &b[..b.len().min(3000)]);
        }
    }
}

fn groups(w: &World, id: &str, dataset: &str) -> Vec<DatasetVersionMetricsGroup> {
    let version = DatasetVersion { id: "v".into(), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: app(id), dataset_id: dataset.into(), dataset_versions: vec![version] });
    w.run_jobs();
    let op = ListDatasetVersionMetricsGroups {
        user_app_id: app(id),
        dataset_id: dataset.into(),
        dataset_version_id: "v".into(),
        per_page: 1000,
        ..Default::default()
    };
    w.ok(&op).dataset_version_metrics_groups
}

#[test]
fn a_copy_equals_its_source() {
    let w = World::new();
    fill(&w);
    let want = lists(&w, "demo");
    let copy = copied(&w, json!({"destination_app": {"id": "copy", "name": "Copy", "description": "of it all"}}));
    assert_alike(&want, &lists(&w, "copy"));
    assert_eq!(
        progress(&copy),
        [("concepts", 84), ("datasets", 3), ("inputs", 103), ("annotations", 845), ("models", 2), ("workflows", 0)]
    );
    let made = copy.destination_app.unwrap();
    assert_eq!((made.id.as_str(), made.name.as_str(), made.description.as_str()), ("copy", "Copy", "of it all"));
    // A copy of the copy, which stands by itself when both others have gone.
    w.ok(&PostAppDuplications { user_app_id: app("copy"), ..op(json!({"new_app_id": "second"})) });
    w.run_jobs();
    for dataset in ["coco100", "mine"] {
        let (theirs, ours) = (groups(&w, "demo", dataset), groups(&w, "copy", dataset));
        assert!(!ours.is_empty());
        assert_eq!(serde_json::to_value(theirs).unwrap(), serde_json::to_value(ours).unwrap());
    }
    w.ok(&DeleteApp { user_app_id: scope() });
    w.ok(&DeleteApp { user_app_id: app("copy") });
    assert_alike(&want, &lists(&w, "second"));
    // Its pixels are exact, as an import's.
    w.ok(&PostApps { user_app_id: scope(), apps: vec![App { id: "demo".into(), ..App::default() }] });
    w.ok(&PostAppDuplications { user_app_id: app("second"), ..op(json!({"existing_app_id": "demo"})) });
    w.run_jobs();
    assert_alike(&want, &lists(&w, "demo"));
    freeze(&w, "coco100", "frozen");
    let out = coco_of(export(&w, "coco100", "frozen", ExportFormat::COCO));
    assert_eq!(differences(gt("coco100").as_slice(), out.as_slice()).unwrap(), Vec::<String>::new());
}

#[test]
fn only_what_is_asked_for_is_copied() {
    let w = World::new();
    fill(&w);
    let names = |filter: &str| -> Vec<String> {
        let copy = copied(&w, json!({"destination_app": {"id": filter}, "filter": {filter: true}}));
        copy.progress.into_iter().map(|p| format!("{} {}", p.field, p.value)).collect()
    };
    let concepts_of =
        |id: &str| w.ok(&ListConcepts { user_app_id: app(id), per_page: 1000, ..Default::default() }).concepts.len();
    let annotations_of = |id: &str| {
        let op =
            ListAnnotations { user_app_id: app(id), per_page: 1000, list_all_annotations: true, ..Default::default() };
        w.ok(&op).annotations.len()
    };
    assert_eq!(names("copy_concepts"), ["concepts 84"]);
    assert_eq!(w.ok(&ListInputs { user_app_id: app("copy_concepts"), ..Default::default() }).inputs.len(), 0);
    assert_eq!(
        w.ok(&ListConceptRelations { user_app_id: app("copy_concepts"), ..Default::default() }).concept_relations.len(),
        2
    );
    assert_eq!(names("copy_inputs"), ["datasets 3", "inputs 103"]);
    assert_eq!((concepts_of("copy_inputs"), annotations_of("copy_inputs")), (0, 0));
    assert_eq!(members_of(&w, &app("copy_inputs"), "mine").len(), 3);
    assert_eq!(names("copy_models"), ["models 2"]);
    let versions =
        ListModelVersions { user_app_id: app("copy_models"), model_id: "finder".into(), ..Default::default() };
    assert_eq!(w.ok(&versions).model_versions.len(), 2);
    assert_eq!(names("copy_workflows"), ["workflows 0"]);
    // Annotations cannot stand alone: what they speak of comes along.
    assert_eq!(names("copy_annotations"), ["concepts 84", "datasets 3", "inputs 103", "annotations 845"]);
    assert_eq!(
        (
            concepts_of("copy_annotations"),
            w.ok(&ListModels { user_app_id: app("copy_annotations"), ..Default::default() }).models.len()
        ),
        (84, 0)
    );
}

#[test]
fn what_is_there_stays() {
    let w = World::new();
    fill(&w);
    let there = app("there");
    let apps = serde_json::from_value(json!([{"id": "there", "name": "Mine", "description": "as it was"}])).unwrap();
    w.ok(&PostApps { user_app_id: scope(), apps });
    let concepts = serde_json::from_value(json!([{"id": "lynx", "name": "Tomcat"}, {"id": "animal"}])).unwrap();
    w.ok(&PostConcepts { user_app_id: there.clone(), concepts });
    // The source says it the other way round: both together would be a circle.
    let concept_relations =
        serde_json::from_value(json!([{"object_concept": {"id": "lynx"}, "predicate": "hyponym"}])).unwrap();
    w.ok(&PostConceptRelations { user_app_id: there.clone(), concept_id: "animal".into(), concept_relations });
    let datasets = serde_json::from_value(json!([{"id": "mine", "notes": "own notes"}])).unwrap();
    w.ok(&PostDatasets { user_app_id: there.clone(), datasets });
    let inputs = json!([{"id": "own1", "data": {"text": {"raw": "no picture"}}}, {"id": "more", "data": {"text": {"raw": "x"}}, "dataset_ids": ["mine"]}]);
    w.ok(&PostInputs {
        user_app_id: there.clone(),
        inputs: serde_json::from_value(inputs).unwrap(),
        ..Default::default()
    });
    let model = serde_json::from_value(json!({"id": "finder", "notes": "of here"})).unwrap();
    w.ok(&PostModels { user_app_id: there.clone(), model: Some(Box::new(model)), ..Default::default() });

    let copy = copied(&w, json!({"destination_app": {"id": "there", "name": "Other"}}));
    let details = &copy.status.as_ref().unwrap().details;
    assert_eq!(details, "there already, skipped and left as they are: 2 concepts, 1 datasets, 1 inputs, 1 models");
    assert_eq!(
        progress(&copy),
        [("concepts", 82), ("datasets", 2), ("inputs", 102), ("annotations", 843), ("models", 1), ("workflows", 0)]
    );
    assert_eq!(copy.destination_app.unwrap().name, "Mine");
    let concept = w.ok(&GetConcept { user_app_id: there.clone(), concept_id: "lynx".into() }).concept.unwrap();
    assert_eq!(concept.name, "Tomcat");
    let relations = w.ok(&ListConceptRelations { user_app_id: there.clone(), ..Default::default() }).concept_relations;
    let facts: Vec<_> =
        relations.iter().map(|r| (r.subject_concept.as_ref().unwrap().id.as_str(), r.predicate.as_str())).collect();
    assert_eq!(facts, [("animal", "hyponym"), ("lynx", "synonym")]);
    assert_eq!(members_of(&w, &there, "mine").into_iter().collect::<Vec<_>>(), ["more", "own0", "own2"]);
    let input =
        |id: &str| *w.ok(&GetInput { user_app_id: there.clone(), input_id: id.into() }).input.unwrap().data.unwrap();
    assert_eq!((input("own1").text.unwrap().raw.as_str(), input("own1").concepts.len()), ("no picture", 0));
    let names: Vec<String> = input("own0").concepts.into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["Tomcat", "wolf", "felis"], "labels stand on the concept that was there");
    let dataset = GetDataset { user_app_id: there.clone(), dataset_id: "mine".into(), ..Default::default() };
    assert_eq!(w.ok(&dataset).dataset.unwrap().notes, "own notes");
    let found = GetModel { user_app_id: there.clone(), model_id: "finder".into(), ..Default::default() };
    assert_eq!(w.ok(&found).model.unwrap().notes, "of here");
    // Once more finds all of it there.
    let before = lists(&w, "there");
    let again = copied(&w, json!({"existing_app_id": "there"}));
    assert!(again.progress.iter().all(|p| p.value == 0), "{:?}", again.progress);
    assert_alike(&before, &lists(&w, "there"));
}

#[test]
fn destinations_are_named_in_old_and_new_ways() {
    let w = World::new();
    concepts(&w, &["a"]);
    let apps = serde_json::from_value(json!([{"id": "french", "default_language": "fr"}, {"id": "there"}])).unwrap();
    w.ok(&PostApps { user_app_id: scope(), apps });
    let describe = json!([{"id": "demo", "description": "all of it", "metadata": {"k": 1}, "default_language": "en"}]);
    let apps = serde_json::from_value(describe).unwrap();
    w.ok(&PatchApps { user_app_id: scope(), apps, action: "overwrite".into(), ..Default::default() });
    let cases = [
        (json!({}), 25204, "app_duplications[0].destination_app is missing"),
        (json!({"destination_app": {"id": "x"}, "new_app_id": "y"}), 25204, "has destination_app and new_app_id"),
        (json!({"existing_app_id": "x", "new_app_id": "y"}), 25204, "has existing_app_id and new_app_id"),
        (json!({"existing_app_id": "there", "new_app_name": "y"}), 25204, "new_app_name goes with new_app_id"),
        (json!({"existing_app_id": "none"}), 11101, "app_duplications[0].existing_app_id: app \"none\""),
        (json!({"new_app_id": "there"}), 25204, "new_app_id: the id \"there\" is taken"),
        (json!({"destination_app": {"id": "demo"}}), 25204, "copied into itself"),
        (json!({"destination_app": {"id": "x", "user_id": "ann"}}), 25204, "user_id is \"ann\""),
        (json!({"destination_app": {"id": "a/b"}}), 25204, "app_duplications[0]: app id"),
        (json!({"destination_app": {"id": "french"}}), 25204, "default_language"),
        (
            json!({"destination_app": {"id": "x", "default_language": "fr"}}),
            25204,
            "begins in the language of its source",
        ),
        (
            json!({"destination_app": {"id": "x", "default_language": "!"}}),
            11102,
            "app_duplications[0].destination_app.default_language",
        ),
        (json!({"id": "a/b", "new_app_id": "x"}), 25204, "app_duplications[0]: duplication id"),
    ];
    for (bad, want, text) in cases {
        let (code, details) = w.refused(&op(bad.clone()));
        assert_eq!((code, details.contains(text)), (want, true), "{bad}: {details}");
        let both = [json!({"new_app_id": "fresh"}), bad].map(|v| serde_json::from_value(v).unwrap());
        w.refused(&PostAppDuplications { user_app_id: scope(), app_duplications: both.into() });
    }
    for count in [0, 17] {
        let app_duplications = vec![AppDuplication { new_app_name: "n".into(), ..AppDuplication::default() }; count];
        assert_eq!(w.refused(&PostAppDuplications { user_app_id: scope(), app_duplications }).0, 25204);
    }
    assert_eq!(w.refused(&PostAppDuplications { user_app_id: app("none"), ..op(json!({"new_app_id": "x"})) }).0, 11101);
    assert_eq!(
        (list(&w, 1, 10).len(), w.ok(&ListApps { user_app_id: scope(), ..Default::default() }).apps.len()),
        (0, 3)
    );

    let first = post(&w, json!({"id": "one", "new_app_id": "old-way", "new_app_name": "Old way"}));
    assert_eq!((first.id.as_str(), code(&first), first.new_app_id.as_str()), ("one", 25202, "old-way"));
    assert_eq!(w.refused(&op(json!({"id": "one", "new_app_id": "again"}))).0, 25204);
    let made = first.destination_app.unwrap();
    assert_eq!(
        (made.name.as_str(), made.description.as_str(), made.metadata.unwrap()["k"].as_i64()),
        ("Old way", "all of it", Some(1))
    );
    let second = post(&w, json!({"destination_app": {"name": "No id"}}));
    let made = second.destination_app.as_ref().unwrap();
    assert_eq!((made.id.len(), made.name.as_str()), (32, "No id"));
    let third = post(&w, json!({"existing_app_id": "there", "filter": {"copy_concepts": true}}));
    assert_eq!(
        (list(&w, 1, 2), list(&w, 2, 2), list(&w, 3, 2).len()),
        (vec![third.id.clone(), second.id.clone()], vec!["one".to_owned()], 0)
    );
    let jobs = w.ok(&ListJobs { user_app_id: app("there"), ..Default::default() }).jobs;
    assert_eq!(jobs.iter().map(|j| (j.kind, j.state)).collect::<Vec<_>>(), [(JobKind::DUPLICATION, JobState::QUEUED)]);
    w.run_jobs();
    for copy in ["one", &second.id, &third.id].map(|id| get(&w, id)) {
        assert_eq!(code(&copy), 25200);
        let of = app(&copy.destination_app.unwrap().id);
        assert_eq!(w.ok(&ListConcepts { user_app_id: of, ..Default::default() }).concepts.len(), 1);
    }
    let user_app_id = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    assert_eq!(w.refused(&GetAppDuplication { user_app_id, app_duplication_id: "none".into() }).0, 11101);
}
