//! What a bulk operation works on, noted when it is made, so that the set stands still while the job changes what the
//! search went by.

use super::bulk_check::{one_of, refused};
use crate::fault::Fault;
use crate::search::{Plan, Target};
use crate::store::bulk::BulkRow;
use crate::store::dataset;
use crate::store::search as saved;
use crate::tx::{App, Tx};
use labelscope_api::messages::{BulkOperation, Dataset, Search};
use rusqlite::params_from_iter;

/// Notes them, and gives how many they are.
pub(super) fn insert(tx: &Tx<'_>, app: &App, row: &BulkRow, place: &str) -> Result<u64, Fault> {
    let BulkOperation { input_ids, search, dataset, annotation_search, operation, .. } = &row.body;
    one_of(
        place,
        &[
            ("input_ids", input_ids.is_some()),
            ("search", search.is_some()),
            ("dataset", dataset.is_some()),
            ("annotation_search", annotation_search.is_some()),
        ],
    )?;
    if let Some(ids) = input_ids {
        of_ids(tx, app, row.key, &ids.input_ids, &format!("{place}.input_ids.input_ids"))?;
    }
    if let Some(search) = search {
        of_search(tx, app, row.key, Target::Inputs, search, false).map_err(|f| f.at(&format!("{place}.search")))?;
    }
    if let Some(dataset) = dataset {
        of_dataset(tx, app, row.key, dataset, &format!("{place}.dataset"))?;
    }
    if let Some(search) = annotation_search {
        // What is done to inputs is done once to each that has such an annotation.
        let themselves = operation.as_ref().is_some_and(|kind| kind.delete_annotations.is_some());
        of_search(tx, app, row.key, Target::Annotations, search, themselves)
            .map_err(|f| f.at(&format!("{place}.annotation_search")))?;
    }
    let total = tx.count("SELECT count(*) FROM bulk_target WHERE operation = ?1", [row.key])?;
    Ok(total.unsigned_abs())
}

fn of_ids(tx: &Tx<'_>, app: &App, operation: i64, ids: &[String], place: &str) -> Result<(), Fault> {
    if ids.is_empty() {
        return Err(refused(format!("{place} is empty: name the inputs to change")));
    }
    for (index, id) in ids.iter().enumerate() {
        let sql = "SELECT key FROM input WHERE app = ?1 AND id = ?2 AND died IS NULL";
        let Some(key) = tx.one(sql, (app.key, id), |r| r.get::<_, i64>(0))? else {
            return Err(Fault::not_found("input", id).at(&format!("{place}[{index}]")));
        };
        // Named twice, it is one input all the same.
        tx.exec("INSERT OR IGNORE INTO bulk_target VALUES (?1, ?2, 0)", (operation, key))?;
    }
    Ok(())
}

fn of_dataset(tx: &Tx<'_>, app: &App, operation: i64, sent: &Dataset, place: &str) -> Result<(), Fault> {
    if sent.id.is_empty() {
        return Err(refused(format!("{place}.id is missing: name a dataset of this app")));
    }
    if sent.version.is_some() {
        let advice = "it works on what the dataset holds now; to name inputs of the past, send a search with as_of";
        return Err(refused(format!("{place}.version cannot be taken: {advice}")));
    }
    if !sent.app_id.is_empty() && sent.app_id != app.id {
        let advice = format!("an operation changes inputs of its own app, \"{}\"", app.id);
        return Err(refused(format!("{place}.app_id is \"{}\"; {advice}", sent.app_id)));
    }
    let found = dataset::need(tx, app, &sent.id).map_err(|fault| fault.at(place))?;
    tx.exec(
        "INSERT INTO bulk_target SELECT ?2, input, 0 FROM member WHERE dataset = ?1 AND died IS NULL",
        (found.key, operation),
    )?;
    Ok(())
}

/// What a search finds, of what lives.
fn of_search(
    tx: &Tx<'_>,
    app: &App,
    operation: i64,
    target: Target,
    sent: &Search,
    themselves: bool,
) -> Result<(), Fault> {
    let search = &saved::meant(tx, app, target, sent)?;
    let place = saved::place(tx, app, saved::as_of(tx, app, search.as_of)?);
    let found = Plan::new(&place, target, search)?.statement();
    let (key, said) = if themselves {
        (
            "a.key",
            "CROSS JOIN annotation s ON s.rev = f.rev CROSS JOIN annotation a ON a.input = s.input AND a.key = s.key AND a.died IS NULL ",
        )
    } else {
        ("0", "")
    };
    let noted = found.within(
        &format!("INSERT OR IGNORE INTO bulk_target SELECT {operation}, f.input, {key} FROM ("),
        &format!(") f {said}CROSS JOIN input i ON i.key = f.input AND i.died IS NULL"),
    );
    tx.exec(&noted.text, params_from_iter(noted.values))?;
    Ok(())
}
