//! Ranks: scores from 0 to 1 by which hits are ordered.

use super::{Place, Sql, Target, concepts, functions, not_here, wrong};
use crate::fault::Fault;
use labelscope_api::messages::{Annotation, Data, Rank, StatusCode};
use rusqlite::types::Value;

/// One expression a rank; NULL where a row is no hit.
pub(super) fn scores(place: &Place<'_>, target: Target, ranks: &[Rank], cosine: bool) -> Result<Vec<Sql>, Fault> {
    let mut out = Vec::new();
    for (index, rank) in ranks.iter().enumerate() {
        let Some(annotation) = rank.annotation.as_deref().filter(|a| **a != Annotation::default()) else { continue };
        let at = format!("query.ranks[{index}].annotation");
        let score = one(place, target, annotation, &at, cosine)?;
        out.push(if rank.negate { score.within("(1.0 - ", ")") } else { score });
    }
    Ok(out)
}

fn one(place: &Place<'_>, target: Target, sent: &Annotation, at: &str, cosine: bool) -> Result<Sql, Fault> {
    let data = sent.data.as_deref().cloned().unwrap_or_default();
    if let [first, more @ ..] = data.embeddings.as_slice() {
        if !more.is_empty() || first.vector.is_empty() {
            return Err(wrong(&format!("{at}.data.embeddings"), "must hold one vector that is not empty"));
        }
        if !first.vector.iter().all(|v| v.is_finite()) {
            return Err(wrong(&format!("{at}.data.embeddings[0].vector"), "holds a number that is not finite"));
        }
        return Ok(like(place, target, functions::bytes(&first.vector), cosine));
    }
    if !data.concepts.is_empty() {
        return by_concepts(place, target, sent, &data, at);
    }
    if !sent.input_id.is_empty() {
        let sql = format!(
            "SELECT e.vector FROM input i JOIN annotation a ON a.input = i.key AND {} JOIN embedding e ON e.annotation = a.rev
             WHERE i.app = ?1 AND i.id = ?2 AND {} ORDER BY a.input_level DESC, a.key DESC LIMIT 1",
            place.alive("a"),
            place.alive("i")
        );
        let mut statement = place.conn.prepare_cached(&sql)?;
        let found = statement.query_map((place.app, &sent.input_id), |r| r.get::<_, Vec<u8>>(0))?.next().transpose()?;
        let vector = found.ok_or_else(|| {
            let why =
                format!("{at}.input_id: input \"{}\" has no embedding; post one in data.embeddings", sent.input_id);
            Fault::refused(StatusCode::SEARCH_BY_NOT_FULLY_INDEXED_INPUT, why)
        })?;
        return Ok(like(place, target, vector, cosine));
    }
    Err(not_here(
        at,
        "a picture or a text is compared by a model, and this server runs none; send its vector in data.embeddings, or a concept, or an input_id",
    ))
}

/// Annotations of the row that is ranked.
fn around(place: &Place<'_>, target: Target) -> String {
    match target {
        Target::Inputs => format!("b.input = i.key AND {}", place.alive("b")),
        Target::Annotations => "b.rev = a.rev".to_owned(),
    }
}

fn like(place: &Place<'_>, target: Target, vector: Vec<u8>, cosine: bool) -> Sql {
    let around = around(place, target);
    Sql::new(
        format!(
            "(SELECT max(likeness(e.vector, ?, {})) FROM annotation b JOIN embedding e ON e.annotation = b.rev WHERE {around})",
            i32::from(cosine)
        ),
        [Value::Blob(vector)],
    )
}

/// By the values of labels: of a model's where it is named, else of anyone's. Wanted off, what carries no label comes first.
fn by_concepts(place: &Place<'_>, target: Target, sent: &Annotation, data: &Data, at: &str) -> Result<Sql, Fault> {
    let model = sent.worker.as_ref().and_then(|w| w.model.as_ref()).and_then(|m| m.model_version.as_ref());
    let version = model.map(|v| v.id.clone()).filter(|id| !id.is_empty()).unwrap_or(sent.model_version_id.clone());
    let around = around(place, target);
    let mut scores = Vec::new();
    for (index, concept) in data.concepts.iter().enumerate() {
        let wanted = concepts::find(place, concept, &format!("{at}.data.concepts[{index}]"))?;
        let list = wanted.list();
        let by = if version.is_empty() { "" } else { " AND b.model_version_id = ?" };
        let value = Sql::new(
            format!(
                "(SELECT max(l.value) FROM annotation b JOIN label l ON l.annotation = b.rev WHERE {around}{by} AND l.concept IN ({list}))"
            ),
            (!version.is_empty()).then(|| Value::Text(version.clone())),
        );
        scores.push(if wanted.on { value } else { value.within("(1.0 - coalesce(", ", 0.0))") });
    }
    Ok(mean(scores).unwrap_or_else(|| Sql::new("1.0", [])))
}

/// Several scores at once are their mean; where one is missing there is no hit.
pub(super) fn mean(scores: Vec<Sql>) -> Option<Sql> {
    let count = scores.len();
    let mut out = Sql::default();
    for score in scores {
        if !out.text.is_empty() {
            out.text.push_str(" + ");
        }
        out.push(score);
    }
    (count > 0).then(|| out.within("((", &format!(") / {count}.0)")))
}
