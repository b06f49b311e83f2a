use super::mixed;
use crate::fault::Fault;
use crate::store::annotation::{self, AnnotationRow};
use crate::store::input::{self, InputRow};
use crate::store::{dataset, media, text};
use crate::tx::{App, Tx, check_id};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::{
    Data, HostedUrl, Image, Input, InputIdConflictResolution, MultiInputResponse, StatusCode,
};
use labelscope_api::operations::PostInputs;
use std::collections::HashSet;

/// At most so many inputs in one call.
const BATCH: usize = 128;

pub(crate) fn post(tx: &Tx<'_>, op: PostInputs) -> Result<MultiInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.inputs.is_empty() || op.inputs.len() > BATCH {
        let details = format!("inputs holds {}; a call takes 1 to {BATCH}", op.inputs.len());
        return Err(Fault::refused(StatusCode::INPUT_INVALID_REQUEST, details));
    }
    let mut seen = HashSet::new();
    let (mut inputs, mut failed) = (Vec::with_capacity(op.inputs.len()), 0);
    for mut input in op.inputs {
        let twice = !input.id.is_empty() && !seen.insert(input.id.clone());
        if !twice && op.input_id_conflict_resolution == InputIdConflictResolution::SUFFIX {
            input.id = free_id(tx, &app, input.id)?;
        }
        let (id, data) = (input.id.clone(), input.data.clone());
        match tx.attempt(|| if twice { Err(duplicate()) } else { add(tx, &app, input) })? {
            Ok(message) => inputs.push(message),
            Err(fault) => {
                failed += 1;
                let mut status = fault.status("");
                if status.code == StatusCode::INPUT_DUPLICATE {
                    "Duplicate input".clone_into(&mut status.description);
                }
                let data = data.map(|d| Box::new(without_bytes(*d)));
                inputs.push(Input { id, data, status: Some(status), ..Input::default() });
            }
        }
    }
    let status = mixed(inputs.len() - failed, failed);
    Ok(MultiInputResponse { status: Some(status), inputs, ..Default::default() })
}

fn duplicate() -> Fault {
    // The vendor's SDK compares this very sentence.
    Fault::refused(StatusCode::INPUT_DUPLICATE, "Input has a duplicate ID.")
}

fn without_bytes(mut data: Data) -> Data {
    if let Some(image) = &mut data.image {
        image.base64.0.clear();
    }
    data
}

/// The id, or the id with the first free suffix.
fn free_id(tx: &Tx<'_>, app: &App, id: String) -> Result<String, Fault> {
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

fn add(tx: &Tx<'_>, app: &App, sent: Input) -> Result<Input, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id };
    check_id("input", &id, StatusCode::INPUT_INVALID_ARGUMENT)?;
    if input::find(tx, app, &id)?.is_some() {
        return Err(duplicate());
    }
    let mut data = sent.data.map(|d| *d).unwrap_or_default();
    let mut row = content(tx, &mut data)?;
    row.id = id;
    if let Some(point) = data.geo.as_ref().and_then(|g| g.geo_point.as_ref()) {
        let (longitude, latitude) = (f64::from(point.longitude), f64::from(point.latitude));
        if !((-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude)) {
            let details =
                format!("geo_point is {longitude} east, {latitude} north; it must lie within 180 and 90 degrees");
            return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, details));
        }
        (row.longitude, row.latitude) = (Some(longitude), Some(latitude));
    }
    row.metadata = text(data.metadata.take().as_ref())?;
    let key = input::insert(tx, app, &row)?;
    let whole = Data { concepts: data.concepts, embeddings: data.embeddings, ..Data::default() };
    let regions = Data { regions: data.regions, ..Data::default() };
    for labels in [whole, regions] {
        if labels != Data::default() {
            add_labels(tx, app, key, labels)?;
        }
    }
    for dataset_id in &sent.dataset_ids {
        let dataset = dataset::need(tx, app, dataset_id)?;
        dataset::join(tx, app, dataset.key, key)?;
    }
    let row = input::need(tx, app, &row.id)?;
    input::message(tx, app, row)
}

/// An input's own labels are an annotation of the caller's, and so is each region.
fn add_labels(tx: &Tx<'_>, app: &App, input: i64, data: Data) -> Result<(), Fault> {
    for (info, concepts, rest) in annotation::take_apart(data) {
        let mut row = AnnotationRow {
            input,
            id: tx.new_id(),
            user_id: tx.caller.user_id.clone(),
            trusted: true,
            input_level: info.is_none(),
            status: StatusCode::ANNOTATION_SUCCESS.0,
            ..AnnotationRow::default()
        };
        annotation::fill(&mut row, info, rest)?;
        let labels = annotation::resolve(tx, app, &concepts)?;
        annotation::insert(tx, app, &row, &labels)?;
    }
    Ok(())
}

fn content(tx: &Tx<'_>, data: &mut Data) -> Result<InputRow, Fault> {
    let mut row = InputRow::default();
    if let Some(image) = data.image.take() {
        row.kind = input::IMAGE;
        picture(tx, image, &mut row)?;
        // A text beside the picture belongs to the same input.
        row.raw = data.text.take().map(|t| t.raw).filter(|r| !r.is_empty());
    } else if let Some(text) = data.text.take() {
        row.kind = input::TEXT;
        if text.raw.is_empty() && text.url.is_empty() {
            return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, "data.text has neither raw text nor a url"));
        }
        row.url = text.url;
        row.raw = Some(text.raw).filter(|r| !r.is_empty());
    } else if let Some(video) = data.video.take() {
        row.kind = input::VIDEO;
        row.url = video.url;
    } else if let Some(audio) = data.audio.take() {
        row.kind = input::AUDIO;
        row.url = audio.url;
    } else {
        return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, "data holds no image, text, video or audio"));
    }
    Ok(row)
}

/// A picture by its bytes, by the address of one that is here, or by an address elsewhere, which is kept and not fetched.
fn picture(tx: &Tx<'_>, image: Image, row: &mut InputRow) -> Result<(), Fault> {
    let info = image.image_info.unwrap_or_default();
    (row.width, row.height) = (i64::from(info.width), i64::from(info.height));
    if !image.base64.0.is_empty() {
        let stored = media::store(tx, &mut image.base64.0.as_slice())?;
        let media = stored.ok_or_else(|| {
            Fault::refused(
                StatusCode::INPUT_UNSUPPORTED_FORMAT,
                "data.image.base64 is no JPEG, PNG, GIF, BMP or WebP picture",
            )
        })?;
        (row.width, row.height, row.sha256) = (media.width, media.height, Some(media.sha256));
        return Ok(());
    }
    let own = image.url.split(MEDIA_PATH).nth(1).and_then(|rest| rest.rsplit('/').next()).map(str::to_owned);
    let named = own.or_else(|| image.hosted.map(|HostedUrl { suffix, .. }| suffix));
    if let Some(media) = named.map(|sha| media::find(tx, &sha)).transpose()?.flatten() {
        (row.width, row.height, row.sha256) = (media.width, media.height, Some(media.sha256));
        return Ok(());
    }
    if image.url.is_empty() {
        return Err(Fault::refused(StatusCode::INPUT_INVALID_URL, "data.image has neither base64 nor a url"));
    }
    row.url = image.url;
    Ok(())
}
