use super::add_jobs::cancel_extraction;
use super::data_sources::{check_count, open_add_job, reply};
use super::input_template;
use crate::fault::Fault;
use crate::store::upload::{self, UploadRow};
use crate::store::{extraction, media};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::messages::{
    BaseResponse, InputsUpload, MultiInputsAddJobResponse, MultiUploadResponse, SingleUploadResponse, StatusCode,
    Upload,
};
use labelscope_api::operations::{
    DeleteUploads, GetUpload, ListUploads, PostInputsUploads, PostUploads, PutUploadContentParts,
};
use std::fs::File;

mod parts;

/// An archive may be so long.
const MAX_ARCHIVE: u64 = 64 << 30;
/// A file that is only kept may be so long: all of it is read with the call that brings its last part.
const MAX_FILE: u64 = 1 << 30;
/// A name may be so long.
const MAX_NAME: usize = 1024;

pub(crate) fn post(tx: &Tx<'_>, op: PostUploads) -> Result<MultiUploadResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    upload::expire(tx)?;
    check_count("uploads", op.uploads.len())?;
    let mut uploads = Vec::with_capacity(op.uploads.len());
    for (index, sent) in op.uploads.into_iter().enumerate() {
        let row = announced(tx, &app, &format!("uploads[{index}]"), sent, MAX_FILE)?;
        upload::insert(tx, &app, &row)?;
        uploads.push(upload::need(tx, &app, &row.id)?.message(tx)?);
    }
    Ok(MultiUploadResponse { uploads, ..Default::default() })
}

pub(crate) fn post_inputs(tx: &Tx<'_>, op: PostInputsUploads) -> Result<MultiInputsAddJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    upload::expire(tx)?;
    check_count("inputs_uploads", op.inputs_uploads.len())?;
    let mut add_jobs = Vec::new();
    for (index, sent) in op.inputs_uploads.into_iter().enumerate() {
        let place = format!("inputs_uploads[{index}]");
        let InputsUpload { inputs_add_job_id, upload, input_id_conflict_resolution, input_template, .. } = sent;
        let upload = upload.ok_or_else(|| Fault::invalid(format!("{place}.upload is missing")))?;
        let row = announced(tx, &app, &format!("{place}.upload"), upload, MAX_ARCHIVE)?;
        let job = open_add_job(tx, &app, &place, &inputs_add_job_id)?;
        let template = input_template::check(tx, &app, &format!("{place}.input_template"), input_template)?;
        let conflict = input_id_conflict_resolution.0;
        upload::insert(tx, &app, &UploadRow { add_job: Some(job), template, conflict, ..row })?;
        if !add_jobs.contains(&job) {
            add_jobs.push(job);
        }
    }
    reply(tx, &add_jobs)
}

/// A new upload, checked.
fn announced(tx: &Tx<'_>, app: &App, place: &str, sent: Upload, most: u64) -> Result<UploadRow, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
    let refused = |fault: Fault| Fault::refused(fault.code(), format!("{place}: {fault}"));
    check_id("upload", &id, StatusCode::CONN_INVALID_REQUEST).map_err(refused)?;
    if upload::find(tx, app, &id)?.is_some() {
        let details = format!("{place}.id \"{id}\" is taken; delete that upload first, or send another id");
        return Err(Fault::refused(StatusCode::UPLOAD_CONFLICT, details));
    }
    let length = sent.content_length.0;
    if length == 0 || length > most {
        return Err(Fault::invalid(format!(
            "{place}.content_length is {length}; it must be the number of bytes to come, from 1 to {most}"
        )));
    }
    if sent.content_name.len() > MAX_NAME || sent.content_name.chars().any(char::is_control) {
        return Err(Fault::invalid(format!(
            "{place}.content_name must have at most {MAX_NAME} bytes and no control characters"
        )));
    }
    Ok(UploadRow {
        key: 0,
        id,
        name: sent.content_name,
        length: length as i64,
        state: StatusCode::UPLOAD_IN_PROGRESS,
        details: String::new(),
        sha256: String::new(),
        add_job: None,
        template: None,
        conflict: 0,
        created_at: tx.now,
        modified_at: tx.now,
        expires_at: tx.now,
        arrived: 0,
    })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListUploads) -> Result<MultiUploadResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let rows = upload::list(tx, &app, offset, limit)?;
    let uploads = rows.iter().map(|row| row.message(tx)).collect::<Result<_, _>>()?;
    Ok(MultiUploadResponse { uploads, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetUpload) -> Result<SingleUploadResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let upload = upload::need(tx, &app, &op.upload_id)?.message(tx)?;
    Ok(SingleUploadResponse { upload: Some(upload), ..Default::default() })
}

/// Those that are gone do no harm.
pub(crate) fn delete(tx: &Tx<'_>, op: DeleteUploads) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    upload::expire(tx)?;
    for id in &op.ids {
        let Some(row) = upload::find(tx, &app, id)? else { continue };
        for extraction in extraction::of_upload(tx, row.key)? {
            cancel_extraction(tx, &app, extraction)?;
        }
        upload::delete(tx, &row)?;
    }
    Ok(BaseResponse::default())
}

pub(crate) fn put_parts(tx: &Tx<'_>, op: PutUploadContentParts) -> Result<SingleUploadResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = upload::need(tx, &app, &op.upload_id)?;
    let fresh = parts::check(tx, &row, &op.content_parts)?;
    match row.state_at(tx.now) {
        StatusCode::UPLOAD_IN_PROGRESS => {}
        // The reply to the last part was lost, and it comes again.
        StatusCode::UPLOAD_DONE if !fresh => return get_row(tx, &app, &row.id),
        StatusCode::UPLOAD_DONE => {
            let details = format!("upload \"{}\" is whole already", row.id);
            return Err(Fault::refused(StatusCode::UPLOAD_CONFLICT, details));
        }
        state => {
            let word = if state == StatusCode::UPLOAD_EXPIRED { "has expired" } else { "was cancelled" };
            return Err(Fault::refused(state, format!("upload \"{}\" {word}; announce it anew", row.id)));
        }
    }
    parts::write(tx, &row, op.content_parts)?;
    let row = upload::need(tx, &app, &row.id)?;
    if row.arrived == row.length {
        complete(tx, &app, &row)?;
    }
    get_row(tx, &app, &row.id)
}

fn get_row(tx: &Tx<'_>, app: &App, id: &str) -> Result<SingleUploadResponse, Fault> {
    let upload = Some(upload::need(tx, app, id)?.message(tx)?);
    Ok(SingleUploadResponse { upload, ..Default::default() })
}

/// Every byte is here. An archive whose files become inputs is read where it lies; another file goes to the others that
/// are kept.
fn complete(tx: &Tx<'_>, app: &App, row: &UploadRow) -> Result<(), Fault> {
    upload::set_state(tx, row.key, StatusCode::UPLOAD_DONE)?;
    if let Some(add_job) = row.add_job {
        let (template, conflict) = (row.template.clone(), row.conflict);
        let new = extraction::New { add_job, upload: Some(row.key), template, conflict, ..extraction::New::default() };
        return extraction::insert(tx, app, &new).map(drop);
    }
    let stored = tx.blobs().put(&mut File::open(tx.shared.upload_file(row.key))?)?;
    media::describe(tx, &stored.sha256, stored.bytes)?;
    tx.exec("UPDATE upload SET sha256 = ?2 WHERE key = ?1", (row.key, &stored.sha256))?;
    upload::doom(tx, row.key)
}
