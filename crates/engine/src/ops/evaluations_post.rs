//! Asking for evaluations: who is measured on what, frozen as it is now, and a job that does it.

use crate::fault::Fault;
use crate::jobs;
use crate::jobs::evaluate::Params;
use crate::ops::{evaluations, versions};
use crate::store::dataset::{self, DatasetRow};
use crate::store::evaluation::{self, EvaluationRow};
use crate::store::model::{self, ModelRow, VersionRow};
use crate::store::version::Filter;
use crate::tx::{App, Tx, check_id};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{
    Annotation, AnnotationFilter, AnnotationFilterConfig, Dataset, DatasetVersion, EvalMetrics, ExtendedMetrics,
    FieldsValue, Filter as SearchFilter, Model, ModelVersion, MultiEvalMetricsResponse, Query, RequestOrigin, Search,
    StatusCode, UserAppIdSet,
};
use labelscope_api::operations::{PostEvaluations, PostModelVersionEvaluations};
use labelscope_api::wire::Struct;
use serde_json::Value;

/// The dataset of all inputs of an app, made when an evaluation names no dataset.
const ALL_INPUTS: &str = "labelscope-all-inputs";

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

/// A model version with what it belongs to.
struct Measured {
    app: App,
    model: ModelRow,
    version: VersionRow,
}

impl Measured {
    fn find(tx: &Tx<'_>, app: &App, sent: Option<Box<Model>>, place: &str) -> Result<Self, Fault> {
        let Some(asked) = sent.filter(|m| !m.id.is_empty()) else {
            return Err(Fault::invalid(format!("{place}.model has no id: name the model to evaluate")));
        };
        let app = app_of(tx, app, &asked.user_id, &asked.app_id)?;
        let model = model::need(tx, &app, &asked.id)?;
        let version = match asked.model_version.as_ref().map_or("", |v| v.id.as_str()) {
            "" => model::latest(tx, model.key)?.ok_or_else(|| {
                Fault::refused(
                    StatusCode::MODEL_DOES_NOT_EXIST,
                    format!("{place}.model: model \"{}\" has no version yet; register one", model.id),
                )
            })?,
            id => model::need_version(tx, &model, id)?,
        };
        Ok(Self { app, model, version })
    }

    fn message(&self) -> Model {
        let (app_id, user_id) = (&self.app.id, &self.app.user_id);
        Model {
            id: self.model.id.clone(),
            name: self.model.name.clone(),
            model_type_id: self.model.model_type_id.clone(),
            app_id: app_id.clone(),
            user_id: user_id.clone(),
            model_version: Some(Box::new(ModelVersion {
                id: self.version.id.clone(),
                app_id: app_id.clone(),
                user_id: user_id.clone(),
                train_info: self.version.body.train_info.clone(),
                ..ModelVersion::default()
            })),
            ..Model::default()
        }
    }
}

/// A dataset with one of its versions.
struct Frozen {
    app: App,
    dataset: DatasetRow,
    version_id: String,
}

impl Frozen {
    fn message(&self, version_id: &str, origin: RequestOrigin) -> Box<Dataset> {
        let (app_id, user_id, dataset_id) = (&self.app.id, &self.app.user_id, &self.dataset.id);
        Box::new(Dataset {
            id: dataset_id.clone(),
            app_id: app_id.clone(),
            user_id: user_id.clone(),
            version: Some(Box::new(DatasetVersion {
                id: version_id.to_owned(),
                dataset_id: dataset_id.clone(),
                app_id: app_id.clone(),
                user_id: user_id.clone(),
                request_origin: origin,
                ..DatasetVersion::default()
            })),
            ..Dataset::default()
        })
    }
}

/// Notes an evaluation and makes its job.
fn start(tx: &Tx<'_>, app: &App, sent: EvalMetrics, place: &str) -> Result<EvalMetrics, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
    check_id("evaluation", &id, StatusCode::CONN_INVALID_REQUEST)?;
    let measured = Measured::find(tx, app, sent.model, place)?;
    let params = sent.eval_info.as_ref().and_then(|info| info.params.as_ref());
    Params::read(params, &format!("{place}.eval_info.params"))?;
    let named = named(sent.ground_truth_dataset, params, place)?;
    // The results of an earlier one of this id go first, and what it froze.
    let known = tx.one("SELECT key FROM evaluation WHERE app = ?1 AND id = ?2", (app.key, &id), |r| r.get(0))?;
    if let Some(key) = known {
        evaluation::forget(tx, key)?;
    }
    let truth = match &named {
        Some(named) => frozen(tx, app, named)?,
        None => whole_app(tx, app, &measured)?,
    };
    let (predictions, predictions_id) = freeze_predictions(tx, &truth, &measured)?;
    let row = version_of(tx, &truth)?;
    // What the server says of the numbers is its own; an earlier reply may be sent back.
    let extended_metrics = sent.extended_metrics.map(|mut e| {
        e.user_metrics.iter_mut().for_each(|m| drop(m.remove("labelscope")));
        ExtendedMetrics { user_metrics: e.user_metrics.filter(|m| !m.is_empty()) }
    });
    tx.seq(app)?;
    let new = EvaluationRow {
        key: known.unwrap_or(0),
        app: app.key,
        id: id.clone(),
        model_id: measured.model.id.clone(),
        model_version_id: measured.version.id.clone(),
        model_type_id: measured.model.model_type_id.clone(),
        dataset_id: truth.dataset.id.clone(),
        dataset_version_id: truth.version_id.clone(),
        state: StatusCode::MODEL_QUEUED_FOR_EVALUATION,
        details: String::new(),
        body: EvalMetrics {
            user_id: app.user_id.clone(),
            app_id: app.id.clone(),
            model: Some(Box::new(measured.message())),
            ground_truth_dataset: Some(truth.message(&truth.version_id, row)),
            predictions_dataset: Some(truth.message(&predictions_id, RequestOrigin::EVAL_PREDICTIONS)),
            eval_info: sent.eval_info,
            extended_metrics,
            ..EvalMetrics::default()
        },
        summary: None,
        created_at: tx.now,
        predictions: Some(predictions),
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
    evaluations::message(tx, evaluation::need(tx, app, &id)?, &FieldsValue::default())
}

/// The dataset that is meant: of `ground_truth_dataset`, else of the parameters, as some clients send it.
fn named(sent: Option<Box<Dataset>>, params: Option<&Struct>, place: &str) -> Result<Option<Dataset>, Fault> {
    if let Some(dataset) = sent.filter(|d| **d != Dataset::default()) {
        if dataset.id.is_empty() {
            return Err(Fault::invalid(format!(
                "{place}.ground_truth_dataset has no id: name the dataset to measure on, or leave it out for all inputs of the app"
            )));
        }
        return Ok(Some(*dataset));
    }
    let text = |key: &str| params.and_then(|p| p.get(key)).and_then(Value::as_str).filter(|t| !t.is_empty());
    Ok(text("dataset_id").map(|id| {
        let version = text("dataset_version_id")
            .map(|id| Box::new(DatasetVersion { id: id.to_owned(), ..DatasetVersion::default() }));
        Dataset { id: id.to_owned(), version, ..Dataset::default() }
    }))
}

/// The version to measure on: the one that is named, else one that is made now.
fn frozen(tx: &Tx<'_>, app: &App, sent: &Dataset) -> Result<Frozen, Fault> {
    let named = app_of(tx, app, &sent.user_id, &sent.app_id)?;
    let (app, dataset) = dataset::read(tx, named, &sent.id)?;
    if let Some(version) = sent.version.as_ref().filter(|v| !v.id.is_empty()) {
        let version = versions::need(tx, &dataset, &version.id)?;
        if version.origin == RequestOrigin::EVAL_PREDICTIONS.0 {
            return Err(Fault::invalid(format!(
                "version \"{}\" of dataset \"{}\" holds the predictions of an evaluation, and no truth to measure on",
                version.id, dataset.id
            )));
        }
        return Ok(Frozen { app, dataset, version_id: version.id });
    }
    let filter = versions::filter(tx, &app, &dataset, &DatasetVersion::default())?;
    truth_version(tx, app, dataset, "Ground truth of an evaluation", filter)
}

fn truth_version(tx: &Tx<'_>, app: App, dataset: DatasetRow, says: &str, filter: Filter) -> Result<Frozen, Fault> {
    let new = versions::NewVersion {
        id: String::new(),
        description: says.to_owned(),
        metadata: None,
        filter,
        body: versions::Body::default(),
        origin: RequestOrigin::EVAL_GROUND_TRUTH,
    };
    let version_id = versions::make(tx, &app, &dataset, new)?.id;
    Ok(Frozen { app, dataset, version_id })
}

fn version_of(tx: &Tx<'_>, truth: &Frozen) -> Result<RequestOrigin, Fault> {
    Ok(RequestOrigin(versions::need(tx, &truth.dataset, &truth.version_id)?.origin))
}

/// All inputs of the app that are annotated with concepts of the model, as a version of a dataset that holds all inputs.
fn whole_app(tx: &Tx<'_>, app: &App, measured: &Measured) -> Result<Frozen, Fault> {
    if dataset::find(tx, app, ALL_INPUTS)?.is_none() {
        let description = "All inputs of the app, for evaluations that name no dataset".to_owned();
        dataset::insert(tx, app, &DatasetRow { id: ALL_INPUTS.to_owned(), description, ..DatasetRow::default() })?;
    }
    let dataset = dataset::need(tx, app, ALL_INPUTS)?;
    dataset::join_all(tx, app, dataset.key)?;
    let filter = Filter {
        sent: Some(AnnotationFilterConfig { ignore_empty_inputs: true, ..AnnotationFilterConfig::default() }),
        ignore_empty: true,
        concepts: concepts(tx, measured)?,
        ..Filter::default()
    };
    let says = format!("Inputs that are annotated with concepts of model {}, for an evaluation", measured.model.id);
    truth_version(tx, app.clone(), dataset, &says, filter)
}

/// The concepts that a model knows: as it was registered, else those that it has predicted.
fn concepts(tx: &Tx<'_>, measured: &Measured) -> Result<Vec<String>, Fault> {
    let info = measured.version.body.output_info.as_ref().or(measured.model.body.output_info.as_ref());
    let told = info.and_then(|i| i.pointer("/data/concepts")).and_then(Value::as_array);
    let told: Vec<String> =
        told.into_iter().flatten().filter_map(|c| Some(c.get("id")?.as_str()?.to_owned())).collect();
    if !told.is_empty() {
        return Ok(told);
    }
    tx.all(
        "SELECT DISTINCT c.id FROM annotation a JOIN label l ON l.annotation = a.rev JOIN concept c ON c.key = l.concept AND c.died IS NULL
         WHERE a.model_version_id = ?1 AND a.model_version_id <> '' AND a.died IS NULL ORDER BY c.id",
        [&measured.version.id],
        |r| r.get(0),
    )
}

/// Freezes what the model version says now, as a version of the dataset that holds its predictions in place of labels.
/// Gives the version's key and id.
fn freeze_predictions(tx: &Tx<'_>, truth: &Frozen, measured: &Measured) -> Result<(i64, String), Fault> {
    let said = Annotation { model_version_id: measured.version.id.clone(), ..Annotation::default() };
    let query = Query {
        filters: vec![SearchFilter { annotation: Some(Box::new(said)), ..SearchFilter::default() }],
        ..Query::default()
    };
    let search = Search { query: Some(query), ..Search::default() };
    let annotation_filter =
        Some(Box::new(AnnotationFilter { search: Some(Box::new(search.clone())), ..AnnotationFilter::default() }));
    let new = versions::NewVersion {
        id: String::new(),
        description: format!("Predictions of version {} of model {}", measured.version.id, measured.model.id),
        metadata: None,
        filter: Filter {
            sent: Some(AnnotationFilterConfig { annotation_filter, ..AnnotationFilterConfig::default() }),
            search: Some(search),
            caller: tx.caller.user_id.clone(),
            ..Filter::default()
        },
        body: versions::Body::default(),
        origin: RequestOrigin::EVAL_PREDICTIONS,
    };
    let made = versions::make(tx, &truth.app, &truth.dataset, new)?;
    Ok((made.key, made.id))
}
