//! Copies datasets, inputs with their memberships, and annotations with labels and vectors.

use super::{Pair, Range};
use crate::fault::Fault;
use crate::jobs::want_fetch;
use crate::store::duplication::Progress;
use std::collections::HashMap;

/// Datasets as they are now; their versions speak of the past of the source, and stay there. Gives how many rows were
/// looked at.
pub(super) fn datasets(pair: &Pair<'_>, range: Range, first: bool, progress: &mut Progress) -> Result<i64, Fault> {
    if first {
        searches(pair)?;
    }
    let by = range.shift(pair.tx, "dataset")?;
    let seen = pair.count(range, "SELECT count(*) FROM dataset WHERE app = ?1 AND died IS NULL AND key BETWEEN ?2 AND ?3")?;
    let copied = pair.copy(
        range,
        &format!(
            "INSERT INTO dataset (rev, app, key, id, description, notes, metadata, extras, created_at, modified_at, born)
             SELECT d.key + {by}, ?2, d.key + {by}, d.id, d.description, d.notes, d.metadata, d.extras, d.created_at, d.modified_at, ?5
             FROM dataset d WHERE d.app = ?1 AND d.died IS NULL AND d.key BETWEEN ?3 AND ?4
               AND NOT EXISTS (SELECT 1 FROM dataset o WHERE o.app = ?2 AND o.id = d.id AND o.died IS NULL) ORDER BY d.key"
        ),
    )?;
    pair.tx.bump(pair.into, "datasets", copied)?;
    progress.copied.datasets += copied;
    progress.skipped.datasets += seen - copied;
    Ok(seen)
}

/// Annotation filters, which datasets name, and saved searches.
fn searches(pair: &Pair<'_>) -> Result<(), Fault> {
    let seq = pair.tx.seq(pair.into)?;
    for (table, columns) in [("annotation_filter", "body"), ("search", "kind, name, body")] {
        pair.tx.exec(
            &format!(
                "INSERT INTO {table} (app, key, id, {columns}, created_at, modified_at, born)
                 SELECT ?2, (SELECT coalesce(max(rev), 0) FROM {table}) + row_number() OVER (ORDER BY key), id, {columns}, created_at, modified_at, ?3
                 FROM {table} s WHERE app = ?1 AND died IS NULL
                   AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.app = ?2 AND o.id = s.id AND o.died IS NULL) ORDER BY key"
            ),
            (pair.source, pair.into.key, seq),
        )?;
    }
    Ok(())
}

/// The inputs of a range as they were when the copy was asked for. An input whose id is taken is left out with all that is
/// said of it: it may be another picture. Gives how many rows were looked at.
pub(super) fn inputs(
    pair: &Pair<'_>,
    range: Range,
    with_annotations: bool,
    progress: &mut Progress,
) -> Result<i64, Fault> {
    let (tx, at) = (pair.tx, progress.seq);
    let by = range.shift(tx, "input")?;
    // The living ones lie in an index; of each the row that held then.
    let then = format!(
        "input p CROSS JOIN input i ON i.key = p.key AND i.born <= {at} AND (i.died IS NULL OR i.died > {at})
         WHERE p.app = ?1 AND p.died IS NULL"
    );
    let seen = pair.count(range, &format!("SELECT count(*) FROM {then} AND p.key BETWEEN ?2 AND ?3"))?;
    let copied = pair.copy(
        range,
        &format!(
            "INSERT INTO input (rev, app, key, id, kind, width, height, sha256, url, raw, metadata, longitude, latitude, file_name, origin_id, origin, hash, created_at,
               modified_at, born, status, status_details, info)
             SELECT p.key + {by}, ?2, p.key + {by}, i.id, i.kind, i.width, i.height, i.sha256, i.url, i.raw, i.metadata, i.longitude, i.latitude, i.file_name, i.origin_id,
               i.origin, i.hash, i.created_at, i.modified_at, ?5, CASE i.status WHEN 30003 THEN 30001 ELSE i.status END, i.status_details, i.info
             FROM {then} AND p.key BETWEEN ?3 AND ?4
               AND NOT EXISTS (SELECT 1 FROM input o WHERE o.app = ?2 AND o.id = i.id AND o.died IS NULL) ORDER BY p.key"
        ),
    )?;
    tx.bump(pair.into, "inputs", copied)?;
    progress.copied.inputs += copied;
    progress.skipped.inputs += seen - copied;
    if copied > 0 {
        members(pair, range, by, at)?;
        if with_annotations {
            progress.copied.annotations += annotations(pair, range, by, at)?;
        }
        let waiting = "SELECT count(*) FROM input WHERE app = ?1 AND died IS NULL AND status <> 30000 AND status = 30001 AND key BETWEEN ?2 AND ?3";
        if tx.count(waiting, (pair.into.key, range.low + by, range.high + by))? > 0 {
            want_fetch(tx, pair.into)?;
        }
    }
    Ok(seen)
}

/// Puts the copied inputs into the datasets of the same ids.
fn members(pair: &Pair<'_>, range: Range, by: i64, at: i64) -> Result<(), Fault> {
    let tx = pair.tx;
    let seq = tx.seq(pair.into)?;
    let rows: Vec<(i64, i64, i64)> = tx.all(
        &format!(
            "SELECT o.key, t.key, m.created_at FROM input p CROSS JOIN input t ON t.rev = p.key + {by}
               CROSS JOIN member m INDEXED BY member_input ON m.input = p.key AND m.died IS NULL AND m.born <= {at}
               CROSS JOIN dataset d ON d.key = m.dataset AND d.died IS NULL
               CROSS JOIN dataset o ON o.app = ?2 AND o.id = d.id AND o.died IS NULL AND coalesce(json_type(o.extras, '$.bookmark_origin'), '') <> 'object'
             WHERE p.app = ?1 AND p.died IS NULL AND p.key BETWEEN ?3 AND ?4 ORDER BY p.key, m.rev"
        ),
        (pair.source, pair.into.key, range.low, range.high),
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )?;
    let mut joined: HashMap<i64, i64> = HashMap::new();
    for (dataset, input, created_at) in rows {
        tx.exec(
            "INSERT INTO member (dataset, input, created_at, born) VALUES (?1, ?2, ?3, ?4)",
            (dataset, input, created_at, seq),
        )?;
        *joined.entry(dataset).or_default() += 1;
    }
    joined.into_iter().try_for_each(|(dataset, count)| tx.bump(pair.into, &format!("dataset:{dataset}"), count))
}

/// What is said of the copied inputs, by whomever. Gives how many annotations there are.
fn annotations(pair: &Pair<'_>, range: Range, by: i64, at: i64) -> Result<i64, Fault> {
    let then = format!(
        "input p CROSS JOIN input t ON t.rev = p.key + {by}
           CROSS JOIN annotation a INDEXED BY annotation_input ON a.input = p.key AND a.born <= {at} AND (a.died IS NULL OR a.died > {at})"
    );
    let wanted = "p.app = ?1 AND p.died IS NULL AND p.key BETWEEN ?3 AND ?4";
    let sql = format!("SELECT min(a.key) FROM {then} WHERE {}", wanted.replace("?3", "?2").replace("?4", "?3"));
    // A key is never above its rows: keys and rows are moved alike, so that both orders stay.
    let by = Range { low: pair.count(range, &sql)?, high: 0 }.shift(pair.tx, "annotation")?;
    let copied = pair.copy(
        range,
        &format!(
            "INSERT INTO annotation (rev, app, key, input, id, user_id, model_version_id, trusted, input_level, shape, top, left, bottom, right, exact, px, py, pw, ph, area,
               crowd, segmentation, info, rest, origin_id, origin, status, hash, created_at, modified_at, born, task_id, annotation_info, consensus_info)
             SELECT a.rev + {by}, ?2, a.key + {by}, t.key, a.id, a.user_id, a.model_version_id, a.trusted, a.input_level, a.shape, a.top, a.left, a.bottom, a.right, a.exact,
               a.px, a.py, a.pw, a.ph, a.area, a.crowd, a.segmentation, a.info, a.rest, a.origin_id, a.origin, a.status, a.hash, a.created_at, a.modified_at, ?5, a.task_id,
               a.annotation_info, a.consensus_info FROM {then} WHERE {wanted}"
        ),
    )?;
    // Concepts by their ids: each was copied before, or was there.
    pair.copy(
        range,
        &format!(
            "INSERT INTO label (annotation, concept, value, ordinal) SELECT a.rev + {by}, o.key, l.value, l.ordinal
             FROM {then} CROSS JOIN label l ON l.annotation = a.rev CROSS JOIN concept c ON c.key = l.concept AND c.died IS NULL
               CROSS JOIN concept o ON o.app = ?2 AND o.id = c.id AND o.died IS NULL WHERE {wanted} AND ?5"
        ),
    )?;
    pair.copy(
        range,
        &format!(
            "INSERT INTO embedding (annotation, dimensions, vector) SELECT a.rev + {by}, e.dimensions, e.vector
             FROM {then} CROSS JOIN embedding e ON e.annotation = a.rev WHERE {wanted} AND ?2 AND ?5"
        ),
    )?;
    Ok(copied)
}
