use crate::fault::Fault;
use crate::jobs::mapping::Spec;
use crate::jobs::{self, NewJob};
use crate::store::{concept, relation};
use crate::tx::Tx;
use labelscope_api::extensions::JobKind;
use labelscope_api::messages::{MultiConceptMappingJobResponse, StatusCode};
use labelscope_api::operations::PostConceptMappingJobs;

/// At most so many jobs in one call.
const BATCH: usize = 100;

pub(crate) fn post(tx: &Tx<'_>, op: PostConceptMappingJobs) -> Result<MultiConceptMappingJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let refused = |details: String| Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details);
    let count = op.concept_mapping_jobs.len();
    if !(1..=BATCH).contains(&count) {
        return Err(refused(format!("concept_mapping_jobs holds {count}; a call takes 1 to {BATCH}")));
    }
    let mut ids = Vec::with_capacity(count);
    for (index, sent) in op.concept_mapping_jobs.into_iter().enumerate() {
        let place = format!("concept_mapping_jobs[{index}]");
        let graph = sent.knowledge_graph_id;
        if graph.is_empty() {
            return Err(refused(format!("{place}.knowledge_graph_id is empty; name the graph to look in")));
        }
        if !relation::graph_exists(tx, &app, &graph)? {
            return Err(Fault::not_found(&format!("{place}.knowledge_graph_id: knowledge graph"), &graph));
        }
        if sent.concept_ids.is_empty() {
            return Err(refused(format!("{place}.concept_ids is empty; name the concepts to find counterparts for")));
        }
        for (n, id) in sent.concept_ids.iter().enumerate() {
            if concept::find(tx, &app, id)?.is_none() {
                return Err(Fault::not_found(&format!("{place}.concept_ids[{n}]: concept"), id));
            }
        }
        let spec = serde_json::to_string(&Spec::new(graph, sent.concept_ids))?;
        ids.push(jobs::add(tx, &app, &NewJob { kind: JobKind::MAPPING, spec: Some(spec), ..NewJob::default() })?);
    }
    Ok(MultiConceptMappingJobResponse { ids, ..Default::default() })
}
