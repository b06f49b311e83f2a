//! Copies concepts with their names in other languages, knowledge graphs and relations.

use super::Step;
use crate::fault::Fault;
use crate::store::duplication::Progress;
use crate::store::relation::{self, Fact, Predicate};
use labelscope_api::messages::Gettable;

/// Gives how many rows were looked at.
pub(super) fn concepts(step: &Step<'_>, progress: &mut Progress) -> Result<i64, Fault> {
    let seen = step.seen("concept")?;
    let copied = step.write(
        "INSERT INTO concept (rev, app, key, id, name, folded, definition, supercategory, metadata, created_at, modified_at, born, body)
         SELECT c.key + ?6, ?2, c.key + ?6, c.id, c.name, c.folded, c.definition, c.supercategory, c.metadata, c.created_at, c.modified_at, ?5, c.body
         FROM concept c WHERE c.app = ?1 AND c.died IS NULL AND c.key BETWEEN ?3 AND ?4
           AND NOT EXISTS (SELECT 1 FROM concept o WHERE o.app = ?2 AND o.id = c.id AND o.died IS NULL) ORDER BY c.key",
    )?;
    step.write(
        "INSERT INTO concept_language (app, concept, language, name, folded, definition, created_at, modified_at, born)
         SELECT ?2, t.key, l.language, l.name, l.folded, l.definition, l.created_at, l.modified_at, ?5
         FROM concept c CROSS JOIN concept t ON t.rev = c.key + ?6 CROSS JOIN concept_language l ON l.concept = c.key AND l.died IS NULL
         WHERE c.app = ?1 AND c.died IS NULL AND c.key BETWEEN ?3 AND ?4 ORDER BY l.rev",
    )?;
    step.tx.bump(step.into, "concepts", copied)?;
    progress.copied.concepts += copied;
    progress.skipped.concepts += seen - copied;
    Ok(seen)
}

/// Knowledge graphs, all at once: they are no more than names.
pub(super) fn graphs(step: &Step<'_>) -> Result<(), Fault> {
    step.write(
        "INSERT INTO knowledge_graph (app, key, id, name, description, examples_app_id, sampled_examples_app_id, created_at, born)
         SELECT ?2, (SELECT coalesce(max(rev), 0) FROM knowledge_graph) + row_number() OVER (ORDER BY key), id, name, description, examples_app_id,
           sampled_examples_app_id, created_at, ?5 FROM knowledge_graph g WHERE app = ?1 AND died IS NULL
           AND NOT EXISTS (SELECT 1 FROM knowledge_graph o WHERE o.app = ?2 AND o.id = g.id AND o.died IS NULL) ORDER BY key",
    )?;
    Ok(())
}

/// Relations one by one: what the destination says already is not said twice, and no circle is closed.
pub(super) fn relations(step: &Step<'_>) -> Result<i64, Fault> {
    let (tx, into) = (step.tx, step.into);
    // The ends are their counterparts in the destination, which go by their ids.
    let rows = step.read(
        "SELECT r.id, r.predicate, r.graph, r.visibility, ts.key, t.key FROM relation r
           CROSS JOIN concept s ON s.key = r.subject AND s.died IS NULL CROSS JOIN concept o ON o.key = r.object AND o.died IS NULL
           CROSS JOIN concept ts ON ts.app = ?2 AND ts.id = s.id AND ts.died IS NULL CROSS JOIN concept t ON t.app = ?2 AND t.id = o.id AND t.died IS NULL
         WHERE r.app = ?1 AND r.died IS NULL AND r.key BETWEEN ?3 AND ?4 ORDER BY r.key",
        |r| {
            let (id, predicate, graph): (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
            Ok((id, predicate, graph, Gettable(r.get(3)?), r.get(4)?, r.get(5)?))
        },
    )?;
    for (id, predicate, graph, visibility, subject, object) in rows {
        let Some(predicate) = Predicate::parse(&predicate) else { continue };
        let fact = Fact { subject, object, predicate, graph: &graph };
        if relation::find_fact(tx, &fact)?.is_some() || relation::circle(tx, &fact)?.is_some() {
            continue;
        }
        let id = if relation::find(tx, into, &id)?.is_some() { tx.new_id() } else { id };
        relation::insert(tx, into, &id, &fact, visibility)?;
    }
    step.seen("relation")
}
