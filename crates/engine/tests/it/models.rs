//! Models as they are registered, changed, listed and forgotten.

use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

pub fn model(id: &str, kind: &str) -> Model {
    Model { id: id.into(), model_type_id: kind.into(), ..Model::default() }
}

pub fn version(id: &str) -> ModelVersion {
    ModelVersion { id: id.into(), ..ModelVersion::default() }
}

pub fn register(w: &World, model: Model) -> Model {
    *w.ok(&PostModels { user_app_id: scope(), model: Some(Box::new(model)), ..Default::default() }).model.unwrap()
}

pub fn add(w: &World, model_id: &str, versions: Vec<ModelVersion>) -> Model {
    let op = PostModelVersions {
        user_app_id: scope(),
        model_id: model_id.into(),
        model_versions: versions,
        ..Default::default()
    };
    *w.ok(&op).model.unwrap()
}

fn get(w: &World, id: &str, version_id: &str) -> Model {
    let op =
        GetModel { user_app_id: scope(), model_id: id.into(), version_id: version_id.into(), ..Default::default() };
    *w.ok(&op).model.unwrap()
}

fn ids(w: &World, f: impl FnOnce(&mut ListModels)) -> Vec<String> {
    let mut op = ListModels { user_app_id: scope(), ..Default::default() };
    f(&mut op);
    w.ok(&op).models.into_iter().map(|m| m.id).collect()
}

#[test]
fn what_is_sent_survives() {
    let w = World::new();
    let sent = Model {
        name: "Chairs and tables".into(),
        description: "what it does".into(),
        notes: "how it was made".into(),
        metadata: json!({"a": {"b": [1, null]}}).as_object().cloned(),
        toolkits: vec!["PyTorch".into()],
        output_info: Some(
            json!({"data": {"concepts": [{"id": "chair", "value": 1}]}, "output_config": {"min_value": 0.1}}),
        ),
        check_consents: vec!["x".into()],
        featured_order: Some(3),
        ..model("m", "visual-detector")
    };
    register(&w, sent.clone());
    let trained = ModelVersion {
        description: "second".into(),
        license: "MIT".into(),
        train_info: Some(json!({"params": {"epochs": 3}})),
        total_input_count: 7,
        ..version("v2")
    };
    let made = add(&w, "m", vec![version("v1"), trained.clone()]);
    assert_eq!((made.model_version.as_ref().unwrap().id.as_str(), made.version_count), ("v2", 2));
    let got = get(&w, "m", "");
    assert_eq!(
        (got.app_id.as_str(), got.user_id.as_str(), got.model_type_id.as_str()),
        ("demo", "local", "visual-detector")
    );
    let own = Model {
        created_at: got.created_at,
        modified_at: got.modified_at,
        app_id: got.app_id.clone(),
        user_id: got.user_id.clone(),
        model_version: got.model_version.clone(),
        visibility: got.visibility.clone(),
        version_count: 2,
        ..sent
    };
    assert_eq!(got, own);
    let shown = got.model_version.unwrap();
    assert_eq!(
        (shown.status.clone().unwrap().code, shown.train_info.clone()),
        (StatusCode::MODEL_TRAINED, trained.train_info)
    );
    assert_eq!(get(&w, "m", "v1").model_version.unwrap().id, "v1");
    let op = GetModelOutputInfo { user_app_id: scope(), model_id: "m".into(), ..Default::default() };
    assert_eq!(w.ok(&op).model.unwrap().output_info.unwrap()["data"]["concepts"][0]["id"], "chair");
}

#[test]
fn what_is_not_there_or_there_already_is_refused() {
    let w = World::new();
    register(&w, model("m", "visual-classifier"));
    add(&w, "m", vec![version("v1")]);
    let post = |m: Model| PostModels { user_app_id: scope(), model: Some(Box::new(m)), ..Default::default() };
    let (code, details) = w.refused(&post(model("m", "")));
    assert!(code == 21202 && details.contains("duplicate"), "{details}");
    assert_eq!(w.refused(&post(model("a/b", ""))).0, 21202);
    assert_eq!(w.refused(&PostModels { user_app_id: scope(), ..Default::default() }).0, 11102);
    let two = PostModels { user_app_id: scope(), models: vec![model("n", ""), model("m", "")], ..Default::default() };
    assert_eq!(w.refused(&two).0, 21202);
    assert_eq!(ids(&w, |_| ()), ["m"], "all or none");
    let unknown = GetModel { user_app_id: scope(), model_id: "none".into(), ..Default::default() };
    let error = w.send(&unknown).unwrap_err();
    assert_eq!((error.code(), error.http_status), (StatusCode::MODEL_DOES_NOT_EXIST, 404));
    let op = GetModel { user_app_id: scope(), model_id: "m".into(), version_id: "v9".into(), ..Default::default() };
    let (code, details) = w.refused(&op);
    assert!(code == 21200 && details.contains("v9"), "{details}");
    let versions = |sent| PostModelVersions {
        user_app_id: scope(),
        model_id: "m".into(),
        model_versions: sent,
        ..Default::default()
    };
    assert_eq!(w.refused(&versions(vec![version("v2"), version("v1")])).0, 21202);
    assert_eq!(get(&w, "m", "").version_count, 1);
    let (code, details) = w.refused(&versions(vec![]));
    assert!(code == 10040 && details.contains("trains no models"), "{details}");
}

#[test]
fn changed_by_merge_overwrite_and_remove() {
    let w = World::new();
    register(
        &w,
        Model {
            toolkits: vec!["a".into()],
            metadata: json!({"x": {"p": 1}}).as_object().cloned(),
            image: Some(Image { url: "http://x/a.png".into(), ..Image::default() }),
            ..model("m", "visual-classifier")
        },
    );
    let patch = |action: &str, m: Model| PatchModels { user_app_id: scope(), action: action.into(), models: vec![m] };
    let more = Model {
        name: "New".into(),
        toolkits: vec!["b".into()],
        metadata: json!({"x": {"q": 2}}).as_object().cloned(),
        ..model("m", "")
    };
    let got = w.ok(&patch("merge", more.clone())).models.remove(0);
    assert_eq!((got.name.as_str(), got.toolkits), ("New", vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(got.metadata, json!({"x": {"p": 1, "q": 2}}).as_object().cloned());
    let got = w.ok(&patch("overwrite", more)).models.remove(0);
    assert_eq!((got.toolkits, got.metadata), (vec!["b".to_owned()], json!({"x": {"q": 2}}).as_object().cloned()));
    let image = |url: &str| Some(Image { url: url.into(), ..Image::default() });
    let with_image = Model { image: image("http://x/a.png"), toolkits: vec!["b".into()], ..model("m", "") };
    assert_eq!(w.refused(&patch("remove", with_image)).0, 21202);
    assert_eq!(w.refused(&patch("remove", Model { image: image("http://x/b.png"), ..model("m", "") })).0, 21202);
    let got = w.ok(&patch("remove", Model { image: image("http://x/a.png"), ..model("m", "") })).models.remove(0);
    assert!(got.image.is_none() && got.toolkits == ["b"]);
    let got = w.ok(&patch("remove", Model { toolkits: vec!["b".into()], ..model("m", "") })).models.remove(0);
    assert!(got.toolkits.is_empty());
    assert_eq!(w.refused(&patch("delete", model("m", ""))).0, 11102);
    assert_eq!(w.refused(&patch("merge", model("m", "text-classifier"))).0, 21202);
    assert_eq!(w.refused(&patch("merge", model("none", ""))).0, 21200);
    add(&w, "m", vec![version("v1")]);
    let versions = |sent| PatchModelVersions {
        user_app_id: scope(),
        model_id: "m".into(),
        action: "merge".into(),
        model_versions: vec![sent],
    };
    let sent = ModelVersion { description: "told later".into(), ..version("v1") };
    assert_eq!(w.ok(&versions(sent)).model_versions[0].description, "told later");
    assert_eq!(w.refused(&versions(version("v9"))).0, 21200);
}

#[test]
fn lists_filter_sort_and_page() {
    let w = World::new();
    register(&w, Model { name: "Chair finder".into(), ..model("b", "visual-detector") });
    register(
        &w,
        Model {
            name: "Scenes".into(),
            notes: "of Zürich".into(),
            toolkits: vec!["t".into()],
            ..model("a", "visual-classifier")
        },
    );
    register(&w, Model { name: "Chair classes".into(), ..model("c", "visual-classifier") });
    add(&w, "b", vec![version("vb")]);
    let untrained = Status { code: StatusCode::MODEL_UNTRAINED, ..Status::default() };
    add(&w, "c", vec![ModelVersion { status: Some(untrained), total_input_count: 9, ..version("vc") }]);
    assert_eq!(ids(&w, |op| op.model_type_id = "visual-classifier".into()), ["c", "a"]);
    assert_eq!(ids(&w, |op| (op.sort_by_name, op.sort_ascending) = (true, true)), ["c", "b", "a"]);
    assert_eq!(ids(&w, |op| (op.sort_by_created_at, op.sort_ascending) = (true, true)), ["b", "a", "c"]);
    assert_eq!(ids(&w, |op| op.sort_by_num_inputs = true)[0], "c");
    assert_eq!(ids(&w, |op| op.sort_by_star_count = true), ids(&w, |_| ()));
    assert_eq!(ids(&w, |op| (op.name, op.sort_by_name) = ("chair*".into(), true)), ["b", "c"]);
    assert!(ids(&w, |op| op.name = "chair".into()).is_empty());
    assert_eq!(ids(&w, |op| op.search = "zurich".into()), ["a"]);
    assert_eq!(ids(&w, |op| (op.search, op.sort_by_relevance) = ("scenes".into(), true)), ["a"]);
    assert_eq!(ids(&w, |op| op.trained_only = true), ["b"]);
    assert_eq!(ids(&w, |op| op.model_version_ids = vec!["vc".into()]), ["c"]);
    assert_eq!(ids(&w, |op| op.toolkits = vec!["t".into()]), ["a"]);
    assert_eq!(ids(&w, |op| op.output_fields = vec!["concepts".into()]), ["c", "a"]);
    assert!(ids(&w, |op| op.bookmark = true).is_empty() && ids(&w, |op| op.starred_only = true).is_empty());
    assert_eq!(ids(&w, |op| (op.per_page, op.page) = (2, 2)).len(), 1);
    assert!(ids(&w, |op| (op.per_page, op.page) = (2, 3)).is_empty());
    let twice = ListModels { user_app_id: scope(), sort_by_name: true, sort_by_created_at: true, ..Default::default() };
    assert_eq!(w.refused(&twice).0, 11102);
    for name in ["'", "%", "\\", "_"] {
        assert!(ids(&w, |op| op.name = name.into()).is_empty(), "{name}");
    }
}

#[test]
fn versions_are_listed_newest_first_and_deleted() {
    let w = World::new();
    register(&w, Model { model_version: Some(Box::new(version("v0"))), ..model("m", "") });
    let concepts = json!({"data": {"concepts": [{"id": "chair"}]}});
    add(&w, "m", vec![ModelVersion { output_info: Some(concepts), ..version("v1") }, version("v2")]);
    let list = |f: fn(&mut ListModelVersions)| {
        let mut op = ListModelVersions { user_app_id: scope(), model_id: "m".into(), ..Default::default() };
        f(&mut op);
        w.ok(&op).model_versions.into_iter().map(|v| v.id).collect::<Vec<_>>()
    };
    assert_eq!(list(|_| ()), ["v2", "v1", "v0"]);
    assert_eq!(list(|op| op.sort_ascending = true), ["v0", "v1", "v2"]);
    assert_eq!(list(|op| op.concept_ids = vec!["chair".into()]), ["v1"]);
    let one = |id: &str| GetModelVersion { user_app_id: scope(), model_id: "m".into(), version_id: id.into() };
    assert_eq!(w.ok(&one("v1")).model_version.unwrap().app_id, "demo");
    w.ok(&DeleteModelVersion { user_app_id: scope(), model_id: "m".into(), version_id: "v2".into() });
    assert_eq!(w.refused(&one("v2")).0, 21200);
    assert_eq!(get(&w, "m", "").model_version.unwrap().id, "v1");
    register(&w, model("n", ""));
    let delete = |ids: Vec<String>, delete_all| DeleteModels { user_app_id: scope(), ids, delete_all };
    assert_eq!(w.refused(&delete(vec![], false)).0, 11102);
    assert_eq!(w.refused(&delete(vec!["n".into(), "none".into()], false)).0, 21200);
    assert_eq!(ids(&w, |_| ()).len(), 2);
    w.ok(&DeleteModel { user_app_id: scope(), model_id: "m".into() });
    assert_eq!(w.refused(&one("v1")).0, 21200);
    w.ok(&delete(vec![], true));
    assert!(ids(&w, |_| ()).is_empty());
    // A model of that id made again has none of the old versions.
    register(&w, model("m", ""));
    assert!(list(|_| ()).is_empty());
}

#[test]
fn types_name_what_goes_in_and_how_it_is_measured() {
    let w = World::new();
    let all = w.ok(&ListModelTypes { user_app_id: scope(), per_page: 100, ..Default::default() }).model_types;
    let op = |id: &str| GetModelType { user_app_id: scope(), model_type_id: id.into() };
    for kind in &all {
        assert_eq!(w.ok(&op(&kind.id)).model_type.as_ref(), Some(kind));
    }
    let detector = w.ok(&op("visual-detector")).model_type.unwrap();
    assert_eq!(detector.evaluation_type, EvaluationType::Detection);
    assert_eq!(detector.output_fields, ["regions[...].data.concepts"]);
    assert_eq!(w.refused(&op("none")).0, 11101);
}
