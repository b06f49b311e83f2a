use super::mixed;
use crate::fault::Fault;
use crate::jobs;
use crate::store::annotation::{self, AnnotationRow, Part};
use crate::store::input::{self, InputRow};
use crate::store::{add_job, dataset, media, text};
use crate::tx::{App, Tx, check_id};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::{
    Data, Geo, HostedUrl, Input, InputIdConflictResolution, MultiInputResponse, StatusCode,
};
use labelscope_api::operations::PostInputs;
use std::collections::HashSet;

/// At most so many inputs in one call.
pub(super) const BATCH: usize = 128;

/// Refuses a call with none or too many.
pub(super) fn check_batch(count: usize) -> Result<(), Fault> {
    if count == 0 || count > BATCH {
        let details = format!("inputs holds {count}; a call takes 1 to {BATCH}");
        return Err(Fault::refused(StatusCode::INPUT_INVALID_REQUEST, details));
    }
    Ok(())
}

pub(crate) fn post(tx: &Tx<'_>, op: PostInputs) -> Result<MultiInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_batch(op.inputs.len())?;
    let job = if op.inputs_add_job_id.is_empty() {
        None
    } else {
        check_id("inputs_add_job", &op.inputs_add_job_id, StatusCode::INPUT_INVALID_ARGUMENT)?;
        Some(add_job::open(tx, &app, &op.inputs_add_job_id)?)
    };
    let mut seen = HashSet::new();
    let (mut inputs, mut failed, mut waits) = (Vec::with_capacity(op.inputs.len()), 0, false);
    for mut input in op.inputs {
        let twice = !input.id.is_empty() && !seen.insert(input.id.clone());
        if !twice && op.input_id_conflict_resolution == InputIdConflictResolution::SUFFIX {
            input.id = free_id(tx, &app, input.id)?;
        }
        let (id, data) = (input.id.clone(), input.data.clone());
        let code = match tx.attempt(|| if twice { Err(duplicate()) } else { add(tx, &app, job, input, None) })? {
            Ok(message) => {
                let code = message.status.as_ref().map_or(StatusCode::INPUT_SUCCESS, |s| s.code);
                waits |= code == StatusCode::INPUT_PENDING;
                inputs.push(message);
                code
            }
            Err(fault) => {
                failed += 1;
                let status = fault.status("");
                let code = status.code;
                let data = data.map(|d| Box::new(without_bytes(*d)));
                inputs.push(Input { id, data, status: Some(status), ..Input::default() });
                code
            }
        };
        if let Some(job) = job {
            add_job::add(tx, job, code)?;
        }
    }
    if waits {
        jobs::want_fetch(tx, &app)?;
    }
    let inputs_add_job = job.map(|job| add_job::message(tx, job)).transpose()?.flatten();
    Ok(MultiInputResponse { status: Some(mixed(inputs.len() - failed, failed)), inputs, inputs_add_job })
}

fn duplicate() -> Fault {
    // The vendor's SDK compares this very sentence.
    Fault::refused(StatusCode::INPUT_DUPLICATE, "Input has a duplicate ID.")
}

fn without_bytes(mut data: Data) -> Data {
    if let Some(image) = &mut data.image {
        image.base64.0.clear();
    }
    if let Some(video) = &mut data.video {
        video.base64.0.clear();
    }
    if let Some(audio) = &mut data.audio {
        audio.base64.0.clear();
    }
    data
}

/// The id, or the id with the first free suffix.
pub(crate) fn free_id(tx: &Tx<'_>, app: &App, id: String) -> Result<String, Fault> {
    if id.is_empty() || input::find(tx, app, &id)?.is_none() {
        return Ok(id);
    }
    for n in 1..10 {
        let other = format!("{id}-{n}");
        if input::find(tx, app, &other)?.is_none() {
            return Ok(other);
        }
    }
    let random: String = tx.new_id().chars().take(8).collect();
    Ok(format!("{id}-{random}"))
}

/// Adds one input, of an add job where there is one. `file_name` is the name that its file has where it comes from.
pub(crate) fn add(
    tx: &Tx<'_>,
    app: &App,
    job: Option<i64>,
    sent: Input,
    file_name: Option<&str>,
) -> Result<Input, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
    check_id("input", &id, StatusCode::INPUT_INVALID_ARGUMENT)?;
    if input::find(tx, app, &id)?.is_some() {
        return Err(duplicate());
    }
    let mut data = sent.data.map(|d| *d).unwrap_or_default();
    let mut row = content(tx, app, &mut data)?;
    row.id = id;
    row.file_name = file_name.map(str::to_owned);
    if let Some(geo) = data.geo.take() {
        place(&mut row, &geo)?;
    }
    row.metadata = text(data.metadata.take().as_ref())?;
    let key = input::insert(tx, app, &row)?;
    if let Some(job) = job.filter(|_| row.waits()) {
        add_job::await_file(tx, job, key)?;
    }
    // What is said of the whole beside regions is an annotation of its own.
    let mut parts = vec![data];
    if let Some(data) = parts.first_mut().filter(|d| !d.regions.is_empty()) {
        let (concepts, embeddings) = (std::mem::take(&mut data.concepts), std::mem::take(&mut data.embeddings));
        parts.insert(0, Data { concepts, embeddings, ..Data::default() });
    }
    for part in parts {
        if part != Data::default() {
            add_labels(tx, app, key, part)?;
        }
    }
    for dataset_id in &sent.dataset_ids {
        let dataset = dataset::need(tx, app, dataset_id)?;
        dataset::join(tx, app, dataset.key, key)?;
    }
    let row = input::need(tx, app, &row.id)?;
    input::message(tx, app, row)
}

/// Where an input lies on the map.
pub(crate) fn place(row: &mut InputRow, geo: &Geo) -> Result<(), Fault> {
    let Some(point) = &geo.geo_point else { return Ok(()) };
    let (longitude, latitude) = (f64::from(point.longitude), f64::from(point.latitude));
    if !((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)) {
        let details = format!("geo_point is {longitude} east, {latitude} north; it must lie within 180 and 90 degrees");
        return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, details));
    }
    (row.longitude, row.latitude) = (Some(longitude), Some(latitude));
    Ok(())
}

/// What is said of an input beside its media is an annotation of the caller's, and so is each region.
pub(super) fn add_labels(tx: &Tx<'_>, app: &App, input: i64, mut data: Data) -> Result<(), Fault> {
    let regions = std::mem::take(&mut data.regions);
    let whole = (data != Data::default()).then_some(data);
    let regions = (!regions.is_empty()).then(|| Data { regions, ..Data::default() });
    for part in whole.into_iter().chain(regions).flat_map(annotation::take_apart) {
        add_part(tx, app, input, part)?;
    }
    Ok(())
}

pub(super) fn add_part(tx: &Tx<'_>, app: &App, input: i64, part: Part) -> Result<(), Fault> {
    let taken = part.region_id.is_empty() || annotation::find(tx, input, &part.region_id)?.is_some();
    let id = if taken { tx.new_id() } else { part.region_id };
    check_id("region", &id, StatusCode::INPUT_INVALID_ARGUMENT)?;
    let mut row = AnnotationRow {
        input,
        id,
        user_id: tx.caller.user_id.clone(),
        trusted: true,
        input_level: part.info.is_none(),
        status: StatusCode::ANNOTATION_SUCCESS.0,
        ..AnnotationRow::default()
    };
    annotation::fill(&mut row, part.info, part.rest)?;
    let labels = annotation::resolve(tx, app, &part.concepts)?;
    annotation::insert(tx, app, &row, &labels)?;
    Ok(())
}

/// What a message says of where its media lie.
#[derive(Default)]
struct Source {
    url: String,
    base64: Vec<u8>,
    hosted: Option<HostedUrl>,
    twice: bool,
}

fn content(tx: &Tx<'_>, app: &App, data: &mut Data) -> Result<InputRow, Fault> {
    let mut row = InputRow::default();
    let kinds = [data.image.is_some(), data.video.is_some(), data.audio.is_some()];
    if kinds.iter().filter(|k| **k).count() > 1 {
        let details = "data holds several media; an input is one image, text, video or audio";
        return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, details));
    }
    let source = if let Some(image) = data.image.take() {
        row.kind = input::IMAGE;
        // A text beside the picture belongs to the same input.
        row.raw = data.text.take().map(|t| t.raw).filter(|r| !r.is_empty());
        let info = image.image_info.unwrap_or_default();
        (row.width, row.height) = (i64::from(info.width), i64::from(info.height));
        let (url, hosted, twice) = (image.url, image.hosted, image.allow_duplicate_url);
        Source { url, base64: image.base64.0, hosted, twice }
    } else if let Some(video) = data.video.take() {
        row.kind = input::VIDEO;
        let (url, hosted, twice) = (video.url, video.hosted, video.allow_duplicate_url);
        Source { url, base64: video.base64.0, hosted, twice }
    } else if let Some(audio) = data.audio.take() {
        row.kind = input::AUDIO;
        let (url, hosted, twice) = (audio.url, audio.hosted, audio.allow_duplicate_url);
        Source { url, base64: audio.base64.0, hosted, twice }
    } else if let Some(text) = data.text.take() {
        row.kind = input::TEXT;
        if !text.raw.is_empty() {
            row.raw = Some(text.raw);
            return Ok(row);
        }
        if text.url.is_empty() {
            let details = "data.text has neither raw text nor a url";
            return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, details));
        }
        Source { url: text.url, twice: text.allow_duplicate_url, ..Source::default() }
    } else {
        return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, "data holds no image, text, video or audio"));
    };
    find_media(tx, app, source, &mut row)?;
    Ok(row)
}

/// Media by their bytes, by the address of a file that is here, or by an address elsewhere, which is fetched later.
fn find_media(tx: &Tx<'_>, app: &App, source: Source, row: &mut InputRow) -> Result<(), Fault> {
    let word = media::word(row.kind);
    if !source.base64.is_empty() {
        let (limit, bytes) = (media::limit(row.kind), source.base64.len() as u64);
        if bytes > limit {
            let details = format!("data.{word}.base64 is {bytes} bytes long; at most {} MB are taken", limit >> 20);
            return Err(Fault::refused(StatusCode::INPUT_OVER_LIMIT, details));
        }
        let stored = tx.blobs().put(&mut source.base64.as_slice())?;
        let found = media::check(media::describe(tx, &stored.sha256, stored.bytes)?, row.kind)?;
        return row.hold(tx.blobs(), found);
    }
    let own = source.url.split(MEDIA_PATH).nth(1).and_then(|rest| rest.rsplit('/').next()).map(str::to_owned);
    let named = own.or_else(|| source.hosted.map(|h| h.suffix));
    if let Some(found) = named.map(|sha| media::find(tx, &sha)).transpose()?.flatten() {
        return row.hold(tx.blobs(), media::check(Some(found), row.kind)?);
    }
    if source.url.is_empty() {
        let details = format!("data.{word} has neither base64 nor a url");
        return Err(Fault::refused(StatusCode::INPUT_INVALID_URL, details));
    }
    if !source.twice {
        let sql = "SELECT id FROM input WHERE app = ?1 AND url = ?2 AND died IS NULL AND url <> '' LIMIT 1";
        if let Some(other) = tx.one(sql, (app.key, &source.url), |r| r.get::<_, String>(0))? {
            let details = format!(
                "Input has a duplicate URL: input \"{other}\" has it already. Send `allow_duplicate_url` to add it all the same."
            );
            return Err(Fault::refused(StatusCode::INPUT_DUPLICATE, details));
        }
    }
    row.url = source.url;
    if tx.shared.host.fetch.is_some() {
        row.status = StatusCode::INPUT_PENDING.0;
    }
    Ok(())
}
