use super::mixed;
use crate::fault::{Fault, status};
use crate::store::dataset::{self, DatasetRow};
use crate::store::input::{self, COLUMNS};
use crate::tx::{App, Tx, page};
use labelscope_api::messages::{
    Annotation, BaseResponse, DatasetInput, Input, MultiDatasetInputResponse, Search, SingleDatasetInputResponse,
    StatusCode,
};
use labelscope_api::operations::{DeleteDatasetInputs, GetDatasetInput, ListDatasetInputs, PostDatasetInputs};
use labelscope_api::wire::Timestamp;

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasetInputs) -> Result<MultiDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    // The offset walks the index of living members alone; then the page is read by its first key.
    let sql = format!(
        "SELECT {COLUMNS}, m.created_at FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL
         WHERE m.dataset = ?1 AND m.died IS NULL AND m.input >= coalesce((SELECT input FROM member WHERE dataset = ?1 AND died IS NULL ORDER BY input LIMIT 1 OFFSET ?3), 9e18)
         ORDER BY m.input LIMIT ?2"
    );
    let rows = tx.all(&sql, (dataset.key, limit, offset), |r| Ok((input::row(r)?, r.get::<_, i64>(input::WIDTH)?)))?;
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
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
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
    if let Some(search) = op.search {
        if !op.dataset_inputs.is_empty() {
            return Err(Fault::invalid("send dataset_inputs or search, not both"));
        }
        return join_found(tx, &app, &dataset, &search);
    }
    if op.dataset_inputs.is_empty() {
        return Err(Fault::invalid("dataset_inputs is empty: name the inputs that are to join"));
    }
    let (mut dataset_inputs, mut failed) = (Vec::new(), 0);
    for item in op.dataset_inputs {
        let id = item.input.map(|i| i.id).unwrap_or_default();
        let message = if let Some(row) = input::find(tx, &app, &id)? {
            dataset::join(tx, &app, dataset.key, row.key)?;
            let joined = Some(status(StatusCode::DATASET_INPUT_SUCCESS, "Ok"));
            Input { status: joined, ..input::message(tx, &app, row)? }
        } else {
            failed += 1;
            Input { status: Some(Fault::not_found("input", &id).status("")), id, ..Input::default() }
        };
        dataset_inputs.push(DatasetInput { created_at: Some(Timestamp(tx.now)), input: Some(Box::new(message)) });
    }
    let status = mixed(dataset_inputs.len() - failed, failed);
    Ok(MultiDatasetInputResponse { status: Some(status), dataset_inputs, ..Default::default() })
}

/// Puts in what a search finds. The search may name datasets to take from; an empty one takes all inputs of the app.
fn join_found(
    tx: &Tx<'_>,
    app: &App,
    dataset: &DatasetRow,
    search: &Search,
) -> Result<MultiDatasetInputResponse, Fault> {
    let query = search.query.clone().unwrap_or_default();
    let mut from: Option<Vec<i64>> = None;
    let other = |what: &str| {
        Err(Fault::refused(
            StatusCode::NOT_IMPLEMENTED,
            format!(
                "{what} is not available on this server; it takes a search by input.dataset_ids, or dataset_inputs by id"
            ),
        ))
    };
    if !query.ranks.is_empty() || !query.ands.is_empty() {
        return other("a search with ranks or ands");
    }
    for filter in &query.filters {
        let sent = filter.input.as_deref().cloned().unwrap_or_default();
        // The vendor's SDK sends empty messages where it asks for nothing.
        let plain = filter.annotation.as_deref().is_none_or(|a| *a == Annotation::default())
            && sent == Input { dataset_ids: sent.dataset_ids.clone(), ..Input::default() };
        if filter.negate || filter.last_updated_time_range.is_some() || !plain {
            return other("a filter by other than input.dataset_ids");
        }
        if sent.dataset_ids.is_empty() {
            continue;
        }
        if from.is_some() {
            return other("more than one filter by input.dataset_ids");
        }
        let keys = sent.dataset_ids.iter().map(|id| Ok(dataset::need(tx, app, id)?.key));
        from = Some(keys.collect::<Result<_, Fault>>()?);
    }
    let from = from.map(|keys| serde_json::to_string(&keys)).transpose()?;
    let found = "SELECT i.key FROM input i WHERE i.app = ?1 AND i.died IS NULL
        AND (?3 IS NULL OR EXISTS (SELECT 1 FROM member m WHERE m.dataset IN (SELECT value FROM json_each(?3)) AND m.input = i.key AND m.died IS NULL))
        AND NOT EXISTS (SELECT 1 FROM member m WHERE m.dataset = ?2 AND m.input = i.key AND m.died IS NULL)";
    if tx.one(&format!("{found} LIMIT 1"), (app.key, dataset.key, &from), |_| Ok(()))?.is_some() {
        let seq = tx.seq(app)?;
        let sql = format!(
            "INSERT INTO member (dataset, input, created_at, born) SELECT ?2, key, ?4, ?5 FROM ({found} ORDER BY i.key)"
        );
        let joined = tx.exec(&sql, (app.key, dataset.key, &from, tx.now, seq))?;
        tx.bump(app, &format!("dataset:{}", dataset.key), joined as i64)?;
    }
    Ok(MultiDatasetInputResponse::default())
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
