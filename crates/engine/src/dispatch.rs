//! From an operation's name to its handler.

use crate::call::Call;
use crate::fault::{self, Fault};
use crate::ops;
use crate::tx::Tx;
use labelscope_api::messages::{BaseResponse, Status, StatusCode};
use labelscope_api::{Effect, Operation, Reply, extensions, operations};

type Handler = fn(&Tx<'_>, &Call<'_>) -> Result<(StatusCode, Vec<u8>), Fault>;

struct Entry {
    name: &'static str,
    handle: Handler,
    failed: fn(Status) -> Vec<u8>,
}

/// Reads the operation, runs its handler, and writes the reply with its status.
fn run<O: Operation>(
    tx: &Tx<'_>,
    call: &Call<'_>,
    handler: fn(&Tx<'_>, O) -> Result<O::Reply, Fault>,
) -> Result<(StatusCode, Vec<u8>), Fault> {
    let op = O::from_parts(call.path.clone(), call.query, call.body)?;
    let mut reply = handler(tx, op)?;
    let mut status = reply.status().cloned().unwrap_or_else(|| fault::status(StatusCode::SUCCESS, "Ok"));
    call.req_id.clone_into(&mut status.req_id);
    let code = if O::Reply::STATUS_IS_ANSWER { StatusCode::SUCCESS } else { status.code };
    reply.set_status(status);
    Ok((code, serde_json::to_vec(&reply)?))
}

fn failed<O: Operation>(status: Status) -> Vec<u8> {
    let mut reply = O::Reply::default();
    reply.set_status(status);
    serde_json::to_vec(&reply).unwrap_or_default()
}

macro_rules! handlers {
    ($( $module:ident :: $name:ident => $handler:path ),* $(,)?) => {
        const HANDLERS: &[Entry] = &[$(
            Entry {
                name: stringify!($name),
                handle: |tx, call| run::<$module::$name>(tx, call, $handler),
                failed: failed::<$module::$name>,
            },
        )*];
    };
}

handlers! {
    operations::GetUser => ops::users::get,
    operations::ListApps => ops::apps::list,
    operations::GetApp => ops::apps::get,
    operations::PostApps => ops::apps::post,
    operations::PatchApps => ops::apps::patch,
    operations::PatchApp => ops::apps::patch_one,
    operations::DeleteApp => ops::apps::delete,
    operations::GetResourceCounts => ops::apps::resource_counts,
    operations::ListConcepts => ops::concepts::list,
    operations::GetConcept => ops::concepts::get,
    operations::PostConcepts => ops::concepts::post,
    operations::PatchConcepts => ops::concepts::patch,
    operations::PostConceptsSearches => ops::concept_searches::post,
    operations::GetConceptCounts => ops::concepts::counts,
    operations::ListConceptLanguages => ops::languages::list,
    operations::GetConceptLanguage => ops::languages::get,
    operations::PostConceptLanguages => ops::languages::post,
    operations::PatchConceptLanguages => ops::languages::patch,
    operations::ListConceptRelations => ops::relations::list,
    operations::PostConceptRelations => ops::relations::post,
    operations::DeleteConceptRelations => ops::relations::delete,
    operations::ListKnowledgeGraphs => ops::knowledge_graphs::list,
    operations::PostKnowledgeGraphs => ops::knowledge_graphs::post,
    operations::PostConceptMappingJobs => ops::mappings::post,
    operations::ListInputs => ops::inputs::list,
    operations::GetInput => ops::inputs::get,
    operations::PostInputs => ops::inputs_post::post,
    operations::PatchInputs => ops::inputs_patch::patch,
    operations::DeleteInput => ops::inputs::delete_one,
    operations::DeleteInputs => ops::inputs::delete,
    operations::GetInputCount => ops::inputs::count,
    operations::StreamInputs => ops::inputs::stream,
    operations::PostInputsSearches => ops::searches::post_inputs,
    operations::PatchInputsSearches => ops::searches::patch_inputs,
    operations::ListAnnotations => ops::annotations::list,
    operations::GetAnnotation => ops::annotations::get,
    operations::PostAnnotations => ops::annotations::post,
    operations::PatchAnnotations => ops::annotations::patch,
    operations::DeleteAnnotation => ops::annotations::delete_one,
    operations::DeleteAnnotations => ops::annotations::delete,
    operations::PostAnnotationsSearches => ops::searches::post_annotations,
    operations::PatchAnnotationsSearches => ops::searches::patch_annotations,
    operations::ListSearches => ops::searches::list,
    operations::GetSearch => ops::searches::get,
    operations::PostSearches => ops::searches::post,
    operations::PostSearchesByID => ops::searches::post_by_id,
    operations::PatchSearches => ops::searches::patch,
    operations::DeleteSearch => ops::searches::delete,
    operations::ListAnnotationFilters => ops::annotation_filters::list,
    operations::GetAnnotationFilter => ops::annotation_filters::get,
    operations::PostAnnotationFilters => ops::annotation_filters::post,
    operations::PatchAnnotationFilters => ops::annotation_filters::patch,
    operations::DeleteAnnotationFilters => ops::annotation_filters::delete,
    operations::ListDatasets => ops::datasets::list,
    operations::GetDataset => ops::datasets::get,
    operations::PostDatasets => ops::datasets::post,
    operations::PatchDatasets => ops::datasets::patch,
    operations::DeleteDatasets => ops::datasets::delete,
    operations::ListDatasetInputs => ops::dataset_inputs::list,
    operations::GetDatasetInput => ops::dataset_inputs::get,
    operations::PostDatasetInputs => ops::dataset_inputs::post,
    operations::DeleteDatasetInputs => ops::dataset_inputs::delete,
    operations::ListDatasetVersions => ops::versions::list,
    operations::GetDatasetVersion => ops::versions::get,
    operations::PostDatasetVersions => ops::versions::post,
    operations::PatchDatasetVersions => ops::versions::patch,
    operations::DeleteDatasetVersions => ops::versions::delete,
    operations::PutDatasetVersionExports => ops::exports::put,
    operations::ListDatasetVersionMetricsGroups => ops::version_metrics::list,
    operations::ListModels => ops::models::list,
    operations::GetModel => ops::models::get,
    operations::PostModels => ops::models::post,
    operations::PatchModels => ops::models::patch,
    operations::DeleteModel => ops::models::delete_one,
    operations::DeleteModels => ops::models::delete,
    operations::GetModelOutputInfo => ops::models::output_info,
    operations::ListModelVersions => ops::model_versions::list,
    operations::GetModelVersion => ops::model_versions::get,
    operations::PostModelVersions => ops::model_versions::post,
    operations::PatchModelVersions => ops::model_versions::patch,
    operations::DeleteModelVersion => ops::model_versions::delete,
    operations::ListModelTypes => ops::model_types::list,
    operations::GetModelType => ops::model_types::get,
    operations::ListEvaluations => ops::evaluations::list,
    operations::PostEvaluations => ops::evaluations_post::post,
    operations::GetEvaluation => ops::evaluations::get,
    operations::ListModelVersionEvaluations => ops::evaluations::list_of_version,
    operations::PostModelVersionEvaluations => ops::evaluations_post::post_of_version,
    operations::GetModelVersionEvaluation => ops::evaluations::get_of_version,
    operations::PostInputsDataSources => ops::data_sources::post,
    operations::ListInputsAddJobs => ops::add_jobs::list,
    operations::GetInputsAddJob => ops::add_jobs::get,
    operations::CancelInputsAddJob => ops::add_jobs::cancel,
    operations::ListInputsExtractionJobs => ops::extraction_jobs::list,
    operations::GetInputsExtractionJob => ops::extraction_jobs::get,
    operations::CancelInputsExtractionJobs => ops::extraction_jobs::cancel,
    operations::PostInputsUploads => ops::uploads::post_inputs,
    operations::PostUploads => ops::uploads::post,
    operations::ListUploads => ops::uploads::list,
    operations::GetUpload => ops::uploads::get,
    operations::DeleteUploads => ops::uploads::delete,
    operations::PutUploadContentParts => ops::uploads::put_parts,
    operations::PostAppDuplications => ops::duplications::post,
    operations::ListAppDuplications => ops::duplications::list,
    operations::GetAppDuplication => ops::duplications::get,
    operations::PostBulkOperations => ops::bulk_operations::post,
    operations::ListBulkOperations => ops::bulk_operations::list,
    operations::GetBulkOperation => ops::bulk_operations::get,
    operations::CancelBulkOperations => ops::bulk_operations::cancel,
    operations::ListStatusCodes => ops::status_codes::list,
    operations::GetStatusCode => ops::status_codes::get,
    extensions::GetAppCounts => ops::extensions::counts,
    extensions::GetDatasetSummary => ops::extensions::summary,
    extensions::StarDataset => ops::stars::star,
    extensions::PostImports => ops::imports::post,
    extensions::StartImport => ops::imports::start,
    extensions::PostSampleImport => ops::imports::sample,
    extensions::ListJobs => ops::jobs::list,
    extensions::GetJob => ops::jobs::get,
    extensions::CancelJob => ops::jobs::cancel,
    extensions::GetEvaluationTestSet => ops::test_sets::get,
    extensions::PurgeInputs => ops::purge::post,
}

fn find(name: &str) -> Option<&'static Entry> {
    HANDLERS.iter().find(|entry| entry.name == name)
}

/// Runs the handler of a call.
pub(crate) fn dispatch(tx: &Tx<'_>, call: &Call<'_>) -> Result<(StatusCode, Vec<u8>), Fault> {
    let entry = find(call.name).ok_or_else(|| Fault::not_found("operation", call.name))?;
    (entry.handle)(tx, call)
}

/// The body of a failed call.
pub(crate) fn failure_body(name: &str, status: Status) -> Vec<u8> {
    match find(name) {
        Some(entry) => (entry.failed)(status),
        None => serde_json::to_vec(&BaseResponse { status: Some(status) }).unwrap_or_default(),
    }
}

/// Does this call need the [`crate::Writer`]?
#[must_use]
pub fn is_write(name: &str, body: &[u8]) -> bool {
    let mut all = operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta));
    match all.find(|meta| meta.name == name).map(|meta| meta.effect) {
        None => false,
        Some(Effect::Read) => SEARCHES.contains(&name) && saves(body),
        Some(_) => true,
    }
}

/// Reads that become writes where the body says `save`.
const SEARCHES: &[&str] = &["PostInputsSearches", "PostAnnotationsSearches", "PostSearches"];

fn saves(body: &[u8]) -> bool {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Body {
        searches: Vec<Save>,
    }
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Save {
        save: bool,
    }
    serde_json::from_slice::<Body>(body).is_ok_and(|b| b.searches.iter().any(|s| s.save))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_handler() {
        let have: BTreeSet<_> = HANDLERS.iter().map(|e| e.name).collect();
        // What a server is, only the server knows.
        let want: BTreeSet<_> = operations::ALL
            .iter()
            .chain(extensions::ALL.iter().map(|e| &e.meta))
            .map(|m| m.name)
            .filter(|n| !extensions::OF_THE_SERVER.contains(n))
            .collect();
        assert_eq!(have, want);
    }
}
