//! Concepts by their names, in any language, those of a model included.

use crate::fault::Fault;
use crate::store::concept::{self, ConceptRow};
use crate::store::language::canonical;
use crate::tx::{App, Tx, fold, like_escape, page};
use labelscope_api::messages::{Concept, ConceptExtraInfo, ConceptValue, Model, MultiConceptResponse, StatusCode};
use labelscope_api::operations::PostConceptsSearches;
use serde_json::Value;
use std::collections::HashSet;

/// The longest name that is searched for, in bytes.
const MAX_NAME: usize = 1000;

fn refused(details: impl Into<String>) -> Fault {
    Fault::refused(StatusCode::SEARCH_INVALID_REQUEST, details)
}

pub(crate) fn post(tx: &Tx<'_>, op: PostConceptsSearches) -> Result<MultiConceptResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let query = op.concept_query.unwrap_or_default();
    let pages = op.pagination.unwrap_or_default();
    let (offset, limit) = page(pages.page, pages.per_page)?;
    let wanted = Wanted::new(&query.name)?;
    let language = language(tx, &app, &query.language)?;
    let workflow = query.workflow.as_ref().and_then(|w| w.get("id")?.as_str()).unwrap_or(&query.workflow_id);
    if query.workflow.is_some() || !workflow.is_empty() {
        return Err(Fault::not_found("concept_query.workflow: workflow", workflow));
    }
    let source = query.model.as_ref().map(|m| model_concepts(tx, &app, m, "concept_query.model")).transpose()?;
    let rankable = op.extra_info.unwrap_or_default().rankable_model;
    let rankable = rankable.map(|m| model_concepts(tx, &app, &m, "extra_info.rankable_model")).transpose()?;

    let of_app = !query.ignore_app_concepts && query.use_cases.is_empty();
    let mut concepts = Vec::new();
    if of_app {
        let rows = wanted.rows(tx, &app, &language, (offset, limit))?;
        concepts.extend(rows.into_iter().map(|row| {
            let mut message = concept::message(&app, row, 1.0);
            message.language.clone_from(&language);
            message
        }));
    }
    if let Some(source) = source {
        // What the model adds stands behind the app's own.
        let before = if of_app { wanted.count(tx, &app, &language)? } else { 0 };
        let mut more = Vec::new();
        for found in source.into_iter().filter(|c| wanted.fits(&fold(&c.name))) {
            let theirs = if found.language.is_empty() { app.language.as_str() } else { found.language.as_str() };
            if theirs == language && !(of_app && wanted.has(tx, &app, &language, &found.id)?) {
                more.push(Concept { language: language.clone(), ..found });
            }
        }
        let room = (limit as usize).saturating_sub(concepts.len());
        concepts.extend(more.into_iter().skip((offset - before).max(0) as usize).take(room));
    }
    if let Some(rankable) = rankable {
        let ids: HashSet<&str> = rankable.iter().map(|c| c.id.as_str()).collect();
        for concept in &mut concepts {
            concept.extra_info = Some(ConceptExtraInfo { is_rankable: ids.contains(concept.id.as_str()) });
        }
    }
    Ok(MultiConceptResponse { concepts, ..Default::default() })
}

/// The language whose names are searched. A variant in which nothing is named means the app's own where that is its kin.
fn language(tx: &Tx<'_>, app: &App, sent: &str) -> Result<String, Fault> {
    if sent.is_empty() {
        return Ok(app.language.clone());
    }
    let code = canonical(sent).ok_or_else(|| {
        refused(format!("concept_query.language is {sent:?}; it takes the code of a language, such as `ja` or `pt-BR`"))
    })?;
    let stem = |code: &str| code.split('-').next().unwrap_or_default().to_owned();
    let named = "SELECT 1 FROM concept_language WHERE app = ?1 AND language = ?2 AND died IS NULL LIMIT 1";
    if stem(&code) == stem(&app.language) && tx.one(named, (app.key, &code), |_| Ok(()))?.is_none() {
        return Ok(app.language.clone());
    }
    Ok(code)
}

/// The concepts that a registered model knows.
fn model_concepts(tx: &Tx<'_>, app: &App, model: &Model, place: &str) -> Result<Vec<Concept>, Fault> {
    let sql = "SELECT body FROM model WHERE app = ?1 AND id = ?2 AND died IS NULL";
    let body: String = tx.one(sql, (app.key, &model.id), |r| r.get(0))?.ok_or_else(|| {
        Fault::refused(StatusCode::MODEL_DOES_NOT_EXIST, format!("{place}: model \"{}\" does not exist", model.id))
    })?;
    let mut body: Value = serde_json::from_str(&body)?;
    let known = body.pointer_mut("/output_info/data/concepts").map(Value::take).unwrap_or_default();
    let known: Vec<Concept> = if known.is_null() { Vec::new() } else { serde_json::from_value(known)? };
    Ok(known
        .into_iter()
        .map(|mut c| {
            if c.name.is_empty() {
                c.name.clone_from(&c.id);
            }
            c.value = ConceptValue(1.0);
            c
        })
        .collect())
}

/// A name that is sought, folded. A star stands for any text; without one the name must match wholly.
struct Wanted {
    parts: Vec<String>,
    pattern: String,
    start: String,
    end: String,
}

impl Wanted {
    fn new(name: &str) -> Result<Self, Fault> {
        if name.len() > MAX_NAME {
            let details = format!("concept_query.name has {} bytes; the most is {MAX_NAME}", name.len());
            return Err(refused(details));
        }
        let folded = fold(name);
        let folded = if folded.is_empty() { "*".to_owned() } else { folded };
        let parts: Vec<String> = folded.split('*').map(str::to_owned).collect();
        // What stands before the first star is sought in the index: in 100,000 concepts only those are read that begin so.
        let start = parts.first().cloned().unwrap_or_default();
        let end = if parts.len() == 1 { start.clone() } else { format!("{start}{}", char::MAX) };
        let pattern = parts.iter().map(|p| like_escape(p)).collect::<Vec<_>>().join("%");
        Ok(Self { parts, pattern, start, end })
    }

    fn all(&self) -> bool {
        self.pattern == "%"
    }

    /// The same in memory.
    fn fits(&self, folded: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return true };
        let Some((last, middle)) = rest.split_last() else { return folded == first };
        let Some(mut left) = folded.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some(at) = left.find(part.as_str()) else { return false };
            left = left.get(at + part.len()..).unwrap_or_default();
        }
        left.ends_with(last.as_str())
    }

    /// `columns` of the concepts that fit. Parameters 1 to 5 are taken.
    fn sql(&self, app: &App, language: &str, columns: &str) -> String {
        let (from, folded) = if language == app.language {
            let index = if self.all() { "concept_page" } else { "concept_name" };
            (format!("concept c INDEXED BY {index} WHERE ?5 <> ''"), "c")
        } else {
            let from = "concept_language l INDEXED BY concept_language_name CROSS JOIN concept c ON c.key = l.concept AND c.died IS NULL WHERE l.language = ?5 AND l.died IS NULL";
            (from.to_owned(), "l")
        };
        let range = if self.all() {
            "?2 <> '' AND ?3 <> ?4".to_owned()
        } else {
            format!("{folded}.folded >= ?3 AND {folded}.folded <= ?4 AND {folded}.folded LIKE ?2 ESCAPE '\\'")
        };
        format!("SELECT {columns} FROM {from} AND {folded}.app = ?1 AND c.died IS NULL AND {range}")
    }

    fn rows(&self, tx: &Tx<'_>, app: &App, language: &str, pages: (i64, i64)) -> Result<Vec<ConceptRow>, Fault> {
        let own = language == app.language;
        let names = if own { "c" } else { "l" };
        let columns = format!(
            "c.rev, c.key, c.id, {names}.name, {names}.definition, c.supercategory, c.metadata, c.created_at, c.body"
        );
        let order = if own && self.all() { "c.key".to_owned() } else { format!("{names}.folded, c.key") };
        let sql = format!("{} ORDER BY {order} LIMIT ?6 OFFSET ?7", self.sql(app, language, &columns));
        let (offset, limit) = pages;
        tx.all(&sql, (app.key, &self.pattern, &self.start, &self.end, language, limit, offset), concept::row)
    }

    fn count(&self, tx: &Tx<'_>, app: &App, language: &str) -> Result<i64, Fault> {
        let sql = self.sql(app, language, "count(*)");
        tx.count(&sql, (app.key, &self.pattern, &self.start, &self.end, language))
    }

    /// Is the app's concept of this id among what is found?
    fn has(&self, tx: &Tx<'_>, app: &App, language: &str, id: &str) -> Result<bool, Fault> {
        let sql = format!("SELECT EXISTS ({} AND c.id = ?6)", self.sql(app, language, "1"));
        Ok(tx.count(&sql, (app.key, &self.pattern, &self.start, &self.end, language, id))? != 0)
    }
}
