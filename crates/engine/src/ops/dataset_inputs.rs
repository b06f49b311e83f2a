use super::mixed;
use crate::fault::{Fault, status};
use crate::store::dataset;
use crate::store::input::{self, COLUMNS};
use crate::tx::{Tx, page};
use labelscope_api::messages::{
    BaseResponse, DatasetInput, Input, MultiDatasetInputResponse, SingleDatasetInputResponse, StatusCode,
};
use labelscope_api::operations::{DeleteDatasetInputs, GetDatasetInput, ListDatasetInputs, PostDatasetInputs};
use labelscope_api::wire::Timestamp;

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasetInputs) -> Result<MultiDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    // The offset walks the index of living members alone; then the page is read by its first key.
    let sql = format!(
        "SELECT {COLUMNS}, m.created_at FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL
         WHERE m.dataset = ?1 AND m.died IS NULL AND m.input >= coalesce((SELECT input FROM member WHERE dataset = ?1 AND died IS NULL ORDER BY input LIMIT 1 OFFSET ?3), 9e18)
         ORDER BY m.input LIMIT ?2"
    );
    let rows = tx.all(&sql, (dataset.key, limit, offset), |r| Ok((input::row(r)?, r.get::<_, i64>(18)?)))?;
    let mut dataset_inputs = Vec::with_capacity(rows.len());
    for (row, joined) in rows {
        dataset_inputs.push(DatasetInput {
            created_at: Some(Timestamp(joined)),
            input: Some(Box::new(input::message(tx, &app, row)?)),
        });
    }
    Ok(MultiDatasetInputResponse { dataset_inputs, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetDatasetInput) -> Result<SingleDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    let row = input::need(tx, &app, &op.input_id)?;
    let joined = tx
        .one(
            "SELECT created_at FROM member WHERE dataset = ?1 AND input = ?2 AND died IS NULL",
            (dataset.key, row.key),
            |r| r.get(0),
        )?
        .ok_or_else(|| Fault::not_found("input of this dataset", &op.input_id))?;
    let dataset_input =
        DatasetInput { created_at: Some(Timestamp(joined)), input: Some(Box::new(input::message(tx, &app, row)?)) };
    Ok(SingleDatasetInputResponse { dataset_input: Some(dataset_input), ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostDatasetInputs) -> Result<MultiDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if op.search.is_some() {
        return Err(Fault::refused(
            StatusCode::NOT_IMPLEMENTED,
            "this server puts inputs into a dataset by id; send dataset_inputs instead of search",
        ));
    }
    if op.dataset_inputs.is_empty() {
        return Err(Fault::invalid("dataset_inputs is empty: name the inputs that are to join"));
    }
    let (mut dataset_inputs, mut failed) = (Vec::new(), 0);
    for item in op.dataset_inputs {
        let id = item.input.map(|i| i.id).unwrap_or_default();
        let mut message = match input::find(tx, &app, &id)? {
            Some(row) => {
                dataset::join(tx, &app, dataset.key, row.key)?;
                let mut message = input::message(tx, &app, row)?;
                message.status = Some(status(StatusCode::DATASET_INPUT_SUCCESS, "Ok"));
                message
            }
            None => {
                failed += 1;
                Input { id: id.clone(), status: Some(Fault::not_found("input", &id).status("")), ..Input::default() }
            }
        };
        message.dataset_ids.clear();
        dataset_inputs.push(DatasetInput { created_at: Some(Timestamp(tx.now)), input: Some(Box::new(message)) });
    }
    let status = mixed(dataset_inputs.len() - failed, failed);
    Ok(MultiDatasetInputResponse { status: Some(status), dataset_inputs, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteDatasetInputs) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if op.input_ids.is_empty() {
        return Err(Fault::invalid("input_ids is empty: name the inputs to take out"));
    }
    for id in &op.input_ids {
        let row = input::need(tx, &app, id)?;
        if dataset::is_member(tx, dataset.key, row.key)? {
            let seq = tx.seq(&app)?;
            tx.exec(
                "UPDATE member SET died = ?3 WHERE dataset = ?1 AND input = ?2 AND died IS NULL",
                (dataset.key, row.key, seq),
            )?;
            tx.bump(&app, &format!("dataset:{}", dataset.key), -1)?;
        }
    }
    Ok(BaseResponse::default())
}
