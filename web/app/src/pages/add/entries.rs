//! Inputs one by one: files, addresses, text. What fails is kept and can be tried again by itself.

use super::Step;
use super::common::Common;
use crate::data::{Context, is_own, mutate, post_media, scope};
use crate::pages::bulk::BATCH;
use labelscope_api::messages::{Audio, Data, Image, Input, StatusCode, Text, Video};
use labelscope_api::operations::PostInputs;
use labelscope_api::wire::Base64;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Inputs whose files travel in one call.
const WHOLE: usize = 4;

/// What an input is made of.
#[derive(Clone)]
pub(super) enum Source {
    File(File),
    Url(String),
    Text(String),
}

/// One input on its way.
#[derive(Clone)]
pub(super) struct Entry {
    pub label: String,
    pub source: Source,
    /// Where its file has come to; kept, so that a second try sends it only once.
    pub stored: Option<String>,
    pub state: State,
}

#[derive(Clone, PartialEq)]
pub(super) enum State {
    Waiting,
    Added,
    Failed(String),
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
    let mut data: Data = common.data();
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
        dataset_ids: common.dataset_ids(),
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
pub(super) async fn run(
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
            input_id_conflict_resolution: common.conflict(),
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
