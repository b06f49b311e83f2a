//! Counts that take a pass over the labels, kept until the next revision.

use crate::fault::Fault;
use crate::tx::{App, Tx};
use std::collections::HashMap;
use std::sync::Arc;

/// Inputs by concept: positive and negative.
pub(crate) type ByConcept = HashMap<i64, (i64, i64)>;

/// What has been counted, with the revision it was counted at.
#[derive(Default)]
pub(crate) struct Caches {
    concepts: HashMap<i64, (i64, Arc<ByConcept>)>,
    summaries: HashMap<i64, (i64, labelscope_api::extensions::DatasetSummary)>,
}

/// Can a write after that revision have changed who carries which label?
fn labels_touched(tx: &Tx<'_>, app: &App, after: i64) -> Result<bool, Fault> {
    // Writes to names and datasets leave labels alone: the counts of a large app stay good over them.
    let sql = "SELECT 1 FROM revision WHERE app = ?1 AND seq > ?2 AND what NOT IN ('PostConcepts', 'PatchConcepts', 'PostDatasets', 'PatchDatasets',
        'DeleteDatasets', 'PostDatasetInputs', 'DeleteDatasetInputs', 'PostDatasetVersions', 'PatchDatasetVersions', 'DeleteDatasetVersions',
        'StarDataset', 'PostModels', 'PatchModels', 'DeleteModel', 'DeleteModels', 'PostModelVersions', 'PatchModelVersions', 'DeleteModelVersion',
        'PostEvaluations', 'PostModelVersionEvaluations', 'PatchApps') LIMIT 1";
    Ok(tx.one(sql, (app.key, after), |_| Ok(()))?.is_some())
}

/// On how many inputs each concept stands. A value of one half or more is positive. Predictions do not count.
pub(crate) fn by_concept(tx: &Tx<'_>, app: &App) -> Result<Arc<ByConcept>, Fault> {
    let revision = tx.revision(app)?;
    let kept = tx.shared.caches.lock().ok().and_then(|caches| caches.concepts.get(&app.key).cloned());
    if let Some((at, counts)) = kept
        && at <= revision
        && !labels_touched(tx, app, at)?
    {
        return Ok(counts);
    }
    let rows = tx.all(
        "SELECT l.concept, count(DISTINCT CASE WHEN l.value >= 0.5 THEN a.input END), count(DISTINCT CASE WHEN l.value < 0.5 THEN a.input END)
         FROM annotation a JOIN label l ON l.annotation = a.rev WHERE a.app = ?1 AND a.died IS NULL AND a.trusted = 1 GROUP BY l.concept",
        [app.key],
        |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))),
    )?;
    let counts: Arc<ByConcept> = Arc::new(rows.into_iter().collect());
    if let Ok(mut caches) = tx.shared.caches.lock() {
        caches.concepts.insert(app.key, (revision, counts.clone()));
    }
    Ok(counts)
}

/// A dataset's summary, made by `make` where the one at hand is of another revision.
pub(crate) fn summary(
    tx: &Tx<'_>,
    app: &App,
    dataset: i64,
    make: impl FnOnce(i64) -> Result<labelscope_api::extensions::DatasetSummary, Fault>,
) -> Result<labelscope_api::extensions::DatasetSummary, Fault> {
    let revision = tx.revision(app)?;
    if let Ok(caches) = tx.shared.caches.lock()
        && let Some((at, summary)) = caches.summaries.get(&dataset)
        && *at == revision
    {
        return Ok(summary.clone());
    }
    let made = make(revision)?;
    if let Ok(mut caches) = tx.shared.caches.lock() {
        caches.summaries.insert(dataset, (revision, made.clone()));
    }
    Ok(made)
}
