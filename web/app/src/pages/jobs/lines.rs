//! What takes time as a table, the same for every kind. A row stays the same element while what it tells changes, so that the
//! focus stays where it is.

use crate::components::{Icon, Pill, Progress, Tone};
use crate::format;
use labelscope_api::wire::Timestamp;
use leptos::prelude::*;

/// How far something is: the step, the numbers in words, done and total.
pub(crate) type Far = (String, String, f64, f64);

/// One of them.
#[derive(Clone, PartialEq)]
pub(crate) struct Line {
    pub id: String,
    pub icon: &'static str,
    pub title: String,
    /// Where it is shown by itself, or its subject is.
    pub to: Option<String>,
    pub about: String,
    pub standing: (Tone, &'static str),
    /// While it runs.
    pub far: Option<Far>,
    /// What came of it.
    pub outcome: String,
    pub at: Option<Timestamp>,
    pub took: String,
    /// The address of what it made.
    pub download: String,
    /// What can be done with it, as it stands on the buttons.
    pub verbs: Vec<&'static str>,
}

#[component]
pub(crate) fn Lines(
    #[prop(into)] lines: Signal<Vec<Line>>,
    /// What the table is, for screen readers.
    caption: &'static str,
    /// Verb and id.
    act: Callback<(&'static str, String)>,
) -> impl IntoView {
    let row = move |id: String| {
        let line = Memo::new(move |_| lines.with(|l| l.iter().find(|l| l.id == id).cloned()));
        let of = move |f: fn(&Line) -> String| move || line.with(|l| l.as_ref().map(f).unwrap_or_default());
        let head = Memo::new(move |_| line.with(|l| l.as_ref().map(|l| (l.title.clone(), l.to.clone()))));
        let pill = Memo::new(move |_| line.with(|l| l.as_ref().map(|l| l.standing)));
        let runs = Memo::new(move |_| line.with(|l| l.as_ref().is_some_and(|l| l.far.is_some())));
        let far = Signal::derive(move || line.with(|l| l.as_ref().and_then(|l| l.far.clone())).unwrap_or_default());
        let verbs = Memo::new(move |_| line.with(|l| l.as_ref().map(|l| l.verbs.clone()).unwrap_or_default()));
        let download = Memo::new(move |_| line.with(|l| l.as_ref().map(|l| l.download.clone()).unwrap_or_default()));
        view! { <tr>
            <td style="width:36px" class="faint">{move || line.with(|l| l.as_ref().map(|l| view! { <Icon name=l.icon/> }))}</td>
            <th scope="row"><div class="jobname">
                {move || head.get().map(|(title, to)| match to { Some(to) => view! { <a class="lk" href=to>{title}</a> }.into_any(), None => view! { <span>{title}</span> }.into_any() })}
                <span class="sub">{of(|l| l.about.clone())}</span></div></th>
            <td>{move || pill.get().map(|(tone, word)| view! { <Pill tone=tone text=word/> })}</td>
            <td class="wide">{move || if runs.get() {
                view! { <div style="max-width:440px"><Progress label=Signal::derive(move || far.get().0) detail=Signal::derive(move || far.get().1) done=Signal::derive(move || far.get().2) total=Signal::derive(move || far.get().3)/></div> }.into_any()
            } else {
                view! { <span class="small muted" style="white-space:normal">{of(|l| l.outcome.clone())}</span> }.into_any()
            }}</td>
            <td class="num muted">{of(|l| format::time(l.at))}<br/><span class="small">{of(|l| l.took.clone())}</span></td>
            <td class="num">
                {move || Some(download.get()).filter(|d| !d.is_empty()).map(|url| view! { <a class="btn s" href=url download="" rel="external">"Download"</a> })}
                {move || verbs.get().into_iter().map(|verb| view! { <button type="button" class="btn s" on:click=move |_| if let Some(l) = line.get_untracked() { act.run((verb, l.id)); }>{verb}</button> }).collect_view()}
            </td>
        </tr> }
    };
    view! {
        <table class="table jobs"><caption class="vh">{caption}</caption><thead><tr><th scope="col"><span class="vh">"Kind"</span></th><th scope="col">"Job"</th><th scope="col">"State"</th><th scope="col" class="wide">"Progress"</th><th scope="col" class="num">"Begun"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead>
            <tbody><For each=move || lines.with(|l| l.iter().map(|l| l.id.clone()).collect::<Vec<_>>()) key=Clone::clone children=row/></tbody></table>
    }
}
