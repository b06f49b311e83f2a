//! What the leaderboard can be narrowed to.

use super::super::one::{list, listed};
use crate::components::{Choice, Icon, Popover};
use crate::data::{context, query, scope};
use crate::pages::pick::ConceptField;
use labelscope_api::operations::{ListConcepts, ListDatasets, ListModelTypes};
use leptos::prelude::*;
use leptos_router::hooks::query_signal;

/// Which runs are asked for, as the address has it.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    pub kind: Memo<Option<String>>,
    set_kind: SignalSetter<Option<String>>,
    pub failed: Memo<Option<String>>,
    set_failed: SignalSetter<Option<String>>,
    pub datasets: Many,
    pub trained: Many,
    pub concepts: Many,
}

/// Several values in one part of the address.
#[derive(Clone, Copy)]
pub(super) struct Many {
    text: Memo<Option<String>>,
    set: SignalSetter<Option<String>>,
}

impl Many {
    fn of(name: &'static str) -> Self {
        let (text, set) = query_signal::<String>(name);
        Self { text, set }
    }

    pub fn get(self) -> Vec<String> {
        listed(self.text.get())
    }

    fn add(self, value: String) {
        let mut now = listed(self.text.get_untracked());
        if !value.is_empty() && !now.contains(&value) {
            now.push(value);
            self.set.set(list(now));
        }
    }

    fn remove(self, value: &str) {
        let now = listed(self.text.get_untracked()).into_iter().filter(|v| v != value);
        self.set.set(list(now));
    }
}

impl Filter {
    pub fn new() -> Self {
        let ((kind, set_kind), (failed, set_failed)) = (query_signal("type"), query_signal("failed"));
        let [datasets, trained, concepts] = ["dataset", "trained", "concepts"].map(Many::of);
        Self { kind, set_kind, failed, set_failed, datasets, trained, concepts }
    }

    /// Is anything left out but failed runs?
    pub fn narrows(self) -> bool {
        self.kind.get().is_some() || [self.datasets, self.trained, self.concepts].iter().any(|m| !m.get().is_empty())
    }
}

/// A chip for each value that is asked for.
fn chips(
    word: &'static str,
    many: Many,
    name: impl Fn(&str) -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        many.get().into_iter().map(|id| {
            let (text, gone) = (format!("{word} {}", name(&id)), id);
            view! { <span class="chip on">{text.clone()}<button type="button" class="x" aria-label=format!("Remove {text}") on:click=move |_| many.remove(&gone)><Icon name="x"/></button></span> }
        }).collect_view()
    }
}

#[component]
pub(super) fn Filters(filter: Filter) -> impl IntoView {
    let context = context();
    let types = query(move || {
        Some(ListModelTypes { user_app_id: scope(context), per_page: 1000, ..ListModelTypes::default() })
    });
    let datasets =
        query(move || Some(ListDatasets { user_app_id: scope(context), per_page: 1000, ..ListDatasets::default() }));
    let offered = move |first: &str, many: Many| {
        let (reply, taken) = (datasets.value.get(), many.get());
        let rest = reply.iter().flat_map(|r| &r.datasets).filter(|d| !taken.contains(&d.id));
        std::iter::once((String::new(), first.to_owned()))
            .chain(rest.map(|d| (d.id.clone(), d.id.clone())))
            .collect::<Vec<_>>()
    };
    // A choice that adds: what is chosen leaves the list, which then stands at its first line again.
    let none = RwSignal::new(String::new());
    let add = move |many: Many| Callback::new(move |v: String| many.add(v));
    let picked = RwSignal::new(None);
    let take = Callback::new(move |(id, _): (String, String)| filter.concepts.add(id));
    // Ids are in the address; names are looked up.
    let named = query(move || {
        (!filter.concepts.get().is_empty()).then(|| ListConcepts {
            user_app_id: scope(context),
            per_page: 1000,
            ..ListConcepts::default()
        })
    });
    let name = move |id: &str| {
        let found = named
            .value
            .with(|r| r.as_ref().and_then(|r| r.concepts.iter().find(|c| c.id == id).map(|c| c.name.clone())));
        found.filter(|n| !n.is_empty()).unwrap_or_else(|| id.to_owned())
    };
    let set_kind = filter.set_kind;
    view! {
        <Choice label="Type of model" quiet=true value=Signal::derive(move || filter.kind.get().unwrap_or_default()) change=Callback::new(move |v: String| set_kind.set(Some(v).filter(|v| !v.is_empty())))
            options=Signal::derive(move || { let reply = types.value.get(); std::iter::once((String::new(), "All types".to_owned())).chain(reply.iter().flat_map(|r| &r.model_types).map(|t| (t.id.clone(), t.title.clone()))).collect() })/>
        <Choice label="Dataset" quiet=true value=none change=add(filter.datasets) options=Signal::derive(move || offered(if filter.datasets.get().is_empty() { "All datasets" } else { "Another dataset" }, filter.datasets))/>
        <Popover label="More filters" icon="filter" class="btn s" word="More">
            <div class="stack-s">
                <Choice label="Trained on" value=none change=add(filter.trained) options=Signal::derive(move || offered("Any dataset", filter.trained))/>
                <ConceptField picked=picked label="Knows the concept" take=take/>
            </div>
        </Popover>
        <button type="button" class="chip" aria-pressed=move || filter.failed.get().is_some().to_string() on:click=move |_| filter.set_failed.set(filter.failed.get_untracked().is_none().then(|| "1".to_owned()))>"Show failed"</button>
        {chips("Measured on", filter.datasets, |id: &str| id.to_owned())}{chips("Trained on", filter.trained, |id: &str| id.to_owned())}{chips("Knows", filter.concepts, name)}
    }
}
