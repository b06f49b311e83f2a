use crate::fault::Fault;
use crate::ops::versions;
use crate::store::dataset;
use crate::tx::{Tx, page};
use labelscope_api::messages::{DatasetVersionMetricsGroup, MetricsGroupType, MultiDatasetVersionMetricsGroupResponse};
use labelscope_api::operations::ListDatasetVersionMetricsGroups;
use serde_json::Value;

pub(crate) fn list(
    tx: &Tx<'_>,
    op: ListDatasetVersionMetricsGroups,
) -> Result<MultiDatasetVersionMetricsGroupResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (_, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let version = versions::need(tx, &dataset, &op.dataset_version_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    // A name that is none has become 0 on its way here; an empty list would hide the slip.
    if let Some(index) = op.types.iter().position(|t| t.0 == 0 || t.name().is_none()) {
        let known = MetricsGroupType::NAMES.iter().filter(|(_, n)| *n != 0).map(|(name, n)| format!("{name} ({n})"));
        return Err(Fault::invalid(format!(
            "types[{index}] is no type of metrics groups; the types are {}",
            known.collect::<Vec<_>>().join(", ")
        )));
    }
    let rows: Vec<(i32, String, String, String)> = tx.all(
        "SELECT type, value, metrics, parent FROM version_group WHERE version = ?1 ORDER BY ordinal",
        [version.key],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
    )?;
    let mut groups = Vec::new();
    for (kind, value, metrics, parent_path) in rows {
        let (kind, value): (_, Value) = (MetricsGroupType(kind), serde_json::from_str(&value)?);
        // Without a path the groups of the whole are meant: the vendor's SDK adds up all that it gets.
        let here = if op.parent_paths.is_empty() { parent_path == "/" } else { op.parent_paths.contains(&parent_path) };
        let wanted = here
            && (op.types.is_empty() || op.types.contains(&kind))
            && (op.values.is_empty() || op.values.iter().any(|v| alike(v, &value)));
        if wanted {
            groups.push(DatasetVersionMetricsGroup {
                parent_path,
                r#type: kind,
                value: Some(value),
                metrics: Some(serde_json::from_str(&metrics)?),
            });
        }
    }
    let groups = groups.into_iter().skip(offset as usize).take(limit as usize).collect();
    Ok(MultiDatasetVersionMetricsGroupResponse { dataset_version_metrics_groups: groups, ..Default::default() })
}

/// `3` and `3.0` are the same value.
fn alike(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(x), Some(y)) if (x - y).abs() < 1e-9)
}
