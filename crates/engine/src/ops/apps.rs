use crate::fault::Fault;
use crate::ops::order;
use crate::store::app::{self, AppRow, COLUMNS};
use crate::store::language;
use crate::store::wanted::Wanted;
use crate::store::{object, text, unite};
use crate::tx::{Tx, check_id, fold, like_escape, page};
use labelscope_api::messages::{
    App, AppExtraInfo, BaseResponse, GetResourceCountsResponse, MultiAppResponse, SingleAppResponse, StatusCode,
};
use labelscope_api::operations::{DeleteApp, GetApp, GetResourceCounts, ListApps, PatchApp, PatchApps, PostApps};
use labelscope_api::wire::Struct;
use serde::Deserialize;
use serde_json::Value;

/// Longest notes, in bytes: as for datasets.
const MAX_NOTES: usize = 64 << 10;

fn wants_counts(fields: &[String]) -> bool {
    fields.iter().any(|f| matches!(f.as_str(), "counts" | "all"))
}

/// The message of an app, with counts where they are asked for.
fn message(tx: &Tx<'_>, row: AppRow, counts: bool) -> Result<App, Fault> {
    let key = row.key;
    let mut app = app::message(row);
    if counts {
        app.extra_info = Some(AppExtraInfo { counts: Some(app::counts(tx, key)?), ..AppExtraInfo::default() });
    }
    Ok(app)
}

pub(crate) fn list(tx: &Tx<'_>, op: ListApps) -> Result<MultiAppResponse, Fault> {
    let (offset, limit) = page(op.page, op.per_page)?;
    let column = order(&[
        (op.sort_by_name, "sort_by_name", "fold(name)"),
        (op.sort_by_modified_at, "sort_by_modified_at", "modified_at"),
        (op.sort_by_created_at, "sort_by_created_at", "created_at"),
        // Apps have no stars here: all are equal.
        // A bare number would mean a column.
        (op.sort_by_star_count, "sort_by_star_count", "(SELECT 0)"),
        (op.sort_by_id, "sort_by_id", "id"),
        (op.sort_by_relevance, "sort_by_relevance", "relevance"),
    ])?
    .unwrap_or("modified_at");
    if op.starred_only || op.featured_only {
        return Ok(MultiAppResponse::default());
    }
    let user = tx.user(&op.user_app_id.user_id).to_owned();
    let words = fold(if op.search.is_empty() { &op.query } else { &op.search });
    let mut wanted = Wanted::with(vec![
        user.into(),
        fold(&op.id).into(),
        like_escape(&fold(&op.name)).replace('*', "%").into(),
        words.clone().into(),
        limit.into(),
        offset.into(),
    ]);
    wanted.words(
        &words,
        "fold(id || ' ' || name || ' ' || description || ' ' || coalesce(json_extract(body, '$.notes'), ''))",
    );
    if op.template_only {
        wanted.add("json_extract(body, '$.is_template')");
    }
    let direction = if op.sort_ascending { "ASC" } else { "DESC" };
    // Nearest is the app of that very id or name, then one whose name begins so.
    let sql = format!(
        "SELECT {COLUMNS}, CASE WHEN ?4 IN (fold(id), fold(name)) THEN 2 WHEN instr(fold(name), ?4) = 1 THEN 1 ELSE 0 END AS relevance
         FROM app WHERE user_id = ?1 AND (?2 = '' OR instr(fold(id), ?2)) AND (?3 = '' OR fold(name) LIKE ?3 || '%' ESCAPE '\\'){}
         ORDER BY {column} {direction}, modified_at {direction}, key {direction} LIMIT ?5 OFFSET ?6",
        wanted.sql
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(wanted.values), app::row)?;
    let counts = wants_counts(&op.additional_fields);
    let apps = rows.into_iter().map(|row| message(tx, row, counts)).collect::<Result<_, _>>()?;
    Ok(MultiAppResponse { apps, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetApp) -> Result<SingleAppResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = app::by_key(tx, app.key)?;
    let app = row.map(|row| message(tx, row, wants_counts(&op.additional_fields))).transpose()?;
    Ok(SingleAppResponse { app, ..Default::default() })
}

/// What an app may not say of itself. Its language is written as it usually is.
pub(super) fn check(sent: &mut App, place: &str) -> Result<(), Fault> {
    if sent.notes.len() > MAX_NOTES {
        return Err(Fault::invalid(format!("{place}.notes has {} bytes; the most is {MAX_NOTES}", sent.notes.len())));
    }
    if sent.image.as_ref().is_some_and(|i| i.url.is_empty()) {
        return Err(Fault::invalid(format!("{place}.image has no url; an app's picture is kept by url")));
    }
    if !sent.default_language.is_empty() {
        sent.default_language = language::canonical(&sent.default_language).ok_or_else(|| {
            let details = "it is the code of a language, such as \"en\" or \"pt-BR\"";
            Fault::invalid(format!("{place}.default_language is {:?}; {details}", sent.default_language))
        })?;
    }
    Ok(())
}

pub(crate) fn post(tx: &Tx<'_>, op: PostApps) -> Result<MultiAppResponse, Fault> {
    if op.apps.is_empty() {
        return Err(Fault::invalid("apps is empty: name at least one app to make"));
    }
    let user = tx.user(&op.user_app_id.user_id).to_owned();
    let mut apps = Vec::new();
    for (index, mut sent) in op.apps.into_iter().enumerate() {
        let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
        check_id("app", &id, StatusCode::CONN_INVALID_REQUEST)?;
        check(&mut sent, &format!("apps[{index}]"))?;
        if tx.one("SELECT 1 FROM app WHERE user_id = ?1 AND id = ?2", (&user, &id), |_| Ok(()))?.is_some() {
            return Err(Fault::invalid(format!("apps[{index}]: the id \"{id}\" is taken (duplicate id)")));
        }
        let row = AppRow {
            key: 0,
            user_id: user.clone(),
            name: if sent.name.is_empty() { id.clone() } else { std::mem::take(&mut sent.name) },
            id,
            description: std::mem::take(&mut sent.description),
            metadata: text(sent.metadata.take().as_ref())?,
            body: app::strip(sent),
            created_at: tx.now,
            modified_at: tx.now,
        };
        let key = app::insert(tx, &row)?;
        tx.seq(&crate::tx::App { key, user_id: row.user_id, id: row.id, language: String::new() })?;
        apps.extend(app::by_key(tx, key)?.map(app::message));
    }
    Ok(MultiAppResponse { apps, ..Default::default() })
}

/// The path names the app, and so what is sent need not.
pub(crate) fn patch_one(tx: &Tx<'_>, op: PatchApp) -> Result<SingleAppResponse, Fault> {
    let mut sent = op.app.map(|a| *a).unwrap_or_default();
    if !sent.id.is_empty() && sent.id != op.user_app_id.app_id {
        return Err(Fault::invalid(format!("app.id is not \"{}\", which the path names", op.user_app_id.app_id)));
    }
    sent.id.clone_from(&op.user_app_id.app_id);
    let PatchApp { user_app_id, action, metadata_action, reindex, .. } = op;
    let all = PatchApps { user_app_id, apps: vec![sent], action, metadata_action, reindex };
    let app = patch(tx, all)?.apps.into_iter().next();
    Ok(SingleAppResponse { app, ..Default::default() })
}

/// How the metadata of an app is changed, apart from its other fields.
#[derive(Default, Deserialize)]
#[serde(default)]
struct MetadataAction {
    op: String,
    merge_conflict_resolution: String,
    path: String,
}

impl MetadataAction {
    fn of(sent: Option<Value>) -> Result<Self, Fault> {
        let Some(sent) = sent else { return Ok(Self::default()) };
        let action: Self =
            serde_json::from_value(sent).map_err(|e| Fault::invalid(format!("metadata_action cannot be read: {e}")))?;
        if !matches!(action.op.as_str(), "" | "overwrite" | "merge" | "delete") {
            return Err(Fault::invalid(format!(
                "metadata_action.op is \"{}\"; it is \"merge\", \"overwrite\" or \"delete\"",
                action.op
            )));
        }
        if !matches!(action.merge_conflict_resolution.as_str(), "" | "overwrite" | "skip" | "append") {
            return Err(Fault::invalid(format!(
                "metadata_action.merge_conflict_resolution is \"{}\"; it is \"overwrite\", \"skip\" or \"append\"",
                action.merge_conflict_resolution
            )));
        }
        if action.op == "delete" && action.steps().next().is_none() {
            return Err(Fault::invalid("metadata_action.path is missing: name the key to delete, such as \"a.b\""));
        }
        Ok(action)
    }

    fn steps(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.path.split(['.', '/']).filter(|step| !step.is_empty() && *step != "$")
    }

    /// Changes the metadata. What is sent stands at the path, or is the whole where there is none.
    fn apply(&self, now: &mut Struct, sent: Option<Struct>) -> Result<(), Fault> {
        if self.op == "delete" {
            let mut steps = self.steps();
            let last = steps.next_back().unwrap_or_default();
            if descend(now, steps, false).and_then(|at| at.remove(last)).is_none() {
                return Err(Fault::invalid(format!(
                    "metadata_action.path: there is no \"{}\" in the metadata",
                    self.path
                )));
            }
            return Ok(());
        }
        let Some(sent) = sent else { return Ok(()) };
        let Some(at) = descend(now, self.steps(), true) else {
            return Err(Fault::invalid(format!(
                "metadata_action.path: \"{}\" leads through something that is no object",
                self.path
            )));
        };
        match (self.op.as_str(), self.merge_conflict_resolution.as_str()) {
            ("merge", "skip") => keep_old(at, sent),
            ("merge", "append") => append(at, sent),
            ("merge", _) => unite(at, sent),
            _ => *at = sent,
        }
        Ok(())
    }
}

/// The object at the end of a path. With `make`, objects that are not there are made.
fn descend<'a, 's>(mut at: &'a mut Struct, steps: impl Iterator<Item = &'s str>, make: bool) -> Option<&'a mut Struct> {
    for step in steps {
        if make && !at.contains_key(step) {
            at.insert(step.to_owned(), Value::Object(Struct::new()));
        }
        at = at.get_mut(step)?.as_object_mut()?;
    }
    Some(at)
}

fn keep_old(into: &mut Struct, from: Struct) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => keep_old(old, new),
            (Some(_), _) => {}
            (None, value) => drop(into.insert(key, value)),
        }
    }
}

/// Where both have a value, both stay, as a list.
fn append(into: &mut Struct, from: Struct) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => append(old, new),
            (Some(old), value) => {
                let mut list = match old.take() {
                    Value::Array(list) => list,
                    one => vec![one],
                };
                match value {
                    Value::Array(more) => list.extend(more),
                    one => list.push(one),
                }
                *old = Value::Array(list);
            }
            (None, value) => drop(into.insert(key, value)),
        }
    }
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchApps) -> Result<MultiAppResponse, Fault> {
    if !matches!(op.action.as_str(), "" | "overwrite" | "remove") {
        return Err(Fault::invalid(format!(
            "action is \"{}\"; apps are changed with \"overwrite\", and \"remove\" takes away their picture",
            op.action
        )));
    }
    if op.apps.is_empty() {
        return Err(Fault::invalid("apps is empty: name at least one app to change"));
    }
    let metadata_action = MetadataAction::of(op.metadata_action)?;
    let mut apps = Vec::new();
    for (index, mut sent) in op.apps.into_iter().enumerate() {
        let place = format!("apps[{index}]");
        if sent.id.is_empty() {
            return Err(Fault::invalid(format!("{place} has no id")));
        }
        let mut scope = op.user_app_id.clone();
        scope.app_id.clone_from(&sent.id);
        let found = tx.app(&scope)?;
        let mut row = app::by_key(tx, found.key)?.ok_or_else(|| Fault::not_found("app", &sent.id))?;
        check(&mut sent, &place)?;
        if op.action == "remove" {
            let Some(image) = &sent.image else {
                return Err(Fault::invalid(format!(
                    "{place}: \"remove\" takes away the image alone; name it by its url"
                )));
            };
            if row.body.image.as_ref().map(|i| &i.url) != Some(&image.url) {
                return Err(Fault::invalid(format!("{place}.image.url is not the url of the app's picture")));
            }
            row.body.image = None;
        } else {
            let own = sent.default_language.clone();
            change(&mut row, sent, &metadata_action)?;
            if !own.is_empty() && own != found.language {
                language::adopt(tx, &found, &own)?;
            }
        }
        tx.seq(&found)?;
        app::update(tx, &row)?;
        apps.extend(app::by_key(tx, found.key)?.map(app::message));
    }
    Ok(MultiAppResponse { apps, ..Default::default() })
}

/// A field that is not sent stays as it is.
fn change(row: &mut AppRow, mut sent: App, metadata_action: &MetadataAction) -> Result<(), Fault> {
    let (name, description) = (std::mem::take(&mut sent.name), std::mem::take(&mut sent.description));
    if !name.is_empty() {
        row.name = name;
    }
    if !description.is_empty() {
        row.description = description;
    }
    let metadata = sent.metadata.take();
    if metadata.is_some() || metadata_action.op == "delete" {
        let mut now = object(row.metadata.take()).unwrap_or_default();
        metadata_action.apply(&mut now, metadata)?;
        row.metadata = text(Some(&now))?;
    }
    row.body = crate::store::fields::Action::Overwrite.apply(&row.body, &app::strip(sent))?;
    Ok(())
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteApp) -> Result<BaseResponse, Fault> {
    // So much goes with an app that it must be named; the short paths' default does not do.
    if op.user_app_id.app_id.is_empty() {
        return Err(Fault::invalid("app_id is missing: name the app to delete"));
    }
    let found = tx.app(&op.user_app_id)?;
    app::delete(tx, &found)?;
    Ok(BaseResponse::default())
}

pub(crate) fn resource_counts(tx: &Tx<'_>, op: GetResourceCounts) -> Result<GetResourceCountsResponse, Fault> {
    let found = tx.app(&op.user_app_id)?;
    let counts = app::counts(tx, found.key)?;
    Ok(GetResourceCountsResponse {
        datasets: counts.datasets,
        models: counts.models,
        workflows: counts.workflows,
        inputs: counts.inputs,
        pipelines: counts.pipelines,
        ..Default::default()
    })
}
