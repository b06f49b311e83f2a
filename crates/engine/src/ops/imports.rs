use crate::fault::Fault;
use crate::jobs::{self, NewJob};
use crate::tx::{App, Tx, check_id};
use labelscope_api::extensions::{Import, JobKind, JobReply, JobState, PostImports, PostSampleImport, StartImport};
use labelscope_api::messages::StatusCode;
use std::io::Write;

/// The dataset that the sample project makes.
const SAMPLE: &str = "indoor85";

fn reply(tx: &Tx<'_>, app: &App, id: &str) -> Result<JobReply, Fault> {
    super::jobs::reply(tx, app, id)
}

pub(crate) fn post(tx: &Tx<'_>, op: PostImports) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let import = op.import.unwrap_or_default();
    check_id("dataset", &import.dataset_id, StatusCode::CONN_INVALID_REQUEST)?;
    if !matches!(import.format.as_str(), "" | "coco") {
        return Err(Fault::invalid(format!("import.format is \"{}\"; this server reads \"coco\"", import.format)));
    }
    let spec = Import { format: "coco".to_owned(), files: Vec::new(), ..import };
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

pub(crate) fn start(tx: &Tx<'_>, op: StartImport) -> Result<JobReply, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let job = jobs::by_id(tx, &op.import_id)?.filter(|j| j.app == app.key && j.kind == JobKind::IMPORT);
    let Some(mut job) = job else { return Err(Fault::not_found("import", &op.import_id)) };
    // Begun twice is begun once.
    if job.state == JobState::WAITING {
        if tx.count("SELECT count(*) FROM import_file WHERE job = ?1", [&job.id])? == 0 {
            return Err(Fault::invalid(
                "no file has arrived for this import: send at least the one with the annotations",
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
    let spec = Import { dataset_id: SAMPLE.to_owned(), format: "coco".to_owned(), ..Import::default() };
    let id = jobs::add(
        tx,
        &app,
        &NewJob { kind: JobKind::IMPORT, dataset_id: SAMPLE, import: Some(&spec), ..NewJob::default() },
    )?;
    let folder = tx.shared.import_folder(&id).join("files");
    let write = || -> Result<(), Fault> {
        std::fs::create_dir_all(&folder)?;
        for (name, bytes) in tx.shared.sample {
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
    reply(tx, &app, &id)
}

/// Notes a file that has arrived.
pub(crate) fn note_file(tx: &Tx<'_>, job: &str, name: &str, bytes: u64) -> Result<(), Fault> {
    tx.exec(
        "INSERT OR REPLACE INTO import_file (job, name, bytes, received_at) VALUES (?1, ?2, ?3, ?4)",
        (job, name, bytes as i64, tx.now),
    )?;
    Ok(())
}
