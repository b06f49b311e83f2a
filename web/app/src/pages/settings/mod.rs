//! Settings: connections, apps, tokens, how the workbench looks, and what it is. The sections stand in the address.

mod about;
mod appearance;
mod apps;
mod connection_form;
mod connections;
mod tokens;

use crate::app::{asked_for_new, title};
use crate::components::{ErrorPanel, Icon};
use crate::data::{Query, context, query_own};
use crate::routes;
use labelscope_api::extensions::{GetInfo, InfoReply};
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_location, use_params_map};

/// In the address, in words, and what the section's button makes.
const SECTIONS: [(&str, &str, &str); 5] = [
    ("connections", "Connections", "Add connection"),
    ("apps", "Apps", "New app"),
    ("tokens", "Tokens", "New token"),
    ("appearance", "Appearance", ""),
    ("about", "About", ""),
];

#[component]
pub(crate) fn Settings() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let section = Memo::new(move |_| {
        let asked = params.read().get("section").unwrap_or_default();
        SECTIONS.into_iter().find(|s| s.0 == asked).unwrap_or(SECTIONS[0])
    });
    Effect::new(move |_| title(section.get().1));
    let info = query_own(|| Some(GetInfo::default()));
    let making = asked_for_new();
    view! {
        <div class="page-head">
            <div class="page-title"><h1>"Settings"</h1>
                <div class="actions">{move || Some(section.get().2).filter(|w| !w.is_empty()).map(|word| view! {
                    <button type="button" class="btn primary grow" on:click=move |_| making.set(true)><Icon name="plus"/>{word}</button> })}</div></div>
            <nav class="tabs" aria-label="Sections">
                {SECTIONS.into_iter().map(|(key, word, _)| view! {
                    <a href=move || routes::settings(&context.app.get(), key) aria-current=move || (section.get().0 == key).then_some("page")>{word}</a> }).collect_view()}
            </nav>
        </div>
        {move || {
            making.set(false);
            match section.get().0 {
                "apps" => view! { <apps::Apps making=making/> }.into_any(),
                "tokens" => view! { <tokens::Tokens info=info making=making/> }.into_any(),
                "appearance" => view! { <appearance::Appearance/> }.into_any(),
                "about" => view! { <about::About info=info/> }.into_any(),
                _ => view! { <connections::Connections info=info making=making/> }.into_any(),
            }
        }}
    }
}

/// Where the apps stood before there were settings.
#[component]
pub(crate) fn ToApps() -> impl IntoView {
    let app = use_params_map().with_untracked(|p| p.get("app").unwrap_or_default());
    let asked = use_location().search.get_untracked();
    let path = routes::apps(&app) + if asked.is_empty() { "" } else { "?" } + &asked;
    view! { <Redirect path=path options=leptos_router::NavigateOptions { replace: true, ..Default::default() }/> }
}

/// What the page's own server says it can do; nothing while it has not answered.
fn can(info: Query<InfoReply>, capability: &str) -> Option<bool> {
    info.value.get()?.info.as_ref().map(|i| i.capabilities.iter().any(|c| c == capability))
}

/// A section that needs something of the page's own server: while it is asked, where it fails, and where it lacks it.
#[component]
fn Needs(
    info: Query<InfoReply>,
    capability: &'static str,
    without: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    // The same answer once more changes nothing here: a dialog stays open.
    let can = Memo::new(move |_| can(info, capability));
    let error = move || if can.get().is_some() { None } else { info.error.get() };
    move || {
        match (can.get(), error()) {
        (Some(true), _) => children.with_value(|c| c()),
        (Some(false), _) => view! { <div class="scroll" tabindex="0" role="region" aria-label="Section"><div class="empty"><h2>"This server cannot do that"</h2><p>{without}</p></div></div> }.into_any(),
        (None, Some(error)) => view! { <div class="page-body"><ErrorPanel what="The server did not say what it can do" error=error/></div> }.into_any(),
        (None, None) => view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any(),
    }
    }
}
