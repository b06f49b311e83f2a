//! What operations are called in TypeScript: `ls.concepts.list`.

/// Operation, namespace, method; grouped by namespace.
pub const NAMES: &[(&str, &str, &str)] = &[
    ("GetUser", "users", "get"),
    ("ListApps", "apps", "list"),
    ("GetApp", "apps", "get"),
    ("PostApps", "apps", "create"),
    ("PatchApps", "apps", "patch"),
    ("PatchApp", "apps", "patchOne"),
    ("DeleteApp", "apps", "delete"),
    ("GetResourceCounts", "apps", "counts"),
    ("ListConcepts", "concepts", "list"),
    ("GetConcept", "concepts", "get"),
    ("PostConcepts", "concepts", "create"),
    ("PatchConcepts", "concepts", "patch"),
    ("PostConceptsSearches", "concepts", "search"),
    ("GetConceptCounts", "concepts", "counts"),
    ("ListConceptLanguages", "concepts", "listLanguages"),
    ("GetConceptLanguage", "concepts", "getLanguage"),
    ("PostConceptLanguages", "concepts", "createLanguages"),
    ("PatchConceptLanguages", "concepts", "patchLanguages"),
    ("ListConceptRelations", "concepts", "listRelations"),
    ("PostConceptRelations", "concepts", "createRelations"),
    ("DeleteConceptRelations", "concepts", "deleteRelations"),
    ("ListKnowledgeGraphs", "concepts", "listKnowledgeGraphs"),
    ("PostKnowledgeGraphs", "concepts", "createKnowledgeGraphs"),
    ("PostConceptMappingJobs", "concepts", "createMappingJobs"),
    ("ListInputs", "inputs", "list"),
    ("GetInput", "inputs", "get"),
    ("PostInputs", "inputs", "create"),
    ("PatchInputs", "inputs", "patch"),
    ("DeleteInput", "inputs", "delete"),
    ("DeleteInputs", "inputs", "deleteMany"),
    ("GetInputCount", "inputs", "count"),
    ("StreamInputs", "inputs", "stream"),
    ("PostInputsSearches", "inputs", "search"),
    ("PatchInputsSearches", "inputs", "patchSearches"),
    ("ListAnnotations", "annotations", "list"),
    ("GetAnnotation", "annotations", "get"),
    ("PostAnnotations", "annotations", "create"),
    ("PatchAnnotations", "annotations", "patch"),
    ("DeleteAnnotation", "annotations", "delete"),
    ("DeleteAnnotations", "annotations", "deleteMany"),
    ("PostAnnotationsSearches", "annotations", "search"),
    ("PatchAnnotationsSearches", "annotations", "patchSearches"),
    ("ListSearches", "searches", "list"),
    ("GetSearch", "searches", "get"),
    ("PostSearches", "searches", "search"),
    ("PostSearchesByID", "searches", "run"),
    ("PatchSearches", "searches", "patch"),
    ("DeleteSearch", "searches", "delete"),
    ("ListAnnotationFilters", "annotationFilters", "list"),
    ("GetAnnotationFilter", "annotationFilters", "get"),
    ("PostAnnotationFilters", "annotationFilters", "create"),
    ("PatchAnnotationFilters", "annotationFilters", "patch"),
    ("DeleteAnnotationFilters", "annotationFilters", "deleteMany"),
    ("ListDatasets", "datasets", "list"),
    ("GetDataset", "datasets", "get"),
    ("PostDatasets", "datasets", "create"),
    ("PatchDatasets", "datasets", "patch"),
    ("DeleteDatasets", "datasets", "deleteMany"),
    ("ListDatasetInputs", "datasets", "listInputs"),
    ("GetDatasetInput", "datasets", "getInput"),
    ("PostDatasetInputs", "datasets", "addInputs"),
    ("DeleteDatasetInputs", "datasets", "removeInputs"),
    ("ListDatasetVersions", "datasets", "listVersions"),
    ("GetDatasetVersion", "datasets", "getVersion"),
    ("PostDatasetVersions", "datasets", "createVersions"),
    ("PatchDatasetVersions", "datasets", "patchVersions"),
    ("DeleteDatasetVersions", "datasets", "deleteVersions"),
    ("PutDatasetVersionExports", "datasets", "putExports"),
    ("ListDatasetVersionMetricsGroups", "datasets", "listMetrics"),
    ("ListModels", "models", "list"),
    ("GetModel", "models", "get"),
    ("PostModels", "models", "create"),
    ("PatchModels", "models", "patch"),
    ("DeleteModel", "models", "delete"),
    ("DeleteModels", "models", "deleteMany"),
    ("GetModelOutputInfo", "models", "getOutputInfo"),
    ("ListModelVersions", "models", "listVersions"),
    ("GetModelVersion", "models", "getVersion"),
    ("PostModelVersions", "models", "createVersions"),
    ("PatchModelVersions", "models", "patchVersions"),
    ("DeleteModelVersion", "models", "deleteVersion"),
    ("ListModelTypes", "models", "listTypes"),
    ("GetModelType", "models", "getType"),
    ("ListModelVersionEvaluations", "models", "listEvaluations"),
    ("PostModelVersionEvaluations", "models", "createEvaluations"),
    ("GetModelVersionEvaluation", "models", "getEvaluation"),
    ("ListEvaluations", "evaluations", "list"),
    ("PostEvaluations", "evaluations", "create"),
    ("GetEvaluation", "evaluations", "get"),
    ("ListStatusCodes", "statusCodes", "list"),
    ("GetStatusCode", "statusCodes", "get"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let ours: BTreeSet<&str> = NAMES.iter().map(|n| n.0).collect();
        let all: BTreeSet<&str> = labelscope_api::operations::ALL.iter().map(|m| m.name).collect();
        assert_eq!(ours, all);
        let methods: BTreeSet<_> = NAMES.iter().map(|n| (n.1, n.2)).collect();
        assert_eq!(methods.len(), NAMES.len());
        let mut namespaces: Vec<&str> = NAMES.iter().map(|n| n.1).collect();
        namespaces.dedup();
        assert_eq!(namespaces.len(), namespaces.iter().collect::<BTreeSet<_>>().len(), "a namespace in two pieces");
    }
}
