//! Data folders of earlier releases.

#![allow(clippy::float_cmp)]

use crate::world::{World, host, scope};
use labelscope_api::messages::FieldsValue;
use labelscope_api::operations::{GetEvaluation, ListApps};
use labelscope_engine::{Disk, Engine, Host};
use std::path::Path;
use std::sync::Arc;

/// A database as the release with these steps left it.
fn earlier(dir: &Path, version: usize) {
    let steps = [
        include_str!("../../src/schema.sql"),
        "ALTER TABLE label ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;",
        include_str!("../../src/schema_3.sql"),
        include_str!("../../src/schema_4.sql"),
    ];
    // The present release makes one, whose functions the steps use; its tables go, and those of before come.
    drop(Engine::open(dir, host(1), &[]).unwrap());
    std::fs::remove_file(dir.join("labelscope.db")).unwrap();
    let conn = rusqlite::Connection::open(dir.join("labelscope.db")).unwrap();
    let flags =
        rusqlite::functions::FunctionFlags::SQLITE_UTF8 | rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, |c| Ok(c.get::<String>(0)?.to_lowercase())).unwrap();
    conn.create_scalar_function("facts", 1, flags, |_| Ok("[]".to_owned())).unwrap();
    for step in steps.iter().take(version) {
        conn.execute_batch(step).unwrap();
    }
    conn.pragma_update(None, "user_version", version as i64).unwrap();
    conn.execute_batch(
        "INSERT INTO app (user_id, id, name, description, created_at, modified_at) VALUES ('local', 'demo', 'Old', 'from before', 1, 1);
         INSERT INTO concept (app, key, id, name, folded, definition, supercategory, created_at, modified_at, born) VALUES (1, 1, 'cat', 'Cat', 'cat', '', '', 1, 1, 1);",
    )
    .unwrap();
}

fn version(path: &Path) -> i64 {
    rusqlite::Connection::open(path).unwrap().query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap()
}

struct Free(u64);

impl Disk for Free {
    fn free(&self, _dir: &Path) -> Option<u64> {
        Some(self.0)
    }
}

#[test]
fn data_of_earlier_releases_is_copied_and_brought_up() {
    for from in [1, 2, 3, 4] {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        earlier(dir.path(), from);
        // A copy that was cut short, and one of an earlier try.
        for left in ["labelscope.before-5.part", "labelscope.before-5.db"] {
            std::fs::write(dir.path().join(left), b"half").unwrap();
        }
        let w = World::at(dir.clone(), 1);
        let apps = w.ok(&ListApps { user_app_id: scope(), ..Default::default() }).apps;
        assert_eq!((apps[0].name.as_str(), apps[0].description.as_str()), ("Old", "from before"));
        assert_eq!(version(&dir.path().join("labelscope.db")), 5);
        assert_eq!(version(&dir.path().join("labelscope.before-5.db")), from as i64, "the copy is as it was");
        assert!(!dir.path().join("labelscope.before-5.part").exists());
    }
}

#[test]
fn without_room_for_the_copy_nothing_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    earlier(dir.path(), 4);
    let host_with = |free| Host { disk: Some(Arc::new(Free(free))), ..host(1) };
    let error = Engine::open(dir.path(), host_with(1000), &[]).err().unwrap().to_string();
    assert!(error.contains("Free some space"), "{error}");
    assert_eq!(version(&dir.path().join("labelscope.db")), 4);
    assert!(!dir.path().join("labelscope.before-5.db").exists());
    Engine::open(dir.path(), host_with(u64::MAX), &[]).unwrap();
    assert_eq!(version(&dir.path().join("labelscope.db")), 5);
}

#[test]
fn data_of_a_later_release_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(Engine::open(dir.path(), host(1), &[]).unwrap());
    let conn = rusqlite::Connection::open(dir.path().join("labelscope.db")).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let error = Engine::open(dir.path(), host(1), &[]).err().unwrap().to_string();
    assert!(error.contains("version 99"), "{error}");
}

#[test]
fn an_evaluation_of_an_earlier_release_is_read_as_it_was() {
    let dir = Arc::new(tempfile::tempdir().unwrap());
    earlier(dir.path(), 4);
    let conn = rusqlite::Connection::open(dir.path().join("labelscope.db")).unwrap();
    conn.execute_batch(
        r#"INSERT INTO evaluation (key, app, id, model_id, model_version_id, model_type_id, dataset_id, dataset_version_id, state, details, body, summary, concepts, created_at, modified_at)
             VALUES (7, 1, 'e', 'm', 'v', 'visual-classifier', 'd', 'dv', 21300, '', '{}', '{"macro_avg_roc_auc": 0.75}', '[]', 1, 1);
           INSERT INTO evaluation_part (evaluation, name, body) VALUES (7, 'test_set', '[{"input": {"id": "a"}}]');"#,
    )
    .unwrap();
    drop(conn);
    let w = World::at(dir, 1);
    let fields = Some(FieldsValue { test_set: true, confusion_matrix: true, ..FieldsValue::default() });
    let op = GetEvaluation { user_app_id: scope(), evaluation_id: "e".into(), fields };
    let e = w.ok(&op).eval_metrics.unwrap();
    assert_eq!((e.summary.unwrap().macro_avg_roc_auc, e.test_set[0].input.as_ref().unwrap().id.as_str()), (0.75, "a"));
    assert!(e.confusion_matrix.is_none() && e.predictions_dataset.is_none());
}
