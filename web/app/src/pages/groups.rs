//! What a version holds, counted by group: a chart and its table, and where regions lie.

use crate::components::Icon;
use crate::format;
use labelscope_api::messages::{
    DatasetVersionMetrics, DatasetVersionMetricsGroup, MetricsGroupType, MultiDatasetVersionMetricsGroupResponse,
};
use labelscope_api::wire::UInt64;
use leptos::prelude::*;
use leptos_router::hooks::query_signal;
use serde_json::Value;
use std::sync::Arc;

/// Every type of group: in the address, the type, what a group is, and what its bar counts.
const TYPES: [(&str, MetricsGroupType, &str, &str); 9] = [
    ("concept", MetricsGroupType::CONCEPT_ID, "Concept", "annotations"),
    ("boxes", MetricsGroupType::BOUNDING_BOXES_COUNT, "Boxes per input", "inputs"),
    ("polygons", MetricsGroupType::POLYGONS_COUNT, "Polygons per input", "inputs"),
    ("masks", MetricsGroupType::MASKS_COUNT, "Masks per input", "inputs"),
    ("points", MetricsGroupType::POINTS_COUNT, "Points per input", "inputs"),
    ("concepts", MetricsGroupType::CONCEPTS_COUNT, "Concepts per input", "inputs"),
    ("kind", MetricsGroupType::INPUT_TYPE, "Kind of input", "inputs"),
    ("pixels", MetricsGroupType::PIXELS_COUNT, "Side of the picture in pixels, from", "inputs"),
    ("ratio", MetricsGroupType::ASPECT_RATIO, "Width over height, from", "inputs"),
];

/// Bars that are drawn; the table has them all.
const BARS: usize = 24;

fn n(v: Option<UInt64>) -> i64 {
    v.map_or(0, |v| v.0 as i64)
}

/// A group: its name, its number, and its counts.
#[derive(Clone, PartialEq)]
struct Row {
    name: String,
    order: f64,
    amount: i64,
    metrics: DatasetVersionMetrics,
}

fn row(group: &DatasetVersionMetricsGroup, by_concept: bool) -> Row {
    let metrics = group.metrics.clone().unwrap_or_default();
    let value = group.value.clone().unwrap_or(Value::Null);
    Row {
        name: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        order: value.as_f64().unwrap_or(0.0),
        amount: if by_concept {
            n(metrics.positive_region_tags_count) + n(metrics.positive_input_tags_count)
        } else {
            n(metrics.inputs_count)
        },
        metrics,
    }
}

/// The chart by the type of the address, and the map of the whole or of the group that is picked.
#[component]
pub(crate) fn Groups(
    #[prop(into)] groups: Signal<Option<Arc<MultiDatasetVersionMetricsGroupResponse>>>,
    #[prop(into)] whole: Signal<Option<DatasetVersionMetrics>>,
) -> impl IntoView {
    let (by, set_by) = query_signal::<String>("by");
    let (picked, set_picked) = query_signal::<String>("group");
    let (shown_as, set_as) = query_signal::<String>("as");
    let kind = Memo::new(move |_| {
        let by = by.get().unwrap_or_default();
        TYPES.into_iter().find(|t| t.0 == by).unwrap_or(TYPES[0])
    });
    let rows = Memo::new(move |_| {
        let (_, wanted, ..) = kind.get();
        let by_concept = wanted == MetricsGroupType::CONCEPT_ID;
        let all = groups.get();
        let of = |g: &&DatasetVersionMetricsGroup| g.r#type == wanted && g.value != Some(Value::from("total"));
        let mut rows: Vec<Row> =
            all.iter().flat_map(|r| &r.dataset_version_metrics_groups).filter(of).map(|g| row(g, by_concept)).collect();
        if by_concept || wanted == MetricsGroupType::INPUT_TYPE {
            rows.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
        } else {
            rows.sort_by(|a, b| a.order.total_cmp(&b.order));
        }
        rows
    });
    let as_table = move || shown_as.get().as_deref() == Some("table");
    let pick = Callback::new(move |name: String| {
        let again = picked.get_untracked().as_deref() == Some(name.as_str());
        set_picked.set(Some(name).filter(|_| !again));
    });
    let group = Memo::new(move |_| picked.get().and_then(|name| rows.get().into_iter().find(|r| r.name == name)));
    view! {
        <section class="card" aria-labelledby="by-group">
            <header><h2 id="by-group">"Counted by"</h2>
                <select class="select s" aria-label="Group by" on:change=move |e| { set_picked.set(None); set_by.set(Some(event_target_value(&e)).filter(|v| v != TYPES[0].0)); }>
                    {TYPES.into_iter().map(|(key, _, word, _)| view! { <option value=key selected=move || kind.get().0 == key>{word}</option> }).collect_view()}
                </select>
                <button type="button" class="btn iconly quiet s push" aria-pressed=move || as_table().to_string() aria-label="Show as table" title="Show as table" on:click=move |_| set_as.set((!as_table()).then(|| "table".to_owned()))><Icon name="list"/></button></header>
            <div class="body">
                {move || {
                    let (_, _, word, what) = kind.get();
                    let rows = rows.get();
                    if groups.get().is_none() {
                        return view! { <div class="skel" style="height:200px"></div> }.into_any();
                    }
                    if rows.is_empty() {
                        return view! { <p class="muted">"No input of this version is in a group of this kind."</p> }.into_any();
                    }
                    if as_table() { table(&rows, word).into_any() } else { bars(&rows, word, what, picked.into(), pick).into_any() }
                }}
            </div>
        </section>
        {move || match group.get() {
            Some(row) => Some(heat(&row.metrics, &row.name).map_or_else(|| view! { <p class="small muted">{format!("Where the regions of {} lie is not counted.", row.name)}</p> }.into_any(), IntoAny::into_any)),
            None => whole.get().and_then(|m| heat(&m, "").map(IntoAny::into_any)),
        }}
    }
}

/// The bars are buttons: a pick shows where the regions of its group lie.
fn bars(
    rows: &[Row],
    word: &'static str,
    what: &'static str,
    picked: Signal<Option<String>>,
    pick: Callback<String>,
) -> impl IntoView + use<> {
    let most = rows.iter().map(|r| r.amount).max().unwrap_or(1).max(1) as f64;
    let drawn = rows
        .iter()
        .take(BARS)
        .map(|r| {
            let (own, name) = (r.name.clone(), r.name.clone());
            let share = r.amount as f64 / most * 100.0;
            view! { <li><button type="button" aria-pressed=move || (picked.get().as_deref() == Some(own.as_str())).to_string() on:click=move |_| pick.run(name.clone())>
                <span class="truncate">{r.name.clone()}</span>
                <svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"><rect width=format!("{:.2}", share.max(0.4)) height="14" rx="1"></rect></svg>
                <span class="num">{format::count(r.amount)}</span><span class="vh">{what}</span></button></li> }
        })
        .collect_view();
    let more = rows.len().saturating_sub(BARS);
    view! {
        <ul class="barlist" aria-label=format!("{word}, {what}")>{drawn}</ul>
        {(more > 0).then(|| view! { <p class="small muted">{format!("{BARS} of {} shown; the table has them all.", rows.len())}</p> })}
    }
}

fn table(rows: &[Row], word: &'static str) -> impl IntoView + use<> {
    let body = rows
        .iter()
        .map(|r| {
            let m = &r.metrics;
            let cell = |v: Option<UInt64>| view! { <td class="num">{v.map(|v| format::count(v.0 as i64))}</td> };
            view! { <tr><th scope="row" style="font-weight:400">{r.name.clone()}</th>
                {cell(m.inputs_count)}{cell(m.regions_count)}{cell(m.bounding_boxes_count)}{cell(m.polygons_count)}{cell(m.masks_count)}{cell(m.points_count)}{cell(m.positive_input_tags_count)}{cell(m.positive_region_tags_count)}{cell(m.unlabeled_inputs_count)}</tr> }
        })
        .collect_view();
    let heads =
        ["Inputs", "Regions", "Boxes", "Polygons", "Masks", "Points", "Input labels", "Region labels", "Unlabelled"];
    view! {
        <div class="xscroll" tabindex="0" role="group" aria-label=format!("{word}, table") style="max-height:480px;overflow:auto"><table class="table"><caption class="vh">{format!("Counts by {word}; an empty cell is not counted")}</caption>
            <thead><tr><th scope="col">{word}</th>{heads.into_iter().map(|h| view! { <th scope="col" class="num">{h}</th> }).collect_view()}</tr></thead><tbody>{body}</tbody></table></div>
    }
}

/// Where regions lie, as a map of amounts: of the whole version, or of a group.
fn heat(m: &DatasetVersionMetrics, group: &str) -> Option<impl IntoView + use<>> {
    let matrix = m.region_location_matrix.as_ref()?;
    let columns = matrix.n_cols.0.max(1);
    let most = matrix.data.iter().map(|v| v.0).max().unwrap_or(0).max(1);
    let cells = matrix
        .data
        .iter()
        .map(|v| {
            let level = if v.0 == 0 { 0 } else { 1 + v.0 * 5 / most };
            view! { <i style=format!("background:var(--seq-{level})")></i> }
        })
        .collect_view();
    let text = format!("Map of where regions lie, {columns} columns; the fullest cell is touched by {most} regions");
    let heading =
        if group.is_empty() { "Where regions lie".to_owned() } else { format!("Where the regions of {group} lie") };
    Some(view! {
        <section class="card" aria-labelledby="heat"><header><h2 id="heat">{heading}</h2><span class="push faint small">{format!("{} × {} cells", columns, matrix.data.len() as u64 / columns)}</span></header>
            <div class="body row wrap" style="gap:24px;align-items:flex-start"><div class="heat" role="img" aria-label=text style=format!("grid-template-columns:repeat({columns},1fr);flex:0 1 320px")>{cells}</div>
            <p class="muted" style="flex:1 1 160px;max-width:36ch">{format!("Each cell counts the regions that touch it, from 0 to {}. Pictures are laid over each other whole, whatever their size.", format::count(most as i64))}</p></div></section>
    })
}
