//! The datasets of an app.

use crate::app::title;
use crate::components::{Dialog, ErrorPanel, Icon, Pill, Tone};
use crate::data::{context, is_own, mutate, query, scope};
use crate::{format, routes};
use labelscope_api::extensions::{GetDatasetSummary, StarDataset};
use labelscope_api::messages::{Dataset, DatasetVersion};
use labelscope_api::operations::{DeleteDatasets, ListDatasetVersions, ListDatasets, PatchDatasets, PostDatasets};
use labelscope_api::wire::Struct;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::query_signal;

/// The orders of the API: in the address, and in words.
const SORTS: [(&str, &str); 5] = [
    ("", "Changed last"),
    ("created", "Made last"),
    ("id", "By id"),
    ("stars", "Most stars"),
    ("relevance", "Best match"),
];

#[component]
pub(crate) fn Datasets() -> impl IntoView {
    let context = context();
    title("Datasets");
    let (search, set_search) = query_signal::<String>("q");
    let (sort, set_sort) = query_signal::<String>("sort");
    let (up, set_up) = query_signal::<bool>("up");
    let (starred, set_starred) = query_signal::<bool>("starred");
    let list = query(move || {
        let _ = context.app.get();
        let sort = sort.get().unwrap_or_default();
        // By id from the first letter on, all else from the latest and the most on, unless turned round.
        let turned = up.get().unwrap_or(false);
        Some(ListDatasets {
            user_app_id: scope(context),
            per_page: 200,
            search: search.get().unwrap_or_default(),
            starred_only: starred.get().unwrap_or(false),
            additional_fields: vec!["stars".to_owned()],
            sort_by_modified_at: sort.is_empty() && turned,
            sort_by_created_at: sort == "created",
            sort_by_id: sort == "id",
            sort_by_star_count: sort == "stars",
            sort_by_relevance: sort == "relevance",
            sort_ascending: (sort == "id") != turned,
            ..ListDatasets::default()
        })
    });
    let making = RwSignal::new(false);
    let editing = RwSignal::new(None::<Dataset>);
    let deleting = RwSignal::new(None::<Dataset>);
    view! {
        <div class="page-head flat"><div class="page-title"><h1>"Datasets"</h1>
            <div class="actions">
                <button type="button" class="btn" on:click=move |_| making.set(true)><Icon name="plus"/>"New dataset"</button>
                <a class="btn primary grow" href=move || routes::import(&context.app.get(), "")><Icon name="upload"/>"Import"</a>
            </div></div></div>
        <div class="toolbar" style="padding-inline:var(--page-x)">
            <label class="search" style="flex:1"><Icon name="search"/><span class="vh">"Search datasets"</span>
                <input type="search" placeholder="Id, description or notes" prop:value=move || search.get().unwrap_or_default()
                    on:change=move |e| set_search.set(Some(event_target_value(&e)).filter(|v| !v.is_empty()))/></label>
            <button type="button" class="chip" aria-pressed=move || starred.get().unwrap_or(false).to_string() on:click=move |_| set_starred.set((!starred.get_untracked().unwrap_or(false)).then_some(true))><Icon name="star"/>"Starred"</button>
            <label><span class="vh">"Order"</span><select class="select s" on:change=move |e| set_sort.set(Some(event_target_value(&e)).filter(|v| !v.is_empty()))>
                {SORTS.into_iter().map(|(key, word)| view! { <option value=key selected=move || sort.get().unwrap_or_default() == key>{word}</option> }).collect_view()}
            </select></label>
            <button type="button" class="btn iconly s" aria-label="Turn the order round" title="Turn the order round" aria-pressed=move || up.get().unwrap_or(false).to_string() on:click=move |_| set_up.set((!up.get_untracked().unwrap_or(false)).then_some(true))>{move || view! { <Icon name=if up.get().unwrap_or(false) { "up" } else { "dn" }/> }}</button>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Dataset list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The datasets could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.datasets.is_empty() {
                    let found_none = search.get().is_some() || starred.get().is_some();
                    return view! { <div class="empty"><h2>{if found_none { "No dataset matches" } else { "No datasets yet" }}</h2>
                        <p>{if found_none { "Words are found from their beginning, in id, description and notes; and only starred ones where that is chosen." } else { "A dataset is a named selection of inputs, which can be frozen and exported." }}</p>
                        <div class="actions"><a class="btn primary" href=routes::import(&context.app.get(), "")><Icon name="upload"/>"Import a dataset"</a></div></div> }.into_any();
                }
                let rows = reply.datasets.iter().map(|d| {
                    let (edit, delete) = (d.clone(), d.clone());
                    let version = d.version.as_ref().map(|v| { let text: String = v.id.chars().take(12).collect(); view! { <Pill tone=Tone::Ok text=text/> } });
                    view! { <tr>
                        <th scope="row"><span class="row"><Star dataset=d.clone()/><a class="lk strong" href=routes::dataset(&context.app.get(), &d.id)>{d.id.clone()}</a></span></th>
                        <td class="hide-phone"><span class="truncate">{d.description.clone()}</span></td>
                        <td>{version}</td>
                        <td class="num muted hide-phone">{format::time(d.modified_at)}</td>
                        <td class="num"><button type="button" class="btn iconly quiet s" aria-label=format!("Edit {}", d.id) title="Edit" on:click=move |_| editing.set(Some(edit.clone()))><Icon name="edit"/></button>
                            <button type="button" class="btn iconly quiet s" aria-label=format!("Delete {}", d.id) title="Delete" on:click=move |_| deleting.set(Some(delete.clone()))><Icon name="trash"/></button></td>
                    </tr> }
                }).collect_view();
                view! { <table class="table"><caption class="vh">"Datasets"</caption>
                    <thead><tr><th scope="col">"Dataset"</th><th scope="col" class="hide-phone">"Description"</th><th scope="col">"Latest version"</th><th scope="col" class="num hide-phone">"Changed"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.datasets.len() as i64, "dataset", "datasets"))}</span></div>
        <Make open=making/>
        <Edit dataset=editing/>
        <Delete dataset=deleting/>
    }
}

#[component]
fn Make(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let (id, description) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let dataset = Dataset {
            id: id.get_untracked().trim().to_owned(),
            description: description.get_untracked(),
            ..Dataset::default()
        };
        spawn_local(async move {
            match mutate(context, &PostDatasets { user_app_id: scope(context), datasets: vec![dataset] }).await {
                Ok(reply) => {
                    let made = reply.datasets.into_iter().next().unwrap_or_default();
                    context.good(format!("Dataset {} made", made.id));
                    open.try_set(false);
                    id.try_set(String::new());
                    description.try_set(String::new());
                }
                Err(error) => context.failed("The dataset was not made", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="New dataset">
            <form id="new-dataset" class="body" on:submit=submit>
                <label class="field"><span>"Id"</span><input class="input" required maxlength="128" placeholder="kitchens-2026" prop:value=id on:input=move |e| id.set(event_target_value(&e))/><span class="hint">"It stands in addresses and file names and cannot be changed."</span></label>
                <label class="field"><span>"Description"</span><input class="input" prop:value=description on:input=move |e| description.set(event_target_value(&e))/></label>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-dataset" class="btn primary">"Make dataset"</button></footer>
        </Dialog>
    }
}

/// The star of a dataset: set or taken away by a press. `count` is how many have set it.
#[component]
pub(crate) fn Star(dataset: Dataset) -> impl IntoView {
    let context = context();
    let (id, starred, count) = (dataset.id, dataset.is_starred, dataset.star_count);
    let label = format!("Star {id}");
    let press = move |_| {
        let dataset_id = id.clone();
        spawn_local(async move {
            let op = StarDataset { user_app_id: scope(context), dataset_id, starred: !starred };
            if let Err(error) = mutate(context, &op).await {
                context.failed("The star was not changed", &error);
            }
        });
    };
    view! {
        <button type="button" class="btn iconly quiet s star" aria-pressed=starred.to_string() aria-label=label disabled=!is_own() title=if !is_own() { "Stars cannot be set at this server" } else if starred { "Take the star away" } else { "Set a star" } on:click=press><Icon name="star"/></button>
        {(count > 1).then(|| view! { <span class="small faint">{format::count(i64::from(count))}</span> })}
    }
}

/// A metadata object as text; empty for none.
pub(crate) fn metadata_text(metadata: Option<&Struct>) -> String {
    metadata.filter(|m| !m.is_empty()).and_then(|m| serde_json::to_string_pretty(m).ok()).unwrap_or_default()
}

/// The object that a text says, or what is wrong with it.
pub(crate) fn metadata_of(text: &str) -> Result<Struct, String> {
    if text.trim().is_empty() {
        return Ok(Struct::new());
    }
    serde_json::from_slice(text.as_bytes()).map_err(|error| format!("This is no JSON object: {error}."))
}

/// The field of a metadata object.
#[component]
pub(crate) fn MetadataField(value: RwSignal<String>, wrong: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <label class="field"><span>"Metadata, a JSON object"</span>
            <textarea class="input mono" rows="4" spellcheck="false" placeholder="{\"license\": \"Apache-2.0\"}" aria-invalid=move || wrong.get().is_some().then_some("true") prop:value=value
                on:input=move |e| { wrong.set(None); value.set(event_target_value(&e)); }></textarea>
            {move || wrong.get().map(|why| view! { <span class="error" role="alert">{why}</span> })}</label>
    }
}

/// Description, notes and metadata of a dataset; open while there is one.
#[component]
pub(crate) fn Edit(dataset: RwSignal<Option<Dataset>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let (description, notes) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let metadata = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if let Some(d) = dataset.get() {
            description.set(d.description);
            notes.set(d.notes);
            metadata.set(metadata_text(d.metadata.as_ref()));
            wrong.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            dataset.set(None);
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(old) = dataset.get_untracked() else { return };
        let (said, noted) = (description.get_untracked(), notes.get_untracked());
        let metadata = match metadata_of(&metadata.get_untracked()) {
            Ok(m) => Some(m).filter(|m| Some(m) != old.metadata.as_ref() && !(m.is_empty() && old.metadata.is_none())),
            Err(why) => return wrong.set(Some(why)),
        };
        spawn_local(async move {
            // An empty field means "leave it" to the API; clearing is an action of its own.
            let cleared = Dataset {
                id: old.id.clone(),
                description: if said.is_empty() { old.description.clone() } else { String::new() },
                notes: if noted.is_empty() { old.notes.clone() } else { String::new() },
                ..Dataset::default()
            };
            let changed =
                Dataset { id: old.id.clone(), description: said, notes: noted, metadata, ..Dataset::default() };
            let patch = |action: &str, d: Dataset| PatchDatasets {
                user_app_id: scope(context),
                action: action.to_owned(),
                datasets: vec![d],
            };
            let mut outcome = mutate(context, &patch("overwrite", changed)).await;
            if outcome.is_ok() && (!cleared.description.is_empty() || !cleared.notes.is_empty()) {
                outcome = mutate(context, &patch("remove", cleared)).await;
            }
            match outcome {
                Ok(_) => {
                    context.good(format!("Dataset {} changed", old.id));
                    open.try_set(false);
                }
                Err(error) => context.failed("The dataset was not changed", &error),
            }
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Edit {}", dataset.get().map(|d| d.id).unwrap_or_default()))>
            <form id="edit-dataset" class="body" on:submit=submit>
                <label class="field"><span>"Description"</span><input class="input" prop:value=description on:input=move |e| description.set(event_target_value(&e))/></label>
                <label class="field"><span>"Notes"</span><textarea class="input" rows="6" prop:value=notes on:input=move |e| notes.set(event_target_value(&e))></textarea></label>
                <MetadataField value=metadata wrong=wrong/>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="edit-dataset" class="btn primary">"Save"</button></footer>
        </Dialog>
    }
}

/// Deleting asks for the id to be typed, and says what goes with it.
#[component]
fn Delete(dataset: RwSignal<Option<Dataset>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| {
        if dataset.get().is_some() {
            typed.set(String::new());
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            dataset.set(None);
        }
    });
    let id = move || dataset.get().map(|d| d.id).unwrap_or_default();
    let deleting = RwSignal::new(false);
    let asked = move || dataset.get().filter(|_| !deleting.get());
    let versions = query(move || {
        asked().map(|d| ListDatasetVersions {
            user_app_id: scope(context),
            dataset_id: d.id,
            per_page: 1000,
            ..ListDatasetVersions::default()
        })
    });
    let summary = query(move || asked().map(|d| GetDatasetSummary { user_app_id: scope(context), dataset_id: d.id }));
    let goes = move || {
        let list = versions.value.get()?;
        let exports = |v: &DatasetVersion| {
            v.export_info.as_ref().map_or(0, |e| {
                [&e.coco, &e.clarifai_data_json, &e.clarifai_data_protobuf].into_iter().flatten().count()
            })
        };
        let archives: usize = list.dataset_versions.iter().map(exports).sum();
        let members = summary.value.get().and_then(|r| r.summary.as_ref().map(|s| s.inputs.0));
        let stays = members.map(|n| format!(" Its {} stay in the app.", format::of(n, "input", "inputs")));
        Some(format!(
            "{} and {} go with it.{}",
            format::of(list.dataset_versions.len() as i64, "version", "versions"),
            format::of(archives as i64, "export", "exports"),
            stays.unwrap_or_default()
        ))
    };
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(gone) = dataset.get_untracked().map(|d| d.id).filter(|id| *id == typed.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            let op = DeleteDatasets { user_app_id: scope(context), dataset_ids: vec![gone.clone()] };
            // The dialog asks what goes with the dataset. News of the deletion may come before its reply does, and must
            // not make it ask once more.
            deleting.set(true);
            labelscope_client::sleep_ms(0).await;
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good(format!("Dataset {gone} deleted"));
                    // First what is asked about, then the dialog.
                    dataset.try_set(None);
                    open.try_set(false);
                }
                Err(error) => context.failed("The dataset was not deleted", &error),
            }
            deleting.try_set(false);
        });
    };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Delete {}", id()))>
            <form id="delete-dataset" class="body" on:submit=submit>
                <p>{move || goes().unwrap_or_else(|| "All its versions and exports go with it. Its inputs and their annotations stay in the app.".to_owned())}" This cannot be undone."</p>
                <label class="field"><span>"Type the id to delete it"</span><input class="input" autocomplete="off" prop:value=typed on:input=move |e| typed.set(event_target_value(&e))/></label>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="submit" form="delete-dataset" class="btn danger" disabled=move || typed.get() != id()>"Delete dataset"</button></footer>
        </Dialog>
    }
}
