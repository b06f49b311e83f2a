//! One evaluation. Its test set is computed with in this page: each view asks for its own part, and only while it is open.

mod about;
mod address;
mod classes;
mod curves;
mod definitions;
mod errors;
mod failed;
mod hierarchy;
mod inputs;
mod matrix;
mod opinion;
mod page;
mod pair_card;
mod pair_detail;
mod save;
mod scores;
mod strip;
mod tiles;
mod told;
mod trouble;

use super::{brief, in_work, measured, measured_on, noted, state};
use crate::app::title;
use crate::components::{ErrorPanel, Icon, Pill, Progress};
use crate::data::{Context, context, look_while, mutate, query, scope};
use crate::explore::{Opening, opened};
use crate::{format, routes};
pub(super) use address::{Address, list, listed};
pub(super) use definitions::definition;
use labelscope_api::messages::{Dataset, EvalMetrics, FieldsValue, Model, ModelVersion};
use labelscope_api::operations::{GetEvaluation, PostEvaluations};
use labelscope_messages::evaluation::{Overview, PairFilter, PairKind, Settings};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;
use page::Page;
pub(super) use page::answer;
pub(super) use pair_card::thumbnail;
use serde_json::Value;
pub(super) use trouble::Trouble;

const READY: i32 = 21300;

fn code(e: &EvalMetrics) -> i32 {
    e.status.as_ref().map_or(0, |s| s.code.0)
}

/// The settings that the evaluation was asked for with, as the server notes them; those of another stand in the parameters.
fn asked_for(e: &EvalMetrics) -> Settings {
    let params = e.eval_info.as_ref().and_then(|i| i.params.as_ref());
    let told = |name: &str| noted(e, name).or_else(|| params.and_then(|p| p.get(name)));
    let usual = Settings::default();
    let threshold = told("threshold").and_then(Value::as_f64).filter(|n| (0.0..=1.0).contains(n));
    Settings {
        threshold: threshold.unwrap_or(usual.threshold),
        inclusive: told("inclusive").and_then(Value::as_bool).unwrap_or(usual.inclusive),
        masks: told("overlap").and_then(Value::as_str).map_or(usual.masks, |o| o == "masks"),
        across: told("matching").and_then(Value::as_str).map_or(usual.across, |m| m != "within"),
        ..usual
    }
}

/// Asks for the same evaluation again.
fn again(context: Context, e: EvalMetrics) {
    spawn_local(async move {
        let (model, dataset) = (e.model.unwrap_or_default(), e.ground_truth_dataset);
        let version = model.model_version.map(|v| Box::new(ModelVersion { id: v.id, ..ModelVersion::default() }));
        let model = Model {
            id: model.id,
            user_id: model.user_id,
            app_id: model.app_id,
            model_version: version,
            ..Model::default()
        };
        let dataset = dataset.filter(|d| !d.id.is_empty()).map(|d| {
            Box::new(Dataset {
                id: d.id,
                user_id: d.user_id,
                app_id: d.app_id,
                version: d.version,
                ..Dataset::default()
            })
        });
        let wanted = EvalMetrics {
            id: e.id,
            model: Some(Box::new(model)),
            ground_truth_dataset: dataset,
            eval_info: e.eval_info,
            ..EvalMetrics::default()
        };
        match mutate(context, &PostEvaluations { user_app_id: scope(context), eval_metrics: vec![wanted] }).await {
            Ok(_) => context.good("Evaluating anew"),
            Err(error) => context.failed("The evaluation was not begun", &error),
        }
    });
}

#[component]
pub(crate) fn Evaluation() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("evaluation").unwrap_or_default());
    let address = Address::new();
    let one = query(move || {
        context.jobs.track();
        let fields =
            FieldsValue { label_counts: true, binary_metrics: true, metrics_by_class: true, ..FieldsValue::default() };
        Some(GetEvaluation { user_app_id: scope(context), evaluation_id: id.get(), fields: Some(fields) })
    });
    let evaluation = Memo::new(move |_| one.value.get().and_then(|r| r.eval_metrics.clone()));
    look_while(context, move || evaluation.with(|e| e.as_ref().is_some_and(|e| in_work(e.status.as_ref()))));
    let name = Memo::new(move |_| evaluation.with(|e| e.as_ref().map_or_else(String::new, called)));
    Effect::new(move |_| title(&name.get()));
    Effect::new(move |_| {
        if let Some(usual) = evaluation.with(|e| e.as_ref().map(asked_for)) {
            address.set_usual(usual);
        }
    });
    // A test set is there once the evaluation is.
    let ready = Memo::new(move |_| evaluation.with(|e| e.as_ref().is_some_and(|e| code(e) == READY)));
    let opening = opened(context, move || ready.get().then(|| id.get()));
    let view = address.part("view");
    let view = Memo::new(move |_| view.get().unwrap_or_default());
    let shown = Memo::new(move |_| match opening.get() {
        Opening::Open(about) => Some(about),
        _ => None,
    });
    let page = Memo::new_with_compare(
        move |_| shown.get().map(|about| Page::new(context, address, id.get(), about, view)),
        |a, b| a.map(Option::is_some) != b.map(Option::is_some) || b.is_some_and(Option::is_some),
    );
    // Another view begins at its top.
    let scrolled = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        view.track();
        if let Some(scrolled) = scrolled.get_untracked() {
            scrolled.set_scroll_top(0);
        }
    });
    view! {
        <div class="page-head">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || routes::evaluations(&context.app.get())>"Evaluations"</a></li><li><span class="truncate" aria-current="page" title=id>{move || id.with(|id| brief(id))}</span></li></ol></nav>
            <div class="page-title"><h1>{name}</h1>{move || evaluation.get().map(|e| { let (tone, word) = state(e.status.as_ref()); view! { <Pill tone=tone text=word/> } })}
                <div class="actions">
                    <button type="button" class="btn iconly" aria-label="Evaluate again" title="Evaluate again" disabled=move || evaluation.with(|e| e.as_ref().is_none_or(|e| in_work(e.status.as_ref()))) on:click=move |_| if let Some(e) = evaluation.get_untracked() { again(context, e) }><Icon name="play"/></button>
                    {move || ready.get().then(|| view! { <a class="btn grow" href=routes::compare(&context.app.get(), &[id.get()])><Icon name="compare"/>"Compare"</a> })}
                    {move || page.get().map(|page| view! { <save::SaveFigures page=page/> })}
                </div></div>
            {move || evaluation.get().map(|e| view! { <Facts e=e/> })}
            {move || ready.get().then(|| view! { <Tabs address=address view=view page=page/> })}
        </div>
        {move || page.get().filter(|_| !matches!(view.get().as_str(), "about")).map(|page| view! { <strip::Strip page=page/> })}
        <div class="scroll" tabindex="0" role="region" aria-label="Evaluation" node_ref=scrolled><div class="page-body evaluation">
            {move || one.error.get().map(|e| view! { <ErrorPanel what="The evaluation could not be opened" error=e/> })}
            {move || match evaluation.get() {
                None if one.error.get().is_some() => ().into_any(),
                None => view! { <div class="skel" style="height:240px"></div> }.into_any(),
                Some(e) if code(&e) != READY => view! { <failed::Standing e=e/> }.into_any(),
                Some(e) if view.get() == "about" => view! { <about::About evaluation=e/> }.into_any(),
                Some(e) => match page.get() {
                    Some(page) => view! { <View page=page view=view/> }.into_any(),
                    None => view! { <Coming opening=opening e=e/> }.into_any(),
                },
            }}
        </div></div>
    }
}

fn called(e: &EvalMetrics) -> String {
    let (model, dataset) = (measured(e).0, measured_on(e).0);
    if dataset.is_empty() { format!("{model} on all inputs") } else { format!("{model} on {dataset}") }
}

#[component]
fn Facts(e: EvalMetrics) -> impl IntoView {
    let context = context();
    let ((_, version), (data, cut)) = (measured(&e), measured_on(&e));
    let model = e.model.as_ref().map(|m| m.id.clone()).unwrap_or_default();
    view! { <p class="page-meta">
        <span><Icon name="play"/><a href=routes::model(&context.app.get(), &model)>{model.clone()}</a><span title=version.clone()>{brief(&version)}</span></span>
        {(!data.is_empty()).then(|| view! { <span><Icon name="datasets"/><a href=routes::dataset(&context.app.get(), &data)>{data.clone()}</a></span> })}
        {(!cut.is_empty()).then(|| view! { <span><Icon name="freeze"/><a href=routes::version(&context.app.get(), &data, &cut) title=cut.clone()>{brief(&cut)}</a></span> })}
        {noted(&e, "inputs").and_then(Value::as_i64).map(|n| view! { <span><Icon name="inputs"/>{format::of(n, "input", "inputs")}</span> })}
    </p> }
}

#[component]
fn Tabs(address: Address, view: Memo<String>, #[prop(into)] page: Signal<Option<Page>>) -> impl IntoView {
    let about = move || page.get().map(Page::about);
    let count = move |of: fn(&Overview) -> u32| about().map(|a| format::count(i64::from(of(&a))));
    let tab = move |name: &'static str, word: &'static str, number: Option<fn(&Overview) -> u32>| {
        view! { <a href=move || address.view(name) aria-current=move || (view.get() == name).then_some("page")>{word}{number.map(|of| view! { <span class="count">{move || count(of)}</span> })}</a> }
    };
    let detection = move || about().map(|a| a.detection);
    view! {
        <nav class="tabs" aria-label="Views of the evaluation">
            {tab("", "Overview", None)}
            {tab("classes", "Classes", Some(|a| a.concepts.len() as u32))}
            {tab("inputs", "Inputs", Some(|a| a.inputs))}
            {move || page.get().and_then(wrong).map(|(to, count)| view! { <a href=to>"Wrong"<span class="count">{format::count(i64::from(count))}</span></a> })}
            {move || detection().map(|d| if d { tab("errors", "Errors", None).into_any() } else { tab("scores", "Scores", None).into_any() })}
            {move || page.get().is_some_and(|p| p.broader.any.get()).then(|| tab("hierarchy", "Hierarchy", None))}
            {tab("opinion", "Second opinion", None)}
            {tab("about", "About", None)}
        </nav>
    }
}

/// Where each input is right or wrong: the way to those that are wrong, and how many they are.
fn wrong(page: Page) -> Option<(String, u32)> {
    if !page.about().single_label {
        return None;
    }
    let (right, of) = page.figures.with(|f| f.as_ref()?.whole.iter().find(|w| w.name == "accuracy")?.of)?;
    let filter = PairFilter { kinds: vec![PairKind::FalsePositive, PairKind::FalseNegative], ..PairFilter::default() };
    Some((page.behind(&filter), of.saturating_sub(right)))
}

/// Until the test set is here.
#[component]
fn Coming(opening: RwSignal<Opening>, e: EvalMetrics) -> impl IntoView {
    let e = StoredValue::new(e);
    let failed = Memo::new(move |_| match opening.get() {
        Opening::Failed(why) => Some(why),
        _ => None,
    });
    let progress = move || match opening.get() {
        Opening::Coming(done, all) => (f64::from(done), f64::from(all)),
        _ => (0.0, 0.0),
    };
    move || {
        match failed.get() {
        Some(why) => view! {
            <div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The test set could not be opened"</strong><span>{why}</span>
                <span>"Below stand the figures that the server tells; nothing can be computed anew."</span></div><button type="button" class="btn s" on:click=|_| drop(window().location().reload())>"Reload"</button></div>
            <told::Told e=e.get_value()/>
        }.into_any(),
        None => view! {
            <Progress label="The test set is coming" detail=Signal::derive(move || { let (done, all) = progress(); if all > 0.0 { format!("{done} of {all} parts") } else { String::new() } })
                done=Signal::derive(move || progress().0) total=Signal::derive(move || progress().1)/>
            <div class="skel" style="height:92px"></div>
            <div class="cols"><div class="skel c7" style="height:420px"></div><div class="skel c5" style="height:420px"></div></div>
        }.into_any(),
    }
    }
}

/// The view that the address names.
#[component]
fn View(page: Page, view: Memo<String>) -> impl IntoView {
    move || match view.get().as_str() {
        "classes" => view! { <classes::Classes page=page/> }.into_any(),
        "inputs" => view! { <inputs::Inputs page=page/> }.into_any(),
        "errors" if page.about().detection => view! { <errors::Errors page=page/> }.into_any(),
        "scores" if !page.about().detection => view! { <scores::Scores page=page/> }.into_any(),
        "hierarchy" => view! { <hierarchy::Hierarchy page=page/> }.into_any(),
        "opinion" => view! { <opinion::Opinion page=page/> }.into_any(),
        _ => view! {
            <tiles::Tiles page=page/>
            <div class="cols"><matrix::MatrixCard page=page/><curves::CurvesCard page=page/></div>
            <classes::Classes page=page most=10/>
        }
        .into_any(),
    }
}
