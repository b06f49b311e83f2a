//! What takes time: imports, exports, counting, mapping, fetching, evaluating; adding inputs, changing many, uploads.

mod add_job;
mod all;
mod changes;
mod extractions;
mod followed;
mod lines;
mod standing;
mod uploads;

pub(crate) use add_job::AddJob;
pub(crate) use changes::Change;
pub(crate) use lines::{Line, Lines};
pub(crate) use standing::{change, goes_on, standing, why};

use crate::app::title;
use crate::data::context;
use crate::routes;
use leptos::prelude::*;
use leptos_router::hooks::query_signal;

/// What is shown, as the address calls it, and the word on its tab.
const VIEWS: [(&str, &str); 5] = [
    ("", "All"),
    ("adding", "Adding inputs"),
    ("extractions", "Extractions"),
    ("changes", "Bulk changes"),
    ("uploads", "Uploads"),
];

#[component]
pub(crate) fn Jobs() -> impl IntoView {
    let context = context();
    title("Jobs");
    let (view_as, _) = query_signal::<String>("view");
    let (one, _) = query_signal::<String>("id");
    let at = Memo::new(move |_| {
        let asked = view_as.get().unwrap_or_default();
        VIEWS.iter().position(|v| v.0 == asked).unwrap_or(0)
    });
    let id = Memo::new(move |_| one.get().unwrap_or_default());
    let to = move |name: &str| {
        let jobs = routes::jobs(&context.app.get());
        if name.is_empty() { jobs } else { format!("{jobs}?view={name}") }
    };
    view! {
        <div class="page-head"><div class="page-title"><h1>"Jobs"</h1></div>
            <nav class="tabs" aria-label="Kinds">{VIEWS.into_iter().enumerate().map(|(n, (name, word))| view! { <a href=move || to(name) aria-current=move || (at.get() == n).then_some("page")>{word}</a> }).collect_view()}</nav></div>
        {move || {
            let open = !id.get().is_empty();
            match at.get() {
                1 if open => view! { <add_job::One id=id/> }.into_any(),
                1 => view! { <add_job::List/> }.into_any(),
                2 if open => view! { <extractions::One id=id/> }.into_any(),
                2 => view! { <extractions::List/> }.into_any(),
                3 if open => view! { <changes::One id=id/> }.into_any(),
                3 => view! { <changes::List/> }.into_any(),
                4 => view! { <uploads::List/> }.into_any(),
                _ => view! { <all::All/> }.into_any(),
            }
        }}
        <div class="statusbar hide-phone"><span>"Jobs go on when this page is closed."</span></div>
    }
}

/// A list of jobs with its failure, its wait and its emptiness.
pub(crate) fn table(
    lines: Memo<Option<Vec<Line>>>,
    error: impl Fn() -> Option<AnyView> + Send + 'static,
    (none, hint): (&'static str, &'static str),
    caption: &'static str,
    act: Callback<(&'static str, String)>,
) -> AnyView {
    // 0 while nothing is here, 1 for none, 2 for some: the table itself stays when rows change.
    let kind = Memo::new(move |_| lines.with(|l| l.as_ref().map_or(0, |l| if l.is_empty() { 1 } else { 2 })));
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Job list">
            {error}
            {move || match kind.get() {
                0 => view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any(),
                1 => view! { <div class="empty"><h2>{none}</h2><p>{hint}</p></div> }.into_any(),
                _ => view! { <Lines lines=Signal::derive(move || lines.get().unwrap_or_default()) caption=caption act=act/> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// One of them by itself: where it belongs, its name, and what is said of it.
pub(crate) fn single(view_as: &'static str, word: &'static str, id: Memo<String>, body: AnyView) -> AnyView {
    let context = context();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=word><div class="page-body" style="max-width:760px">
            <nav class="crumbs" aria-label="Breadcrumb"><ol><li><a href=move || format!("{}?view={view_as}", routes::jobs(&context.app.get()))>{word}</a></li><li><span class="mono" aria-current="page">{id}</span></li></ol></nav>
            {body}
        </div></div>
    }
    .into_any()
}
