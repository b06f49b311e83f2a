//! Adding inputs: files, addresses, text. What fails is kept and can be tried again by itself.

use super::bulk::BATCH;
use super::pick::{ConceptField, DatasetField};
use super::search::place;
use crate::components::{Dialog, Icon, Progress};
use crate::data::{Context, context, is_own, mutate, post_media, scope};
use crate::format;
use labelscope_api::messages::{
    Audio, Concept, Data, Geo, Image, Input, InputIdConflictResolution, StatusCode, Text, Video,
};
use labelscope_api::operations::PostInputs;
use labelscope_api::wire::{Base64, Struct};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Inputs whose files travel in one call.
const WHOLE: usize = 4;

/// What an input is made of.
#[derive(Clone)]
enum Source {
    File(File),
    Url(String),
    Text(String),
}

/// One input on its way.
#[derive(Clone)]
struct Entry {
    label: String,
    source: Source,
    /// Where its file has come to; kept, so that a second try sends it only once.
    stored: Option<String>,
    state: State,
}

#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Added,
    Failed(String),
}

#[derive(Clone, PartialEq)]
enum Step {
    Choosing,
    Sending { what: String, done: f64, total: f64 },
    Over { cancelled: bool },
}

/// What all of them get.
#[derive(Clone, Default)]
struct Common {
    dataset: String,
    concepts: Vec<(String, String)>,
    metadata: Option<Struct>,
    geo: Option<Geo>,
    suffix: bool,
}

/// The end of a name or an address, in small letters.
fn ending(name: &str) -> String {
    let path = name.split(['?', '#']).next().unwrap_or(name);
    path.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default()
}

/// An id made of a file's name.
fn id_of(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let id: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    id.trim_matches('-').chars().take(100).collect()
}

fn input(entry: &Entry, common: &Common) -> Input {
    let mut data = Data {
        concepts: common
            .concepts
            .iter()
            .map(|(id, name)| Concept { id: id.clone(), name: name.clone(), ..Concept::default() })
            .collect(),
        metadata: common.metadata.clone(),
        geo: common.geo.clone(),
        ..Data::default()
    };
    let address = match &entry.source {
        Source::Text(raw) => {
            data.text = Some(Text { raw: raw.clone(), ..Text::default() });
            None
        }
        Source::Url(url) => Some(url.clone()),
        // The words themselves are kept of a text file.
        Source::File(_) if ending(&entry.label) == "txt" => {
            data.text = entry.stored.clone().map(|raw| Text { raw, ..Text::default() });
            None
        }
        Source::File(_) => entry.stored.clone(),
    };
    if let Some(url) = address {
        put(&mut data, &entry.label, url, Base64::default());
    }
    Input {
        id: if let Source::File(file) = &entry.source { id_of(&file.name()) } else { String::new() },
        data: Some(Box::new(data)),
        dataset_ids: Some(common.dataset.clone()).filter(|d| !d.is_empty()).into_iter().collect(),
        ..Input::default()
    }
}

/// Puts a file into data: where it is, or the whole of it.
fn put(data: &mut Data, name: &str, url: String, base64: Base64) {
    match ending(name).as_str() {
        "mp4" | "mov" | "webm" | "avi" | "mkv" => data.video = Some(Video { url, base64, ..Video::default() }),
        "mp3" | "wav" | "flac" | "ogg" | "m4a" => data.audio = Some(Audio { url, base64, ..Audio::default() }),
        "txt" => data.text = Some(Text { url, ..Text::default() }),
        _ => data.image = Some(Image { url, base64, ..Image::default() }),
    }
}

/// A file that no server of ours stores travels in the call itself.
async fn whole(file: &File, input: &mut Input) -> Result<(), String> {
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| "the file could not be read".to_owned())?;
    let bytes = Base64(js_sys::Uint8Array::new(&bytes).to_vec());
    put(input.data.get_or_insert_default(), &file.name(), String::new(), bytes);
    Ok(())
}

/// Sends what is not there yet, in batches.
async fn run(
    context: Context,
    entries: RwSignal<Vec<Entry>, LocalStorage>,
    common: Common,
    step: RwSignal<Step>,
    cancelled: Rc<Cell<bool>>,
) {
    let waiting: Vec<usize> = entries
        .with_untracked(|e| e.iter().enumerate().filter(|(_, e)| e.state != State::Added).map(|(i, _)| i).collect());
    let total = waiting.len() as f64;
    let set = |index: usize, state: State| {
        entries.try_update(|e| {
            if let Some(entry) = e.get_mut(index) {
                entry.state = state;
            }
        });
    };
    let mut sent = 0.0;
    let away = !is_own();
    for batch in waiting.chunks(if away { WHOLE } else { BATCH }) {
        let mut ready = Vec::new();
        for index in batch.iter().copied() {
            if cancelled.get() {
                return;
            }
            let Some(entry) = entries.with_untracked(|e| e.get(index).cloned()) else { continue };
            let stays = away && ending(&entry.label) != "txt";
            if let (Source::File(file), None, false) = (&entry.source, &entry.stored, stays) {
                step.try_set(Step::Sending { what: entry.label.clone(), done: sent, total });
                let (size, before, label) = (file.size().max(1.0), sent, entry.label.clone());
                let outcome = if ending(&entry.label) == "txt" {
                    JsFuture::from(file.text())
                        .await
                        .ok()
                        .and_then(|t| t.as_string())
                        .ok_or_else(|| "the file could not be read".to_owned())
                } else {
                    post_media(file, move |done| {
                        step.try_set(Step::Sending {
                            what: label.clone(),
                            done: before + (done / size).min(1.0),
                            total,
                        });
                    })
                    .await
                };
                match outcome {
                    Ok(url) => {
                        entries.try_update(|e| {
                            if let Some(entry) = e.get_mut(index) {
                                entry.stored = Some(url);
                            }
                        });
                    }
                    Err(why) => {
                        set(index, State::Failed(why));
                        sent += 1.0;
                        continue;
                    }
                }
            }
            sent += 1.0;
            if let Some(entry) = entries.with_untracked(|e| e.get(index).cloned()) {
                let mut input = input(&entry, &common);
                if let (Source::File(file), true) = (&entry.source, stays)
                    && let Err(why) = whole(file, &mut input).await
                {
                    set(index, State::Failed(why));
                    continue;
                }
                ready.push((index, input));
            }
        }
        if cancelled.get() || ready.is_empty() {
            continue;
        }
        step.try_set(Step::Sending { what: "adding inputs".to_owned(), done: sent, total });
        let (places, inputs): (Vec<usize>, Vec<Input>) = ready.into_iter().unzip();
        let op = PostInputs {
            user_app_id: scope(context),
            inputs,
            input_id_conflict_resolution: if common.suffix {
                InputIdConflictResolution::SUFFIX
            } else {
                InputIdConflictResolution::SKIP
            },
            ..PostInputs::default()
        };
        match mutate(context, &op).await {
            Ok(reply) => {
                for (at, index) in places.into_iter().enumerate() {
                    let status = reply.inputs.get(at).and_then(|i| i.status.clone()).unwrap_or_default();
                    let fine = [
                        StatusCode::INPUT_SUCCESS,
                        StatusCode::INPUT_PENDING,
                        StatusCode::INPUT_IN_PROGRESS,
                        StatusCode::SUCCESS,
                    ];
                    let state = if fine.contains(&status.code) {
                        State::Added
                    } else {
                        let why = if status.details.is_empty() { status.description } else { status.details };
                        State::Failed(format!("{why} (code {})", status.code.0))
                    };
                    set(index, state);
                }
            }
            Err(error) => {
                // A call in which every input failed is an error too; its words stand with each of them.
                let why = if error.details().is_empty() { error.to_string() } else { error.details().to_owned() };
                let code = error.code().0;
                for index in places {
                    set(index, State::Failed(if code == 0 { why.clone() } else { format!("{why} (code {code})") }));
                }
            }
        }
    }
}

/// The dialog.
#[component]
pub(crate) fn Add(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let way = RwSignal::new("files");
    let entries = RwSignal::new_local(Vec::<Entry>::new());
    let (urls, text, over) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let (dataset, metadata) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (latitude, longitude) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let concepts = RwSignal::new(Vec::<(String, String)>::new());
    let suffix = RwSignal::new(false);
    let picked = RwSignal::new(None);
    let step = RwSignal::new(Step::Choosing);
    let wrong = RwSignal::new(None::<String>);
    let cancel = StoredValue::new_local(Rc::new(Cell::new(false)));
    Effect::new(move |_| {
        if open.get() && !matches!(step.get_untracked(), Step::Sending { .. }) {
            step.set(Step::Choosing);
            entries.set(Vec::new());
            urls.set(String::new());
            text.set(String::new());
            for field in [dataset, metadata, latitude, longitude] {
                field.set(String::new());
            }
            concepts.set(Vec::new());
            suffix.set(false);
            wrong.set(None);
        }
    });
    let take = move |list: Option<web_sys::FileList>| {
        let Some(list) = list else { return };
        let chosen = (0..list.length()).filter_map(|i| list.get(i));
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
    let start = Callback::new(move |again: bool| {
        let mut common = Common {
            dataset: dataset.get_untracked(),
            concepts: concepts.get_untracked(),
            suffix: suffix.get_untracked(),
            ..Common::default()
        };
        let said = metadata.get_untracked();
        if !said.trim().is_empty() {
            match serde_json::from_slice::<Struct>(said.as_bytes()) {
                Ok(m) => common.metadata = Some(m),
                Err(error) => return wrong.set(Some(format!("The metadata is no JSON object: {error}."))),
            }
        }
        let (lat, lon) = (latitude.get_untracked(), longitude.get_untracked());
        if !lat.trim().is_empty() || !lon.trim().is_empty() {
            match place(&lat, &lon) {
                Ok(p) => common.geo = Some(Geo { geo_point: Some(p), ..Geo::default() }),
                Err(why) => return wrong.set(Some(why.to_owned())),
            }
        }
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
                            {[("files", "Files"), ("urls", "Addresses"), ("text", "Text")].into_iter().map(|(key, word)| view! { <button type="button" aria-pressed=move || (way.get() == key).to_string() on:click=move |_| way.set(key)>{word}</button> }).collect_view()}
                        </div>
                        {move || match way.get() {
                            "urls" => view! { <label class="field"><span>"Addresses, one a line"</span><textarea class="input mono" rows="6" prop:value=urls on:input=move |e| urls.set(event_target_value(&e))></textarea><span class="hint">"Pictures, videos, recordings and texts, by their ending. The server fetches them."</span></label> }.into_any(),
                            "text" => view! { <label class="field"><span>"Text"</span><textarea class="input" rows="6" prop:value=text on:input=move |e| text.set(event_target_value(&e))></textarea><span class="hint">"It becomes one input."</span></label> }.into_any(),
                            _ => view! {
                                <div class="drop" class:over=over on:dragover=move |e| { e.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false)
                                    on:drop=move |e| { e.prevent_default(); over.set(false); take(e.data_transfer().and_then(|d| d.files())); }>
                                    <label class="field"><span class="vh">"Choose files"</span><input type="file" multiple accept="image/*,video/*,audio/*,.txt" on:change=move |e| take(event_target::<web_sys::HtmlInputElement>(&e).files())/></label>
                                    <p class="small muted">{move || { let n = entries.with(Vec::len) as i64; if n == 0 { "Pictures or text files; drop them here or choose them.".to_owned() } else { format!("{} chosen", format::of(n, "file", "files")) } }}</p>
                                </div>
                                <label class="check"><input type="checkbox" prop:checked=suffix on:change=move |e| suffix.set(event_target_checked(&e))/>"Add a number where an id is taken"</label>
                            }.into_any(),
                        }}
                        <DatasetField value=dataset label="Dataset" none="None: only to the app"/>
                        <details class="more"><summary>"Concepts, metadata, place"</summary><div class="stack-m">
                            <ConceptField picked=picked label="Concept of all of them" take=Callback::new(move |c: (String, String)| concepts.update(|list| if !list.contains(&c) { list.push(c) }))/>
                            <p class="row wrap">{move || concepts.get().into_iter().map(|(id, name)| view! { <span class="chip">{name.clone()}<button type="button" class="x" aria-label=format!("Remove {name}") on:click=move |_| concepts.update(|l| l.retain(|c| c.0 != id))><Icon name="x"/></button></span> }).collect_view()}</p>
                            <label class="field"><span>"Metadata, a JSON object"</span><textarea class="input mono" rows="3" placeholder="{\"split\": \"train\"}" prop:value=metadata on:input=move |e| metadata.set(event_target_value(&e))></textarea></label>
                            <div class="fields">
                                <label class="field"><span>"Latitude"</span><input class="input" inputmode="decimal" prop:value=latitude on:input=move |e| latitude.set(event_target_value(&e))/></label>
                                <label class="field"><span>"Longitude"</span><input class="input" inputmode="decimal" prop:value=longitude on:input=move |e| longitude.set(event_target_value(&e))/></label>
                            </div>
                        </div></details>
                        {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
                    </div>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                        <button type="button" class="btn primary" disabled=empty on:click=move |_| start.run(false)>"Add inputs"</button></footer>
                }.into_any(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(label: &str, source: Source) -> Entry {
        Entry { label: label.to_owned(), source, stored: None, state: State::Waiting }
    }

    #[test]
    fn the_ending_says_what_an_address_is() {
        let common = Common { dataset: "d".to_owned(), ..Common::default() };
        let of = |url: &str| input(&entry(url, Source::Url(url.to_owned())), &common);
        let video = of("https://example.org/a.MP4?x=1").data.unwrap();
        assert_eq!(video.video.map(|v| v.url).as_deref(), Some("https://example.org/a.MP4?x=1"));
        assert!(of("https://example.org/a.wav").data.unwrap().audio.is_some());
        assert!(of("https://example.org/a.txt").data.unwrap().text.is_some());
        let image = of("https://example.org/picture");
        assert_eq!((image.dataset_ids, image.data.unwrap().image.is_some()), (vec!["d".to_owned()], true));
    }

    #[test]
    fn ids_come_from_names() {
        assert_eq!([id_of("Küche 1.jpg"), id_of("a_b-c.tar.gz"), id_of("...")], ["K-che-1", "a_b-c-tar", ""]);
    }
}
