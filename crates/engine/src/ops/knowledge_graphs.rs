use crate::fault::Fault;
use crate::store::relation;
use crate::tx::{Tx, check_id};
use labelscope_api::messages::{KnowledgeGraph, MultiKnowledgeGraphResponse, StatusCode};
use labelscope_api::operations::{ListKnowledgeGraphs, PostKnowledgeGraphs};

/// At most so many graphs in one call.
const BATCH: usize = 1000;

pub(crate) fn list(tx: &Tx<'_>, op: ListKnowledgeGraphs) -> Result<MultiKnowledgeGraphResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let knowledge_graphs = tx.all(
        "SELECT id, name, description, examples_app_id, sampled_examples_app_id FROM knowledge_graph WHERE app = ?1 AND died IS NULL ORDER BY key",
        [app.key],
        |r| {
            Ok(KnowledgeGraph {
                id: r.get(0)?,
                name: r.get(1)?,
                description: r.get(2)?,
                examples_app_id: r.get(3)?,
                sampled_examples_app_id: r.get(4)?,
            })
        },
    )?;
    Ok(MultiKnowledgeGraphResponse { knowledge_graphs, ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostKnowledgeGraphs) -> Result<MultiKnowledgeGraphResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let count = op.knowledge_graphs.len();
    if !(1..=BATCH).contains(&count) {
        let details = format!("knowledge_graphs holds {count}; a call takes 1 to {BATCH}");
        return Err(Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details));
    }
    let mut knowledge_graphs = op.knowledge_graphs;
    for (index, graph) in knowledge_graphs.iter_mut().enumerate() {
        let place = format!("knowledge_graphs[{index}]");
        if graph.id.is_empty() {
            graph.id = tx.new_id();
        }
        check_id(&format!("{place}: graph"), &graph.id, StatusCode::CONCEPTS_INVALID_REQUEST)?;
        if relation::graph_exists(tx, &app, &graph.id)? {
            let details = format!("{place}: the id \"{}\" is taken (duplicate knowledge graph id)", graph.id);
            return Err(Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details));
        }
        if graph.name.trim().is_empty() {
            graph.name.clone_from(&graph.id);
        }
        let seq = tx.seq(&app)?;
        tx.exec(
            "INSERT INTO knowledge_graph (app, key, id, name, description, examples_app_id, sampled_examples_app_id, created_at, born)
             VALUES (?1, (SELECT coalesce(max(rev), 0) + 1 FROM knowledge_graph), ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                app.key, &graph.id, &graph.name, &graph.description, &graph.examples_app_id, &graph.sampled_examples_app_id, tx.now, seq,
            ),
        )?;
    }
    Ok(MultiKnowledgeGraphResponse { knowledge_graphs, ..Default::default() })
}
