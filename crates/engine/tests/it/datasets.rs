use crate::world::{World, scope};
use labelscope_api::extensions::StarDataset;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;
use serde_json::json;

fn named(id: &str) -> Dataset {
    Dataset { id: id.into(), ..Dataset::default() }
}

fn world() -> World {
    let w = World::new();
    w.ok(&PostDatasets {
        user_app_id: scope(),
        datasets: vec![named("one"), Dataset { description: "Photographs of rooms".into(), ..named("two") }],
    });
    let input = |n: usize| {
        let image = Some(Image { url: format!("http://x/{n}.jpg"), ..Image::default() });
        Input {
            id: format!("i{n}"),
            data: Some(Box::new(Data { image, ..Data::default() })),
            dataset_ids: vec!["one".into()],
            ..Input::default()
        }
    };
    w.ok(&PostInputs { user_app_id: scope(), inputs: (0..5).map(input).collect(), ..Default::default() });
    w
}

fn ids(w: &World, f: impl FnOnce(&mut ListDatasets)) -> Vec<String> {
    let mut op = ListDatasets { user_app_id: scope(), ..Default::default() };
    f(&mut op);
    w.ok(&op).datasets.into_iter().map(|d| d.id).collect()
}

#[test]
fn lists_sorts_and_finds() {
    let w = world();
    assert_eq!(ids(&w, |op| op.sort_by_id = true), ["two", "one"]);
    assert_eq!(ids(&w, |op| (op.sort_by_id, op.sort_ascending) = (true, true)), ["one", "two"]);
    assert_eq!(ids(&w, |op| op.search = "rooms photo".into()), ["two"]);
    assert!(ids(&w, |op| op.search = "hoto".into()).is_empty(), "words are found from their beginning");
    assert_eq!(ids(&w, |op| op.id = "ON".into()), ["one"]);
    let over = Dataset { notes: "Straßen, Über-Sicht".into(), ..named("three-four") };
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![over] });
    for words in ["über", "ÜBER sicht", "four", "three-f"] {
        assert_eq!(ids(&w, |op| op.search = words.into()), ["three-four"], "{words}");
    }
}

#[test]
fn making_and_changing_are_all_or_none() {
    let w = world();
    let (code, details) =
        w.refused(&PostDatasets { user_app_id: scope(), datasets: vec![named("three"), named("one")] });
    assert!(code == 11102 && details.contains("datasets[1]") && details.contains("duplicate"), "{details}");
    assert_eq!(ids(&w, |_| ()).len(), 2);
    let changed = |id: &str| Dataset { notes: "new".into(), ..named(id) };
    assert_eq!(
        w.refused(&PatchDatasets {
            user_app_id: scope(),
            action: "overwrite".into(),
            datasets: vec![changed("one"), changed("none")]
        })
        .0,
        11101
    );
    assert_eq!(
        w.ok(&GetDataset { user_app_id: scope(), dataset_id: "one".into(), ..Default::default() })
            .dataset
            .unwrap()
            .notes,
        ""
    );
    w.ok(&PatchDatasets { user_app_id: scope(), action: "overwrite".into(), datasets: vec![changed("two")] });
    let two =
        w.ok(&GetDataset { user_app_id: scope(), dataset_id: "two".into(), ..Default::default() }).dataset.unwrap();
    assert_eq!((two.notes.as_str(), two.description.as_str()), ("new", "Photographs of rooms"));
}

#[test]
fn members_come_and_go() {
    let w = world();
    let list = |page| {
        w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "one".into(), page, per_page: 2 })
            .dataset_inputs
            .into_iter()
            .map(|d| d.input.unwrap().id)
            .collect::<Vec<_>>()
    };
    assert_eq!((list(1), list(3), list(4)), (vec!["i0".into(), "i1".into()], vec!["i4".into()], vec![]));
    let item = |id: &str| DatasetInput {
        input: Some(Box::new(Input { id: id.into(), ..Input::default() })),
        ..DatasetInput::default()
    };
    let reply = w.ok(&PostDatasetInputs {
        user_app_id: scope(),
        dataset_id: "two".into(),
        dataset_inputs: vec![item("i1"), item("none"), item("i1")],
        ..Default::default()
    });
    assert_eq!(reply.status.unwrap().code, StatusCode::MIXED_STATUS);
    assert_eq!(reply.dataset_inputs[0].input.as_ref().unwrap().status.as_ref().unwrap().code.0, 64100);
    w.ok(&GetDatasetInput { user_app_id: scope(), dataset_id: "two".into(), input_id: "i1".into() });
    assert_eq!(
        w.refused(&GetDatasetInput { user_app_id: scope(), dataset_id: "two".into(), input_id: "i2".into() }).0,
        11101
    );
    w.ok(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: "one".into(), input_ids: vec!["i0".into()] });
    assert_eq!(list(1), ["i1", "i2"]);
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["one".into()] });
    assert_eq!(
        w.refused(&GetDataset { user_app_id: scope(), dataset_id: "one".into(), ..Default::default() }).0,
        11101
    );
    w.ok(&GetInput { user_app_id: scope(), input_id: "i1".into() });
}

#[test]
fn versions_are_counted_described_and_dropped() {
    let w = world();
    let post = |version: DatasetVersion| {
        w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "one".into(), dataset_versions: vec![version] })
            .dataset_versions
            .remove(0)
    };
    let made = post(DatasetVersion { id: "v1".into(), description: "first".into(), ..DatasetVersion::default() });
    assert_eq!(made.status.unwrap().code.0, 64005);
    w.run_jobs();
    let get = |id: &str| {
        w.ok(&GetDatasetVersion { user_app_id: scope(), dataset_id: "one".into(), dataset_version_id: id.into() })
            .dataset_version
            .unwrap()
    };
    let v1 = get("v1");
    assert_eq!(
        (
            v1.status.unwrap().code.0,
            v1.metrics["/"].inputs_count.unwrap().0,
            v1.metrics["/"].unlabeled_inputs_count.unwrap().0
        ),
        (64015, 5, 5)
    );
    assert!(v1.export_info.is_none(), "an export that nobody asked for is absent");
    let ignoring = AnnotationFilterConfig { ignore_empty_inputs: true, ..AnnotationFilterConfig::default() };
    post(DatasetVersion { id: "v2".into(), annotation_filter_config: Some(ignoring), ..DatasetVersion::default() });
    w.run_jobs();
    assert_eq!(get("v2").metrics["/"].inputs_count.unwrap().0, 0);
    let groups = w
        .ok(&ListDatasetVersionMetricsGroups {
            user_app_id: scope(),
            dataset_id: "one".into(),
            dataset_version_id: "v1".into(),
            ..Default::default()
        })
        .dataset_version_metrics_groups;
    assert!(groups.iter().any(|g| g.r#type != MetricsGroupType::CONCEPT_ID && g.value == Some("total".into())));
    let list = w
        .ok(&ListDatasetVersions { user_app_id: scope(), dataset_id: "one".into(), ..Default::default() })
        .dataset_versions;
    assert_eq!(list.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["v2", "v1"]);
    w.ok(&PatchDatasetVersions {
        user_app_id: scope(),
        dataset_id: "one".into(),
        action: "overwrite".into(),
        dataset_versions: vec![DatasetVersion {
            id: "v1".into(),
            description: "renamed".into(),
            ..DatasetVersion::default()
        }],
    });
    assert_eq!(get("v1").description, "renamed");
    w.ok(&DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "one".into(),
        dataset_version_ids: vec!["v1".into()],
    });
    assert_eq!(
        w.refused(&GetDatasetVersion {
            user_app_id: scope(),
            dataset_id: "one".into(),
            dataset_version_id: "v1".into()
        })
        .0,
        11101
    );
    let predict =
        DatasetVersion { model_predict_config: Some(ModelPredictConfig::default()), ..DatasetVersion::default() };
    assert_eq!(
        w.refused(&PostDatasetVersions {
            user_app_id: scope(),
            dataset_id: "one".into(),
            dataset_versions: vec![predict]
        })
        .0,
        10040
    );
}

#[test]
fn one_dataset_is_poured_into_another() {
    let w = world();
    let by_search = |filters: Vec<Filter>| PostDatasetInputs {
        user_app_id: scope(),
        dataset_id: "two".into(),
        search: Some(Box::new(Search { query: Some(Query { filters, ..Query::default() }), ..Search::default() })),
        ..Default::default()
    };
    let from = |id: &str| Filter {
        input: Some(Box::new(Input { dataset_ids: vec![id.into()], ..Input::default() })),
        // As the vendor's SDK sends it.
        annotation: Some(Box::default()),
        ..Filter::default()
    };
    let members = || {
        w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "two".into(), ..Default::default() })
            .dataset_inputs
            .len()
    };
    w.ok(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: "one".into(), input_ids: vec!["i4".into()] });
    for _ in 0..2 {
        w.ok(&by_search(vec![from("one")]));
        assert_eq!(members(), 4);
    }
    w.ok(&by_search(vec![]));
    assert_eq!(members(), 5);
    assert_eq!(w.refused(&by_search(vec![from("none")])).0, 11101);
    let task = Annotation { embed_model_version_id: "t".into(), ..Annotation::default() };
    let (code, details) = w.refused(&by_search(vec![Filter { annotation: Some(Box::new(task)), ..Filter::default() }]));
    assert!(code == 10040 && details.contains("annotation.embed_model_version_id"), "{details}");
    w.ok(&by_search(vec![Filter { negate: true, ..from("one") }]));
    assert_eq!(members(), 5);
}

#[test]
fn defaults_and_picture_of_a_dataset_are_kept() {
    let w = world();
    let patch = |action: &str, dataset: Dataset| PatchDatasets {
        user_app_id: scope(),
        action: action.into(),
        datasets: vec![dataset],
    };
    let image = |url: &str| Some(Image { url: url.into(), ..Image::default() });
    let filter = AnnotationFilter { id: "f".into(), ..AnnotationFilter::default() };
    let sent = Dataset {
        image: image("http://x/a.jpg"),
        default_annotation_filter: Some(Box::new(filter)),
        metadata: serde_json::json!({"a": {"b": 1}}).as_object().cloned(),
        ..named("one")
    };
    w.ok(&patch("overwrite", sent.clone()));
    let more = Dataset { metadata: serde_json::json!({"a": {"c": 2}}).as_object().cloned(), ..named("one") };
    let got = w.ok(&patch("merge", more)).datasets.remove(0);
    assert_eq!(got.metadata, serde_json::json!({"a": {"b": 1, "c": 2}}).as_object().cloned());
    assert_eq!((&got.image, &got.default_annotation_filter), (&sent.image, &sent.default_annotation_filter));
    assert_eq!(w.refused(&patch("remove", Dataset { image: image("http://x/other.jpg"), ..named("one") })).0, 11102);
    assert_eq!(w.refused(&patch("remove", named("one"))).0, 11102);
    let bare = w.ok(&patch("remove", Dataset { image: image("http://x/a.jpg"), ..named("one") })).datasets.remove(0);
    assert!(bare.image.is_none() && bare.default_annotation_filter.is_some());
    let (code, details) = w.refused(&patch("overwrite", Dataset { notes: "n".repeat((64 << 10) + 1), ..named("one") }));
    assert!(code == 11102 && details.contains("65536"), "{details}");
}

#[test]
fn a_dataset_made_again_starts_empty() {
    let w = world();
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["one".into()] });
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![named("one")] });
    let op = ListDatasetInputs { user_app_id: scope(), dataset_id: "one".into(), ..Default::default() };
    assert!(w.ok(&op).dataset_inputs.is_empty());
    let versions = w.ok(&ListDatasetVersions { user_app_id: scope(), dataset_id: "one".into(), ..Default::default() });
    assert!(versions.dataset_versions.is_empty());
}

#[test]
fn words_are_found_whatever_their_form_and_script() {
    let w = World::new();
    let with = |id: &str, description: &str, notes: &str, metadata: serde_json::Value| Dataset {
        description: description.into(),
        notes: notes.into(),
        metadata: metadata.as_object().cloned(),
        ..named(id)
    };
    let datasets = vec![
        with("a", "People running in parks", "", json!({})),
        with("b", "", "Ein Café in der Straße", json!({"licence": {"name": "apache"}, "tags": ["night"]})),
        with("c", "室内写真のデータセット", "照片", json!({})),
        with("d", "plain", "A parked car; another car", json!({})),
    ];
    w.ok(&PostDatasets { user_app_id: scope(), datasets });
    let found = |words: &str| {
        let mut found = ids(&w, |op| op.search = words.into());
        found.sort();
        found
    };
    for words in ["runs", "run", "runnin", "RUNNING parks", "peopl"] {
        assert_eq!(found(words), ["a"], "{words}");
    }
    for words in ["cafe", "STRASSE", "apac", "licence", "night", "caf stra"] {
        assert_eq!(found(words), ["b"], "{words}");
    }
    for words in ["写真", "室内", "データ", "照片"] {
        assert_eq!(found(words), ["c"], "{words}");
    }
    assert_eq!(found("park"), ["a", "d"]);
    for words in ["running car", "NOT a", "notes:car", "写真 car", "tags[0]"] {
        assert!(found(words).is_empty(), "{words}");
    }
    let best = ids(&w, |op| (op.search, op.sort_by_relevance) = ("car".into(), true));
    assert_eq!(best, ["d"]);
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![with("car", "", "", json!({}))] });
    w.ok(&PostDatasets {
        user_app_id: scope(),
        datasets: vec![with("z", "", "a car among many other words", json!({}))],
    });
    assert_eq!(ids(&w, |op| (op.search, op.sort_by_relevance) = ("car".into(), true)), ["car", "d", "z"]);
    // The index follows what is changed and deleted.
    let changed = Dataset { notes: "bicycles".into(), ..named("d") };
    w.ok(&PatchDatasets { user_app_id: scope(), action: "overwrite".into(), datasets: vec![changed] });
    assert_eq!((found("bicycle"), found("parked").contains(&"d".to_owned())), (vec!["d".to_owned()], false));
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["d".into()] });
    assert!(found("bicycle").is_empty());
}

#[test]
fn sorted_by_one_thing_at_a_time() {
    let w = world();
    let op = ListDatasets { user_app_id: scope(), sort_by_id: true, sort_by_created_at: true, ..Default::default() };
    let (code, details) = w.refused(&op);
    assert!(code == 11102 && details.contains("sort_by_created_at") && details.contains("sort_by_id"), "{details}");
    w.ok(&PatchDatasets {
        user_app_id: scope(),
        action: "overwrite".into(),
        datasets: vec![Dataset { notes: "n".into(), ..named("one") }],
    });
    assert_eq!(ids(&w, |_| ()), ["one", "two"]);
    assert_eq!(ids(&w, |op| (op.page, op.per_page) = (2, 1)), ["two"]);
    assert!(ids(&w, |op| (op.page, op.per_page) = (3, 1)).is_empty());
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![named("new")] });
    w.ok(&PatchDatasets {
        user_app_id: scope(),
        action: "overwrite".into(),
        datasets: vec![Dataset { notes: "m".into(), ..named("one") }],
    });
    assert_eq!(ids(&w, |op| op.sort_by_created_at = true)[0], "new");
    assert_eq!(ids(&w, |op| (op.sort_by_created_at, op.sort_ascending) = (true, true))[2], "new");
    assert_eq!(ids(&w, |_| ())[0], "one");
}

#[test]
fn stars_are_set_counted_and_taken_away() {
    let w = world();
    let star = |id: &str, starred| StarDataset { user_app_id: scope(), dataset_id: id.into(), starred };
    let reply = w.ok(&star("one", true)).dataset.unwrap();
    assert_eq!((reply.is_starred, reply.star_count), (true, 1));
    w.ok(&star("one", true));
    assert_eq!(ids(&w, |op| op.starred_only = true), ["one"]);
    assert_eq!(ids(&w, |op| op.sort_by_star_count = true), ["one", "two"]);
    assert_eq!(ids(&w, |op| (op.sort_by_star_count, op.sort_ascending) = (true, true)), ["two", "one"]);
    let get = |fields: Vec<String>| {
        w.ok(&GetDataset { user_app_id: scope(), dataset_id: "one".into(), additional_fields: fields }).dataset.unwrap()
    };
    assert_eq!((get(vec!["stars".into()]).star_count, get(vec![]).star_count), (1, 0));
    assert!(!w.ok(&star("one", false)).dataset.unwrap().is_starred);
    assert!(ids(&w, |op| op.starred_only = true).is_empty());
    assert_eq!(w.refused(&star("none", true)).0, 11101);
    w.ok(&star("one", true));
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["one".into()] });
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![named("one")] });
    assert!(ids(&w, |op| op.starred_only = true).is_empty(), "a dataset made again has no stars");
}

#[test]
fn a_bookmark_shows_its_origin_and_cannot_be_written() {
    let w = world();
    let user = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    w.ok(&PostApps { user_app_id: user.clone(), apps: vec![App { id: "other".into(), ..App::default() }] });
    let other = UserAppIdSet { user_id: "me".into(), app_id: "other".into() };
    let origin = |id: &str, app: &str| BookmarkOrigin {
        id: id.into(),
        app_id: app.into(),
        user_id: "me".into(),
        resource_type: BookmarkType::dataset,
    };
    let mark = |id: &str, origin: BookmarkOrigin| PostDatasets {
        user_app_id: other.clone(),
        datasets: vec![Dataset { bookmark_origin: Some(origin), ..named(id) }],
    };
    let made = w.ok(&mark("rooms", origin("two", "demo"))).datasets.remove(0);
    assert_eq!((made.id.as_str(), made.description.as_str()), ("rooms", "Photographs of rooms"));
    assert_eq!(made.bookmark_origin.as_ref().unwrap().user_id, "local");
    w.ok(&mark("first", origin("one", "demo")));
    let version = DatasetVersion { id: "v1".into(), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "one".into(), dataset_versions: vec![version] });
    let first =
        w.ok(&GetDataset { user_app_id: other.clone(), dataset_id: "first".into(), ..Default::default() }).dataset;
    assert_eq!(first.unwrap().version.unwrap().id, "v1");
    let inputs =
        w.ok(&ListDatasetInputs { user_app_id: other.clone(), dataset_id: "first".into(), ..Default::default() });
    assert_eq!(inputs.dataset_inputs.len(), 5);
    let versions =
        w.ok(&ListDatasetVersions { user_app_id: other.clone(), dataset_id: "first".into(), ..Default::default() });
    assert_eq!(versions.dataset_versions.len(), 1);
    let list = |bookmark| {
        let op = ListDatasets { user_app_id: other.clone(), bookmark, sort_by_id: true, ..Default::default() };
        w.ok(&op).datasets.into_iter().map(|d| d.id).collect::<Vec<_>>()
    };
    assert_eq!((list(true), list(false)), (vec!["rooms".to_owned(), "first".to_owned()], vec![]));
    for (origin, code) in
        [(origin("none", "demo"), 11101), (origin("rooms", "other"), 11101), (origin("two", "nowhere"), 11101)]
    {
        assert_eq!(w.refused(&mark("x", origin)).0, code);
    }
    w.ok(&PostDatasets { user_app_id: other.clone(), datasets: vec![named("own")] });
    assert_eq!(w.refused(&mark("x", origin("own", "other"))).0, 11102);
    let patch = PatchDatasets {
        user_app_id: other.clone(),
        action: "overwrite".into(),
        datasets: vec![Dataset { notes: "x".into(), ..named("first") }],
    };
    let out =
        DeleteDatasetInputs { user_app_id: other.clone(), dataset_id: "first".into(), input_ids: vec!["i1".into()] };
    for (code, details) in [w.refused(&patch), w.refused(&out)] {
        assert!(code == 11102 && details.contains("bookmark") && details.contains("\"one\""), "{details}");
    }
    // All datasets of the user, over the apps.
    let all = w.ok(&ListDatasets { user_app_id: user, sort_by_id: true, sort_ascending: true, ..Default::default() });
    let all: Vec<_> = all.datasets.iter().map(|d| (d.app_id.as_str(), d.id.as_str())).collect();
    assert_eq!(all, [("demo", "one"), ("other", "own"), ("demo", "two")]);
    // The origin goes, the bookmark stays and says nothing.
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["two".into()] });
    let left =
        w.ok(&GetDataset { user_app_id: other.clone(), dataset_id: "rooms".into(), ..Default::default() }).dataset;
    assert_eq!(left.unwrap().description, "");
    w.ok(&DeleteDatasets { user_app_id: other, dataset_ids: vec!["rooms".into()] });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_search_is_syntax(texts in prop::collection::vec(prop_oneof![any::<String>(), "[\"*^:(){}+\\- a-zORNT\u{0}-\u{20}]{0,20}"], 8)) {
        let w = world();
        for text in texts {
            for relevance in [false, true] {
                let op = ListDatasets { user_app_id: scope(), search: text.clone(), sort_by_relevance: relevance, ..Default::default() };
                prop_assert!(w.send(&op).is_ok(), "{text:?}");
            }
        }
    }
}
