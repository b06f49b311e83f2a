use crate::fault::Fault;
use crate::store::{object, text};
use crate::tx::{Tx, check_id, fold, page};
use labelscope_api::messages::{
    App, BaseResponse, GetResourceCountsResponse, Gettable, MultiAppResponse, SingleAppResponse, StatusCode, Visibility,
};
use labelscope_api::operations::{DeleteApp, GetApp, GetResourceCounts, ListApps, PatchApps, PostApps};
use labelscope_api::wire::Timestamp;
use rusqlite::Row;

const COLUMNS: &str = "user_id, id, name, description, metadata, created_at, modified_at";

fn row(r: &Row<'_>) -> rusqlite::Result<App> {
    Ok(App {
        user_id: r.get(0)?,
        id: r.get(1)?,
        name: r.get(2)?,
        description: r.get(3)?,
        metadata: object(r.get(4)?),
        created_at: Some(Timestamp(r.get(5)?)),
        modified_at: Some(Timestamp(r.get(6)?)),
        default_language: "en".to_owned(),
        visibility: Some(Visibility { gettable: Gettable::PRIVATE }),
        ..App::default()
    })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListApps) -> Result<MultiAppResponse, Fault> {
    let (offset, limit) = page(op.page, op.per_page)?;
    let user = tx.user(&op.user_app_id.user_id);
    let column = match () {
        () if op.sort_by_id => "id",
        () if op.sort_by_name => "name",
        () if op.sort_by_created_at => "created_at",
        () => "modified_at",
    };
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    let wanted =
        [&op.search, &op.query, &op.name, &op.id].into_iter().find(|s| !s.is_empty()).map_or("", String::as_str);
    let sql = format!(
        "SELECT {COLUMNS} FROM app WHERE user_id = ?1 AND (?2 = '' OR instr(lower(id || ' ' || name || ' ' || description), ?2))
         ORDER BY {column} {direction}, key LIMIT ?3 OFFSET ?4"
    );
    let apps = tx.all(&sql, (user, fold(wanted), limit, offset), row)?;
    Ok(MultiAppResponse { apps, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetApp) -> Result<SingleAppResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let app = tx.one(&format!("SELECT {COLUMNS} FROM app WHERE key = ?1"), [app.key], row)?;
    Ok(SingleAppResponse { app, ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostApps) -> Result<MultiAppResponse, Fault> {
    if op.apps.is_empty() {
        return Err(Fault::invalid("apps is empty: name at least one app to make"));
    }
    let user = tx.user(&op.user_app_id.user_id).to_owned();
    let mut apps = Vec::new();
    for app in op.apps {
        let id = if app.id.is_empty() { tx.new_id() } else { app.id };
        check_id("app", &id, StatusCode::CONN_INVALID_REQUEST)?;
        if tx.one("SELECT 1 FROM app WHERE user_id = ?1 AND id = ?2", (&user, &id), |_| Ok(()))?.is_some() {
            return Err(Fault::invalid(format!("app \"{id}\" is there already (duplicate id)")));
        }
        let name = if app.name.is_empty() { &id } else { &app.name };
        tx.exec(
            "INSERT INTO app (user_id, id, name, description, metadata, created_at, modified_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            (&user, &id, name, &app.description, text(app.metadata.as_ref())?, tx.now),
        )?;
        let key = tx.conn.last_insert_rowid();
        let made = crate::tx::App { key, user_id: user.clone(), id, language: "en".to_owned() };
        tx.seq(&made)?;
        apps.extend(tx.one(&format!("SELECT {COLUMNS} FROM app WHERE key = ?1"), [key], row)?);
    }
    Ok(MultiAppResponse { apps, ..Default::default() })
}

pub(crate) fn patch(_tx: &Tx<'_>, _op: PatchApps) -> Result<MultiAppResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(_tx: &Tx<'_>, _op: DeleteApp) -> Result<BaseResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn resource_counts(_tx: &Tx<'_>, _op: GetResourceCounts) -> Result<GetResourceCountsResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
