use super::mixed;
use crate::fault::{Fault, status};
use crate::store::annotation::{self, AnnotationRow, COLUMNS, Place};
use crate::store::input::{self, InputRow};
use crate::store::model;
use crate::store::patch::{self, Action};
use crate::store::{object, text, unite};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::messages::{
    Annotation, BaseResponse, Data, MultiAnnotationResponse, RegionInfo, SingleAnnotationResponse, StatusCode,
};
use labelscope_api::operations::{
    DeleteAnnotation, DeleteAnnotations, GetAnnotation, ListAnnotations, PatchAnnotations, PostAnnotations,
};
use std::collections::HashMap;

/// At most so many annotations in one call.
const BATCH: usize = 128;

fn place(row: &InputRow) -> Place<'_> {
    Place { input_id: &row.id, width: row.width, height: row.height }
}

pub(crate) fn list(tx: &Tx<'_>, op: ListAnnotations) -> Result<MultiAnnotationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    if !op.ids.is_empty() && !op.input_ids.is_empty() && op.input_ids.len() != op.ids.len() {
        return Err(Fault::invalid(format!(
            "ids and input_ids pair up by position, but there are {} and {}",
            op.ids.len(),
            op.input_ids.len()
        )));
    }
    let mut inputs: HashMap<i64, InputRow> = HashMap::new();
    let mut rows: Vec<AnnotationRow> = Vec::new();
    if op.input_ids.is_empty() {
        // In the order in which they were written.
        let sql = format!(
            "SELECT {COLUMNS} FROM annotation a WHERE a.app = ?1 AND a.died IS NULL AND {WANTED} AND (?5 IS NULL OR a.id IN (SELECT value FROM json_each(?5))) ORDER BY a.rev LIMIT ?6 OFFSET ?7"
        );
        let ids = (!op.ids.is_empty()).then(|| serde_json::to_string(&op.ids)).transpose()?;
        let wanted = Wanted::new(tx, &op)?;
        rows = tx.all(
            &sql,
            (app.key, wanted.all, wanted.users, wanted.models, ids, limit, offset, wanted.statuses, wanted.task),
            annotation::row,
        )?;
    } else {
        let wanted = Wanted::new(tx, &op)?;
        // Input by input, oldest first.
        let sql = format!(
            "SELECT {COLUMNS} FROM annotation a WHERE a.input = ?1 AND a.died IS NULL AND {WANTED} AND (?5 IS NULL OR a.id = ?5) ORDER BY a.key LIMIT ?6 OFFSET ?7"
        );
        for (index, input_id) in op.input_ids.iter().enumerate() {
            let Some(row) = input::find(tx, &app, input_id)? else { continue };
            let id = op.ids.get(index);
            // What is asked for by its id is shown whoever made it.
            let all = wanted.all || id.is_some();
            rows.extend(tx.all(
                &sql,
                (row.key, all, &wanted.users, &wanted.models, id, -1, 0, &wanted.statuses, &wanted.task),
                annotation::row,
            )?);
            inputs.insert(row.key, row);
        }
        rows = rows.into_iter().skip(offset as usize).take(limit as usize).collect();
    }
    let mut annotations = Vec::with_capacity(rows.len());
    for row in &rows {
        if !inputs.contains_key(&row.input) {
            let sql = format!("SELECT {} FROM input i WHERE i.key = ?1 AND i.died IS NULL", input::COLUMNS);
            inputs.extend(tx.one(&sql, [row.input], input::row)?.map(|i| (i.key, i)));
        }
        if let Some(of) = inputs.get(&row.input) {
            annotations.push(annotation::message(row, place(of), annotation::labels(tx, &app, row.rev, None)?)?);
        }
    }
    Ok(MultiAnnotationResponse { annotations, ..Default::default() })
}

/// Only trusted annotations, unless all are asked for, or those of some workers. `?2`: all of them; `?3` and `?4`: users
/// and model versions as JSON lists, NULL where no worker is asked for.
const WANTED: &str = "CASE WHEN ?3 IS NULL THEN ?2 OR a.trusted = 1
    ELSE (a.model_version_id = '' AND a.user_id IN (SELECT value FROM json_each(?3))) OR a.model_version_id IN (SELECT value FROM json_each(?4)) END
    AND (?8 IS NULL OR a.status IN (SELECT value FROM json_each(?8))) AND (?9 IS NULL OR a.task_id = ?9)";

struct Wanted {
    all: bool,
    users: Option<String>,
    models: Option<String>,
    statuses: Option<String>,
    task: Option<String>,
}

impl Wanted {
    fn new(tx: &Tx<'_>, op: &ListAnnotations) -> Result<Self, Fault> {
        // There are no workflows here: who asks for theirs alone finds nothing.
        let by_worker =
            !op.user_ids.is_empty() || !op.model_version_ids.is_empty() || !op.workflow_version_ids.is_empty();
        // Query strings cannot say statuses: what the vendor's client makes of them has no code.
        let codes: Vec<i32> = op.statuses.iter().map(|s| s.code.0).filter(|c| *c != 0).collect();
        let users: Vec<&str> = op.user_ids.iter().map(|u| tx.user(u)).collect();
        let models: Vec<&str> = op.model_version_ids.iter().map(String::as_str).filter(|m| !m.is_empty()).collect();
        Ok(Self {
            all: op.list_all_annotations,
            users: by_worker.then(|| serde_json::to_string(&users)).transpose()?,
            statuses: (!codes.is_empty()).then(|| serde_json::to_string(&codes)).transpose()?,
            task: Some(op.task_id.clone()).filter(|t| !t.is_empty()),
            models: by_worker.then(|| serde_json::to_string(&models)).transpose()?,
        })
    }
}

fn of_input(tx: &Tx<'_>, input: i64) -> Result<Vec<AnnotationRow>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM annotation a WHERE a.input = ?1 AND a.died IS NULL ORDER BY a.key");
    tx.all(&sql, [input], annotation::row)
}

fn check_batch(count: usize) -> Result<(), Fault> {
    if count == 0 || count > BATCH {
        let details = format!("annotations holds {count}; a call takes 1 to {BATCH}");
        return Err(Fault::refused(StatusCode::ANNOTATION_INVALID_ARGUMENT, details));
    }
    Ok(())
}

/// Runs one item in a savepoint; its failure becomes its status.
fn each(
    tx: &Tx<'_>,
    sent: Vec<Annotation>,
    mut one: impl FnMut(Annotation) -> Result<Vec<Annotation>, Fault>,
) -> Result<MultiAnnotationResponse, Fault> {
    check_batch(sent.len())?;
    let (mut annotations, mut succeeded, mut failed) = (Vec::new(), 0, 0);
    for item in sent {
        let echo = item.clone();
        match tx.attempt(|| one(item))? {
            Ok(done) => {
                succeeded += 1;
                annotations.extend(done);
            }
            Err(fault) => {
                failed += 1;
                annotations.push(Annotation { status: Some(fault.status("")), ..echo });
            }
        }
    }
    Ok(MultiAnnotationResponse { status: Some(mixed(succeeded, failed)), annotations })
}

/// Who made an annotation: a user, or a version of a model. Both spellings are read.
fn worker(tx: &Tx<'_>, app: &App, sent: &Annotation) -> Result<(String, String), Fault> {
    let worker = sent.worker.as_deref();
    let made_by = worker.and_then(|w| w.model.as_deref());
    let version = made_by.and_then(|m| m.model_version.as_ref()).map(|v| v.id.as_str());
    let version = version.filter(|id| !id.is_empty()).unwrap_or(&sent.model_version_id);
    // Without its version it would pass for what a person said.
    if made_by.is_some() && version.is_empty() {
        return Err(Fault::refused(
            StatusCode::ANNOTATION_INVALID_ARGUMENT,
            "worker.model names no version: a prediction needs worker.model.model_version.id",
        ));
    }
    // Nobody could tell later that another model was meant.
    if let Some(named) = made_by.filter(|m| !m.id.is_empty()) {
        model::check_version_id(tx, app, &named.id, version)?;
    }
    let user = worker
        .and_then(|w| w.user.as_ref())
        .map(|u| u.id.as_str())
        .filter(|id| !id.is_empty())
        .unwrap_or(&sent.user_id);
    Ok((tx.user(user).to_owned(), version.to_owned()))
}

pub(crate) fn post(tx: &Tx<'_>, op: PostAnnotations) -> Result<MultiAnnotationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    each(tx, op.annotations, |sent| add(tx, &app, sent))
}

fn add(tx: &Tx<'_>, app: &App, mut sent: Annotation) -> Result<Vec<Annotation>, Fault> {
    let input = input::need(tx, app, &sent.input_id)?;
    let (user_id, model_version_id) = worker(tx, app, &sent)?;
    let data = sent.data.take().map(|d| *d).unwrap_or_default();
    let mut out = Vec::new();
    for (index, part) in annotation::take_apart(data).into_iter().enumerate() {
        let id = if sent.id.is_empty() || index > 0 { tx.new_id() } else { sent.id.clone() };
        check_id("annotation", &id, StatusCode::ANNOTATION_INVALID_ARGUMENT)?;
        if annotation::find(tx, input.key, &id)?.is_some() {
            return Err(Fault::refused(
                StatusCode::ANNOTATION_INVALID_ARGUMENT,
                format!("annotation \"{id}\" is there already (duplicate id)"),
            ));
        }
        let code = sent.status.as_ref().map_or(StatusCode(0), |s| s.code);
        let mut row = AnnotationRow {
            input: input.key,
            id,
            user_id: user_id.clone(),
            model_version_id: model_version_id.clone(),
            // A prediction is never trusted.
            trusted: model_version_id.is_empty(),
            input_level: part.info.is_none(),
            task_id: sent.task_id.clone(),
            annotation_info: text(sent.annotation_info.as_ref())?,
            consensus_info: text(sent.consensus_info.as_ref())?,
            status: if code.0 == 0 { StatusCode::ANNOTATION_SUCCESS.0 } else { code.0 },
            ..AnnotationRow::default()
        };
        annotation::fill(&mut row, part.info, part.rest)?;
        let labels = annotation::resolve(tx, app, &part.concepts)?;
        annotation::insert(tx, app, &row, &labels)?;
        out.extend(read_back(tx, app, &input, &row.id)?);
    }
    Ok(out)
}

fn read_back(tx: &Tx<'_>, app: &App, input: &InputRow, id: &str) -> Result<Option<Annotation>, Fault> {
    let Some(row) = annotation::find(tx, input.key, id)? else { return Ok(None) };
    Ok(Some(annotation::message(&row, place(input), annotation::labels(tx, app, row.rev, None)?)?))
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchAnnotations) -> Result<MultiAnnotationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let action = Action::or_merge(&op.action, "annotations")?;
    each(tx, op.annotations, |sent| change(tx, &app, action, op.delete_if_empty_data, sent))
}

fn change(
    tx: &Tx<'_>,
    app: &App,
    action: Action,
    delete_if_empty: bool,
    sent: Annotation,
) -> Result<Vec<Annotation>, Fault> {
    let input = input::need(tx, app, &sent.input_id)?;
    let Some(mut row) = annotation::find(tx, input.key, &sent.id)? else {
        return Err(Fault::not_found("annotation", &sent.id));
    };
    let before = annotation::message(&row, place(&input), annotation::labels(tx, app, row.rev, None)?)?;
    let sent_data = sent.data.map(|d| *d).unwrap_or_default();
    if sent_data.regions.len() > 1 {
        return Err(Fault::refused(
            StatusCode::ANNOTATION_INVALID_ARGUMENT,
            "one annotation has one region; send each region as an annotation of its own",
        ));
    }
    let named = sent_data.regions.first().filter(|r| r.region_info.is_none() && r.data.is_none()).map(|r| r.id.clone());
    let annotation::Part { mut info, mut concepts, rest, .. } =
        annotation::take_apart(before.data.map(|d| *d).unwrap_or_default()).into_iter().next().unwrap_or_default();
    let mut new = annotation::take_apart(sent_data).into_iter().next().unwrap_or_default();
    patch::concepts(action, &mut concepts, new.concepts);
    // What came in as pixels is not the caller's to change.
    let own = rest.metadata.as_ref().and_then(|m| m.get("labelscope")).cloned();
    if let Some(sent) = new.rest.metadata.as_mut() {
        sent.remove("labelscope");
    }
    let mut rest = patch::data(action, &rest, &new.rest)?;
    if let Some(own) = own {
        rest.metadata.get_or_insert_default().insert("labelscope".to_owned(), own);
    }
    if action == Action::Remove {
        // A region that is named without more about it goes itself.
        if named.is_some_and(|id| id == sent.id) {
            info = None;
        }
    } else {
        info = new.info.filter(|i| *i != RegionInfo::default()).or(info);
        if sent.annotation_info.is_some() {
            let mut all = object(row.annotation_info.take()).filter(|_| action == Action::Merge).unwrap_or_default();
            unite(&mut all, sent.annotation_info.unwrap_or_default());
            row.annotation_info = text(Some(&all))?;
        }
        if !sent.task_id.is_empty() {
            row.task_id = sent.task_id;
        }
    }
    if let Some(code) = sent.status.map(|s| s.code.0).filter(|c| *c != 0) {
        row.status = code;
    }
    if action == Action::Remove {
        let metadata = rest.metadata.as_ref().is_some_and(|m| m.keys().any(|k| k != "labelscope"));
        let others = Data { metadata: None, ..rest.clone() } != Data::default();
        let empty = info.is_none() && concepts.is_empty() && !metadata && !others;
        if delete_if_empty && empty && !row.input_level {
            annotation::delete(tx, app, &row)?;
            return Ok(Vec::new());
        }
    } else {
        row.input_level = info.is_none();
    }
    annotation::fill(&mut row, info, rest)?;
    let labels = annotation::resolve(tx, app, &concepts)?;
    annotation::insert(tx, app, &row, &labels)?;
    Ok(read_back(tx, app, &input, &sent.id)?.into_iter().collect())
}

pub(crate) fn delete_one(tx: &Tx<'_>, op: DeleteAnnotation) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let input = input::need(tx, &app, &op.input_id)?;
    let row = annotation::find(tx, input.key, &op.annotation_id)?
        .ok_or_else(|| Fault::not_found("annotation", &op.annotation_id))?;
    annotation::delete(tx, &app, &row)?;
    Ok(BaseResponse::default())
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteAnnotations) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.input_ids.is_empty() {
        return Err(Fault::invalid("input_ids is empty: name the inputs whose annotations are to go"));
    }
    if !op.ids.is_empty() && op.ids.len() != op.input_ids.len() {
        return Err(Fault::invalid(format!(
            "ids and input_ids pair up by position, but there are {} and {}",
            op.ids.len(),
            op.input_ids.len()
        )));
    }
    for (index, input_id) in op.input_ids.iter().enumerate() {
        let input = input::need(tx, &app, input_id)?;
        let rows = match op.ids.get(index) {
            Some(id) => annotation::find(tx, input.key, id)?.into_iter().collect(),
            None => of_input(tx, input.key)?,
        };
        for row in &rows {
            annotation::delete(tx, &app, row)?;
        }
    }
    Ok(BaseResponse { status: Some(status(StatusCode::SUCCESS, "Ok")) })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetAnnotation) -> Result<SingleAnnotationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let input = input::need(tx, &app, &op.input_id)?;
    let annotation = read_back(tx, &app, &input, &op.annotation_id)?
        .ok_or_else(|| Fault::not_found("annotation", &op.annotation_id))?;
    Ok(SingleAnnotationResponse { annotation: Some(annotation), ..Default::default() })
}
