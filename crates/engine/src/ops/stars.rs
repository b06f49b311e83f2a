use super::datasets;
use crate::fault::Fault;
use crate::store::dataset;
use crate::tx::Tx;
use labelscope_api::extensions::StarDataset;
use labelscope_api::messages::SingleDatasetResponse;

pub(crate) fn star(tx: &Tx<'_>, op: StarDataset) -> Result<SingleDatasetResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = dataset::find(tx, &app, &op.dataset_id)?.ok_or_else(|| Fault::not_found("dataset", &op.dataset_id))?;
    let user = &tx.caller.user_id;
    let changed = if op.starred {
        tx.exec("INSERT OR IGNORE INTO star (user_id, dataset, at) VALUES (?1, ?2, ?3)", (user, row.key, tx.now))?
    } else {
        tx.exec("DELETE FROM star WHERE user_id = ?1 AND dataset = ?2", (user, row.key))?
    };
    if changed > 0 {
        tx.seq(&app)?;
    }
    Ok(SingleDatasetResponse { dataset: Some(datasets::message(tx, &app, row, true)?), ..Default::default() })
}
