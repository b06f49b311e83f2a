//! The command palette: concepts, datasets, commands and pages by name.

use crate::components::Icon;
use crate::data::{context, query, scope};
use crate::{appearance, routes};
use labelscope_api::messages::{ConceptQuery, Pagination};
use labelscope_api::operations::{ListDatasets, PostConceptsSearches};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

/// Concepts that are offered at most.
const CONCEPTS: u32 = 6;

#[derive(Clone, PartialEq)]
struct Item {
    group: &'static str,
    icon: &'static str,
    name: String,
    note: String,
    does: Does,
}

#[derive(Clone, PartialEq)]
enum Does {
    Go(String),
    Theme,
}

/// Opens over the page; ↑ ↓ move, Enter opens, Escape closes.
#[component]
pub(crate) fn Palette(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let node = NodeRef::<html::Dialog>::new();
    let text = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            text.set(String::new());
            at.set(0);
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let wanted = Memo::new(move |_| text.get().trim().to_owned());
    let concepts = query(move || {
        let name = wanted.get();
        (open.get() && !name.is_empty()).then(|| PostConceptsSearches {
            user_app_id: scope(context),
            concept_query: Some(ConceptQuery { name: format!("{name}*"), ..ConceptQuery::default() }),
            pagination: Some(Pagination { page: 1, per_page: CONCEPTS }),
            ..PostConceptsSearches::default()
        })
    });
    let datasets = query(move || {
        open.get().then(|| ListDatasets { user_app_id: scope(context), per_page: 100, ..ListDatasets::default() })
    });
    let items = Memo::new(move |_| {
        let (app, wanted) = (context.app.get(), wanted.get());
        let lower = wanted.to_lowercase();
        let mut out = Vec::new();
        if !wanted.is_empty() {
            for c in concepts.value.get().iter().flat_map(|r| &r.concepts) {
                let to =
                    format!("{}?q={}&concept={}", routes::concepts(&app), routes::value(&c.name), routes::value(&c.id));
                let note = if c.id == c.name { String::new() } else { c.id.clone() };
                out.push(Item { group: "Concepts", icon: "tag", name: c.name.clone(), note, does: Does::Go(to) });
            }
            let to = format!("{}?q={}", routes::concepts(&app), routes::value(&wanted));
            out.push(Item {
                group: "Concepts",
                icon: "arrow",
                name: format!("All concepts with “{wanted}”"),
                note: String::new(),
                does: Does::Go(to),
            });
        }
        for d in datasets
            .value
            .get()
            .iter()
            .flat_map(|r| &r.datasets)
            .filter(|d| d.id.to_lowercase().contains(&lower))
            .take(6)
        {
            out.push(Item {
                group: "Datasets",
                icon: "datasets",
                name: d.id.clone(),
                note: d.description.clone(),
                does: Does::Go(routes::dataset(&app, &d.id)),
            });
        }
        let fixed = [
            ("Commands", "upload", "Import a dataset", Does::Go(routes::import(&app, ""))),
            ("Commands", "plus", "Add inputs", Does::Go(format!("{}?new=1", routes::inputs(&app)))),
            ("Commands", "plus", "New concept", Does::Go(format!("{}?new=1", routes::concepts(&app)))),
            ("Commands", "plus", "New evaluation", Does::Go(format!("{}?new=1", routes::evaluations(&app)))),
            ("Commands", "plus", "Register a model", Does::Go(format!("{}?new=1", routes::models(&app)))),
            ("Commands", "theme", "Change the theme", Does::Theme),
            ("Go to", "concepts", "Concepts", Does::Go(routes::concepts(&app))),
            ("Go to", "link", "All relations", Does::Go(routes::relations(&app))),
            ("Go to", "datasets", "Datasets", Does::Go(routes::datasets(&app))),
            ("Go to", "inputs", "Inputs", Does::Go(routes::inputs(&app))),
            ("Go to", "evals", "Evaluations", Does::Go(routes::evaluations(&app))),
            ("Go to", "play", "Models", Does::Go(routes::models(&app))),
            ("Go to", "jobs", "Jobs", Does::Go(routes::jobs(&app))),
            ("Go to", "upload", "Uploads", Does::Go(format!("{}?view=uploads", routes::jobs(&app)))),
            ("Go to", "grid", "Apps", Does::Go(routes::apps(&app))),
            ("Go to", "plug", "Connections", Does::Go(routes::settings(&app, "connections"))),
            ("Go to", "lock", "Tokens", Does::Go(routes::settings(&app, "tokens"))),
            ("Go to", "sliders", "Settings", Does::Go(routes::settings(&app, "appearance"))),
        ];
        for (group, icon, name, does) in fixed {
            if name.to_lowercase().contains(&lower) {
                out.push(Item { group, icon, name: name.to_owned(), note: String::new(), does });
            }
        }
        out
    });
    let navigate = StoredValue::new_local(use_navigate());
    let run = move |does: Does| {
        open.set(false);
        match does {
            Does::Go(to) => navigate.with_value(|go| go(&to, NavigateOptions::default())),
            Does::Theme => appearance::switch_theme(),
        }
    };
    let step = move |by: isize| {
        let count = items.with_untracked(Vec::len);
        if count > 0 {
            at.update(|a| *a = a.saturating_add_signed(by).min(count - 1));
            let shown = web_sys::window()
                .and_then(|w| w.document())
                .and_then(|d| d.get_element_by_id(&format!("palette-{}", at.get_untracked())));
            if let Some(option) = shown {
                option.scroll_into_view_with_bool(false);
            }
        }
    };
    let on_key = move |e: web_sys::KeyboardEvent| {
        match e.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(-1),
            "Enter" => {
                if let Some(item) = items.with_untracked(|i| i.get(at.get_untracked()).cloned()) {
                    run(item.does);
                }
            }
            _ => return,
        }
        e.prevent_default();
    };
    let list = move || {
        let mut groups: Vec<(&'static str, Vec<AnyView>)> = Vec::new();
        for (i, item) in items.get().into_iter().enumerate() {
            let (group, option) =
                (item.group, option(i, item, at, &wanted.get_untracked(), Callback::new(run)).into_any());
            match groups.last_mut() {
                Some((name, options)) if *name == group => options.push(option),
                _ => groups.push((group, vec![option])),
            }
        }
        groups.into_iter().map(|(name, options)| view! { <div role="group" aria-label=name><div class="grp" aria-hidden="true">{name}</div>{options}</div> }).collect_view()
    };
    view! {
        <dialog node_ref=node class="dialog palette" aria-label="Search or run a command" on:close=move |_| open.set(false)
            on:click=move |e| if e.target().is_some_and(|t| node.get_untracked().is_some_and(|d| *d == *t.unchecked_ref::<web_sys::HtmlElement>())) { open.set(false); }>
            <div class="field-row"><Icon name="search"/>
                <input type="text" role="combobox" autofocus autocomplete="off" spellcheck="false" aria-expanded="true" aria-autocomplete="list" aria-controls="palette-list"
                    aria-label="Search or run a command" placeholder="Concept, dataset or command" aria-activedescendant=move || format!("palette-{}", at.get())
                    prop:value=text on:input=move |e| { text.set(event_target_value(&e)); at.set(0); } on:keydown=on_key/>
                <kbd>"Esc"</kbd></div>
            <div role="listbox" id="palette-list" aria-label="Results">{list}</div>
            <div class="foot hide-phone" aria-hidden="true"><span><kbd>"↑"</kbd><kbd>"↓"</kbd>"move"</span><span><kbd>"Enter"</kbd>"open"</span></div>
        </dialog>
    }
}

fn option(i: usize, item: Item, at: RwSignal<usize>, wanted: &str, run: Callback<Does>) -> impl IntoView + use<> {
    let does = item.does.clone();
    let (before, found, after) = split_at_match(&item.name, wanted);
    view! {
        <div role="option" id=format!("palette-{i}") aria-selected=move || (at.get() == i).to_string() on:mousemove=move |_| if at.get_untracked() != i { at.set(i); } on:click=move |_| run.run(does.clone())>
            <Icon name=item.icon/><span class="truncate">{before}<mark>{found}</mark>{after}</span><span class="small faint truncate">{item.note}</span>
        </div>
    }
}

/// What stands before, in and after the first place that matches, whatever the case.
fn split_at_match(name: &str, wanted: &str) -> (String, String, String) {
    let (lower, wanted) = (name.to_lowercase(), wanted.to_lowercase());
    // Small letters may be longer than large ones; then nothing is marked.
    let place = if wanted.is_empty() || lower.len() != name.len() { None } else { lower.find(&wanted) };
    let parts = place.and_then(|from| {
        Some((name.get(..from)?, name.get(from..from + wanted.len())?, name.get(from + wanted.len()..)?))
    });
    let (before, found, after) = parts.unwrap_or((name, "", ""));
    (before.to_owned(), found.to_owned(), after.to_owned())
}

#[cfg(test)]
mod tests {
    use super::split_at_match;

    #[test]
    fn the_match_is_marked_in_any_case() {
        let split = |a, b| {
            let (x, y, z) = split_at_match(a, b);
            format!("{x}[{y}]{z}")
        };
        assert_eq!(split("Armchair", "CHA"), "Arm[cha]ir");
        assert_eq!(split("Überwurf", "über"), "[Über]wurf");
        assert_eq!(split("lamp", ""), "lamp[]");
        assert_eq!(split("İstanbul", "st"), "İstanbul[]");
    }
}
