use crate::fault::Fault;
use crate::store::evaluation;
use crate::tx::Tx;
use labelscope_api::extensions::{GetEvaluationTestSet, TestSetPiece, TestSetReply};
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::{Base64, Int64};

pub(crate) fn get(tx: &Tx<'_>, op: GetEvaluationTestSet) -> Result<TestSetReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    if row.state != StatusCode::MODEL_EVALUATED {
        return Err(Fault::refused(
            StatusCode::CONN_INVALID_REQUEST,
            format!(
                "evaluation \"{}\" has no test set: it is not evaluated; ask again when its status is 21300",
                row.id
            ),
        ));
    }
    let (pages, total): (i64, i64) = tx
        .one("SELECT count(*), coalesce(sum(inputs), 0) FROM evaluation_set WHERE evaluation = ?1", [row.key], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?
        .unwrap_or_default();
    let page = i64::from(op.page.max(1));
    let piece =
        tx.one("SELECT inputs, body FROM evaluation_set WHERE evaluation = ?1 AND page = ?2", (row.key, page), |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))
        })?;
    let Some((inputs, columns)) = piece else {
        return Err(Fault::invalid(format!("page is {page}; the test set of evaluation \"{}\" has {pages}", row.id)));
    };
    let test_set = Some(TestSetPiece {
        columns: Base64(columns),
        inputs: Int64(inputs),
        inputs_total: Int64(total),
        pages: Int64(pages),
    });
    Ok(TestSetReply { test_set, ..Default::default() })
}
