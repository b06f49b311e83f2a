//! Copies models with their versions. What was measured of them stays behind: it speaks of versions of datasets.

use super::Step;
use crate::fault::Fault;
use crate::store::duplication::Progress;

/// Gives how many rows were looked at.
pub(super) fn copy(step: &Step<'_>, progress: &mut Progress) -> Result<i64, Fault> {
    let seen = step.seen("model")?;
    let copied = step.write(
        "INSERT INTO model (rev, app, key, id, name, model_type_id, body, created_at, modified_at, born)
         SELECT m.key + ?6, ?2, m.key + ?6, m.id, m.name, m.model_type_id, m.body, m.created_at, m.modified_at, ?5
         FROM model m WHERE m.app = ?1 AND m.died IS NULL AND m.key BETWEEN ?3 AND ?4
           AND NOT EXISTS (SELECT 1 FROM model o WHERE o.app = ?2 AND o.id = m.id AND o.died IS NULL) ORDER BY m.key",
    )?;
    // All versions of these models, in the order of their making, but for those whose id is taken by another model.
    step.write(
        "INSERT INTO model_version (app, model, key, id, body, created_at, modified_at, born)
         SELECT ?2, t.key, (SELECT coalesce(max(rev), 0) FROM model_version) + row_number() OVER (ORDER BY v.key), v.id, v.body, v.created_at, v.modified_at, ?5
         FROM model m CROSS JOIN model t ON t.rev = m.key + ?6 CROSS JOIN model_version v ON v.model = m.key AND v.died IS NULL
         WHERE m.app = ?1 AND m.died IS NULL AND m.key BETWEEN ?3 AND ?4
           AND NOT EXISTS (SELECT 1 FROM model_version o WHERE o.app = ?2 AND o.id = v.id AND o.died IS NULL) ORDER BY v.key",
    )?;
    progress.copied.models += copied;
    progress.skipped.models += seen - copied;
    Ok(seen)
}
