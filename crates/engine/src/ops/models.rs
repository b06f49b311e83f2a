use crate::fault::Fault;
use crate::ops::{model_types, order};
use crate::store::fields::Action;
use crate::store::model::{self, COLUMNS, ModelRow};
use crate::store::wanted::Wanted;
use crate::tx::{App, Tx, check_id, fold, like_escape, page};
use labelscope_api::messages::{BaseResponse, Model, MultiModelResponse, SingleModelResponse, StatusCode};
use labelscope_api::operations::{
    DeleteModel, DeleteModels, GetModel, GetModelOutputInfo, ListModels, PatchModels, PostModels,
};

/// What a model is that does not say so.
const DEFAULT_TYPE: &str = "visual-classifier";

/// Asks that a list in the body holds all of these.
fn holds(wanted: &mut Wanted, field: &str, all: &[String]) {
    for one in all {
        wanted.and(&format!("EXISTS (SELECT 1 FROM json_each(m.body, '$.{field}') WHERE value = ?)"), one.clone());
    }
}

pub(crate) fn list(tx: &Tx<'_>, op: ListModels) -> Result<MultiModelResponse, Fault> {
    let apps = tx.apps(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let newest =
        "(SELECT v.body FROM model_version v WHERE v.model = m.key AND v.died IS NULL ORDER BY v.key DESC LIMIT 1)";
    let by_inputs = format!("coalesce(json_extract({newest}, '$.total_input_count'), 0)");
    let column = order(&[
        (op.sort_by_name, "sort_by_name", "fold(m.name)"),
        (op.sort_by_num_inputs, "sort_by_num_inputs", by_inputs.as_str()),
        (op.sort_by_modified_at, "sort_by_modified_at", "m.modified_at"),
        (op.sort_by_created_at, "sort_by_created_at", "m.created_at"),
        // Models have no stars here: all are equal.
        (op.sort_by_star_count, "sort_by_star_count", "(SELECT 0)"),
        (op.sort_by_relevance, "sort_by_relevance", "relevance"),
    ])?
    .unwrap_or("m.modified_at");
    // What there is none of here: stars, bookmarks, features, replicas.
    if op.starred_only || op.bookmark || op.featured_only || op.min_replicas > 0 {
        return Ok(MultiModelResponse::default());
    }
    let keys: Vec<i64> = apps.iter().map(|app| app.key).collect();
    let words = fold(if op.search.is_empty() { &op.query } else { &op.search });
    let mut wanted =
        Wanted::with(vec![serde_json::to_string(&keys)?.into(), words.clone().into(), limit.into(), offset.into()]);
    wanted.words(
        &words,
        "fold(m.id || ' ' || m.name || ' ' || coalesce(json_extract(m.body, '$.description'), '') || ' ' || coalesce(json_extract(m.body, '$.notes'), ''))",
    );
    if !op.name.is_empty() {
        wanted.and("fold(m.name) LIKE ? ESCAPE '\\'", like_escape(&fold(&op.name)).replace('*', "%"));
    }
    if !op.model_type_id.is_empty() {
        wanted.and("m.model_type_id = ?", op.model_type_id);
    }
    for (fields, output) in [(&op.input_fields, false), (&op.output_fields, true)] {
        if !fields.is_empty() {
            let types: Vec<&str> = model_types::with_fields(fields, output).collect();
            wanted.and("m.model_type_id IN (SELECT value FROM json_each(?))", serde_json::to_string(&types)?);
        }
    }
    if op.trained_only {
        wanted.and(
            "EXISTS (SELECT 1 FROM model_version v WHERE v.model = m.key AND v.died IS NULL AND coalesce(json_extract(v.body, '$.status.code'), ?) = 21100)",
            i64::from(StatusCode::MODEL_TRAINED.0),
        );
    }
    if !op.model_version_ids.is_empty() {
        wanted.and(
            "EXISTS (SELECT 1 FROM model_version v WHERE v.model = m.key AND v.died IS NULL AND v.id IN (SELECT value FROM json_each(?)))",
            serde_json::to_string(&op.model_version_ids)?,
        );
    }
    if !op.license.is_empty() {
        wanted.and(&format!("json_extract({newest}, '$.license') = ?"), op.license);
    }
    if !op.creator.is_empty() {
        wanted.and("json_extract(m.body, '$.creator') = ?", op.creator);
    }
    holds(&mut wanted, "toolkits", &op.toolkits);
    holds(&mut wanted, "use_cases", &op.use_cases);
    holds(&mut wanted, "languages", &op.languages);
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    // Nearest is the model of that very id or name, then one whose name begins so.
    let sql = format!(
        "SELECT {COLUMNS}, CASE WHEN ?2 IN (fold(m.id), fold(m.name)) THEN 2 WHEN instr(fold(m.name), ?2) = 1 THEN 1 ELSE 0 END AS relevance
         FROM model m WHERE m.app IN (SELECT value FROM json_each(?1)) AND m.died IS NULL{} ORDER BY {column} {direction}, m.modified_at {direction}, m.key {direction} LIMIT ?3 OFFSET ?4",
        wanted.sql
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(wanted.values), model::row)?;
    let mut models = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(app) = apps.iter().find(|app| app.key == row.app) {
            let shown = model::latest(tx, row.key)?;
            models.push(model::message(tx, app, row, shown)?);
        }
    }
    Ok(MultiModelResponse { models, ..Default::default() })
}

/// A model with the version of that id, or with its latest.
fn with_version(tx: &Tx<'_>, app: &App, model_id: &str, version_id: &str) -> Result<Model, Fault> {
    let row = model::need(tx, app, model_id)?;
    let shown = match version_id {
        "" => model::latest(tx, row.key)?,
        id => Some(model::need_version(tx, &row, id)?),
    };
    model::message(tx, app, row, shown)
}

pub(crate) fn get(tx: &Tx<'_>, op: GetModel) -> Result<SingleModelResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = with_version(tx, &app, &op.model_id, &op.version_id)?;
    Ok(SingleModelResponse { model: Some(Box::new(model)), ..Default::default() })
}

/// A model's picture is kept by its url, as a dataset's is.
fn check_image(sent: &Model, place: &str) -> Result<(), Fault> {
    if sent.image.as_ref().is_some_and(|i| i.url.is_empty()) {
        return Err(Fault::refused(
            StatusCode::MODEL_INVALID_ARGUMENT,
            format!("{place}.image has no url; a model's picture is kept by url"),
        ));
    }
    Ok(())
}

pub(crate) fn post(tx: &Tx<'_>, op: PostModels) -> Result<SingleModelResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let sent: Vec<Model> = match (op.model, op.models) {
        (Some(_), models) if !models.is_empty() => return Err(Fault::invalid("send model or models, not both")),
        (Some(model), _) => vec![*model],
        (None, models) => models,
    };
    if sent.is_empty() {
        return Err(Fault::invalid("model is missing: say what model to register"));
    }
    let mut first = None;
    for (index, mut sent) in sent.into_iter().enumerate() {
        let place = format!("models[{index}]");
        let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
        check_id("model", &id, StatusCode::MODEL_INVALID_ARGUMENT)?;
        check_image(&sent, &place)?;
        if model::find(tx, &app, &id)?.is_some() {
            return Err(Fault::refused(
                StatusCode::MODEL_INVALID_ARGUMENT,
                format!("{place}: the id \"{id}\" is taken (duplicate id)"),
            ));
        }
        let name = if sent.name.is_empty() { id.clone() } else { std::mem::take(&mut sent.name) };
        let kind = match sent.model_type_id.as_str() {
            "" => DEFAULT_TYPE.to_owned(),
            _ => std::mem::take(&mut sent.model_type_id),
        };
        let version = sent.model_version.take();
        let row = ModelRow {
            rev: 0,
            app: app.key,
            key: 0,
            id: id.clone(),
            name,
            model_type_id: kind,
            body: model::strip(sent),
            created_at: 0,
            modified_at: 0,
        };
        model::insert(tx, &app, &row)?;
        if let Some(version) = version {
            let model = model::need(tx, &app, &id)?;
            model::register(tx, &app, &model, *version, &format!("{place}.model_version"))?;
        }
        if first.is_none() {
            first = Some(with_version(tx, &app, &id, "")?);
        }
    }
    Ok(SingleModelResponse { model: first.map(Box::new), ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchModels) -> Result<MultiModelResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let action = Action::of(&op.action, "models")?;
    if op.models.is_empty() {
        return Err(Fault::invalid("models is empty: name at least one model to change"));
    }
    let mut models = Vec::new();
    for (index, sent) in op.models.into_iter().enumerate() {
        let place = format!("models[{index}]");
        let row = model::need(tx, &app, &sent.id)?;
        check_image(&sent, &place)?;
        if !sent.model_type_id.is_empty() && sent.model_type_id != row.model_type_id {
            return Err(Fault::refused(
                StatusCode::MODEL_INVALID_ARGUMENT,
                format!("{place}.model_type_id: the type of a model cannot be changed; register another model"),
            ));
        }
        let name = if sent.name.is_empty() || action == Action::Remove { row.name.clone() } else { sent.name.clone() };
        let sent = model::strip(sent);
        if action == Action::Remove
            && let Some(image) = &sent.image
        {
            let alone = Model { image: Some(image.clone()), ..Model::default() };
            if alone != sent || row.body.image.as_ref().map(|i| &i.url) != Some(&image.url) {
                return Err(Fault::refused(
                    StatusCode::MODEL_INVALID_ARGUMENT,
                    format!("{place}.image is removed alone, and by the url that it has"),
                ));
            }
        }
        let body = action.apply(&row.body, &sent)?;
        let row = ModelRow { name, body, ..row };
        model::insert(tx, &app, &row)?;
        models.push(with_version(tx, &app, &row.id, "")?);
    }
    Ok(MultiModelResponse { models, ..Default::default() })
}

pub(crate) fn delete_one(tx: &Tx<'_>, op: DeleteModel) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    model::delete(tx, &app, &model::need(tx, &app, &op.model_id)?)?;
    Ok(BaseResponse::default())
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteModels) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let ids = match (op.delete_all, op.ids.is_empty()) {
        (true, true) => tx.all("SELECT id FROM model WHERE app = ?1 AND died IS NULL", [app.key], |r| r.get(0))?,
        (true, false) => return Err(Fault::invalid("send ids or delete_all, not both")),
        (false, true) => return Err(Fault::invalid("ids is empty: name the models to delete")),
        (false, false) => op.ids,
    };
    for id in &ids {
        model::delete(tx, &app, &model::need(tx, &app, id)?)?;
    }
    Ok(BaseResponse::default())
}

pub(crate) fn output_info(tx: &Tx<'_>, op: GetModelOutputInfo) -> Result<SingleModelResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let mut model = with_version(tx, &app, &op.model_id, &op.version_id)?;
    // What a version says of its output is nearer than what its model says.
    if let Some(info) = model.model_version.as_ref().and_then(|v| v.output_info.clone()) {
        model.output_info = Some(info);
    }
    Ok(SingleModelResponse { model: Some(Box::new(model)), ..Default::default() })
}
