//! The fields: a file, and a model with its version, chosen or newly named.

use crate::components::{Choice, Icon};
use crate::data::{context, is_own, query, scope};
use crate::format;
use labelscope_api::operations::{ListModelTypes, ListModelVersions, ListModels};
use leptos::prelude::*;
use web_sys::{File, FileList};

/// A file, dropped or chosen.
#[component]
pub(super) fn FileField(file: RwSignal<Option<File>, LocalStorage>) -> impl IntoView {
    let over = RwSignal::new(false);
    let take = move |list: Option<FileList>| {
        if let Some(first) = list.and_then(|l| l.get(0)) {
            file.set(Some(first));
        }
    };
    view! {
        <div class="drop" class:over=over
            on:dragover=move |e| { e.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=move |e| { e.prevent_default(); over.set(false); take(e.data_transfer().and_then(|d| d.files())); }>
            <Icon name="upload"/>
            <p><strong>"Drop the predictions here"</strong>": COCO results, a table of scores, or Clarifai JSON"</p>
            <label class="field"><span class="vh">"Choose a file"</span><input type="file" accept=".json,.csv" on:change=move |e| take(event_target::<web_sys::HtmlInputElement>(&e).files())/></label>
        </div>
        {move || file.get().map(|f| view! { <p class="muted" role="status">{format!("{}, {}", f.name(), format::bytes(f.size() as i64))}</p> })}
        <details><summary>"What the file may look like"</summary>
            <dl class="kv small">
                <dt>"COCO results"</dt><dd class="mono wrap-anywhere">"[{\"image_id\": 1, \"category_id\": 3, \"bbox\": [0, 13, 174, 231], \"score\": 0.47}]"</dd>
                <dt>"CSV"</dt><dd class="mono wrap-anywhere">"input_id,concept_id,score"<br/>"rooms-1,chair,0.47"</dd>
                <dt>"CSV, wide"</dt><dd class="mono wrap-anywhere">"input_id,chair,table"<br/>"rooms-1,0.47,0.02"</dd>
                <dt>"Clarifai"</dt><dd class="mono wrap-anywhere">"{\"outputs\": [{\"input\": {\"id\": \"rooms-1\"}, \"data\": {\"concepts\": [{\"id\": \"chair\", \"value\": 0.47}]}}]}"</dd>
            </dl>
        </details>
    }
}

/// Which model: one that is registered, or a new one with its type.
#[component]
pub(super) fn ModelField(model: RwSignal<String>, kind: RwSignal<String>) -> impl IntoView {
    let context = context();
    let models = query(move || {
        is_own().then(|| ListModels { user_app_id: scope(context), per_page: 1000, ..ListModels::default() })
    });
    let types = query(move || {
        is_own().then(|| ListModelTypes { user_app_id: scope(context), per_page: 1000, ..ListModelTypes::default() })
    });
    let new = Memo::new(move |_| {
        let id = model.get().trim().to_owned();
        !id.is_empty() && models.value.get().is_some_and(|r| r.models.iter().all(|m| m.id != id))
    });
    let options = Signal::derive(move || {
        let reply = types.value.get();
        let told = reply.iter().flat_map(|r| &r.model_types).map(|t| (t.id.clone(), t.title.clone()));
        std::iter::once((String::new(), "As the file tells: objects or labels".to_owned())).chain(told).collect()
    });
    view! {
        <label class="field"><span>"Model"</span>
            <input class="input" list="predicting-models" autocomplete="off" required maxlength="128" placeholder="Choose one, or name a new one" aria-describedby="predicting-model-is" prop:value=model on:input=move |e| model.set(event_target_value(&e))/>
        </label>
        <datalist id="predicting-models">{move || models.value.get().map(|r| r.models.iter().map(|m| view! { <option value=m.id.clone()>{m.name.clone()}</option> }).collect_view())}</datalist>
        <p id="predicting-model-is" class="small muted" hidden=move || !new.get()>"This model is new: it is registered with the import."</p>
        {move || new.get().then(|| view! { <Choice label="Type of the new model" value=kind options=options change=Callback::new(move |v| kind.set(v))/> })}
    }
}

/// Which version of it: one that is registered, or a new one.
#[component]
pub(super) fn VersionField(model: RwSignal<String>, version: RwSignal<String>) -> impl IntoView {
    let context = context();
    let models = query(move || {
        is_own().then(|| ListModels { user_app_id: scope(context), per_page: 1000, ..ListModels::default() })
    });
    // Only what is there is asked for.
    let known = Memo::new(move |_| {
        let id = model.get().trim().to_owned();
        models.value.get().is_some_and(|r| r.models.iter().any(|m| m.id == id)).then_some(id)
    });
    let versions = query(move || {
        known.get().map(|model_id| ListModelVersions {
            user_app_id: scope(context),
            model_id,
            per_page: 1000,
            ..ListModelVersions::default()
        })
    });
    let ids = Memo::new(move |_| -> Vec<(String, String)> {
        let reply = versions.value.get().filter(|_| known.get().is_some());
        reply.iter().flat_map(|r| &r.model_versions).map(|v| (v.id.clone(), v.description.clone())).collect()
    });
    let new = move || {
        let id = version.get().trim().to_owned();
        !id.is_empty() && ids.with(|ids| ids.iter().all(|(known, _)| *known != id))
    };
    view! {
        <label class="field"><span>"Version of the model"</span>
            <input class="input" list="predicting-versions" autocomplete="off" required maxlength="128" placeholder="Choose one, or name a new one" aria-describedby="predicting-version-is" prop:value=version on:input=move |e| version.set(event_target_value(&e))/>
        </label>
        <datalist id="predicting-versions">{move || ids.get().into_iter().map(|(id, said)| view! { <option value=id>{said}</option> }).collect_view()}</datalist>
        <p id="predicting-version-is" class="small muted" hidden=move || !new()>"This version is new: it is registered with the import."</p>
    }
}
