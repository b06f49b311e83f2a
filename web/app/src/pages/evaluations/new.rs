//! Starting an evaluation: which model version, on which dataset version, and how.

use crate::components::{Choice, Dialog, ErrorPanel};
use crate::data::{context, mutate, query, scope};
use crate::routes;
use labelscope_api::messages::{Dataset, DatasetVersion, EvalInfo, EvalMetrics, Model, ModelVersion};
use labelscope_api::operations::{ListDatasetVersions, ListDatasets, ListModelVersions, ListModels, PostEvaluations};
use labelscope_api::wire::Struct;
use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::{Value, json};
use std::sync::Arc;

/// How it is evaluated; what is left as it is, is not sent, so that the server's defaults hold.
#[derive(Clone, Copy)]
struct Params {
    threshold: RwSignal<String>,
    inclusive: RwSignal<bool>,
    ious: RwSignal<String>,
    within: RwSignal<bool>,
    overlap: RwSignal<String>,
    unknown: RwSignal<bool>,
}

impl Params {
    fn new() -> Self {
        let [threshold, ious, overlap] = [(); 3].map(|()| RwSignal::new(String::new()));
        let [inclusive, within, unknown] = [(); 3].map(|()| RwSignal::new(false));
        Self { threshold, inclusive, ious, within, overlap, unknown }
    }

    /// As they are sent; a text that is no number is told.
    fn read(self) -> Result<Struct, String> {
        params(
            &self.threshold.get_untracked(),
            &self.ious.get_untracked(),
            [self.inclusive.get_untracked(), self.within.get_untracked(), self.unknown.get_untracked()],
            &self.overlap.get_untracked(),
        )
    }

    fn view(self) -> impl IntoView {
        let text = |label: &'static str, place: &'static str, value: RwSignal<String>| {
            view! { <label class="field"><span>{label}</span><input class="input" inputmode="decimal" autocomplete="off" placeholder=place prop:value=value on:input=move |e| value.set(event_target_value(&e))/></label> }
        };
        let check = |label: &'static str, value: RwSignal<bool>| {
            view! { <label class="check"><input type="checkbox" prop:checked=value on:change=move |e| value.set(event_target_checked(&e))/>{label}</label> }
        };
        view! {
            <details class="more"><summary>"Options"</summary>
                <div class="stack-s">
                    {text("Threshold, from 0 to 1", "0.5", self.threshold)}
                    {check("A score that equals the threshold counts as predicted, as in scikit-learn", self.inclusive)}
                    {check("What no label speaks of is unknown and left out, instead of absent", self.unknown)}
                    <p class="label">"Detections"</p>
                    {text("Overlaps (IoU) of figures by class and area", "0.5, 0.6, 0.7, 0.8, 0.9", self.ious)}
                    <Choice label="Overlap of" value=self.overlap change=Callback::new(move |v| self.overlap.set(v))
                        options=Signal::derive(|| [("", "As the type of the model says"), ("boxes", "Boxes"), ("masks", "Masks")].map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec())/>
                    {check("In the confusion matrix, match only objects of the own class", self.within)}
                </div></details>
        }
    }
}

fn params(
    threshold: &str,
    ious: &str,
    [inclusive, within, unknown]: [bool; 3],
    overlap: &str,
) -> Result<Struct, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| (0.0..=1.0).contains(n));
    let mut out = Struct::new();
    let mut put = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
    if !threshold.trim().is_empty() {
        put("threshold", json!(number(&threshold.replace(',', ".")).ok_or("The threshold is a number from 0 to 1.")?));
    }
    if !ious.trim().is_empty() {
        let all: Option<Vec<f64>> =
            ious.split([',', ';', ' ']).filter(|t| !t.is_empty()).map(|t| number(t).filter(|n| *n > 0.0)).collect();
        put("ious", json!(all.ok_or("Overlaps are numbers above 0 and up to 1, with commas between them.")?));
    }
    if inclusive {
        put("inclusive", json!(true));
    }
    if within {
        put("matching", json!("within"));
    }
    if unknown {
        put("absent", json!("unknown"));
    }
    if !overlap.is_empty() {
        put("overlap", json!(overlap));
    }
    Ok(out)
}

#[component]
pub(super) fn New(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    // What a link has chosen already: `routes::new_evaluation`.
    let asked = use_query_map().get_untracked();
    let [model, version, dataset] =
        ["new_model", "new_version", "new_dataset"].map(|name| RwSignal::new(asked.get(name).unwrap_or_default()));
    let frozen = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<Arc<Error>>);
    let wrong = RwSignal::new(None::<String>);
    let options = Params::new();
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
        let params = match options.read() {
            Ok(params) => params,
            Err(why) => return wrong.set(Some(why)),
        };
        wrong.set(None);
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
        let truth = id(dataset).map(|dataset| {
            let version = id(frozen).map(|id| Box::new(DatasetVersion { id, ..DatasetVersion::default() }));
            Box::new(Dataset { id: dataset, user_id, app_id, version, ..Dataset::default() })
        });
        let evaluation = EvalMetrics {
            model: Some(Box::new(measured)),
            ground_truth_dataset: truth,
            eval_info: (!params.is_empty()).then_some(EvalInfo { params: Some(params) }),
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
        let all = reply.iter().flat_map(|r| &r.datasets).map(|d| (d.id.clone(), d.id.clone())).collect();
        with("All labelled inputs of the app", all)
    });
    let cut_options = Signal::derive(move || {
        let reply = cuts.value.get();
        with(
            "As it is now, as a new version",
            reply.iter().flat_map(|r| &r.dataset_versions).map(|v| (v.id.clone(), v.id.clone())).collect(),
        )
    });
    let ready = move || !model.with(String::is_empty);
    let no_model = move || models.value.get().is_some_and(|r| r.models.is_empty());
    view! {
        <Dialog open=open title="New evaluation">
            <form id="new-evaluation" class="body" on:submit=submit>
                {move || failed.get().map(|e| view! { <ErrorPanel what="The evaluation was not begun" error=e/> })}
                {move || no_model().then(|| view! { <p class="muted">"No model is registered yet. "<a href=move || routes::models(&context.app.get()) + "?new=1">"Register one"</a>", or import a file of predictions, which registers it."</p> })}
                <Choice label="Model" value=model required=true options=model_options change=Callback::new(move |v| { model.set(v); version.set(String::new()); })/>
                <Choice label="Version of the model" value=version options=version_options change=Callback::new(move |v| version.set(v))/>
                <Choice label="Dataset" value=dataset options=dataset_options change=Callback::new(move |v| { dataset.set(v); frozen.set(String::new()); })/>
                {move || if dataset.with(String::is_empty) {
                    view! { <p class="small muted">"Without a dataset all inputs of the app count that have a label of one of the model's concepts, as they are when the job runs."</p> }.into_any()
                } else {
                    view! { <Choice label="Version of the dataset" value=frozen options=cut_options change=Callback::new(move |v| frozen.set(v))/> }.into_any()
                }}
                {options.view()}
                {move || wrong.get().map(|why| view! { <p class="field"><span class="error" role="alert">{why}</span></p> })}
                <p class="small muted">"The version's predictions must be here. "<a href=move || routes::predictions(&context.app.get(), &model.get(), &dataset.get())>"Import predictions"</a>" where they are in a file."</p>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-evaluation" class="btn primary" disabled=move || !ready()>"Evaluate"</button></footer>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::params;
    use serde_json::json;

    #[test]
    fn only_what_was_chosen_is_sent() {
        assert_eq!(params("", "", [false; 3], "").map(|p| p.len()), Ok(0));
        let all = params("0,3", "0.5, .75", [true; 3], "masks").map(serde_json::Value::Object);
        let wanted = json!({"threshold": 0.3, "ious": [0.5, 0.75], "inclusive": true, "matching": "within", "absent": "unknown", "overlap": "masks"});
        assert_eq!(all, Ok(wanted));
        for (threshold, ious) in [("1.5", ""), ("x", ""), ("", "0"), ("", "a")] {
            assert!(params(threshold, ious, [false; 3], "").is_err(), "{threshold} {ious}");
        }
    }
}
