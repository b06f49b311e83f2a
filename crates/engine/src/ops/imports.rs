use crate::fault::Fault;
use crate::jobs::{self, NewJob};
use crate::store::{dataset, model};
use crate::tx::{App, Tx, check_id};
use labelscope_api::extensions::{Import, JobKind, JobReply, JobState, PostImports, PostSampleImport, StartImport};
use labelscope_api::messages::StatusCode;
use labelscope_formats::predictions::Format;
use std::io::Write;

/// The dataset that the sample project makes.
const SAMPLE: &str = "indoor85";
/// What a detector said of it. Its source does not name the detector.
const SAMPLE_PREDICTIONS: &str = "predictions.json";
const SAMPLE_MODEL: &str = "indoor-detector";
const SAMPLE_VERSION: &str = "indoor-detector-v1";

fn reply(tx: &Tx<'_>, app: &App, id: &str) -> Result<JobReply, Fault> {
    super::jobs::reply(tx, app, id)
}

pub(crate) fn post(tx: &Tx<'_>, op: PostImports) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let import = op.import.unwrap_or_default();
    check_id("dataset", &import.dataset_id, StatusCode::CONN_INVALID_REQUEST)?;
    let spec = if import.model_id.is_empty() && import.model_version_id.is_empty() {
        of_dataset(import)?
    } else {
        of_predictions(tx, &app, import)?
    };
    let id = jobs::add(
        tx,
        &app,
        &NewJob {
            kind: JobKind::IMPORT,
            waiting: true,
            dataset_id: &spec.dataset_id,
            import: Some(&spec),
            ..NewJob::default()
        },
    )?;
    std::fs::create_dir_all(tx.shared.import_folder(&id).join("files"))?;
    reply(tx, &app, &id)
}

fn of_dataset(import: Import) -> Result<Import, Fault> {
    if Format::named(&import.format).is_some() {
        return Err(Fault::invalid(format!(
            "import.format is \"{}\", which is of predictions: say whose they are in import.model_id and import.model_version_id",
            import.format
        )));
    }
    if !matches!(import.format.as_str(), "" | "coco") {
        return Err(Fault::invalid(format!(
            "import.format is \"{}\"; this server reads \"coco\", and predictions as \"coco_results\", \"csv\" or \"clarifai\"",
            import.format
        )));
    }
    Ok(Import { format: "coco".to_owned(), files: Vec::new(), ..import })
}

/// Predictions of a model version. The names are settled here, so that a job that begins anew means the same.
fn of_predictions(tx: &Tx<'_>, app: &App, import: Import) -> Result<Import, Fault> {
    if !import.format.is_empty() && Format::named(&import.format).is_none() {
        return Err(Fault::invalid(format!(
            "import.format is \"{}\"; predictions are read as \"coco_results\", \"csv\" or \"clarifai\"",
            import.format
        )));
    }
    dataset::need(tx, app, &import.dataset_id)?;
    let (mut model_id, mut model_version_id) = (import.model_id.clone(), import.model_version_id.clone());
    if model_id.is_empty() {
        let owner = model::of_version(tx, app, &model_version_id)?;
        model_id = owner.map(|m| m.id).ok_or_else(|| {
            Fault::invalid(format!(
                "no model has a version \"{model_version_id}\": name the model in import.model_id, and it is made"
            ))
        })?;
    }
    if model_version_id.is_empty() {
        let latest = match model::find(tx, app, &model_id)? {
            Some(found) => model::latest(tx, found.key)?,
            None => None,
        };
        model_version_id = latest.map_or_else(|| tx.new_id(), |v| v.id);
    }
    check_id("model", &model_id, StatusCode::MODEL_INVALID_ARGUMENT)?;
    check_id("model version", &model_version_id, StatusCode::MODEL_INVALID_ARGUMENT)?;
    model::check_version_id(tx, app, &model_id, &model_version_id)?;
    Ok(Import { model_id, model_version_id, files: Vec::new(), ..import })
}

pub(crate) fn start(tx: &Tx<'_>, op: StartImport) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let job = jobs::by_id(tx, &op.import_id)?.filter(|j| j.app == app.key && j.kind == JobKind::IMPORT);
    let Some(mut job) = job else { return Err(Fault::not_found("import", &op.import_id)) };
    // Begun twice is begun once.
    if job.state == JobState::WAITING {
        if tx.count("SELECT count(*) FROM import_file WHERE job = ?1", [&job.id])? == 0 {
            return Err(Fault::invalid(
                "no file has arrived for this import: send at least the one with the annotations or predictions",
            ));
        }
        job.state = JobState::QUEUED;
        job.save(tx)?;
        tx.wake.set(true);
    }
    reply(tx, &app, &job.id)
}

pub(crate) fn sample(tx: &Tx<'_>, op: PostSampleImport) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if tx.shared.sample.is_empty() {
        return Err(Fault::refused(StatusCode::NOT_IMPLEMENTED, "this server was built without the sample project"));
    }
    // A dataset's import that names a model is followed by that of its predictions.
    let spec = Import {
        dataset_id: SAMPLE.to_owned(),
        format: "coco".to_owned(),
        model_id: SAMPLE_MODEL.to_owned(),
        model_version_id: SAMPLE_VERSION.to_owned(),
        ..Import::default()
    };
    let id = begin(tx, &app, &spec, |name| name != SAMPLE_PREDICTIONS)?;
    reply(tx, &app, &id)
}

/// The second half of the sample project, once its dataset is there.
pub(crate) fn sample_predictions(tx: &Tx<'_>, app: &App, of: &Import) -> Result<(), Fault> {
    if tx.shared.sample.iter().any(|(name, _)| *name == SAMPLE_PREDICTIONS) {
        let spec = Import { format: Format::CocoResults.name().to_owned(), files: Vec::new(), ..of.clone() };
        begin(tx, app, &spec, |name| name == SAMPLE_PREDICTIONS)?;
    }
    Ok(())
}

/// Begins an import of some of the sample's files.
fn begin(tx: &Tx<'_>, app: &App, spec: &Import, wanted: impl Fn(&str) -> bool) -> Result<String, Fault> {
    let new = NewJob { kind: JobKind::IMPORT, dataset_id: &spec.dataset_id, import: Some(spec), ..NewJob::default() };
    let id = jobs::add(tx, app, &new)?;
    let folder = tx.shared.import_folder(&id).join("files");
    let write = || -> Result<(), Fault> {
        std::fs::create_dir_all(&folder)?;
        for (name, bytes) in tx.shared.sample.iter().filter(|(name, _)| wanted(name)) {
            std::fs::File::create(folder.join(name))?.write_all(bytes)?;
            note_file(tx, &id, name, bytes.len() as u64)?;
        }
        Ok(())
    };
    if let Err(fault) = write() {
        // The job is taken back with the call, and so are its files.
        let _ = std::fs::remove_dir_all(tx.shared.import_folder(&id));
        return Err(fault);
    }
    Ok(id)
}

/// Notes a file that has arrived.
pub(crate) fn note_file(tx: &Tx<'_>, job: &str, name: &str, bytes: u64) -> Result<(), Fault> {
    tx.exec(
        "INSERT OR REPLACE INTO import_file (job, name, bytes, received_at) VALUES (?1, ?2, ?3, ?4)",
        (job, name, bytes as i64, tx.now),
    )?;
    Ok(())
}
