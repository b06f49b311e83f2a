//! What happens to an import that ends.

use crate::Engine;
use crate::jobs::Halt;
use crate::jobs::row::JobRow;
use crate::tx::{App, Tx};
use rusqlite::Connection;
use std::path::PathBuf;

/// Takes back what an import has written: rows that it began go, rows that it ended live again.
pub(crate) fn undo(tx: &Tx<'_>, app: &App, job: &mut JobRow) -> Result<(), Halt> {
    // Predictions are written in one step: there is nothing of them, or all.
    if job.import.as_ref().is_some_and(crate::jobs::is_of_predictions) {
        return Ok(());
    }
    if job.phase >= 3 {
        let what = format!("job:{}", job.id);
        let seqs = "(SELECT seq FROM revision WHERE what = ?1)";
        tx.exec(
            &format!("DELETE FROM label WHERE annotation IN (SELECT rev FROM annotation WHERE born IN {seqs})"),
            [&what],
        )?;
        for table in ["annotation", "member", "input", "dataset", "concept"] {
            tx.exec(&format!("DELETE FROM {table} WHERE born IN {seqs}"), [&what])?;
            tx.exec(&format!("UPDATE {table} SET died = NULL WHERE died IN {seqs}"), [&what])?;
        }
        tx.exec(&format!("DELETE FROM revision WHERE seq IN {seqs}"), [&what])?;
        tx.exec("DELETE FROM media WHERE sha256 NOT IN (SELECT sha256 FROM input WHERE sha256 IS NOT NULL)", [])?;
        for name in ["concepts", "datasets", "inputs"] {
            let table = name.trim_end_matches('s');
            let now = tx.count(&format!("SELECT count(*) FROM {table} WHERE app = ?1 AND died IS NULL"), [app.key])?;
            tx.exec("INSERT OR REPLACE INTO counter (app, name, value) VALUES (?1, ?2, ?3)", (app.key, name, now))?;
        }
        tx.exec("DELETE FROM counter WHERE app = ?1 AND name LIKE 'dataset:%'", [app.key])?;
        tx.exec(
            "INSERT INTO counter (app, name, value) SELECT ?1, 'dataset:' || m.dataset, count(*) FROM member m JOIN dataset d ON d.key = m.dataset AND d.died IS NULL WHERE d.app = ?1 AND m.died IS NULL GROUP BY m.dataset",
            [app.key],
        )?;
        if let Ok(mut caches) = tx.shared.caches.lock() {
            *caches = crate::store::counts::Caches::default();
        }
    }
    // Pictures that nothing names.
    let stage = tx.shared.import_folder(&job.id).join("stage.db");
    if let Ok(stage) = Connection::open_with_flags(&stage, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        && let Ok(mut statement) = stage.prepare("SELECT DISTINCT sha256 FROM media")
    {
        for sha in statement.query_map([], |r| r.get::<_, String>(0))?.flatten() {
            tx.doom(&sha)?;
        }
    }
    job.result = labelscope_api::extensions::ImportResult::default();
    Ok(())
}

/// Removes the files of an import that is over.
pub(crate) fn clear(engine: &Engine, id: &str) {
    let folder: PathBuf = engine.import_folder(id);
    let _ = std::fs::remove_dir_all(folder);
}
