//! Every write closes rows and opens others; what a past sequence number sees never changes again.

use crate::world::{World, scope};
use labelscope_api::extensions::GetAppCounts;
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Write {
    Input(u8, u8),
    Broken(u8),
    Patch(u8, u8),
    Annotate(u8, u8),
    Change(u8, u8),
    Remove(u8),
    Concept(u8, u8),
    Dataset(u8),
    Join(u8, u8),
    Leave(u8),
    DropInput(u8),
    DropDataset(u8),
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        4 => (0u8..5, 0u8..3).prop_map(|(i, c)| Write::Input(i, c)),
        1 => (0u8..5).prop_map(Write::Broken),
        3 => (0u8..5, 0u8..6).prop_map(|(i, c)| Write::Patch(i, c)),
        3 => (0u8..5, 0u8..3).prop_map(|(i, c)| Write::Annotate(i, c)),
        3 => (0u8..5, 0u8..3).prop_map(|(i, c)| Write::Change(i, c)),
        1 => (0u8..5).prop_map(Write::Remove),
        2 => (0u8..3, any::<u8>()).prop_map(|(c, n)| Write::Concept(c, n)),
        2 => (0u8..2).prop_map(Write::Dataset),
        2 => (0u8..2, 0u8..5).prop_map(|(d, i)| Write::Join(d, i)),
        1 => (0u8..5).prop_map(Write::Leave),
        1 => (0u8..5).prop_map(Write::DropInput),
        1 => (0u8..2).prop_map(Write::DropDataset),
    ]
}

fn picture(id: String, concept: u8) -> Input {
    let image = Some(Image { url: "http://x/y.jpg".into(), allow_duplicate_url: true, ..Image::default() });
    let concepts = vec![Concept { id: format!("c{concept}"), ..Concept::default() }];
    Input { id, data: Some(Box::new(Data { image, concepts, ..Data::default() })), ..Input::default() }
}

fn boxed(input: &str, concept: u8, right_col: f32) -> Annotation {
    let bounding_box = Some(BoundingBox { top_row: 0.0, left_col: 0.0, bottom_row: 0.5, right_col });
    let concepts = vec![Concept { id: format!("c{concept}"), ..Concept::default() }];
    let region = Region {
        region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
        data: Some(Box::new(Data { concepts, ..Data::default() })),
        ..Region::default()
    };
    Annotation {
        id: "a".into(),
        input_id: input.into(),
        data: Some(Box::new(Data { regions: vec![region], ..Data::default() })),
        ..Annotation::default()
    }
}

/// Some writes find nothing to do; that is a refusal, and changes nothing.
fn take(w: &World, write: &Write) {
    let (input, dataset) = (|i: &u8| format!("i{i}"), |d: &u8| format!("d{d}"));
    match write {
        Write::Input(i, c) => {
            let inputs = vec![picture(input(i), *c)];
            drop(w.send(&PostInputs { user_app_id: scope(), inputs, ..Default::default() }));
        }
        Write::Broken(i) => {
            // The first names a dataset that is not there, and goes again after it was written.
            let lost = Input { dataset_ids: vec!["none".into()], ..picture("lost".into(), 0) };
            let inputs = vec![lost, picture(input(i), 1)];
            drop(w.send(&PostInputs { user_app_id: scope(), inputs, ..Default::default() }));
        }
        Write::Patch(i, c) => {
            let concepts = vec![Concept { id: format!("c{}", c % 3), ..Concept::default() }];
            let metadata = serde_json::json!({"n": c}).as_object().cloned().filter(|_| *c > 2);
            let data = Some(Box::new(Data { concepts, metadata, ..Data::default() }));
            // The second is not there: what fails beside it must leave nothing.
            let inputs = vec![
                Input { id: input(i), data: data.clone(), ..Input::default() },
                Input { id: "none".into(), data, ..Input::default() },
            ];
            let action = ["merge", "overwrite", "remove"][usize::from(c % 3)].to_owned();
            drop(w.send(&PatchInputs { user_app_id: scope(), inputs, action }));
        }
        Write::Annotate(i, c) => {
            drop(w.send(&PostAnnotations { user_app_id: scope(), annotations: vec![boxed(&input(i), *c, 0.5)] }));
        }
        Write::Change(i, c) => {
            let annotations = vec![boxed(&input(i), *c, 0.5 + f32::from(*c) / 10.0)];
            let action = if c % 2 == 0 { "merge" } else { "overwrite" }.to_owned();
            drop(w.send(&PatchAnnotations { user_app_id: scope(), action, annotations, ..Default::default() }));
        }
        Write::Remove(i) => {
            drop(w.send(&DeleteAnnotations { user_app_id: scope(), input_ids: vec![input(i)], ids: vec!["a".into()] }));
        }
        Write::Concept(c, n) => {
            let concepts = vec![Concept { id: format!("c{c}"), name: format!("name {n}"), ..Concept::default() }];
            let made = w.send(&PostConcepts { user_app_id: scope(), concepts: concepts.clone() });
            if made.is_err() {
                drop(w.send(&PatchConcepts { user_app_id: scope(), action: "overwrite".into(), concepts }));
            }
        }
        Write::Dataset(d) => {
            let datasets = vec![Dataset { id: dataset(d), notes: "changed".into(), ..Dataset::default() }];
            let made = w.send(&PostDatasets { user_app_id: scope(), datasets: datasets.clone() });
            if made.is_err() {
                drop(w.send(&PatchDatasets { user_app_id: scope(), action: "overwrite".into(), datasets }));
            }
        }
        Write::Join(d, i) => {
            let item = Some(Box::new(Input { id: input(i), ..Input::default() }));
            let dataset_inputs = vec![DatasetInput { input: item, ..DatasetInput::default() }];
            let op = PostDatasetInputs {
                user_app_id: scope(),
                dataset_id: dataset(d),
                dataset_inputs,
                ..Default::default()
            };
            drop(w.send(&op));
        }
        Write::Leave(i) => {
            let op = DeleteDatasetInputs { user_app_id: scope(), dataset_id: "d0".into(), input_ids: vec![input(i)] };
            drop(w.send(&op));
        }
        Write::DropInput(i) => drop(w.send(&DeleteInput { user_app_id: scope(), input_id: input(i) })),
        Write::DropDataset(d) => {
            drop(w.send(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec![dataset(d)] }));
        }
    }
}

/// All that a sequence number sees, row by row.
fn seen(conn: &rusqlite::Connection, seq: i64) -> Vec<String> {
    const VIEWS: &[&str] = &[
        "SELECT 'concept', key, id, name, definition FROM concept",
        "SELECT 'input', key, id, url, metadata FROM input",
        "SELECT 'dataset', key, id, notes, description FROM dataset",
        "SELECT 'member', dataset, input, created_at, '' FROM member",
        "SELECT 'annotation', key, id, input || ' ' || right, (SELECT group_concat(concept || '=' || value) FROM label WHERE annotation = rev) FROM annotation",
    ];
    let mut out = Vec::new();
    for view in VIEWS {
        let sql = format!("{view} WHERE born <= ?1 AND (died IS NULL OR died > ?1) ORDER BY 1, 2, 3");
        let mut statement = conn.prepare(&sql).unwrap();
        let rows = statement.query_map([seq], |r| {
            let cells: Vec<rusqlite::types::Value> = (0..5).map(|n| r.get(n)).collect::<Result<_, _>>()?;
            Ok(format!("{cells:?}"))
        });
        out.extend(rows.unwrap().map(Result::unwrap));
    }
    out
}

fn revision(w: &World) -> i64 {
    w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().revision.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn a_past_sequence_reads_the_same_for_ever(writes in prop::collection::vec(write(), 1..40)) {
        let w = World::new();
        let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
        let mut kept: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for write in &writes {
            take(&w, write);
            let (now, rows) = (revision(&w), seen(&conn, revision(&w)));
            // A call that changes anything has a number of its own, and one that changes nothing takes none.
            match kept.get(&now) {
                Some(before) => prop_assert_eq!(before, &rows, "{:?}", write),
                None => drop(kept.insert(now, rows)),
            }
            let newest: i64 = conn.query_row(
                "SELECT max(n) FROM (SELECT max(max(born), coalesce(max(died), 0)) AS n FROM concept UNION ALL SELECT max(max(born), coalesce(max(died), 0)) FROM input
                 UNION ALL SELECT max(max(born), coalesce(max(died), 0)) FROM annotation UNION ALL SELECT 0)", [], |r| r.get(0)).unwrap();
            prop_assert!(newest <= now, "rows of revision {} where the last is {}", newest, now);
        }
        for (seq, rows) in &kept {
            prop_assert_eq!(&seen(&conn, *seq), rows, "as of {}", seq);
        }
    }
}

#[test]
fn what_fails_takes_no_revision_and_what_succeeds_beside_it_does() {
    let w = World::new();
    let count = |id: &str| {
        let all = w.ok(&GetConceptCounts { user_app_id: scope(), ..Default::default() }).concept_counts;
        all.into_iter().find(|c| c.id == id).map(|c| c.concept_type_count.unwrap().positive)
    };
    assert_eq!((revision(&w), count("c1")), (0, None));
    let lost = Input { dataset_ids: vec!["none".into()], ..picture("lost".into(), 0) };
    let reply = w.send(&PostInputs { user_app_id: scope(), inputs: vec![lost.clone()], ..Default::default() });
    assert_eq!(reply.unwrap_err().code(), StatusCode::FAILURE);
    assert_eq!(revision(&w), 0);
    let inputs = vec![lost, picture("kept".into(), 1)];
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    assert_eq!((revision(&w), count("c0"), count("c1")), (1, None, Some(1)));
    assert_eq!(w.refused(&GetInput { user_app_id: scope(), input_id: "lost".into() }).0, 11101);
}

#[test]
fn what_is_all_or_none_leaves_nothing_when_its_last_item_fails() {
    let w = World::new();
    let named = |id: &str| Dataset { id: id.into(), ..Dataset::default() };
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![named("d0"), named("d1")] });
    let concept = |id: &str| Concept { id: id.into(), name: "new".into(), ..Concept::default() };
    w.ok(&PostConcepts { user_app_id: scope(), concepts: vec![concept("c0")] });
    let inputs = vec![Input { dataset_ids: vec!["d0".into()], ..picture("i0".into(), 0) }];
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![boxed("i0", 0, 0.5)] });
    let version = |id: &str| DatasetVersion { id: id.into(), ..DatasetVersion::default() };
    let dataset_id = || "d0".to_owned();
    w.ok(&PostDatasetVersions {
        user_app_id: scope(),
        dataset_id: dataset_id(),
        dataset_versions: vec![version("v0")],
    });
    w.run_jobs();
    let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
    let whole = || {
        let versions: i64 = conn.query_row("SELECT count(*) FROM dataset_version", [], |r| r.get(0)).unwrap();
        let jobs: i64 = conn.query_row("SELECT count(*) FROM job", [], |r| r.get(0)).unwrap();
        let apps: i64 = conn.query_row("SELECT count(*) FROM app", [], |r| r.get(0)).unwrap();
        let counters: Vec<(String, i64)> = conn
            .prepare("SELECT name, value FROM counter ORDER BY name")
            .unwrap()
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        (revision(&w), seen(&conn, i64::MAX - 1), versions, jobs, apps, counters)
    };
    let before = whole();
    let ids = |ok: &str| vec![ok.to_owned(), "none".to_owned()];
    let app = |id: &str| App { id: id.into(), ..App::default() };
    let action = || "overwrite".to_owned();
    assert_eq!(
        [
            w.refused(&PostApps { user_app_id: scope(), apps: vec![app("second"), app("demo")] }).0,
            w.refused(&PostConcepts { user_app_id: scope(), concepts: vec![concept("c9"), concept("c0")] }).0,
            w.refused(&PatchConcepts {
                user_app_id: scope(),
                action: action(),
                concepts: vec![Concept { name: "other".into(), ..concept("c0") }, concept("none")],
            })
            .0,
            w.refused(&PostDatasets { user_app_id: scope(), datasets: vec![named("d2"), named("d0")] }).0,
            w.refused(&PatchDatasets {
                user_app_id: scope(),
                action: action(),
                datasets: vec![Dataset { notes: "x".into(), ..named("d0") }, named("none")],
            })
            .0,
            w.refused(&DeleteDatasets { user_app_id: scope(), dataset_ids: ids("d0") }).0,
            w.refused(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: dataset_id(), input_ids: ids("i0") }).0,
            w.refused(&DeleteAnnotations { user_app_id: scope(), input_ids: ids("i0"), ids: vec![] }).0,
            w.refused(&PostDatasetVersions {
                user_app_id: scope(),
                dataset_id: dataset_id(),
                dataset_versions: vec![version("v1"), version("v0")],
            })
            .0,
            w.refused(&PatchDatasetVersions {
                user_app_id: scope(),
                dataset_id: dataset_id(),
                action: action(),
                dataset_versions: vec![DatasetVersion { description: "x".into(), ..version("v0") }, version("none")],
            })
            .0,
            w.refused(&DeleteDatasetVersions {
                user_app_id: scope(),
                dataset_id: dataset_id(),
                dataset_version_ids: ids("v0"),
            })
            .0,
        ],
        [11102, 40003, 11101, 11102, 11101, 11101, 11101, 11101, 11102, 11101, 11101]
    );
    assert_eq!(whole(), before);
}
