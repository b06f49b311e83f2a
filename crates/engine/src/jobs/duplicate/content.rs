//! Copies datasets, inputs with their memberships, and annotations with labels and vectors.

use super::{Step, behind};
use crate::fault::Fault;
use crate::jobs::want_fetch;
use crate::store::duplication::Progress;
use std::collections::HashMap;

/// Annotation filters, which datasets name, and saved searches, all at once: they are few.
pub(super) fn searches(step: &Step<'_>) -> Result<(), Fault> {
    for (table, columns) in [("annotation_filter", "body"), ("search", "kind, name, body")] {
        step.write(&format!(
            "INSERT INTO {table} (app, key, id, {columns}, created_at, modified_at, born)
             SELECT ?2, (SELECT coalesce(max(rev), 0) FROM {table}) + row_number() OVER (ORDER BY key), id, {columns}, created_at, modified_at, ?5
             FROM {table} s WHERE app = ?1 AND died IS NULL
               AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.app = ?2 AND o.id = s.id AND o.died IS NULL) ORDER BY key"
        ))?;
    }
    Ok(())
}

/// Datasets as they are now; their versions speak of the past of the source, and stay there. Gives how many rows were
/// looked at.
pub(super) fn datasets(step: &Step<'_>, progress: &mut Progress) -> Result<i64, Fault> {
    let seen = step.seen("dataset")?;
    let copied = step.write(
        "INSERT INTO dataset (rev, app, key, id, description, notes, metadata, extras, created_at, modified_at, born)
         SELECT d.key + ?6, ?2, d.key + ?6, d.id, d.description, d.notes, d.metadata, d.extras, d.created_at, d.modified_at, ?5
         FROM dataset d WHERE d.app = ?1 AND d.died IS NULL AND d.key BETWEEN ?3 AND ?4
           AND NOT EXISTS (SELECT 1 FROM dataset o WHERE o.app = ?2 AND o.id = d.id AND o.died IS NULL) ORDER BY d.key",
    )?;
    step.tx.bump(step.into, "datasets", copied)?;
    progress.copied.datasets += copied;
    progress.skipped.datasets += seen - copied;
    Ok(seen)
}

/// The inputs of a range: the living ones lie in an index; of each `i` is the row that held when the copy was asked for.
const INPUTS: &str = "input p CROSS JOIN input i ON i.key = p.key AND i.born <= ?7 AND (i.died IS NULL OR i.died > ?7)
    WHERE p.app = ?1 AND p.died IS NULL AND p.key BETWEEN ?3 AND ?4";

/// The inputs as they were when the copy was asked for. One whose id is taken is left out with all that is said of it: it
/// may be another picture. Gives how many rows were looked at.
pub(super) fn inputs(step: &mut Step<'_>, with_annotations: bool, progress: &mut Progress) -> Result<i64, Fault> {
    let seen = step.number(&format!("SELECT count(*) FROM {INPUTS}"))?;
    let copied = step.write(&format!(
        "INSERT INTO input (rev, app, key, id, kind, width, height, sha256, url, raw, metadata, longitude, latitude, file_name, origin_id, origin, hash, created_at, modified_at,
           born, status, status_details, info)
         SELECT p.key + ?6, ?2, p.key + ?6, i.id, i.kind, i.width, i.height, i.sha256, i.url, i.raw, i.metadata, i.longitude, i.latitude, i.file_name, i.origin_id, i.origin,
           i.hash, i.created_at, i.modified_at, ?5, CASE i.status WHEN 30003 THEN 30001 ELSE i.status END, i.status_details, i.info
         FROM {INPUTS} AND NOT EXISTS (SELECT 1 FROM input o WHERE o.app = ?2 AND o.id = i.id AND o.died IS NULL) ORDER BY p.key"
    ))?;
    step.tx.bump(step.into, "inputs", copied)?;
    progress.copied.inputs += copied;
    progress.skipped.inputs += seen - copied;
    if copied == 0 {
        return Ok(seen);
    }
    members(step)?;
    if with_annotations {
        progress.copied.annotations += annotations(step)?;
    }
    // A file that is still to come has to come here too.
    let waiting = "SELECT count(*) FROM input WHERE app = ?2 AND died IS NULL AND status <> 30000 AND status = 30001 AND key BETWEEN ?3 + ?6 AND ?4 + ?6";
    if step.number(waiting)? > 0 {
        want_fetch(step.tx, step.into)?;
    }
    Ok(seen)
}

/// Puts the copied inputs into the datasets of the same ids.
fn members(step: &Step<'_>) -> Result<(), Fault> {
    let rows: Vec<(i64, i64, i64)> = step.read(
        "SELECT o.key, t.key, m.created_at FROM input p CROSS JOIN input t ON t.rev = p.key + ?6
           CROSS JOIN member m INDEXED BY member_input ON m.input = p.key AND m.died IS NULL AND m.born <= ?7
           CROSS JOIN dataset d ON d.key = m.dataset AND d.died IS NULL
           CROSS JOIN dataset o ON o.app = ?2 AND o.id = d.id AND o.died IS NULL AND coalesce(json_type(o.extras, '$.bookmark_origin'), '') <> 'object'
         WHERE p.app = ?1 AND p.died IS NULL AND p.key BETWEEN ?3 AND ?4 ORDER BY p.key, m.rev",
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )?;
    let mut joined: HashMap<i64, i64> = HashMap::new();
    for (dataset, input, created_at) in rows {
        step.tx.exec(
            "INSERT INTO member (dataset, input, created_at, born) VALUES (?1, ?2, ?3, ?4)",
            (dataset, input, created_at, step.seq),
        )?;
        *joined.entry(dataset).or_default() += 1;
    }
    joined.into_iter().try_for_each(|(dataset, count)| step.tx.bump(step.into, &format!("dataset:{dataset}"), count))
}

/// Where what is said of the copied inputs stands in the source. `t` is the copied input.
const SAID: &str = "input p CROSS JOIN input t ON t.rev = p.key + ?6
    CROSS JOIN annotation a INDEXED BY annotation_input ON a.input = p.key AND a.born <= ?7 AND (a.died IS NULL OR a.died > ?7)";
const OF_RANGE: &str = "WHERE p.app = ?1 AND p.died IS NULL AND p.key BETWEEN ?3 AND ?4";

/// What is said of the copied inputs, by whomever. Gives how many annotations there are.
fn annotations(step: &mut Step<'_>) -> Result<i64, Fault> {
    // A key is never above its rows: keys and rows are moved alike, so that both orders stay.
    let lowest = step.number(&format!("SELECT min(a.key) FROM {SAID} {OF_RANGE}"))?;
    step.said_by = behind(step.tx, "annotation", lowest)?;
    let copied = step.write(&format!(
        "INSERT INTO annotation (rev, app, key, input, id, user_id, model_version_id, trusted, input_level, shape, top, left, bottom, right, exact, px, py, pw, ph, area, crowd,
           segmentation, info, rest, origin_id, origin, status, hash, created_at, modified_at, born, task_id, annotation_info, consensus_info)
         SELECT a.rev + ?8, ?2, a.key + ?8, t.key, a.id, a.user_id, a.model_version_id, a.trusted, a.input_level, a.shape, a.top, a.left, a.bottom, a.right, a.exact, a.px, a.py,
           a.pw, a.ph, a.area, a.crowd, a.segmentation, a.info, a.rest, a.origin_id, a.origin, a.status, a.hash, a.created_at, a.modified_at, ?5, a.task_id, a.annotation_info,
           a.consensus_info FROM {SAID} {OF_RANGE}"
    ))?;
    // Concepts by their ids: each was copied before, or was there.
    step.write(&format!(
        "INSERT INTO label (annotation, concept, value, ordinal) SELECT a.rev + ?8, o.key, l.value, l.ordinal
         FROM {SAID} CROSS JOIN label l ON l.annotation = a.rev CROSS JOIN concept c ON c.key = l.concept AND c.died IS NULL
           CROSS JOIN concept o ON o.app = ?2 AND o.id = c.id AND o.died IS NULL {OF_RANGE}"
    ))?;
    step.write(&format!(
        "INSERT INTO embedding (annotation, dimensions, vector) SELECT a.rev + ?8, e.dimensions, e.vector
         FROM {SAID} CROSS JOIN embedding e ON e.annotation = a.rev {OF_RANGE}"
    ))?;
    Ok(copied)
}
