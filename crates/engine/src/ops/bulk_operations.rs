use super::bulk_check::{self as check, refused};
use super::bulk_targets as targets;
use super::jobs as job_ops;
use crate::fault::Fault;
use crate::jobs::bulk::{Spec, shares};
use crate::jobs::{self, NewJob};
use crate::store::bulk::{self, BulkRow};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{BulkOperation, MultiBulkOperationsResponse, SingleBulkOperationsResponse, StatusCode};
use labelscope_api::operations::{CancelBulkOperations, GetBulkOperation, ListBulkOperations, PostBulkOperations};

/// At most so many in one call.
const BATCH: usize = 128;

pub(crate) fn post(tx: &Tx<'_>, op: PostBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let count = op.bulk_operations.len();
    if !(1..=BATCH).contains(&count) {
        return Err(refused(format!("bulk_operations holds {count}; a call takes 1 to {BATCH}")));
    }
    let mut bulk_operation = Vec::with_capacity(count);
    for (index, sent) in op.bulk_operations.into_iter().enumerate() {
        bulk_operation.push(begin(tx, &app, sent, &format!("bulk_operations[{index}]"))?.message(&app));
    }
    Ok(MultiBulkOperationsResponse { bulk_operation, ..Default::default() })
}

/// Checks one, notes what it is to work on, and makes its job.
fn begin(tx: &Tx<'_>, app: &App, sent: BulkOperation, place: &str) -> Result<BulkRow, Fault> {
    let BulkOperation { id, input_ids, search, dataset, annotation_search, operation, .. } = sent;
    let kind = check::operation(tx, app, operation.unwrap_or_default(), &format!("{place}.operation"))?;
    let body = BulkOperation {
        input_ids,
        search,
        dataset,
        annotation_search,
        operation: Some(kind),
        ..BulkOperation::default()
    };
    let mut row = BulkRow::new(tx, app, body);
    if !id.is_empty() {
        check_id(&format!("{place}: bulk operation"), &id, StatusCode::BULK_OPERATION_INVALID_REQUEST)?;
        if bulk::find(tx, app, &id)?.is_some() {
            return Err(refused(format!("{place}.id \"{id}\" is there already (duplicate id)")));
        }
        row.id = id;
    }
    bulk::insert(tx, &mut row)?;
    let total = targets::insert(tx, app, &row, place)?;
    let split = row.body.operation.as_ref().and_then(|kind| kind.split_into_datasets.as_ref());
    let left = split.map(|split| shares(total, split)).unwrap_or_default();
    let spec = Spec { created_by: row.created_by.clone(), total, left };
    let spec = Some(serde_json::to_string(&spec)?);
    let new = NewJob { kind: JobKind::BULK_OPERATION, cursor: row.key, spec, ..NewJob::default() };
    row.job = jobs::add(tx, app, &new)?;
    row.save(tx)?;
    Ok(row)
}

pub(crate) fn list(tx: &Tx<'_>, op: ListBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let rows = bulk::list(tx, &app, page(op.page, op.per_page)?)?;
    let bulk_operation = rows.into_iter().map(|row| row.message(&app)).collect();
    Ok(MultiBulkOperationsResponse { bulk_operation, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetBulkOperation) -> Result<SingleBulkOperationsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let bulk_operation = Some(bulk::need(tx, &app, &op.id)?.message(&app));
    Ok(SingleBulkOperationsResponse { bulk_operation, ..Default::default() })
}

pub(crate) fn cancel(tx: &Tx<'_>, op: CancelBulkOperations) -> Result<MultiBulkOperationsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.ids.is_empty() {
        return Err(refused("ids is empty: name the bulk operations to cancel"));
    }
    // All are looked up first: a job that runs is told at once, and cannot be told otherwise when the call fails.
    let mut rows = Vec::with_capacity(op.ids.len());
    for (index, id) in op.ids.iter().enumerate() {
        rows.push(bulk::need(tx, &app, id).map_err(|fault| fault.at(&format!("ids[{index}]")))?);
    }
    for row in rows.into_iter().filter(|row| !row.is_over()) {
        // Noted in its row too, so that a job which another process goes on with sees it.
        jobs::bulk::end(tx, row.key, StatusCode::BULK_OPERATION_CANCELLED, "")?;
        if let Some(mut job) = jobs::by_id(tx, &row.job)? {
            job_ops::stop(tx, &app, &mut job)?;
        }
    }
    let messages = op.ids.iter().map(|id| Ok(bulk::need(tx, &app, id)?.message(&app)));
    let bulk_operation = messages.collect::<Result<_, Fault>>()?;
    Ok(MultiBulkOperationsResponse { bulk_operation, ..Default::default() })
}
