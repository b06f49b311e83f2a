use super::apps;
use crate::fault::Fault;
use crate::jobs::{self, NewJob};
use crate::store::app::{self, AppRow};
use crate::store::duplication::{self, DuplicationRow, Progress};
use crate::store::fields::Action;
use crate::store::text;
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{
    App as Sent, AppDuplication, AppDuplicationFilters, MultiAppDuplicationsResponse, SingleAppDuplicationResponse,
    StatusCode, UserAppIdSet,
};
use labelscope_api::operations::{GetAppDuplication, ListAppDuplications, PostAppDuplications};

/// At most so many in one call.
const BATCH: usize = 16;

fn refused(details: impl Into<String>) -> Fault {
    Fault::refused(StatusCode::APP_DUPLICATION_INVALID_REQUEST, details)
}

pub(crate) fn post(tx: &Tx<'_>, op: PostAppDuplications) -> Result<MultiAppDuplicationsResponse, Fault> {
    let source = tx.app(&op.user_app_id)?;
    let count = op.app_duplications.len();
    if !(1..=BATCH).contains(&count) {
        return Err(refused(format!("app_duplications holds {count}; a call takes 1 to {BATCH}")));
    }
    let mut app_duplications = Vec::with_capacity(count);
    for (index, sent) in op.app_duplications.into_iter().enumerate() {
        let row = begin(tx, &source, sent, &format!("app_duplications[{index}]"))?;
        app_duplications.push(row.message(tx)?);
    }
    Ok(MultiAppDuplicationsResponse { app_duplications, ..Default::default() })
}

fn begin(tx: &Tx<'_>, source: &App, mut sent: AppDuplication, place: &str) -> Result<DuplicationRow, Fault> {
    let user = &tx.caller.user_id;
    let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
    check_id(&format!("{place}: duplication"), &id, StatusCode::APP_DUPLICATION_INVALID_REQUEST)?;
    if duplication::find(tx, user, &id)?.is_some() {
        return Err(refused(format!("{place}.id \"{id}\" is there already (duplicate id)")));
    }
    // Taken before anything of this call counts as the source's.
    let seq = tx.count("SELECT max(seq) FROM revision", [])?;
    let into = destination(tx, source, &mut sent, place)?;
    let AppDuplication { existing_app_id, new_app_id, new_app_name, filter, .. } = sent;
    let filter = Some(whole(filter.unwrap_or_default()));
    let mut row = DuplicationRow {
        key: 0,
        user_id: user.clone(),
        id,
        source: source.key,
        destination: into.key,
        job: String::new(),
        body: AppDuplication { existing_app_id, new_app_id, new_app_name, filter, ..AppDuplication::default() },
        state: StatusCode::APP_DUPLICATION_PENDING,
        details: String::new(),
        progress: Progress { seq, ..Progress::default() },
        created_at: tx.now,
        modified_at: tx.now,
    };
    duplication::insert(tx, &mut row)?;
    let new = NewJob { kind: JobKind::DUPLICATION, cursor: row.key, ..NewJob::default() };
    row.job = jobs::add(tx, &into, &new)?;
    row.save(tx)?;
    Ok(row)
}

/// All kinds where none is named. Annotations cannot stand without their inputs and concepts.
fn whole(sent: AppDuplicationFilters) -> AppDuplicationFilters {
    let all = sent == AppDuplicationFilters::default();
    let annotations = all || sent.copy_annotations;
    AppDuplicationFilters {
        copy_inputs: annotations || sent.copy_inputs,
        copy_concepts: annotations || sent.copy_concepts,
        copy_annotations: annotations,
        copy_models: all || sent.copy_models,
        copy_workflows: all || sent.copy_workflows,
    }
}

/// The app to copy into: one of the caller's, or one that is made here.
fn destination(tx: &Tx<'_>, source: &App, sent: &mut AppDuplication, place: &str) -> Result<App, Fault> {
    let named: Vec<&str> = [
        ("destination_app", sent.destination_app.is_some()),
        ("existing_app_id", !sent.existing_app_id.is_empty()),
        ("new_app_id", !sent.new_app_id.is_empty()),
    ]
    .into_iter()
    .filter_map(|(name, there)| there.then_some(name))
    .collect();
    if named.len() > 1 {
        return Err(refused(format!("{place} has {}; name one destination", named.join(" and "))));
    }
    if !sent.new_app_name.is_empty() && sent.new_app_id.is_empty() && !named.is_empty() {
        return Err(refused(format!("{place}.new_app_name goes with new_app_id; use destination_app.name instead")));
    }
    if named.is_empty() && sent.new_app_name.is_empty() {
        return Err(refused(format!("{place}.destination_app is missing: name a new app or one of yours")));
    }
    let mut app = sent.destination_app.take().map(|app| *app).unwrap_or_default();
    let of = tx.user(&app.user_id).to_owned();
    if of != tx.caller.user_id {
        return Err(refused(format!("{place}.destination_app.user_id is \"{of}\"; a copy goes to an app of your own")));
    }
    for id in [&sent.existing_app_id, &sent.new_app_id] {
        if !id.is_empty() {
            app.id.clone_from(id);
        }
    }
    if app.name.is_empty() {
        app.name.clone_from(&sent.new_app_name);
    }
    let found = existing(tx, &app.id)?;
    if found.is_none() && !sent.existing_app_id.is_empty() {
        return Err(Fault::not_found("app", &app.id).at(&format!("{place}.existing_app_id")));
    }
    let Some(found) = found else { return make(tx, source, app, place) };
    if !sent.new_app_id.is_empty() {
        return Err(refused(format!("{place}.new_app_id: the id \"{}\" is taken (duplicate id)", app.id)));
    }
    if found.key == source.key {
        return Err(refused(format!("{place}: \"{}\" would be copied into itself; name another app", found.id)));
    }
    if found.language != source.language {
        let details = format!(
            "{place}: the names of concepts are in \"{}\" in \"{}\" and in \"{}\" in \"{}\"; give both apps one default_language first",
            source.language, source.id, found.language, found.id
        );
        return Err(refused(details));
    }
    Ok(found)
}

fn existing(tx: &Tx<'_>, id: &str) -> Result<Option<App>, Fault> {
    if id.is_empty() {
        return Ok(None);
    }
    let scope = UserAppIdSet { user_id: tx.caller.user_id.clone(), app_id: id.to_owned() };
    match tx.app(&scope) {
        Ok(app) => Ok(Some(app)),
        Err(fault) if fault.code() == StatusCode::CONN_DOES_NOT_EXIST => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// A new app. What is not sent of it is as in the source.
fn make(tx: &Tx<'_>, source: &App, mut sent: Sent, place: &str) -> Result<App, Fault> {
    let id = if sent.id.is_empty() { tx.new_id() } else { std::mem::take(&mut sent.id) };
    check_id(&format!("{place}: app"), &id, StatusCode::APP_DUPLICATION_INVALID_REQUEST)?;
    apps::check(&mut sent, &format!("{place}.destination_app"))?;
    if !sent.default_language.is_empty() && sent.default_language != source.language {
        let details = format!(
            "{place}.destination_app.default_language is \"{}\"; a copy begins in the language of its source, \"{}\", and can be given another later",
            sent.default_language, source.language
        );
        return Err(refused(details));
    }
    let from = app::by_key(tx, source.key)?.ok_or_else(|| Fault::not_found("app", &source.id))?;
    let own = |text: String, other: String| if text.is_empty() { other } else { text };
    let row = AppRow {
        key: 0,
        user_id: tx.caller.user_id.clone(),
        name: own(std::mem::take(&mut sent.name), id.clone()),
        id: id.clone(),
        description: own(std::mem::take(&mut sent.description), from.description),
        metadata: text(sent.metadata.take().as_ref())?.or(from.metadata),
        body: Action::Overwrite.apply(&from.body, &app::strip(sent))?,
        created_at: tx.now,
        modified_at: tx.now,
    };
    let key = app::insert(tx, &row)?;
    let made = App { key, user_id: row.user_id, id, language: source.language.clone() };
    tx.seq(&made)?;
    Ok(made)
}

pub(crate) fn list(tx: &Tx<'_>, op: ListAppDuplications) -> Result<MultiAppDuplicationsResponse, Fault> {
    let rows = duplication::list(tx, tx.user(&op.user_app_id.user_id), page(op.page, op.per_page)?)?;
    let app_duplications = rows.into_iter().map(|row| row.message(tx)).collect::<Result<_, _>>()?;
    Ok(MultiAppDuplicationsResponse { app_duplications, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetAppDuplication) -> Result<SingleAppDuplicationResponse, Fault> {
    let row = duplication::find(tx, tx.user(&op.user_app_id.user_id), &op.app_duplication_id)?
        .ok_or_else(|| Fault::not_found("app duplication", &op.app_duplication_id))?;
    Ok(SingleAppDuplicationResponse { app_duplication: Some(row.message(tx)?), ..Default::default() })
}
