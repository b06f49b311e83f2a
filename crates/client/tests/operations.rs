//! Every operation of the API is reachable through a handle, and goes where the operation goes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::default_trait_access)]
#![cfg(not(target_family = "wasm"))]

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt, StreamExt};
use labelscope_api::Meta;
use labelscope_api::messages::StatusCode;
use labelscope_api::operations::ALL;
use labelscope_client::{Action, App, Auth, Client, Policies, Reply, RetryPolicy, Transport, TransportError, User};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Refuses everything and remembers what was asked.
#[derive(Default)]
struct Recorder(RefCell<Vec<http::Request<Bytes>>>);

impl Transport for Recorder {
    fn send(&self, request: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>> {
        self.0.borrow_mut().push(request);
        let body = Bytes::from_static(br#"{"status":{"code":11102,"description":"Invalid request"}}"#);
        async move { Ok(Reply { status: 400, body, ..Reply::default() }) }.boxed_local()
    }
}

/// Makes one call through a handle.
type Call = fn(Client, User, App) -> LocalBoxFuture<'static, ()>;

macro_rules! row {
    ($name:literal call |$client:ident, $user:ident, $app:ident| $call:expr) => {
        ($name, |$client, $user, $app| {
            async move {
                assert!($call.await.unwrap_err().is_invalid());
            }
            .boxed_local()
        })
    };
    ($name:literal pages |$client:ident, $user:ident, $app:ident| $call:expr) => {
        ($name, |$client, $user, $app| {
            async move {
                assert!($call.items().next().await.unwrap().unwrap_err().is_invalid());
            }
            .boxed_local()
        })
    };
}

const TABLE: &[(&str, Call)] = &[
    row!("GetUser" call |client, _user, _app| client.user("me").get()),
    row!("ListApps" pages |_client, user, _app| user.apps().list(Default::default())),
    row!("GetApp" call |_client, _user, app| app.get()),
    row!("PostApps" call |_client, user, _app| user.apps().create(vec![])),
    row!("PatchApps" call |_client, user, _app| user.apps().patch(vec![], Action::Merge)),
    row!("PatchApp" call |_client, _user, app| app.patch(Default::default(), Action::Overwrite)),
    row!("DeleteApp" call |_client, _user, app| app.delete()),
    row!("GetResourceCounts" call |_client, _user, app| app.counts()),
    row!("ListConcepts" pages |_client, _user, app| app.concepts().list(Default::default())),
    row!("GetConcept" call |_client, _user, app| app.concept("dog").get()),
    row!("PostConcepts" call |_client, _user, app| app.concepts().create(vec![])),
    row!("PatchConcepts" call |_client, _user, app| app.concepts().patch(vec![], Action::Overwrite)),
    row!("PostConceptsSearches" pages |_client, _user, app| app.concepts().search(Default::default())),
    row!("GetConceptCounts" pages |_client, _user, app| app.concepts().counts(Default::default())),
    row!("ListConceptLanguages" pages |_client, _user, app| app.concept("dog").languages().list(Default::default())),
    row!("GetConceptLanguage" call |_client, _user, app| app.concept("dog").languages().get("de")),
    row!("PostConceptLanguages" call |_client, _user, app| app.concept("dog").languages().create(vec![])),
    row!("PatchConceptLanguages" call |_client, _user, app| app.concept("dog").languages().patch(vec![], Action::Overwrite)),
    row!("ListConceptRelations" pages |_client, _user, app| app.concepts().relations(Default::default())),
    row!("PostConceptRelations" call |_client, _user, app| app.concept("dog").relations().create(vec![])),
    row!("DeleteConceptRelations" call |_client, _user, app| app.concept("dog").relations().delete(vec![])),
    row!("ListKnowledgeGraphs" call |_client, _user, app| app.concepts().knowledge_graphs()),
    row!("PostKnowledgeGraphs" call |_client, _user, app| app.concepts().create_knowledge_graphs(vec![])),
    row!("PostConceptMappingJobs" call |_client, _user, app| app.concepts().map(vec![])),
    row!("ListInputs" pages |_client, _user, app| app.inputs().list(Default::default())),
    row!("GetInput" call |_client, _user, app| app.input("i").get()),
    row!("PostInputs" call |_client, _user, app| app.inputs().create(vec![])),
    row!("PatchInputs" call |_client, _user, app| app.inputs().patch(vec![], Action::Merge)),
    row!("DeleteInput" call |_client, _user, app| app.input("i").delete()),
    row!("DeleteInputs" call |_client, _user, app| app.inputs().delete(vec![])),
    row!("GetInputCount" call |_client, _user, app| app.inputs().count()),
    row!("StreamInputs" pages |_client, _user, app| app.inputs().stream(Default::default())),
    row!("PostInputsSearches" pages |_client, _user, app| app.inputs().search(Default::default())),
    row!("PatchInputsSearches" call |_client, _user, app| app.inputs().patch_searches(vec![], Action::Overwrite)),
    row!("ListAnnotations" pages |_client, _user, app| app.annotations().list(Default::default())),
    row!("GetAnnotation" call |_client, _user, app| app.input("i").annotation("a").get()),
    row!("PostAnnotations" call |_client, _user, app| app.annotations().create(vec![])),
    row!("PatchAnnotations" call |_client, _user, app| app.annotations().patch(vec![], Action::Merge)),
    row!("DeleteAnnotation" call |_client, _user, app| app.input("i").annotation("a").delete()),
    row!("DeleteAnnotations" call |_client, _user, app| app.annotations().delete(Default::default())),
    row!("PostAnnotationsSearches" pages |_client, _user, app| app.annotations().search(Default::default())),
    row!("PatchAnnotationsSearches" call |_client, _user, app| app.annotations().patch_searches(vec![], Action::Overwrite)),
    row!("ListSearches" pages |_client, _user, app| app.searches().list(Default::default())),
    row!("GetSearch" call |_client, _user, app| app.search("s").get()),
    row!("PostSearches" pages |_client, _user, app| app.searches().search(Default::default())),
    row!("PostSearchesByID" pages |_client, _user, app| app.search("s").run()),
    row!("PatchSearches" call |_client, _user, app| app.searches().patch(vec![], Action::Overwrite)),
    row!("DeleteSearch" call |_client, _user, app| app.search("s").delete()),
    row!("ListAnnotationFilters" pages |_client, _user, app| app.annotation_filters().list(Default::default())),
    row!("GetAnnotationFilter" call |_client, _user, app| app.annotation_filter("f").get()),
    row!("PostAnnotationFilters" call |_client, _user, app| app.annotation_filters().create(vec![])),
    row!("PatchAnnotationFilters" call |_client, _user, app| app.annotation_filters().patch(vec![], Action::Overwrite)),
    row!("DeleteAnnotationFilters" call |_client, _user, app| app.annotation_filters().delete(vec![])),
    row!("ListDatasets" pages |_client, _user, app| app.datasets().list(Default::default())),
    row!("GetDataset" call |_client, _user, app| app.dataset("d").get()),
    row!("PostDatasets" call |_client, _user, app| app.datasets().create(vec![])),
    row!("PatchDatasets" call |_client, _user, app| app.datasets().patch(vec![], Action::Overwrite)),
    row!("DeleteDatasets" call |_client, _user, app| app.datasets().delete(vec![])),
    row!("ListDatasetInputs" pages |_client, _user, app| app.dataset("d").inputs().list(Default::default())),
    row!("GetDatasetInput" call |_client, _user, app| app.dataset("d").inputs().get("i")),
    row!("PostDatasetInputs" call |_client, _user, app| app.dataset("d").inputs().add(vec![])),
    row!("DeleteDatasetInputs" call |_client, _user, app| app.dataset("d").inputs().remove(vec![])),
    row!("ListDatasetVersions" pages |_client, _user, app| app.dataset("d").versions().list(Default::default())),
    row!("GetDatasetVersion" call |_client, _user, app| app.dataset("d").version("v").get()),
    row!("PostDatasetVersions" call |_client, _user, app| app.dataset("d").versions().create(vec![])),
    row!("PatchDatasetVersions" call |_client, _user, app| app.dataset("d").versions().patch(vec![], Action::Overwrite)),
    row!("DeleteDatasetVersions" call |_client, _user, app| app.dataset("d").versions().delete(vec![])),
    row!("PutDatasetVersionExports" call |_client, _user, app| app.dataset("d").version("v").exports().put(vec![])),
    row!("ListDatasetVersionMetricsGroups" pages |_client, _user, app| app.dataset("d").version("v").metrics(Default::default())),
    row!("ListModels" pages |_client, _user, app| app.models().list(Default::default())),
    row!("GetModel" call |_client, _user, app| app.model("m").get()),
    row!("PostModels" call |_client, _user, app| app.models().create(Default::default())),
    row!("PatchModels" call |_client, _user, app| app.models().patch(vec![], Action::Overwrite)),
    row!("DeleteModel" call |_client, _user, app| app.model("m").delete()),
    row!("DeleteModels" call |_client, _user, app| app.models().delete(vec![])),
    row!("GetModelOutputInfo" call |_client, _user, app| app.model("m").output_info()),
    row!("ListModelVersions" pages |_client, _user, app| app.model("m").versions().list(Default::default())),
    row!("GetModelVersion" call |_client, _user, app| app.model("m").version("v").get()),
    row!("PostModelVersions" call |_client, _user, app| app.model("m").versions().create(vec![])),
    row!("PatchModelVersions" call |_client, _user, app| app.model("m").versions().patch(vec![], Action::Overwrite)),
    row!("DeleteModelVersion" call |_client, _user, app| app.model("m").version("v").delete()),
    row!("ListModelTypes" pages |_client, _user, app| app.models().types(Default::default())),
    row!("GetModelType" call |_client, _user, app| app.models().model_type("visual-detector")),
    row!("ListEvaluations" pages |_client, _user, app| app.evaluations().list(Default::default())),
    row!("PostEvaluations" call |_client, _user, app| app.evaluations().create(vec![])),
    row!("GetEvaluation" call |_client, _user, app| app.evaluation("e").get(None)),
    row!("ListModelVersionEvaluations" pages |_client, _user, app| app.model("m").version("v").evaluations().list(Default::default())),
    row!("PostModelVersionEvaluations" call |_client, _user, app| app.model("m").version("v").evaluations().create(vec![])),
    row!("GetModelVersionEvaluation" call |_client, _user, app| app.model("m").version("v").evaluations().get("e", None)),
    row!("PostInputsDataSources" call |_client, _user, app| app.add_jobs().from_sources(vec![])),
    row!("ListInputsAddJobs" pages |_client, _user, app| app.add_jobs().list(Default::default())),
    row!("GetInputsAddJob" call |_client, _user, app| app.add_job("j").get()),
    row!("CancelInputsAddJob" call |_client, _user, app| app.add_job("j").cancel()),
    row!("ListInputsExtractionJobs" pages |_client, _user, app| app.extraction_jobs().list(Default::default())),
    row!("GetInputsExtractionJob" call |_client, _user, app| app.extraction_job("e").get()),
    row!("CancelInputsExtractionJobs" call |_client, _user, app| app.extraction_jobs().cancel(vec![])),
    row!("PostInputsUploads" call |_client, _user, app| app.add_jobs().from_uploads(vec![])),
    row!("PostUploads" call |_client, _user, app| app.uploads().create(vec![])),
    row!("ListUploads" pages |_client, _user, app| app.uploads().list(Default::default())),
    row!("GetUpload" call |_client, _user, app| app.upload("u").get()),
    row!("DeleteUploads" call |_client, _user, app| app.uploads().delete(vec![])),
    row!("PutUploadContentParts" call |_client, _user, app| app.upload("u").send(b"bytes", |_| {})),
    row!("PostAppDuplications" call |_client, _user, app| app.duplicate(vec![])),
    row!("ListAppDuplications" pages |_client, user, _app| user.duplications().list(Default::default())),
    row!("GetAppDuplication" call |_client, user, _app| user.duplications().get("d")),
    row!("PostBulkOperations" call |_client, _user, app| app.bulk_operations().create(vec![])),
    row!("ListBulkOperations" pages |_client, _user, app| app.bulk_operations().list(Default::default())),
    row!("GetBulkOperation" call |_client, _user, app| app.bulk_operation("b").get()),
    row!("CancelBulkOperations" call |_client, _user, app| app.bulk_operations().cancel(vec![])),
    row!("ListStatusCodes" call |client, _user, _app| client.status_codes().list()),
    row!("GetStatusCode" call |client, _user, _app| client.status_codes().get(StatusCode::INPUT_PENDING)),
];

/// The operation that a server would take a request for: of those that match, the one with the most literal path.
fn taken_for(request: &http::Request<Bytes>) -> &'static Meta {
    let literal = |m: &Meta| m.match_path(request.uri().path()).map(|(_, literal)| literal);
    let candidates = ALL.iter().filter(|m| m.method == request.method().as_str() && literal(m).is_some());
    candidates.max_by_key(|m| literal(m)).expect("a path of no operation")
}

#[test]
fn every_operation_has_a_method_that_goes_to_it() {
    let names: BTreeSet<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ALL.iter().map(|m| m.name).collect());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for (name, call) in TABLE {
        let recorder = Rc::new(Recorder::default());
        let policies = Policies { retry: RetryPolicy::never(), ..Policies::default() };
        let client = Client::new("http://h", Auth::Session, recorder.clone()).with_policies(policies);
        let (user, app) = (client.user("me"), client.app("me", "demo"));
        runtime.block_on(call(client, user, app));
        let asked = recorder.0.borrow();
        let [request] = asked.as_slice() else { panic!("{name} sent {} requests", asked.len()) };
        assert_eq!(taken_for(request).name, *name, "{} {}", request.method(), request.uri());
        assert!(name.contains("StatusCode") || request.uri().path().starts_with("/v2/users/me"), "{}", request.uri());
    }
}
