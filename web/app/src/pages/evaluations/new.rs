//! Starting an evaluation: which model version, on which dataset version.

use crate::components::{Choice, Dialog, ErrorPanel};
use crate::data::{context, mutate, query, scope};
use crate::routes;
use labelscope_api::messages::{Dataset, DatasetVersion, EvalMetrics, Model, ModelVersion};
use labelscope_api::operations::{ListDatasetVersions, ListDatasets, ListModelVersions, ListModels, PostEvaluations};
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

#[component]
pub(super) fn New(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let [model, version, dataset, frozen] = [(); 4].map(|()| RwSignal::new(String::new()));
    let failed = RwSignal::new(None::<Arc<Error>>);
    let models = query(move || {
        open.get().then(|| ListModels { user_app_id: scope(context), per_page: 1000, ..ListModels::default() })
    });
    let versions = query(move || {
        let model_id = model.get();
        (open.get() && !model_id.is_empty()).then(|| ListModelVersions {
            user_app_id: scope(context),
            model_id,
            per_page: 1000,
            ..ListModelVersions::default()
        })
    });
    let datasets = query(move || {
        open.get().then(|| ListDatasets { user_app_id: scope(context), per_page: 1000, ..ListDatasets::default() })
    });
    let cuts = query(move || {
        let dataset_id = dataset.get();
        (open.get() && !dataset_id.is_empty()).then(|| ListDatasetVersions {
            user_app_id: scope(context),
            dataset_id,
            per_page: 1000,
            ..ListDatasetVersions::default()
        })
    });
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let id = |signal: RwSignal<String>| Some(signal.get_untracked()).filter(|id| !id.is_empty());
        let user_app_id = scope(context);
        let (user_id, app_id) = (user_app_id.user_id.clone(), user_app_id.app_id.clone());
        let measured = Model {
            id: model.get_untracked(),
            user_id: user_id.clone(),
            app_id: app_id.clone(),
            model_version: id(version).map(|id| Box::new(ModelVersion { id, ..ModelVersion::default() })),
            ..Model::default()
        };
        let truth = Dataset {
            id: dataset.get_untracked(),
            user_id,
            app_id,
            version: id(frozen).map(|id| Box::new(DatasetVersion { id, ..DatasetVersion::default() })),
            ..Dataset::default()
        };
        let evaluation = EvalMetrics {
            model: Some(Box::new(measured)),
            ground_truth_dataset: Some(Box::new(truth)),
            ..EvalMetrics::default()
        };
        spawn_local(async move {
            match mutate(context, &PostEvaluations { user_app_id, eval_metrics: vec![evaluation] }).await {
                Ok(reply) => {
                    failed.try_set(None);
                    open.try_set(false);
                    context.good("Evaluation begun");
                    let app = context.app.get_untracked();
                    let to = reply
                        .eval_metrics
                        .first()
                        .map_or_else(|| routes::evaluations(&app), |e| routes::evaluation(&app, &e.id));
                    navigate.with_value(|go| go(&to, NavigateOptions::default()));
                }
                Err(error) => {
                    failed.try_set(Some(Arc::new(error)));
                }
            }
        });
    };
    let with = |first: &str, rest: Vec<(String, String)>| -> Vec<(String, String)> {
        std::iter::once((String::new(), first.to_owned())).chain(rest).collect()
    };
    let model_options = Signal::derive(move || {
        let reply = models.value.get();
        with(
            "Choose a model",
            reply
                .iter()
                .flat_map(|r| &r.models)
                .map(|m| (m.id.clone(), if m.name.is_empty() { m.id.clone() } else { m.name.clone() }))
                .collect(),
        )
    });
    let version_options = Signal::derive(move || {
        let reply = versions.value.get();
        with(
            "The latest",
            reply
                .iter()
                .flat_map(|r| &r.model_versions)
                .map(|v| {
                    (
                        v.id.clone(),
                        if v.description.is_empty() { v.id.clone() } else { format!("{} · {}", v.id, v.description) },
                    )
                })
                .collect(),
        )
    });
    let dataset_options = Signal::derive(move || {
        let reply = datasets.value.get();
        with("Choose a dataset", reply.iter().flat_map(|r| &r.datasets).map(|d| (d.id.clone(), d.id.clone())).collect())
    });
    let cut_options = Signal::derive(move || {
        let reply = cuts.value.get();
        with(
            "As it is now, as a new version",
            reply.iter().flat_map(|r| &r.dataset_versions).map(|v| (v.id.clone(), v.id.clone())).collect(),
        )
    });
    let ready = move || !model.with(String::is_empty) && !dataset.with(String::is_empty);
    let no_model = move || models.value.get().is_some_and(|r| r.models.is_empty());
    view! {
        <Dialog open=open title="New evaluation">
            <form id="new-evaluation" class="body" on:submit=submit>
                {move || failed.get().map(|e| view! { <ErrorPanel what="The evaluation was not begun" error=e/> })}
                {move || no_model().then(|| view! { <p class="muted">"No model is registered yet. "<a href=routes::models(&context.app.get()) + "?new=1">"Register one"</a>" first; its predictions are annotations that name one of its versions."</p> })}
                <Choice label="Model" value=model required=true options=model_options change=Callback::new(move |v| { model.set(v); version.set(String::new()); })/>
                <Choice label="Version of the model" value=version options=version_options change=Callback::new(move |v| version.set(v))/>
                <Choice label="Dataset" value=dataset required=true options=dataset_options change=Callback::new(move |v| { dataset.set(v); frozen.set(String::new()); })/>
                <Choice label="Version of the dataset" value=frozen options=cut_options change=Callback::new(move |v| frozen.set(v))/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-evaluation" class="btn primary" disabled=move || !ready()>"Evaluate"</button></footer>
        </Dialog>
    }
}
