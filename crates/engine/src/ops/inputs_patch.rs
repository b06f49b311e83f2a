use super::inputs_post::{add_labels, add_part, check_batch, place};
use super::mixed;
use crate::fault::{Fault, describe, status};
use crate::store::annotation::{self, AnnotationRow, COLUMNS, Part};
use crate::store::input::{self, InputRow};
use crate::store::patch::{self, Action};
use crate::store::{object, text, unite};
use crate::tx::{App, Tx};
use labelscope_api::messages::{Concept, Data, Input, MultiInputResponse, RegionInfo, StatusCode};
use labelscope_api::operations::PatchInputs;

pub(crate) fn patch(tx: &Tx<'_>, op: PatchInputs) -> Result<MultiInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let action = Action::or_merge(&op.action, "inputs")?;
    check_batch(op.inputs.len())?;
    let (mut inputs, mut failed) = (Vec::with_capacity(op.inputs.len()), 0);
    for sent in op.inputs {
        let id = sent.id.clone();
        match tx.attempt(|| change(tx, &app, action, sent))? {
            Ok(message) => inputs.push(message),
            Err(fault) => {
                failed += 1;
                inputs.push(Input { id, status: Some(fault.status("")), ..Input::default() });
            }
        }
    }
    let status = mixed(inputs.len() - failed, failed);
    Ok(MultiInputResponse { status: Some(status), inputs, ..Default::default() })
}

fn change(tx: &Tx<'_>, app: &App, action: Action, sent: Input) -> Result<Input, Fault> {
    let mut row = input::need(tx, app, &sent.id)?;
    let mut data = sent.data.map(|d| *d).unwrap_or_default();
    same_media(tx, &row, &mut data)?;
    if change_row(action, &mut row, &mut data)? {
        input::insert(tx, app, &row)?;
    }
    for region in std::mem::take(&mut data.regions) {
        let data = Data { regions: vec![region], ..Data::default() };
        for part in annotation::take_apart(data) {
            change_region(tx, app, action, row.key, part)?;
        }
    }
    change_whole(tx, app, action, (row.key, &tx.caller.user_id), data)?;
    let row = input::need(tx, app, &sent.id)?;
    let waits = row.waits();
    let mut message = input::message(tx, app, row)?;
    // Of an input whose file is still to come that is the greater news.
    if !waits {
        let code = StatusCode::INPUT_MODIFY_SUCCESS;
        message.status = Some(status(code, describe(code)));
    }
    Ok(message)
}

/// Clients send back what they were shown. The media themselves cannot be changed.
fn same_media(tx: &Tx<'_>, row: &InputRow, data: &mut Data) -> Result<(), Fault> {
    let sent = [
        (input::IMAGE, data.image.take().map(|i| (i.url, i.base64))),
        (input::VIDEO, data.video.take().map(|v| (v.url, v.base64))),
        (input::AUDIO, data.audio.take().map(|a| (a.url, a.base64))),
    ];
    for (kind, media) in sent {
        let Some((url, base64)) = media else { continue };
        let shown = url.is_empty() || url == row.url || url == row.shown_url(tx.base_url);
        if kind != row.kind || !shown || !base64.0.is_empty() {
            return Err(Fault::refused(
                StatusCode::INPUT_INVALID_ARGUMENT,
                "the media of an input cannot be changed; delete it and add another",
            ));
        }
    }
    Ok(())
}

/// What the input itself holds: metadata, place, text. True where something is another than before.
pub(crate) fn change_row(action: Action, row: &mut InputRow, data: &mut Data) -> Result<bool, Fault> {
    let before = (row.metadata.clone(), row.longitude, row.latitude, row.raw.clone());
    if let Some(mut sent) = data.metadata.take() {
        // What an import brought is shown under this key and is no metadata of the user's.
        if row.file_name.is_some() || row.origin.is_some() {
            sent.remove("labelscope");
        }
        let mut all = object(row.metadata.take()).unwrap_or_default();
        match action {
            Action::Merge => unite(&mut all, sent),
            Action::Overwrite => all = sent,
            Action::Remove => sent.keys().for_each(|key| drop(all.remove(key))),
        }
        row.metadata = text(Some(&all).filter(|m| !(action == Action::Remove && m.is_empty())))?;
    }
    if let Some(geo) = data.geo.take() {
        match action {
            Action::Remove => (row.longitude, row.latitude) = (None, None),
            _ => place(row, &geo)?,
        }
    }
    if let Some(sent) = data.text.take().filter(|t| !t.raw.is_empty()) {
        match action {
            Action::Remove if row.kind == input::TEXT => {
                let details = "a text cannot be taken out of a text; delete the input";
                return Err(Fault::refused(StatusCode::INPUT_INVALID_ARGUMENT, details));
            }
            Action::Remove => row.raw = None,
            _ => row.raw = Some(sent.raw),
        }
    }
    Ok(before != (row.metadata.clone(), row.longitude, row.latitude, row.raw.clone()))
}

/// A region is an annotation, known by its id; without one, or with one that is new, it is added.
fn change_region(tx: &Tx<'_>, app: &App, action: Action, input: i64, part: Part) -> Result<(), Fault> {
    let old = if part.region_id.is_empty() { None } else { annotation::find(tx, input, &part.region_id)? };
    let Some(mut row) = old else {
        if action == Action::Remove {
            return Err(Fault::not_found("region", &part.region_id));
        }
        return add_part(tx, app, input, part);
    };
    let info = part.info.filter(|i| *i != RegionInfo::default());
    if action != Action::Remove {
        return rewrite(tx, app, action, &mut row, info, part.concepts, &part.rest);
    }
    // A region that is named without more about it goes itself.
    if info.is_none() && part.concepts.is_empty() && part.rest == Data::default() {
        return annotation::delete(tx, app, &row);
    }
    rewrite(tx, app, action, &mut row, None, part.concepts, &part.rest)
}

/// A user's own annotations of a whole input.
fn whole(tx: &Tx<'_>, (input, user): (i64, &str)) -> Result<Vec<AnnotationRow>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM annotation a WHERE a.input = ?1 AND a.died IS NULL AND a.input_level = 1 AND a.trusted = 1 AND a.user_id = ?2 ORDER BY a.key"
    );
    tx.all(&sql, (input, user), annotation::row)
}

/// What a user says of a whole input. What is new is the caller's.
pub(crate) fn change_whole(
    tx: &Tx<'_>,
    app: &App,
    action: Action,
    of: (i64, &str),
    mut data: Data,
) -> Result<(), Fault> {
    if data == Data::default() {
        return Ok(());
    }
    let mut rows = whole(tx, of)?;
    if rows.is_empty() {
        return if action == Action::Remove { Ok(()) } else { add_labels(tx, app, of.0, data) };
    }
    let mut concepts = std::mem::take(&mut data.concepts);
    for (index, row) in rows.iter_mut().enumerate() {
        let mine = match action {
            Action::Remove => concepts.clone(),
            // A label that one of them has is changed there; what is new goes to the first.
            Action::Merge => {
                let have = annotation::labels(tx, app, row.rev, None)?;
                let known = |c: &Concept| have.iter().any(|h| h.id == c.id || (c.id.is_empty() && h.name == c.name));
                let (mine, left) = concepts.into_iter().partition(known);
                concepts = left;
                mine
            }
            // The list is one and stands in the first.
            Action::Overwrite if index == 0 => concepts.clone(),
            Action::Overwrite => Vec::new(),
        };
        let rest = if index == 0 || action == Action::Remove { data.clone() } else { Data::default() };
        let emptied = action == Action::Overwrite && index > 0 && !concepts.is_empty();
        if mine.is_empty() && rest == Data::default() && !emptied {
            continue;
        }
        let way = if emptied { Action::Remove } else { action };
        let mine = if emptied { annotation::labels(tx, app, row.rev, None)? } else { mine };
        rewrite(tx, app, way, row, None, mine, &rest)?;
    }
    if action == Action::Merge && !concepts.is_empty() {
        // The first may have been written anew.
        if let Some(mut first) = whole(tx, of)?.into_iter().next() {
            rewrite(tx, app, action, &mut first, None, concepts, &Data::default())?;
        }
    }
    Ok(())
}

/// Writes the next revision of an annotation, with another geometry where `info` has one. One of the whole input that says
/// nothing any more goes.
fn rewrite(
    tx: &Tx<'_>,
    app: &App,
    action: Action,
    row: &mut AnnotationRow,
    info: Option<RegionInfo>,
    sent: Vec<Concept>,
    rest: &Data,
) -> Result<(), Fault> {
    let mut concepts = annotation::labels(tx, app, row.rev, None)?;
    patch::concepts(action, &mut concepts, sent);
    let old: Data = row.rest.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    let rest = patch::data(action, &old, rest)?;
    match info {
        Some(info) => annotation::fill(row, Some(info), rest)?,
        None if row.input_level && concepts.is_empty() && rest == Data::default() => {
            return annotation::delete(tx, app, row);
        }
        // The same geometry: what came in as pixels holds.
        None => row.rest = (rest != Data::default()).then(|| serde_json::to_string(&rest)).transpose()?,
    }
    let labels = annotation::resolve(tx, app, &concepts)?;
    annotation::insert(tx, app, row, &labels)?;
    Ok(())
}
