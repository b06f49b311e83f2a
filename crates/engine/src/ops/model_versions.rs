use crate::fault::Fault;
use crate::ops::order;
use crate::store::fields::Action;
use crate::store::model::{self, VERSION_COLUMNS, VersionRow};
use crate::tx::{Tx, page};
use labelscope_api::messages::{
    BaseResponse, MultiModelVersionResponse, SingleModelResponse, SingleModelVersionResponse, StatusCode,
};
use labelscope_api::operations::{
    DeleteModelVersion, GetModelVersion, ListModelVersions, PatchModelVersions, PostModelVersions,
};

pub(crate) fn list(tx: &Tx<'_>, op: ListModelVersions) -> Result<MultiModelVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let column = order(&[
        (op.sort_by_status_code, "sort_by_status_code", "coalesce(json_extract(v.body, '$.status.code'), 21100)"),
        (op.sort_by_num_inputs, "sort_by_num_inputs", "coalesce(json_extract(v.body, '$.total_input_count'), 0)"),
        (op.sort_by_description, "sort_by_description", "fold(coalesce(json_extract(v.body, '$.description'), ''))"),
        (op.sort_by_created_at, "sort_by_created_at", "v.created_at"),
    ])?
    .unwrap_or("v.created_at");
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    // No version has a replica here.
    if op.min_replicas > 0 {
        return Ok(MultiModelVersionResponse::default());
    }
    // Concepts of a version stand in what it says of its output.
    let sql = format!(
        "SELECT {VERSION_COLUMNS} FROM model_version v WHERE v.model = ?1 AND v.died IS NULL
         AND (?2 = 0 OR coalesce(json_extract(v.body, '$.status.code'), ?3) = ?3)
         AND NOT EXISTS (SELECT 1 FROM json_each(?4) c WHERE c.value NOT IN
           (SELECT json_extract(o.value, '$.id') FROM json_each(v.body, '$.output_info.data.concepts') o))
         ORDER BY {column} {direction}, v.key {direction} LIMIT ?5 OFFSET ?6"
    );
    let concepts = serde_json::to_string(&op.concept_ids)?;
    let trained = StatusCode::MODEL_TRAINED.0;
    let rows = tx.all(&sql, (model.key, op.trained_only, trained, concepts, limit, offset), model::version_row)?;
    let model_versions = rows.into_iter().map(|row| model::version_message(&app, row)).collect();
    Ok(MultiModelVersionResponse { model_versions, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetModelVersion) -> Result<SingleModelVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    let row = model::need_version(tx, &model, &op.version_id)?;
    Ok(SingleModelVersionResponse { model_version: Some(model::version_message(&app, row)), ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostModelVersions) -> Result<SingleModelResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    if op.model_versions.is_empty() {
        return Err(Fault::refused(
            StatusCode::NOT_IMPLEMENTED,
            "this server trains no models; register a version that was trained elsewhere by sending it in model_versions",
        ));
    }
    for (index, mut sent) in op.model_versions.into_iter().enumerate() {
        if sent.description.is_empty() {
            sent.description.clone_from(&op.description);
        }
        model::register(tx, &app, &model, sent, &format!("model_versions[{index}]"))?;
    }
    let shown = model::latest(tx, model.key)?;
    let model = Some(Box::new(model::message(tx, &app, model, shown)?));
    Ok(SingleModelResponse { model, ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchModelVersions) -> Result<MultiModelVersionResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    let action = Action::of(&op.action, "model versions")?;
    if op.model_versions.is_empty() {
        return Err(Fault::invalid("model_versions is empty: name at least one version to change"));
    }
    let mut model_versions = Vec::new();
    for sent in op.model_versions {
        let row = model::need_version(tx, &model, &sent.id)?;
        let body = action.apply(&row.body, &model::strip_version(sent))?;
        let row = VersionRow { body, ..row };
        model::insert_version(tx, &app, &row)?;
        model_versions.push(model::version_message(&app, model::need_version(tx, &model, &row.id)?));
    }
    Ok(MultiModelVersionResponse { model_versions, ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteModelVersion) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let model = model::need(tx, &app, &op.model_id)?;
    let row = model::need_version(tx, &model, &op.version_id)?;
    model::delete_version(tx, &app, &model, &row)?;
    Ok(BaseResponse::default())
}
