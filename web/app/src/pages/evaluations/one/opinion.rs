//! A second opinion: the server's numbers beside those that are computed here from the test set.

use super::definitions::{definition, of_class};
use super::page::{Page, answer};
use super::tiles::Defined;
use super::trouble::Trouble;
use crate::charts::{Head, Print, Table, csv, save};
use crate::components::{ErrorPanel, Icon, Pill, Tone};
use crate::data::{is_own, query, scope};
use crate::explore::asked_about;
use crate::format;
use labelscope_api::messages::FieldsValue;
use labelscope_api::operations::GetEvaluation;
use labelscope_messages::evaluation::{Explore, Explored, SecondOpinionLine};
use leptos::prelude::*;

#[component]
pub(super) fn Opinion(page: Page) -> impl IntoView {
    let whole = query(move || {
        let fields = FieldsValue {
            label_counts: true,
            binary_metrics: true,
            metrics_by_class: true,
            metrics_by_area: true,
            ..FieldsValue::default()
        };
        Some(GetEvaluation { user_app_id: scope(page.context), evaluation_id: page.run(), fields: Some(fields) })
    });
    let reply = Memo::new(move |_| whole.value.get().and_then(|r| serde_json::to_string(r.as_ref()).ok()));
    let asked = asked_about(move || {
        let text = reply.get()?;
        let blob = web_sys::Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())).ok()?;
        Some((Explore::SecondOpinion { run: page.run(), at: page.at() }, blob))
    });
    let found = answer(asked, |e| if let Explored::SecondOpinion(s) = e { Some(s) } else { None });
    let only = page.address.part("only");
    let lines = Memo::new(move |_| {
        let different = only.get().is_some_and(|o| o == "different");
        found.with(|f| {
            f.as_ref().map(|f| f.lines.iter().filter(|l| !different || !l.equal).cloned().collect::<Vec<_>>())
        })
    });
    // The API's means are of counts at the threshold, whether or not an input has one class.
    let defined =
        |l: &SecondOpinionLine| if l.concept.is_some() { of_class(&l.name) } else { definition(&l.name, false) };
    let named = move |l: &SecondOpinionLine| {
        let mut title = defined(l).title;
        if let Some(iou) = l.iou {
            title = format!("{title}@{}", Print::Plain(2).of(iou));
        }
        let area = if l.area.is_empty() || l.area == "all" { String::new() } else { format!(", {}", l.area) };
        let concept = l.concept.map(|c| format!(" of {}", page.name(c))).unwrap_or_default();
        format!("{title}{concept}{area}")
    };
    let difference = |l: &SecondOpinionLine| l.ours.map(|ours| ours - l.theirs);
    let keep = move |_| {
        let all = lines.get_untracked().unwrap_or_default();
        let total = all.len();
        let row = Callback::new(move |i: usize| {
            let text = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
            all.get(i)
                .map(|l| vec![named(l), l.theirs.to_string(), text(l.ours), text(difference(l))])
                .unwrap_or_default()
        });
        let head =
            vec![Head::words("Figure"), Head::number("Server"), Head::number("Here"), Head::number("Difference")];
        save(&format!("{}.csv", page.file("second-opinion")), "text/csv", &csv(&Table { head, total, row }));
    };
    let row = move |l: SecondOpinionLine| {
        let d = defined(&l);
        let verdict = match (l.ours, l.equal) {
            (_, true) => (Tone::Ok, "Equal"),
            (None, _) => (Tone::Idle, "Undefined here"),
            _ => (Tone::Warn, "Different"),
        };
        let apart = difference(&l).filter(|_| !l.equal).map(|v| Print::Signed(6).of(v));
        view! { <tr><th scope="row"><span class="row">{named(&l)}{l.concept.is_none().then(|| view! { <Defined definition=d/> })}</span></th><td class="num">{Print::Plain(6).of(l.theirs)}</td>
        <td class="num">{l.ours.map_or_else(|| "undefined".to_owned(), |v| Print::Plain(6).of(v))}</td><td class="num">{apart}</td><td><Pill tone=verdict.0 text=verdict.1/></td></tr> }
    };
    view! {
        <section class="card" aria-labelledby="opinion"><header><h2 id="opinion">"Second opinion"</h2><span class="faint small">{if is_own() { "this server's number beside what is computed here" } else { "their number beside what is computed here" }}</span>
            <span class="push"><button type="button" class="chip" aria-pressed=move || only.get().is_some().to_string() on:click=move |_| page.address.set(&[("only", only.get_untracked().is_none().then(|| "different".to_owned()))])>"Only different"</button>
                <button type="button" class="btn iconly quiet s" aria-label="Save as CSV" title="Save as CSV" on:click=keep><Icon name="download"/></button></span></header>
            <div class="body"><p class="muted">"Each figure is computed anew in this page, from truth and predictions as the evaluation holds them, by the definitions beside them. Where numbers differ, the definitions usually do."
                {move || found.with(|f| f.as_ref().map(|f| format!(" Predicted is what scores {} {}, as the evaluation says.", if f.inclusive { "at least" } else { "above" }, Print::Plain(2).of(f.threshold))))}</p></div>
            {move || whole.error.get().map(|e| view! { <ErrorPanel what="The server's numbers could not be read" error=e/> })}
            <Trouble asked=asked what="The second opinion could not be computed"/>
            <div class="xscroll" tabindex="0" role="region" aria-label="Second opinion"><table class="table"><caption class="vh">"The server's numbers beside ours"</caption>
                <thead><tr><th scope="col">"Figure"</th><th scope="col" class="num">"Server"</th><th scope="col" class="num">"Here"</th><th scope="col" class="num">"Difference"</th><th scope="col">"Verdict"</th></tr></thead>
                <tbody>{move || match lines.get() {
                    None => (0..6).map(|_| view! { <tr><td colspan="5"><span class="skel"></span></td></tr> }).collect_view().into_any(),
                    Some(lines) if lines.is_empty() => view! { <tr><td colspan="5" class="muted">"No number to compare."</td></tr> }.into_any(),
                    Some(lines) => lines.into_iter().map(row).collect_view().into_any(),
                }}</tbody></table></div>
            <footer role="status">{move || found.with(|f| f.as_ref().map(|f| match f.different {
                0 => format!("{}; all are equal to the 32 bits of the API.", format::of(f.lines.len() as i64, "number", "numbers")),
                n => format!("{} of {} differ.", format::count(i64::from(n)), format::of(f.lines.len() as i64, "number", "numbers")),
            }))}</footer>
        </section>
    }
}
