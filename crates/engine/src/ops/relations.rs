use crate::fault::Fault;
use crate::store::concept;
use crate::store::relation::{self, Fact, Filter, Predicate};
use crate::tx::{App, Tx, check_id, page};
use labelscope_api::messages::{BaseResponse, ConceptRelation, Gettable, MultiConceptRelationResponse, StatusCode};
use labelscope_api::operations::{DeleteConceptRelations, ListConceptRelations, PostConceptRelations};

/// At most so many relations in one call.
const BATCH: usize = 1000;

fn refused(details: impl Into<String>) -> Fault {
    Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details)
}

fn predicate(place: &str, text: &str) -> Result<Predicate, Fault> {
    Predicate::parse(text)
        .ok_or_else(|| refused(format!("{place} is {text:?}; there are \"hypernym\", \"hyponym\" and \"synonym\"")))
}

fn concept_key(tx: &Tx<'_>, app: &App, what: &str, id: &str) -> Result<i64, Fault> {
    Ok(concept::find(tx, app, id)?.ok_or_else(|| Fault::not_found(what, id))?.key)
}

fn check_count(what: &str, count: usize) -> Result<(), Fault> {
    if (1..=BATCH).contains(&count) {
        return Ok(());
    }
    Err(refused(format!("{what} holds {count}; a call takes 1 to {BATCH}, and nothing was changed")))
}

pub(crate) fn list(tx: &Tx<'_>, op: ListConceptRelations) -> Result<MultiConceptRelationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let pages = page(op.page, op.per_page)?;
    let wanted = if op.predicate.is_empty() { None } else { Some(predicate("predicate", &op.predicate)?) };
    let graph = op.knowledge_graph_id.as_str();
    if !graph.is_empty() && !relation::graph_exists(tx, &app, graph)? {
        return Err(Fault::not_found("knowledge graph", graph));
    }
    let concept = if op.concept_id.is_empty() { None } else { Some(concept_key(tx, &app, "concept", &op.concept_id)?) };
    let rows = relation::list(tx, &app, concept, &Filter { predicate: wanted, graph }, pages)?;
    let concept_relations = rows
        .into_iter()
        .map(|row| {
            let turned = match concept {
                Some(key) => row.subject.key != key,
                None => wanted.is_some_and(|p| p.name() != row.predicate),
            };
            relation::message(&app, row, turned)
        })
        .collect();
    Ok(MultiConceptRelationResponse { concept_relations, ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostConceptRelations) -> Result<MultiConceptRelationResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_count("concept_relations", op.concept_relations.len())?;
    let subject = concept_key(tx, &app, "concept", &op.concept_id)?;
    let mut concept_relations = Vec::with_capacity(op.concept_relations.len());
    for (index, sent) in op.concept_relations.iter().enumerate() {
        let place = format!("concept_relations[{index}]");
        concept_relations.push(post_one(tx, &app, (subject, &op.concept_id), sent, &place)?);
    }
    Ok(MultiConceptRelationResponse { concept_relations, ..Default::default() })
}

fn post_one(
    tx: &Tx<'_>,
    app: &App,
    (subject, subject_id): (i64, &str),
    sent: &ConceptRelation,
    place: &str,
) -> Result<ConceptRelation, Fault> {
    let object_id = sent.object_concept.as_ref().map_or("", |c| c.id.as_str());
    if object_id.is_empty() {
        return Err(refused(format!(
            "{place}.object_concept.id is empty; name the concept that the relation leads to"
        )));
    }
    if let Some(other) = sent.subject_concept.as_ref().filter(|c| !c.id.is_empty() && c.id != subject_id) {
        let details = format!("{place}.subject_concept.id is \"{}\", but the address names \"{subject_id}\"", other.id);
        return Err(refused(details));
    }
    let predicate = predicate(&format!("{place}.predicate"), &sent.predicate)?;
    let object = concept_key(tx, app, &format!("{place}.object_concept: concept"), object_id)?;
    if object == subject {
        return Err(refused(format!("{place}: \"{object_id}\" cannot stand in a relation to itself")));
    }
    let graph = sent.knowledge_graph_id.as_str();
    if !graph.is_empty() && !relation::graph_exists(tx, app, graph)? {
        return Err(Fault::not_found(&format!("{place}.knowledge_graph_id: knowledge graph"), graph));
    }
    let fact = Fact { subject, object, predicate, graph };
    if let Some(row) = relation::find_fact(tx, &fact)? {
        let turned = row.subject.key != subject;
        return Ok(relation::message(app, row, turned));
    }
    if let Some(path) = relation::circle(tx, &fact)? {
        return Err(refused(format!("{place}: the concepts would stand above themselves: {}", words_of(tx, &path)?)));
    }
    let id = if sent.id.is_empty() { tx.new_id() } else { sent.id.clone() };
    check_id(&format!("{place}: relation"), &id, StatusCode::CONCEPTS_INVALID_REQUEST)?;
    if relation::find(tx, app, &id)?.is_some() {
        return Err(refused(format!("{place}: the id \"{id}\" is taken by another relation")));
    }
    let visibility = sent.visibility.as_ref().map_or(Gettable::PRIVATE, |v| v.gettable);
    relation::insert(tx, app, &id, &fact, visibility)?;
    let row = relation::find(tx, app, &id)?.ok_or_else(|| Fault::not_found("relation", &id))?;
    Ok(relation::message(app, row, false))
}

/// A path by ids; a long one is cut in the middle.
fn words_of(tx: &Tx<'_>, path: &[i64]) -> Result<String, Fault> {
    const ENDS: usize = 10;
    let mut words = Vec::new();
    for (n, key) in path.iter().enumerate() {
        if path.len() > 2 * ENDS + 1 && n >= ENDS && n < path.len() - ENDS {
            if n == ENDS {
                words.push("…".to_owned());
            }
            continue;
        }
        words.extend(
            tx.one("SELECT id FROM concept WHERE key = ?1 AND died IS NULL", [key], |r| r.get::<_, String>(0))?,
        );
    }
    Ok(words.join(" → "))
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteConceptRelations) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let concept = concept_key(tx, &app, "concept", &op.concept_id)?;
    check_count("ids", op.ids.len())?;
    let mut ids = op.ids;
    ids.sort();
    ids.dedup();
    for id in &ids {
        let row = relation::find(tx, &app, id)?
            .filter(|r| r.subject.key == concept || r.object.key == concept)
            .ok_or_else(|| Fault::not_found(&format!("among the relations of \"{}\", relation", op.concept_id), id))?;
        relation::delete(tx, &app, row.rev)?;
    }
    Ok(BaseResponse::default())
}
