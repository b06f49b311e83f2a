//! Archives on their way to the server in parts, so that a break costs little.

use super::{Context, client, mutate, scope};
use futures::future::join_all;
use labelscope_api::messages::{InputsUpload, StatusCode, Upload, UploadContentPart};
use labelscope_api::operations::{
    CancelInputsAddJob, DeleteUploads, GetUpload, PostInputsUploads, PutUploadContentParts,
};
use labelscope_api::wire::{Base64, Int64, UInt64};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Storage};

/// Bytes of a part. To encode one takes a few milliseconds, and a break costs no more than two of them.
const PART: u32 = 2 << 20;

/// Parts that are under way at a time.
const AT_ONCE: u32 = 2;

/// Why an archive did not get there.
pub(crate) enum Halt {
    /// Its sender gave it up; what had arrived is deleted.
    Cancelled,
    /// What went wrong, and what to do. The file can be chosen again and goes on.
    Failed(String),
}

/// An upload that was begun, as the browser keeps it: no secret in it.
struct Begun {
    upload: String,
    job: String,
    /// Parts that have arrived, from the first on.
    parts: u32,
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Where an upload is kept: the same file in the same app.
fn place(context: Context, file: &File) -> String {
    use leptos::prelude::GetUntracked;
    let app = context.app.get_untracked();
    format!("labelscope.upload/{app}/{}/{}/{}", file.name(), file.size(), file.last_modified())
}

fn recall(place: &str) -> Option<Begun> {
    let text = storage()?.get_item(place).ok()??;
    let mut words = text.split(' ').map(str::to_owned);
    Some(Begun { upload: words.next()?, job: words.next()?, parts: words.next()?.parse().ok()? })
}

fn keep(place: &str, begun: &Begun) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(place, &format!("{} {} {}", begun.upload, begun.job, begun.parts));
    }
}

fn forget(place: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(place);
    }
}

/// How much of the file has been sent before, if any of it has.
pub(crate) fn begun(context: Context, file: &File) -> Option<f64> {
    recall(&place(context, file)).map(|b| (f64::from(b.parts) * f64::from(PART)).min(file.size()))
}

/// Sends an archive, or the rest of one, and gives the add job that takes its inputs out. `seen` is told the bytes that have
/// arrived, and says whether to go on.
pub(crate) async fn send_archive(
    context: Context,
    file: &File,
    told: InputsUpload,
    seen: impl Fn(f64) -> bool,
) -> Result<String, Halt> {
    let place = place(context, file);
    let size = file.size();
    let mut begun = match resumed(context, recall(&place), size).await? {
        Some(begun) => begun,
        None => announce(context, file, told).await?,
    };
    keep(&place, &begun);
    let count = (size / f64::from(PART)).ceil() as u32;
    while begun.parts < count {
        if !seen(f64::from(begun.parts) * f64::from(PART)) {
            forget(&place);
            // The upload expires by itself where these do not get there.
            let _ = client().send(&CancelInputsAddJob { user_app_id: scope(context), id: begun.job }).await;
            let _ = mutate(context, &DeleteUploads { user_app_id: scope(context), ids: vec![begun.upload] }).await;
            return Err(Halt::Cancelled);
        }
        let together = count.min(begun.parts + AT_ONCE);
        let sent = join_all((begun.parts..together).map(|n| part(context, file, &begun.upload, n))).await;
        for upload in sent {
            let status = upload?.status.unwrap_or_default();
            if !matches!(status.code, StatusCode::UPLOAD_IN_PROGRESS | StatusCode::UPLOAD_DONE) {
                forget(&place);
                let why = if status.details.is_empty() { status.description } else { status.details };
                return Err(Halt::Failed(format!("{why} (code {})", status.code.0)));
            }
        }
        begun.parts = together;
        keep(&place, &begun);
    }
    forget(&place);
    Ok(begun.job)
}

/// An earlier upload, as far as the server has it; none where it has given it up.
async fn resumed(context: Context, kept: Option<Begun>, size: f64) -> Result<Option<Begun>, Halt> {
    let Some(mut begun) = kept else { return Ok(None) };
    let op = GetUpload { user_app_id: scope(context), upload_id: begun.upload.clone() };
    let status = match client().send(&op).await {
        Ok(reply) => reply.upload.and_then(|u| u.status).unwrap_or_default(),
        Err(error) if error.is_network() => return Err(failed(&error)),
        Err(_) => return Ok(None),
    };
    match status.code {
        StatusCode::UPLOAD_DONE => begun.parts = u32::MAX,
        StatusCode::UPLOAD_IN_PROGRESS => {
            let known = f64::from(begun.parts) * f64::from(PART) / size * 100.0;
            // The server has less than was sent: parts that are sent again replace themselves.
            if f64::from(status.percent_completed) + 1.0 < known.min(100.0) {
                begun.parts = 0;
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(begun))
}

async fn announce(context: Context, file: &File, told: InputsUpload) -> Result<Begun, Halt> {
    let upload = Upload { content_name: file.name(), content_length: UInt64(file.size() as u64), ..Upload::default() };
    let op = PostInputsUploads {
        user_app_id: scope(context),
        inputs_uploads: vec![InputsUpload { upload: Some(upload), ..told }],
    };
    let reply = mutate(context, &op).await.map_err(|e| failed(&e))?;
    let job = reply.inputs_add_jobs.into_iter().next().unwrap_or_default();
    let upload = job.uploads.into_iter().next().map(|u| u.id).unwrap_or_default();
    if upload.is_empty() {
        return Err(Halt::Failed("The server took the archive but named no upload for it. Try again.".to_owned()));
    }
    Ok(Begun { upload, job: job.id, parts: 0 })
}

async fn part(context: Context, file: &File, upload_id: &str, number: u32) -> Result<Upload, Halt> {
    let start = f64::from(number) * f64::from(PART);
    let unreadable = |_| Halt::Failed("The file cannot be read any more; choose it again.".to_owned());
    let blob = file.slice_with_f64_and_f64(start, (start + f64::from(PART)).min(file.size())).map_err(unreadable)?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(unreadable)?;
    let op = PutUploadContentParts {
        user_app_id: scope(context),
        upload_id: upload_id.to_owned(),
        content_parts: vec![UploadContentPart {
            range_start: UInt64(start as u64),
            part_number: Int64(i64::from(number) + 1),
            data: Base64(js_sys::Uint8Array::new(&buffer).to_vec()),
        }],
    };
    // Not as a change of what is shown: a thousand parts would fetch the page a thousand times.
    client().send(&op).await.map(|r| r.upload.unwrap_or_default()).map_err(|e| failed(&e))
}

fn failed(error: &labelscope_client::Error) -> Halt {
    Halt::Failed(format!("{error} {}", error.advice()))
}
