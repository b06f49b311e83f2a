//! Adding inputs: files, addresses and text one by one; archives, buckets and folders as a job of the server's.

mod common;
mod entries;
mod source;

use crate::components::{Dialog, Icon, Progress};
use crate::data::{Halt, begun, context, send_archive};
use crate::pages::jobs::AddJob;
use crate::{format, routes};
use common::Fields;
use entries::{Entry, Source, State, run};
use labelscope_api::messages::{Input, InputIdConflictResolution, InputsExtractionJob, InputsUpload};
use leptos::prelude::*;
use leptos::task::spawn_local;
use source::Place;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::File;

#[derive(Clone, PartialEq)]
enum Step {
    Choosing,
    Sending {
        what: String,
        done: f64,
        total: f64,
    },
    Over {
        cancelled: bool,
    },
    /// An archive is on its way: bytes.
    Parts {
        done: f64,
        total: f64,
    },
    /// It did not get there.
    Broken(String),
    /// The server goes on with this add job.
    Following(String),
}

/// What an earlier extraction was told, for another try.
#[derive(Clone)]
pub(crate) struct Preset {
    url: String,
    template: Option<Box<Input>>,
    conflict: InputIdConflictResolution,
}

impl Preset {
    pub fn of(job: InputsExtractionJob) -> Self {
        Self { url: job.url, template: job.input_template, conflict: job.input_id_conflict_resolution }
    }
}

/// The dialog.
#[component]
pub(crate) fn Add(
    open: RwSignal<bool>,
    /// What the fields say at first.
    #[prop(optional)]
    preset: Option<RwSignal<Option<Preset>>>,
) -> impl IntoView {
    let context = context();
    let way = RwSignal::new("files");
    let entries = RwSignal::new_local(Vec::<Entry>::new());
    let archive = RwSignal::new_local(None::<File>);
    let (urls, text, over) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let (fields, place) = (Fields::new(), Place::new());
    let step = RwSignal::new(Step::Choosing);
    let wrong = RwSignal::new(None::<String>);
    let cancel = StoredValue::new_local(Rc::new(Cell::new(false)));
    let again = Callback::new(move |told: Preset| {
        way.set(if told.url.contains("://") { "source" } else { "archive" });
        fields.fill(told.template.as_deref(), told.conflict);
        place.url.set(told.url);
        step.set(Step::Choosing);
    });
    Effect::new(move |_| {
        if !open.get() {
            place.forget();
        } else if !matches!(step.get_untracked(), Step::Sending { .. } | Step::Parts { .. }) {
            step.set(Step::Choosing);
            entries.set(Vec::new());
            archive.set(None);
            urls.set(String::new());
            text.set(String::new());
            fields.clear();
            place.clear();
            wrong.set(None);
            if let Some(preset) = preset.and_then(|p| p.get_untracked()) {
                again.run(preset);
            }
        }
    });
    let take = move |list: Option<web_sys::FileList>| {
        over.set(false);
        let Some(list) = list else { return };
        let mut chosen = (0..list.length()).filter_map(|i| list.get(i));
        if way.get_untracked() == "archive" {
            archive.set(chosen.next());
            return;
        }
        entries.update(|have| {
            for file in chosen {
                have.retain(|e| e.label != file.name());
                have.push(Entry {
                    label: file.name(),
                    source: Source::File(file),
                    stored: None,
                    state: State::Waiting,
                });
            }
        });
    };
    let send = Callback::new(move |()| {
        let Some(file) = archive.get_untracked() else { return };
        if file.size() < 1.0 {
            return wrong.set(Some("This file is empty; choose another one.".to_owned()));
        }
        let common = match fields.read() {
            Ok(common) => common,
            Err(why) => return wrong.set(Some(why)),
        };
        wrong.set(None);
        let total = file.size();
        let flag = Rc::new(Cell::new(false));
        cancel.set_value(flag.clone());
        step.set(Step::Parts { done: 0.0, total });
        spawn_local(async move {
            let told = InputsUpload {
                input_id_conflict_resolution: common.conflict(),
                input_template: common.template(),
                ..InputsUpload::default()
            };
            // A page that is left stops sending; the same file goes on later.
            let seen = |done| step.try_set(Step::Parts { done, total }).is_none() && !flag.get();
            step.try_set(match send_archive(context, &file, told, seen).await {
                Ok(job) => Step::Following(job),
                Err(Halt::Cancelled) => Step::Choosing,
                Err(Halt::Failed(why)) => Step::Broken(why),
            });
        });
    });
    let ask = move || {
        let common = match fields.read() {
            Ok(common) => common,
            Err(why) => return wrong.set(Some(why)),
        };
        wrong.set(None);
        step.set(Step::Sending { what: "asking the server".to_owned(), done: 0.0, total: 0.0 });
        spawn_local(async move {
            match place.send(context, common).await {
                Ok(job) => {
                    step.try_set(Step::Following(job));
                }
                Err(why) => {
                    step.try_set(Step::Choosing);
                    wrong.try_set(Some(why));
                }
            }
        });
    };
    let start = Callback::new(move |again: bool| {
        match way.get_untracked() {
            "archive" => return send.run(()),
            "source" => return ask(),
            _ => {}
        }
        let common = match fields.read() {
            Ok(common) => common,
            Err(why) => return wrong.set(Some(why)),
        };
        if !again {
            let made = |label: &str, source: Source| Entry {
                label: label.to_owned(),
                source,
                stored: None,
                state: State::Waiting,
            };
            match way.get_untracked() {
                "urls" => entries.set(
                    urls.get_untracked()
                        .lines()
                        .map(str::trim)
                        .filter(|l| !l.is_empty())
                        .map(|l| made(l, Source::Url(l.to_owned())))
                        .collect(),
                ),
                "text" => entries.set(vec![made(
                    &text.get_untracked().chars().take(60).collect::<String>(),
                    Source::Text(text.get_untracked()),
                )]),
                _ => entries.update(|e| e.retain(|e| matches!(e.source, Source::File(_)))),
            }
        }
        wrong.set(None);
        let flag = Rc::new(Cell::new(false));
        cancel.set_value(flag.clone());
        step.set(Step::Sending { what: String::new(), done: 0.0, total: 0.0 });
        spawn_local(async move {
            run(context, entries, common, step, flag.clone()).await;
            step.try_set(Step::Over { cancelled: flag.get() });
        });
    });
    let empty = move || match way.get() {
        "urls" => urls.with(|u| u.trim().is_empty()),
        "text" => text.with(|t| t.trim().is_empty()),
        "archive" => archive.with(Option::is_none),
        "source" => place.url.with(|u| !u.contains("://")),
        _ => entries.with(Vec::is_empty),
    };
    let tally =
        move |wanted: fn(&State) -> bool| entries.with(|e| e.iter().filter(|e| wanted(&e.state)).count() as i64);
    view! {
        <Dialog open=open title="Add inputs" class="add-inputs">
            {move || match step.get() {
                Step::Choosing => view! {
                    <div class="body">
                        <div class="segmented" role="group" aria-label="From">
                            {[("files", "Files"), ("archive", "Archive"), ("urls", "Addresses"), ("source", "Cloud or folder"), ("text", "Text")].into_iter().map(|(key, word)| view! { <button type="button" aria-pressed=move || (way.get() == key).to_string() on:click=move |_| way.set(key)>{word}</button> }).collect_view()}
                        </div>
                        {move || match way.get() {
                            "urls" => view! { <label class="field"><span>"Addresses, one a line"</span><textarea class="input mono" rows="6" prop:value=urls on:input=move |e| urls.set(event_target_value(&e))></textarea><span class="hint">"Pictures, videos, recordings and texts, by their ending. The server fetches them."</span></label> }.into_any(),
                            "text" => view! { <label class="field"><span>"Text"</span><textarea class="input" rows="6" prop:value=text on:input=move |e| text.set(event_target_value(&e))></textarea><span class="hint">"It becomes one input."</span></label> }.into_any(),
                            "source" => view! { {place.view()}{fields.conflict()} }.into_any(),
                            "archive" => view! {
                                <div class="drop" class:over=over on:dragover=move |e| { e.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false)
                                    on:drop=move |e| { e.prevent_default(); take(e.data_transfer().and_then(|d| d.files())); }>
                                    <label class="field"><span class="vh">"Choose an archive"</span><input type="file" accept=".zip,.tar,.tgz,.gz" on:change=move |e| take(event_target::<web_sys::HtmlInputElement>(&e).files())/></label>
                                    <p class="small muted">{move || archive.with(|f| f.as_ref().map_or_else(|| "A ZIP, TAR or TGZ of pictures, videos, recordings and texts. It is sent in parts.".to_owned(), |f| format!("{}, {}", f.name(), format::bytes(f.size() as i64))))}</p>
                                </div>
                                {move || archive.with(|f| f.as_ref().and_then(|f| begun(context, f)).map(|sent| view! { <p class="small" role="status">{format!("Sending it was begun before: it goes on after {}, with what was said then.", format::bytes(sent as i64))}</p> }))}
                                {fields.conflict()}
                            }.into_any(),
                            _ => view! {
                                <div class="drop" class:over=over on:dragover=move |e| { e.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false)
                                    on:drop=move |e| { e.prevent_default(); take(e.data_transfer().and_then(|d| d.files())); }>
                                    <label class="field"><span class="vh">"Choose files"</span><input type="file" multiple accept="image/*,video/*,audio/*,.txt" on:change=move |e| take(event_target::<web_sys::HtmlInputElement>(&e).files())/></label>
                                    <p class="small muted">{move || { let n = entries.with(Vec::len) as i64; if n == 0 { "Pictures or text files; drop them here or choose them.".to_owned() } else { format!("{} chosen", format::of(n, "file", "files")) } }}</p>
                                </div>
                                {fields.conflict()}
                            }.into_any(),
                        }}
                        {fields.view()}
                        {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
                    </div>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                        <button type="button" class="btn primary" disabled=empty on:click=move |_| start.run(false)>"Add inputs"</button></footer>
                }.into_any(),
                Step::Parts { done, total } => view! {
                    <div class="body"><Progress label=archive.with(|f| f.as_ref().map(File::name).unwrap_or_default()) detail=format!("{} of {}", format::bytes(done as i64), format::bytes(total as i64)) done=done total=total/>
                        <p class="small muted">"Stay on this page until it is there. After a break, choose the same file again: it goes on where it was."</p></div>
                    <footer><button type="button" class="btn" on:click=move |_| cancel.with_value(|c| c.set(true))>"Cancel"</button></footer>
                }.into_any(),
                Step::Broken(why) => view! {
                    <div class="body"><div class="banner bad" role="alert"><Icon name="bad"/><div class="errors"><strong>"The archive has not arrived"</strong><span>{why}</span><span>"What has arrived is kept for a while; it goes on from there."</span></div></div></div>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button><button type="button" class="btn primary" on:click=move |_| send.run(())>"Go on"</button></footer>
                }.into_any(),
                Step::Following(job) => view! {
                    <div class="body"><AddJob id=job.clone() again=again/></div>
                    <footer><a class="btn" href=routes::job(&context.app.get_untracked(), "adding", &job) on:click=move |_| open.set(false)>"Open in Jobs"</a><button type="button" class="btn primary" on:click=move |_| open.set(false)>"Close"</button></footer>
                }.into_any(),
                Step::Sending { what, total: 0.0, .. } => view! { <div class="body"><Progress label=what detail="" done=0.0 total=0.0/></div><footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer> }.into_any(),
                Step::Sending { what, done, total } => view! {
                    <div class="body"><Progress label=what detail=format!("{} of {}", done.floor(), total) done=done total=total/>
                        <p class="small muted">"What is added already stays when you cancel."</p></div>
                    <footer><button type="button" class="btn" on:click=move |_| cancel.with_value(|c| c.set(true))>"Cancel"</button></footer>
                }.into_any(),
                Step::Over { cancelled } => {
                    let (added, failed) = (tally(|s| *s == State::Added), tally(|s| matches!(s, State::Failed(_))));
                    let waiting = tally(|s| *s == State::Waiting);
                    let failures = entries.with(|e| e.iter().filter_map(|e| match &e.state { State::Failed(why) => Some((e.label.clone(), why.clone())), _ => None }).collect::<Vec<_>>());
                    view! {
                        <div class="body">
                            <div class="banner" class:ok=failed == 0 && !cancelled class:bad=(failed > 0) role="status"><Icon name=if failed == 0 { "ok" } else { "bad" }/><div class="errors"><strong>{if cancelled { "Cancelled" } else if failed == 0 { "Added" } else { "Some were not added" }}</strong>
                                <span>{format!("{} added{}{}", format::of(added, "input", "inputs"), if failed > 0 { format!(", {} failed", format::count(failed)) } else { String::new() }, if waiting > 0 { format!(", {} not sent", format::count(waiting)) } else { String::new() })}</span></div></div>
                            {(!failures.is_empty()).then(|| view! { <div class="xscroll" tabindex="0" role="group" aria-label="What failed" style="max-height:260px;overflow:auto"><table class="table"><thead><tr><th scope="col">"Input"</th><th scope="col">"Why"</th></tr></thead><tbody>
                                {failures.into_iter().take(200).map(|(label, why)| view! { <tr><th scope="row" style="font-weight:400">{label}</th><td style="white-space:normal">{why}</td></tr> }).collect_view()}</tbody></table></div> })}
                        </div>
                        <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button>
                            {(failed + waiting > 0).then(|| view! { <button type="button" class="btn primary" on:click=move |_| start.run(true)>{if failed > 0 { "Retry what failed" } else { "Send the rest" }}</button> })}</footer>
                    }.into_any()
                }
            }}
        </Dialog>
    }
}
