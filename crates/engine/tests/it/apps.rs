use crate::imports::{freeze, gt};
use crate::world::{World, scope};
use labelscope_api::extensions::{GetAppCounts, StarDataset};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::{Call, Caller};
use serde_json::json;

fn user(id: &str) -> UserAppIdSet {
    UserAppIdSet { user_id: id.into(), ..UserAppIdSet::default() }
}

#[test]
fn me_is_the_caller() {
    let w = World::new();
    for id in ["me", "local"] {
        assert_eq!(w.ok(&GetUser { user_app_id: user(id), ..Default::default() }).user.unwrap().id, "local");
    }
    assert_eq!(w.refused(&GetUser { user_app_id: user("somebody"), ..Default::default() }).0, 11101);
}

#[test]
fn apps_are_made_listed_and_kept_apart() {
    let w = World::new();
    let app = |id: &str, name: &str| App {
        id: id.into(),
        name: name.into(),
        metadata: json!({"stage": "draft"}).as_object().cloned(),
        ..App::default()
    };
    let made = w.ok(&PostApps { user_app_id: user("me"), apps: vec![app("rooms", "Rooms"), app("", "No id")] }).apps;
    assert_eq!((made[0].user_id.as_str(), made[0].default_language.as_str()), ("local", "en"));
    assert_eq!(made[1].id.len(), 32);
    let sorted =
        w.ok(&ListApps { user_app_id: user("me"), sort_by_name: true, sort_ascending: true, ..Default::default() });
    assert_eq!(sorted.apps.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["demo", "No id", "Rooms"]);
    let found = w.ok(&ListApps { user_app_id: user("me"), search: "roo".into(), ..Default::default() }).apps;
    assert_eq!(found.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["rooms"]);
    let rooms = UserAppIdSet { user_id: "me".into(), app_id: "rooms".into() };
    let one = w.ok(&GetApp { user_app_id: rooms.clone(), ..Default::default() }).app.unwrap();
    assert_eq!((one.name.as_str(), one.metadata), ("Rooms", json!({"stage": "draft"}).as_object().cloned()));
    let concept = || vec![Concept { id: "cat".into(), ..Concept::default() }];
    w.ok(&PostConcepts { user_app_id: rooms.clone(), concepts: concept() });
    assert!(w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts.is_empty());
    w.ok(&PostConcepts { user_app_id: scope(), concepts: concept() });
    // The short paths mean the default app.
    let caller = Caller { user_id: "local".into() };
    let short =
        Call { name: "ListConcepts", path: vec![], query: "", body: b"", caller: &caller, base_url: "", req_id: "r" };
    let answer = w.reader.lock().unwrap().execute(&short);
    let reply: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(reply["concepts"][0]["app_id"], "demo", "{reply}");
    let nobody = UserAppIdSet { user_id: "other".into(), app_id: "demo".into() };
    assert_eq!(w.refused(&GetApp { user_app_id: nobody, ..Default::default() }).0, 11101);
}

fn list(w: &World, f: impl FnOnce(&mut ListApps)) -> Vec<String> {
    let mut op = ListApps { user_app_id: user("me"), ..Default::default() };
    f(&mut op);
    w.ok(&op).apps.into_iter().map(|a| a.id).collect()
}

#[test]
fn lists_sort_find_and_page() {
    let w = World::new();
    let app = |id: &str, name: &str| App { id: id.into(), name: name.into(), ..App::default() };
    let template = App { is_template: Some(true), notes: "for Zürich".into(), ..app("b", "Änderung") };
    w.ok(&PostApps { user_app_id: user("me"), apps: vec![template] });
    w.ok(&PostApps { user_app_id: user("me"), apps: vec![app("c", "Rooms of the house")] });
    assert_eq!(list(&w, |_| ()), ["c", "b", "demo"]);
    assert_eq!(list(&w, |op| (op.sort_by_name, op.sort_ascending) = (true, true)), ["b", "demo", "c"]);
    assert_eq!(list(&w, |op| op.sort_by_id = true), ["demo", "c", "b"]);
    // None has stars: the newest change comes first, as it does without.
    assert_eq!(list(&w, |op| op.sort_by_star_count = true), list(&w, |_| ()));
    assert_eq!(list(&w, |op| op.search = "house ROOMS".into()), ["c"]);
    assert_eq!(list(&w, |op| op.search = "zurich".into()), ["b"]);
    assert_eq!(list(&w, |op| op.name = "ander".into()), ["b"]);
    assert_eq!(list(&w, |op| op.name = "*house".into()), ["c"]);
    assert_eq!(list(&w, |op| op.id = "DEM".into()), ["demo"]);
    assert_eq!(list(&w, |op| op.template_only = true), ["b"]);
    assert!(list(&w, |op| op.starred_only = true).is_empty());
    assert!(list(&w, |op| op.name = "%".into()).is_empty());
    assert_eq!(list(&w, |op| (op.per_page, op.page) = (2, 2)), ["demo"]);
    assert!(list(&w, |op| (op.per_page, op.page) = (2, 3)).is_empty());
    let twice = ListApps { user_app_id: user("me"), sort_by_id: true, sort_by_name: true, ..Default::default() };
    assert_eq!(w.refused(&twice).0, 11102);
}

#[test]
fn changed_field_by_field_and_all_or_none() {
    let w = World::new();
    let image = |url: &str| Some(Image { url: url.into(), ..Image::default() });
    let sent = App {
        id: "a".into(),
        default_language: "de".into(),
        notes: "n".into(),
        sample_ms: 500,
        image: image("http://x/a.png"),
        metadata: json!({"k": 1, "deep": {"x": 1}}).as_object().cloned(),
        ..App::default()
    };
    w.ok(&PostApps { user_app_id: user("me"), apps: vec![sent] });
    let patch = |action: &str, sent: App, metadata_action: serde_json::Value| PatchApps {
        user_app_id: user("me"),
        action: action.into(),
        apps: vec![App { id: "a".into(), ..sent }],
        metadata_action: (!metadata_action.is_null()).then_some(metadata_action),
        ..Default::default()
    };
    let none = || serde_json::Value::Null;
    let got = w.ok(&patch("overwrite", App { description: "d".into(), ..App::default() }, none())).apps.remove(0);
    assert_eq!(
        (got.name.as_str(), got.description.as_str(), got.default_language.as_str(), got.sample_ms),
        ("a", "d", "de", 500)
    );
    let metadata = |value: serde_json::Value, action: serde_json::Value| {
        let sent = App { metadata: value.as_object().cloned(), ..App::default() };
        w.ok(&patch("overwrite", sent, action)).apps.remove(0).metadata.map(serde_json::Value::Object).unwrap()
    };
    let with =
        |op: &str, conflict: &str, path: &str| json!({"op": op, "merge_conflict_resolution": conflict, "path": path});
    assert_eq!(metadata(json!({"k": 2, "n": 3}), with("merge", "", "")), json!({"k": 2, "n": 3, "deep": {"x": 1}}));
    assert_eq!(
        metadata(json!({"k": 9, "m": 4}), with("merge", "skip", "")),
        json!({"k": 2, "n": 3, "m": 4, "deep": {"x": 1}})
    );
    assert_eq!(metadata(json!({"x": 2}), with("merge", "append", "deep"))["deep"], json!({"x": [1, 2]}));
    assert_eq!(
        metadata(json!({"y": 1}), with("overwrite", "", "deep.er"))["deep"],
        json!({"x": [1, 2], "er": {"y": 1}})
    );
    assert_eq!(metadata(none(), with("delete", "", "deep.x"))["deep"], json!({"er": {"y": 1}}));
    assert_eq!(metadata(json!({"only": true}), none()), json!({"only": true}));
    for action in [with("delete", "", ""), with("delete", "", "gone"), with("chop", "", ""), with("merge", "guess", "")]
    {
        let sent = App { metadata: json!({"k": 1}).as_object().cloned(), ..App::default() };
        assert_eq!(w.refused(&patch("overwrite", sent, action)).0, 11102);
    }
    assert_eq!(w.refused(&patch("remove", App { image: image("http://x/b.png"), ..App::default() }, none())).0, 11102);
    assert_eq!(w.refused(&patch("remove", App::default(), none())).0, 11102);
    assert_eq!(w.refused(&patch("merge", App::default(), none())).0, 11102);
    assert_eq!(w.refused(&patch("", App { default_language: "no such!".into(), ..App::default() }, none())).0, 11102);
    let got = w.ok(&patch("remove", App { image: image("http://x/a.png"), ..App::default() }, none())).apps.remove(0);
    assert!(got.image.is_none() && got.notes == "n");
    let both = PatchApps {
        user_app_id: user("me"),
        apps: ["a", "none"].map(|id| App { id: id.into(), name: "New".into(), ..App::default() }).to_vec(),
        ..Default::default()
    };
    assert_eq!(w.refused(&both).0, 11101);
    let op = GetApp { user_app_id: UserAppIdSet { user_id: "me".into(), app_id: "a".into() }, ..Default::default() };
    assert_eq!(w.ok(&op).app.unwrap().name, "a");
}

/// How many rows of each table there are, but of those that are the same in every app.
fn rows(w: &World) -> Vec<(String, i64)> {
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'dataset_words%' AND name NOT LIKE 'dataset_beginnings%'";
    let names: Vec<String> =
        conn.prepare(tables).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let count = |name: &String| conn.query_row(&format!("SELECT count(*) FROM {name}"), [], |r| r.get(0)).unwrap();
    names.iter().filter(|n| !matches!(n.as_str(), "media" | "revision")).map(|n| (n.clone(), count(n))).collect()
}

#[test]
fn a_deleted_app_leaves_nothing_and_others_alone() {
    let w = World::new();
    w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
    freeze(&w, "rooms", "v1");
    w.ok(&StarDataset { user_app_id: scope(), dataset_id: "rooms".into(), starred: true });
    crate::models::register(&w, crate::models::model("m", "visual-detector"));
    crate::models::add(&w, "m", vec![crate::models::version("v1")]);
    let counts = w.ok(&GetResourceCounts { user_app_id: scope() });
    assert_eq!((counts.datasets.0, counts.models.0, counts.inputs.0, counts.workflows.0), (1, 1, 85, 0));
    let with = GetApp { user_app_id: scope(), additional_fields: vec!["counts".into()] };
    assert_eq!(w.ok(&with).app.unwrap().extra_info.unwrap().counts.unwrap().inputs.0, 85);
    // What stays of another app is what there is without the first.
    let other = UserAppIdSet { user_id: "me".into(), app_id: "other".into() };
    w.ok(&PostApps { user_app_id: user("me"), apps: vec![App { id: "other".into(), ..App::default() }] });
    let dataset = Dataset { id: "kept".into(), ..Dataset::default() };
    w.ok(&PostDatasets { user_app_id: other.clone(), datasets: vec![dataset] });
    w.ok(&PutDatasetVersionExports {
        user_app_id: scope(),
        dataset_id: "rooms".into(),
        dataset_version_id: "v1".into(),
        exports: vec![DatasetVersionExport { format: ExportFormat::COCO, ..DatasetVersionExport::default() }],
    });
    w.ok(&DeleteApp { user_app_id: scope() });
    w.run_jobs();
    let left: Vec<_> = rows(&w).into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(left, [("app".to_owned(), 1), ("counter".to_owned(), 1), ("dataset".to_owned(), 1)]);
    assert_eq!(w.refused(&GetApp { user_app_id: scope(), ..Default::default() }).0, 11101);
    assert_eq!(w.refused(&DeleteApp { user_app_id: scope() }).0, 11101);
    // No default is deleted: the app must be named.
    let caller = Caller { user_id: "local".into() };
    let unnamed =
        Call { name: "DeleteApp", path: vec![], query: "", body: b"{}", caller: &caller, base_url: "", req_id: "r" };
    assert_eq!(w.writer.lock().execute(&unnamed).http_status, 400);
    assert_eq!(
        w.ok(&ListDatasets { user_app_id: other, search: "kept".into(), ..Default::default() }).datasets.len(),
        1
    );
    // Made again it is empty, and goes on counting.
    let before = rusqlite::Connection::open(w.dir().path().join("labelscope.db"))
        .unwrap()
        .query_row("SELECT max(seq) FROM revision", [], |r| r.get::<_, i64>(0))
        .unwrap();
    w.ok(&PostApps { user_app_id: user("me"), apps: vec![App { id: "demo".into(), ..App::default() }] });
    let counts = w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap();
    assert_eq!((counts.concepts.0, counts.datasets.0, counts.inputs.0), (0, 0, 0));
    assert!(counts.revision.0 > before);
    assert!(w.ok(&GetConceptCounts { user_app_id: scope(), ..Default::default() }).concept_counts.is_empty());
    w.imported("rooms", &[("gt.json", &gt("indoor85"))]);
}

#[test]
fn an_app_may_go_while_its_job_is_at_work() {
    use labelscope_engine::jobs::{self, Outcome};
    use std::sync::atomic::AtomicBool;
    let w = World::new();
    let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
    let stop = AtomicBool::new(false);
    let mut reader = w.engine.reader().unwrap();
    let outcome = std::thread::scope(|s| {
        s.spawn(|| {
            // The job has told something: it is under way.
            while w.writer.lock().take_events().is_empty() {
                std::thread::yield_now();
            }
            w.ok(&DeleteApp { user_app_id: scope() });
        });
        jobs::run(&w.engine, &mut reader, &w.writer, &job.id, &stop).unwrap()
    });
    assert_eq!(outcome, Outcome::Finished);
    assert!(!w.engine.import_folder(&job.id).exists());
    let left: Vec<_> = rows(&w).into_iter().filter(|(_, n)| *n > 0).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_search_of_very_many_words_is_answered() {
    let w = World::new();
    let search = "demo ".repeat(3000);
    assert_eq!(w.ok(&ListApps { user_app_id: user("me"), search: search.clone(), ..Default::default() }).apps.len(), 1);
    assert!(w.ok(&ListModels { user_app_id: scope(), search, ..Default::default() }).models.is_empty());
}
