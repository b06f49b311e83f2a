use crate::fault::Fault;
use crate::jobs;
use crate::ops::{order, versions};
use crate::store::dataset;
use crate::store::evaluation::{self, COLUMNS, EvaluationRow};
use crate::store::model;
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{
    Dataset, DatasetVersion, EvalMetrics, ExtendedMetrics, FieldsValue, Model, ModelVersion, MultiEvalMetricsResponse,
    RequestOrigin, SingleEvalMetricsResponse, StatusCode, UserAppIdSet,
};
use labelscope_api::operations::{
    GetEvaluation, GetModelVersionEvaluation, ListEvaluations, ListModelVersionEvaluations, PostDatasetVersions,
    PostEvaluations, PostModelVersionEvaluations,
};

/// Codes of evaluations that came to nothing.
const FAILED: &str = "e.state BETWEEN 21310 AND 21319";

pub(crate) fn list(tx: &Tx<'_>, op: ListEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let apps = tx.apps(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let train = "coalesce(json_extract(e.body, '$.model.model_version.train_info.dataset.id'), json_extract(e.body, '$.model.model_version.train_info.params.dataset_id'), '')";
    let column = order(&[
        (op.sort_by_app_id, "sort_by_app_id", "json_extract(e.body, '$.app_id')"),
        (op.sort_by_roc_auc, "sort_by_roc_auc", "json_extract(e.summary, '$.macro_avg_roc_auc')"),
        (op.sort_by_f1, "sort_by_f1", "json_extract(e.summary, '$.macro_avg_f1_score')"),
        (op.sort_by_created_at, "sort_by_created_at", "e.created_at"),
        (
            op.sort_by_mean_avg_precision,
            "sort_by_mean_avg_precision",
            "json_extract(e.summary, '$.mean_avg_precision_iou_50')",
        ),
        (op.sort_by_precision, "sort_by_precision", "json_extract(e.summary, '$.macro_avg_precision')"),
        (op.sort_by_recall, "sort_by_recall", "json_extract(e.summary, '$.macro_avg_recall')"),
        (op.sort_by_model_id, "sort_by_model_id", "e.model_id"),
        (op.sort_by_eval_dataset_id, "sort_by_eval_dataset_id", "e.dataset_id"),
        (op.sort_by_train_dataset_id, "sort_by_train_dataset_id", train),
    ])?
    .unwrap_or("e.created_at");
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    let keys: Vec<i64> = apps.iter().map(|app| app.key).collect();
    let one_of = |n: usize| format!("(SELECT value FROM json_each(?{n}))");
    let sql = format!(
        "SELECT {COLUMNS} FROM evaluation e WHERE e.app IN {} AND (?2 = '' OR e.model_type_id = ?2)
         AND (?3 = '[]' OR e.dataset_id IN {}) AND (?4 = '[]' OR {train} IN {})
         AND (?5 = '[]' OR EXISTS (SELECT 1 FROM json_each(e.concepts) c WHERE c.value IN {}))
         AND (?6 OR NOT {FAILED}) ORDER BY {column} {direction} NULLS LAST, e.created_at {direction}, e.key {direction} LIMIT ?7 OFFSET ?8",
        one_of(1), one_of(3), one_of(4), one_of(5)
    );
    let values = (
        serde_json::to_string(&keys)?,
        &op.model_type_id,
        serde_json::to_string(&op.eval_dataset_ids)?,
        serde_json::to_string(&op.train_dataset_ids)?,
        serde_json::to_string(&op.concept_ids)?,
        op.show_failed_metrics,
        limit,
        offset,
    );
    let rows = tx.all(&sql, values, evaluation::row)?;
    summaries(tx, rows)
}

fn summaries(tx: &Tx<'_>, rows: Vec<EvaluationRow>) -> Result<MultiEvalMetricsResponse, Fault> {
    let none = FieldsValue::default();
    let eval_metrics = rows.into_iter().map(|row| evaluation::message(tx, row, &none)).collect::<Result<_, _>>()?;
    Ok(MultiEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn list_of_version(tx: &Tx<'_>, op: ListModelVersionEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    model::need_version(tx, &model, &op.model_version_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM evaluation e WHERE e.app = ?1 AND e.model_id = ?2 AND e.model_version_id = ?3 AND NOT {FAILED}
         ORDER BY e.created_at DESC, e.key DESC LIMIT ?4 OFFSET ?5"
    );
    let rows = tx.all(&sql, (app.key, &op.model_id, &op.model_version_id, limit, offset), evaluation::row)?;
    summaries(tx, rows)
}

pub(crate) fn get(tx: &Tx<'_>, op: GetEvaluation) -> Result<SingleEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    let eval_metrics = Some(evaluation::message(tx, row, &op.fields.unwrap_or_default())?);
    Ok(SingleEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn get_of_version(tx: &Tx<'_>, op: GetModelVersionEvaluation) -> Result<SingleEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = evaluation::need(tx, &app, &op.evaluation_id)?;
    if row.model_id != op.model_id || row.model_version_id != op.model_version_id {
        return Err(Fault::not_found("evaluation of this model version", &op.evaluation_id));
    }
    let eval_metrics = Some(evaluation::message(tx, row, &op.fields.unwrap_or_default())?);
    Ok(SingleEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.eval_metrics.is_empty() {
        return Err(Fault::invalid("eval_metrics is empty: say what to evaluate"));
    }
    let mut eval_metrics = Vec::new();
    for (index, sent) in op.eval_metrics.into_iter().enumerate() {
        eval_metrics.push(start(tx, &app, sent, &format!("eval_metrics[{index}]"))?);
    }
    Ok(MultiEvalMetricsResponse { eval_metrics, ..Default::default() })
}

pub(crate) fn post_of_version(tx: &Tx<'_>, op: PostModelVersionEvaluations) -> Result<MultiEvalMetricsResponse, Fault> {
    let mut eval_metrics = op.eval_metrics;
    for sent in &mut eval_metrics {
        // The path says which model is meant.
        let version = ModelVersion { id: op.model_version_id.clone(), ..ModelVersion::default() };
        let model_version = Some(Box::new(version));
        sent.model = Some(Box::new(Model { id: op.model_id.clone(), model_version, ..Model::default() }));
    }
    post(tx, PostEvaluations { user_app_id: op.user_app_id, eval_metrics })
}

/// The app that a message names by its ids; where it names none, the app of the call.
fn app_of(tx: &Tx<'_>, app: &App, user_id: &str, app_id: &str) -> Result<App, Fault> {
    if app_id.is_empty() {
        return Ok(app.clone());
    }
    let user_id = if user_id.is_empty() { &app.user_id } else { user_id };
    tx.app(&UserAppIdSet { user_id: user_id.to_owned(), app_id: app_id.to_owned() })
}

/// Notes an evaluation and makes its job.
fn start(tx: &Tx<'_>, app: &App, sent: EvalMetrics, place: &str) -> Result<EvalMetrics, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
    check_id("evaluation", &id, StatusCode::CONN_INVALID_REQUEST)?;
    let Some(asked) = sent.model.filter(|m| !m.id.is_empty()) else {
        return Err(Fault::invalid(format!("{place}.model has no id: name the model to evaluate")));
    };
    let model_app = app_of(tx, app, &asked.user_id, &asked.app_id)?;
    let row = model::need(tx, &model_app, &asked.id)?;
    let version = match asked.model_version.as_ref().map_or("", |v| v.id.as_str()) {
        "" => model::latest(tx, row.key)?.ok_or_else(|| {
            Fault::refused(
                StatusCode::MODEL_DOES_NOT_EXIST,
                format!("{place}.model: model \"{}\" has no version yet; register one", row.id),
            )
        })?,
        id => model::need_version(tx, &row, id)?,
    };
    let ground_truth = sent.ground_truth_dataset.filter(|d| !d.id.is_empty());
    let Some(ground_truth) = ground_truth else {
        return Err(Fault::invalid(format!("{place}.ground_truth_dataset has no id: name the dataset to measure on")));
    };
    let (dataset_app, dataset_id, dataset_version_id) = frozen(tx, app, &ground_truth)?;
    let model = Model {
        id: row.id.clone(),
        name: row.name.clone(),
        model_type_id: row.model_type_id.clone(),
        app_id: model_app.id.clone(),
        user_id: model_app.user_id.clone(),
        model_version: Some(Box::new(ModelVersion {
            id: version.id.clone(),
            app_id: model_app.id.clone(),
            user_id: model_app.user_id.clone(),
            train_info: version.body.train_info.clone(),
            ..ModelVersion::default()
        })),
        ..Model::default()
    };
    let dataset = Dataset {
        id: dataset_id.clone(),
        app_id: dataset_app.id.clone(),
        user_id: dataset_app.user_id.clone(),
        version: Some(Box::new(DatasetVersion {
            id: dataset_version_id.clone(),
            dataset_id: dataset_id.clone(),
            app_id: dataset_app.id.clone(),
            user_id: dataset_app.user_id.clone(),
            ..DatasetVersion::default()
        })),
        ..Dataset::default()
    };
    // What the server says of the numbers is its own; an earlier reply may be sent back.
    let extended_metrics = sent.extended_metrics.map(|mut e| {
        e.user_metrics.iter_mut().for_each(|m| drop(m.remove("labelscope")));
        ExtendedMetrics { user_metrics: e.user_metrics.filter(|m| !m.is_empty()) }
    });
    tx.seq(app)?;
    let new = EvaluationRow {
        key: 0,
        app: app.key,
        id: id.clone(),
        model_id: row.id,
        model_version_id: version.id,
        model_type_id: row.model_type_id,
        dataset_id,
        dataset_version_id,
        state: StatusCode::MODEL_QUEUED_FOR_EVALUATION,
        details: String::new(),
        body: EvalMetrics {
            user_id: app.user_id.clone(),
            app_id: app.id.clone(),
            model: Some(Box::new(model)),
            ground_truth_dataset: Some(Box::new(dataset)),
            eval_info: sent.eval_info,
            extended_metrics,
            ..EvalMetrics::default()
        },
        summary: None,
        created_at: tx.now,
    };
    let key = evaluation::queue(tx, &new)?;
    jobs::add(
        tx,
        app,
        &jobs::NewJob {
            kind: JobKind::EVALUATION,
            dataset_id: &new.dataset_id,
            version_id: &new.dataset_version_id,
            spec: Some(serde_json::to_string(&(key, new.created_at))?),
            ..jobs::NewJob::default()
        },
    )?;
    evaluation::message(tx, evaluation::need(tx, app, &id)?, &FieldsValue::default())
}

/// The version to measure on: the one that is named, else one that is made now. Gives its app, its dataset and its id.
fn frozen(tx: &Tx<'_>, app: &App, sent: &Dataset) -> Result<(App, String, String), Fault> {
    let named = app_of(tx, app, &sent.user_id, &sent.app_id)?;
    let (app, dataset) = dataset::read(tx, named, &sent.id)?;
    if let Some(version) = sent.version.as_ref().filter(|v| !v.id.is_empty()) {
        return Ok((app, dataset.id.clone(), versions::need(tx, &dataset, &version.id)?.id));
    }
    let made = versions::post(
        tx,
        PostDatasetVersions {
            user_app_id: UserAppIdSet { user_id: app.user_id.clone(), app_id: app.id.clone() },
            dataset_id: dataset.id.clone(),
            dataset_versions: vec![DatasetVersion {
                description: "Ground truth of an evaluation".to_owned(),
                ..DatasetVersion::default()
            }],
        },
    )?;
    let id = made.dataset_versions.into_iter().next().map(|v| v.id).unwrap_or_default();
    tx.exec(
        "UPDATE dataset_version SET origin = ?3 WHERE dataset = ?1 AND id = ?2",
        (dataset.key, &id, RequestOrigin::EVAL_GROUND_TRUTH.0),
    )?;
    Ok((app, dataset.id, id))
}
