//! The form that adds a condition.

use super::condition::{Fields, KINDS, make};
use crate::components::Dialog;
use crate::pages::pick::{ConceptField, DatasetField};
use labelscope_api::messages::Filter;
use leptos::prelude::*;

/// Words of a list by kind: what is sent, and what is read.
fn choices(kind: &str) -> (&'static str, &'static [(&'static str, &'static str)]) {
    match kind {
        "concept" => ("Said to be", &[("present", "Present"), ("absent", "Absent")]),
        "kind" => ("Kind", &[("image", "Image"), ("video", "Video"), ("text", "Text"), ("audio", "Recording")]),
        "region" => (
            "Shape",
            &[
                ("box", "Box"),
                ("polygon", "Polygon"),
                ("mask", "Mask"),
                ("point", "Point"),
                ("none", "None: the whole input is annotated"),
            ],
        ),
        "near" => (
            "Unit",
            &[
                ("withinKilometers", "Kilometres"),
                ("withinMiles", "Miles"),
                ("withinDegrees", "Degrees"),
                ("withinRadians", "Radians"),
            ],
        ),
        "state" => {
            ("State", &[("30000", "Processed"), ("30001", "To process"), ("30003", "In process"), ("30002", "Failed")])
        }
        "review" => {
            ("State", &[("24150", "Approved"), ("24151", "Pending"), ("24157", "Awaiting review"), ("24158", "Denied")])
        }
        "worker" => ("Who", &[("user", "A user"), ("model", "A model version")]),
        _ => ("", &[]),
    }
}

/// The free fields by kind: label, type of the field, example.
fn parts(kind: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    match kind {
        "metadata" => &[("Key", "text", "split"), ("Value", "text", "train")],
        "text" => &[("Words", "text", "")],
        "near" => &[("Latitude", "text", "48.14"), ("Longitude", "text", "11.58"), ("Distance", "text", "10")],
        "box" => &[
            ("First corner, latitude", "text", "48.2"),
            ("First corner, longitude", "text", "11.4"),
            ("Other corner, latitude", "text", "48.0"),
            ("Other corner, longitude", "text", "11.7"),
        ],
        "worker" => &[("Id", "text", "")],
        "updated" => &[("From", "datetime-local", ""), ("To", "datetime-local", "")],
        _ => &[],
    }
}

/// Adds one condition; open while `open` is set.
#[component]
pub(crate) fn Builder(open: RwSignal<bool>, add: Callback<Filter>) -> impl IntoView {
    let kind = RwSignal::new("concept".to_owned());
    let (choice, negate) = (RwSignal::new(String::new()), RwSignal::new(false));
    let concept = RwSignal::new(None::<(String, String)>);
    let dataset = RwSignal::new(String::new());
    let free = [(); 4].map(|()| RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<&'static str>);
    let clear = move || {
        wrong.set(None);
        choice.set(String::new());
        concept.set(None);
        dataset.set(String::new());
        free.iter().for_each(|f| f.set(String::new()));
    };
    Effect::new(move |_| {
        if open.get() {
            clear();
            negate.set(false);
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let [first, second, third, fourth] = free.map(|f| f.get_untracked());
        let fields = Fields {
            kind: kind.get_untracked(),
            concept: concept.get_untracked(),
            choice: choice.get_untracked(),
            first: if kind.get_untracked() == "dataset" { dataset.get_untracked() } else { first },
            second,
            third,
            fourth,
            negate: negate.get_untracked(),
        };
        match make(&fields) {
            Ok(filter) => {
                open.set(false);
                add.run(filter);
            }
            Err(why) => wrong.set(Some(why)),
        }
    };
    view! {
        <Dialog open=open title="Add condition">
            <form id="condition" class="body" on:submit=submit>
                <label class="field"><span>"Condition"</span>
                    <select class="select" on:change=move |e| { kind.set(event_target_value(&e)); clear(); }>
                        {KINDS.into_iter().map(|(value, word)| view! { <option value=value selected=move || kind.get() == value>{word}</option> }).collect_view()}
                    </select></label>
                {move || {
                    let kind = kind.get();
                    let (label, list) = choices(&kind);
                    view! {
                        {(kind == "concept").then(|| view! { <ConceptField picked=concept label="Concept"/> })}
                        {(kind == "dataset").then(|| view! { <DatasetField value=dataset label="Dataset" none="Choose one"/> })}
                        <div class="fields">
                            {parts(&kind).iter().zip(free).map(|((label, r#type, example), value)| view! {
                                <label class="field"><span>{*label}</span><input class="input" type=*r#type autocomplete="off" placeholder=*example prop:value=value on:input=move |e| value.set(event_target_value(&e))/></label>
                            }).collect_view()}
                        </div>
                        {(!list.is_empty()).then(|| view! {
                            <label class="field"><span>{label}</span><select class="select" on:change=move |e| choice.set(event_target_value(&e))>
                                {list.iter().map(|(value, word)| view! { <option value=*value>{*word}</option> }).collect_view()}
                            </select></label>
                        })}
                        {(kind == "metadata").then(|| view! { <p class="small muted">"A number, true, false or JSON is taken as such; all else is text."</p> })}
                    }
                }}
                <label class="check"><input type="checkbox" prop:checked=negate on:change=move |e| negate.set(event_target_checked(&e))/>"Not: inputs for which this does not hold"</label>
                {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="condition" class="btn primary">"Add condition"</button></footer>
        </Dialog>
    }
}
