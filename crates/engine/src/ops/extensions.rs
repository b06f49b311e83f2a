use crate::fault::Fault;
use crate::store::{counts, dataset, geometry};
use crate::tx::Tx;
use labelscope_api::extensions::{
    AppCounts, AppCountsReply, ConceptUse, DatasetSummary, DatasetSummaryReply, GetAppCounts, GetDatasetSummary,
};
use labelscope_api::wire::Int64;

pub(crate) fn counts(tx: &Tx<'_>, op: GetAppCounts) -> Result<AppCountsReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let counter =
        |name: &str| tx.count("SELECT value FROM counter WHERE app = ?1 AND name = ?2", (app.key, name)).map(Int64);
    let counts = AppCounts {
        concepts: counter("concepts")?,
        datasets: counter("datasets")?,
        inputs: counter("inputs")?,
        active_jobs: Int64(tx.count("SELECT count(*) FROM job WHERE app = ?1 AND state IN (2, 3)", [app.key])?),
        revision: Int64(tx.revision(&app)?),
    };
    Ok(AppCountsReply { counts: Some(counts), ..Default::default() })
}

/// How many concepts a summary lists.
const CONCEPTS: i64 = 200;

pub(crate) fn summary(tx: &Tx<'_>, op: GetDatasetSummary) -> Result<DatasetSummaryReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let summary = counts::summary(tx, &app, dataset.key, |revision| {
        let joined = "FROM member m JOIN annotation a ON a.input = m.input AND a.died IS NULL AND a.trusted = 1 WHERE m.dataset = ?1 AND m.died IS NULL";
        let mut of_shape = [0i64; 5];
        let mut annotations = 0;
        for (shape, n) in
            tx.all(&format!("SELECT a.shape, count(*) {joined} GROUP BY a.shape"), [dataset.key], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?))
            })?
        {
            annotations += n;
            if let Some(slot) = of_shape.get_mut(shape as usize) {
                *slot += n;
            }
        }
        let shape = |kind: i64| Int64(of_shape.get(kind as usize).copied().unwrap_or(0));
        let labels = "FROM member m JOIN annotation a ON a.input = m.input AND a.died IS NULL AND a.trusted = 1
            JOIN label l ON l.annotation = a.rev AND l.value >= 0.5 JOIN concept c ON c.key = l.concept AND c.died IS NULL WHERE m.dataset = ?1 AND m.died IS NULL";
        let concepts = tx.all(
            &format!("SELECT c.id, c.name, count(*), count(DISTINCT m.input) {labels} GROUP BY c.key ORDER BY 3 DESC, c.name LIMIT {CONCEPTS}"),
            [dataset.key],
            |r| Ok(ConceptUse { id: r.get(0)?, name: r.get(1)?, annotations: Int64(r.get(2)?), inputs: Int64(r.get(3)?) }),
        )?;
        let concepts_count = if (concepts.len() as i64) < CONCEPTS {
            concepts.len() as i64
        } else {
            tx.count(&format!("SELECT count(DISTINCT c.key) {labels}"), [dataset.key])?
        };
        let inputs =
            tx.count("SELECT count(*) FROM member m WHERE m.dataset = ?1 AND m.died IS NULL", [dataset.key])?;
        let labeled = tx.count(&format!("SELECT count(DISTINCT m.input) {joined}"), [dataset.key])?;
        let bare = tx.count(
            "SELECT count(*) FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL WHERE m.dataset = ?1 AND m.died IS NULL AND i.kind = 1 AND i.sha256 IS NULL",
            [dataset.key],
        )?;
        Ok(DatasetSummary {
            concepts,
            inputs: Int64(inputs),
            unlabeled_inputs: Int64(inputs - labeled),
            inputs_without_media: Int64(bare),
            annotations: Int64(annotations),
            bounding_boxes: shape(geometry::BOX),
            polygons: shape(geometry::POLYGON),
            masks: shape(geometry::MASK),
            concepts_count: Int64(concepts_count),
            revision: Int64(revision),
        })
    })?;
    Ok(DatasetSummaryReply { summary: Some(summary), ..Default::default() })
}
