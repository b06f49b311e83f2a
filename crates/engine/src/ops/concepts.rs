use crate::fault::Fault;
use crate::store::concept::{self, COLUMNS, NewConcept};
use crate::store::{counts, text};
use crate::tx::{App, Tx, fold, like_escape, page};
use labelscope_api::messages::{
    Concept, ConceptCount, ConceptTypeCount, DetailConceptCount, MultiConceptCountResponse, MultiConceptResponse,
    SingleConceptResponse, StatusCode,
};
use labelscope_api::operations::{GetConcept, GetConceptCounts, ListConcepts, PatchConcepts, PostConcepts};

/// At most so many concepts in one call.
const BATCH: usize = 1000;

fn reply(app: &App, rows: Vec<concept::ConceptRow>) -> MultiConceptResponse {
    MultiConceptResponse {
        concepts: rows.into_iter().map(|row| concept::message(app, row, 1.0)).collect(),
        ..Default::default()
    }
}

pub(crate) fn list(tx: &Tx<'_>, op: ListConcepts) -> Result<MultiConceptResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let rows = if op.id.is_empty() {
        // Deep pages begin at a key found by walking the index alone.
        let sql = format!(
            "SELECT {COLUMNS} FROM concept WHERE app = ?1 AND died IS NULL AND key >= coalesce((SELECT key FROM concept WHERE app = ?1 AND died IS NULL ORDER BY key LIMIT 1 OFFSET ?3), 9e18) ORDER BY key LIMIT ?2"
        );
        tx.all(&sql, (app.key, limit, offset), concept::row)?
    } else {
        let pattern = format!("%{}%", like_escape(&fold(&op.id)));
        let sql = format!(
            "SELECT {COLUMNS} FROM concept WHERE app = ?1 AND died IS NULL AND lower(id) LIKE ?2 ESCAPE '\\' ORDER BY key LIMIT ?3 OFFSET ?4"
        );
        tx.all(&sql, (app.key, pattern, limit, offset), concept::row)?
    };
    Ok(reply(&app, rows))
}

pub(crate) fn get(tx: &Tx<'_>, op: GetConcept) -> Result<SingleConceptResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = concept::find(tx, &app, &op.concept_id)?.ok_or_else(|| Fault::not_found("concept", &op.concept_id))?;
    Ok(SingleConceptResponse { concept: Some(concept::message(&app, row, 1.0)), ..Default::default() })
}

fn check_batch(concepts: &[Concept]) -> Result<(), Fault> {
    if concepts.is_empty() || concepts.len() > BATCH {
        let details = format!("concepts holds {}; a call takes 1 to {BATCH}", concepts.len());
        return Err(Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details));
    }
    Ok(())
}

pub(crate) fn post(tx: &Tx<'_>, op: PostConcepts) -> Result<MultiConceptResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_batch(&op.concepts)?;
    let mut rows = Vec::with_capacity(op.concepts.len());
    for (index, c) in op.concepts.iter().enumerate() {
        let id = if c.id.is_empty() { tx.new_id() } else { c.id.clone() };
        if concept::find(tx, &app, &id)?.is_some() {
            let details = format!("concepts[{index}]: the id \"{id}\" is taken (duplicate concept id)");
            return Err(Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details));
        }
        let mut body = concept::Body::default();
        body.take(c);
        concept::insert(
            tx,
            &app,
            &NewConcept {
                body,
                id: &id,
                name: &c.name,
                definition: &c.definition,
                metadata: c.metadata.as_ref(),
                ..NewConcept::default()
            },
        )?;
        rows.extend(concept::find(tx, &app, &id)?);
    }
    Ok(reply(&app, rows))
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchConcepts) -> Result<MultiConceptResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_batch(&op.concepts)?;
    if !matches!(op.action.as_str(), "overwrite" | "merge") {
        return Err(Fault::refused(
            StatusCode::CONCEPTS_INVALID_REQUEST,
            format!("action is \"{}\"; concepts are changed with \"overwrite\"", op.action),
        ));
    }
    let mut rows = Vec::with_capacity(op.concepts.len());
    for (index, c) in op.concepts.iter().enumerate() {
        let mut row = concept::find(tx, &app, &c.id)?
            .ok_or_else(|| Fault::not_found(&format!("concepts[{index}]: concept"), &c.id))?;
        // A field that is not sent stays as it is.
        if !c.name.is_empty() {
            row.name.clone_from(&c.name);
        }
        if !c.definition.is_empty() {
            row.definition.clone_from(&c.definition);
        }
        if c.metadata.is_some() {
            row.metadata = text(c.metadata.as_ref())?;
        }
        row.body.take(c);
        concept::replace(tx, &app, &row)?;
        rows.extend(concept::find(tx, &app, &c.id)?);
    }
    Ok(reply(&app, rows))
}

pub(crate) fn counts(tx: &Tx<'_>, op: GetConceptCounts) -> Result<MultiConceptCountResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let pages = ListConcepts { user_app_id: op.user_app_id, page: op.page, per_page: op.per_page, id: String::new() };
    let (offset, limit) = page(pages.page, pages.per_page)?;
    let rows: Vec<(i64, String, String)> = tx.all(
        "SELECT key, id, name FROM concept WHERE app = ?1 AND died IS NULL AND key >= coalesce((SELECT key FROM concept WHERE app = ?1 AND died IS NULL ORDER BY key LIMIT 1 OFFSET ?3), 9e18) ORDER BY key LIMIT ?2",
        (app.key, limit, offset),
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
    )?;
    let counts = counts::by_concept(tx, &app)?;
    let concept_counts = rows
        .into_iter()
        .map(|(key, id, name)| {
            let (positive, negative) = counts.get(&key).copied().unwrap_or_default();
            let count = ConceptTypeCount { positive: positive as u32, negative: negative as u32 };
            let zero = || Some(ConceptTypeCount::default());
            let detail = DetailConceptCount {
                processed: Some(count.clone()),
                to_process: zero(),
                errors: zero(),
                processing: zero(),
            };
            ConceptCount { id, name, concept_type_count: Some(count), detail_concept_count: Some(detail) }
        })
        .collect();
    Ok(MultiConceptCountResponse { concept_counts, ..Default::default() })
}
