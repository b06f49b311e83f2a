//! What all inputs get that are added at once.

use crate::pages::pick::{ConceptList, DatasetField};
use crate::pages::search::place;
use labelscope_api::messages::{Concept, Data, Geo, Input, InputIdConflictResolution};
use labelscope_api::wire::Struct;
use leptos::prelude::*;

/// What all of them get.
#[derive(Clone, Default)]
pub(super) struct Common {
    pub dataset: String,
    pub concepts: Vec<(String, String)>,
    pub metadata: Option<Struct>,
    pub geo: Option<Geo>,
    pub suffix: bool,
}

impl Common {
    pub fn data(&self) -> Data {
        let concept =
            |(id, name): &(String, String)| Concept { id: id.clone(), name: name.clone(), ..Concept::default() };
        Data {
            concepts: self.concepts.iter().map(concept).collect(),
            metadata: self.metadata.clone(),
            geo: self.geo.clone(),
            ..Data::default()
        }
    }

    pub fn dataset_ids(&self) -> Vec<String> {
        Some(self.dataset.clone()).filter(|d| !d.is_empty()).into_iter().collect()
    }

    /// As the server wants it that finds the inputs itself; nothing where nothing is said.
    pub fn template(&self) -> Option<Box<Input>> {
        let data = Some(self.data()).filter(|d| *d != Data::default());
        let input = Input { data: data.map(Box::new), dataset_ids: self.dataset_ids(), ..Input::default() };
        (input != Input::default()).then(|| Box::new(input))
    }

    pub fn conflict(&self) -> InputIdConflictResolution {
        if self.suffix { InputIdConflictResolution::SUFFIX } else { InputIdConflictResolution::SKIP }
    }
}

/// The fields for it.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    dataset: RwSignal<String>,
    concepts: RwSignal<Vec<(String, String)>>,
    metadata: RwSignal<String>,
    latitude: RwSignal<String>,
    longitude: RwSignal<String>,
    suffix: RwSignal<bool>,
}

impl Fields {
    pub fn new() -> Self {
        let [dataset, metadata, latitude, longitude] = [(); 4].map(|()| RwSignal::new(String::new()));
        let (concepts, suffix) = (RwSignal::new(Vec::new()), RwSignal::new(false));
        Self { dataset, concepts, metadata, latitude, longitude, suffix }
    }

    pub fn clear(self) {
        for field in [self.dataset, self.metadata, self.latitude, self.longitude] {
            field.set(String::new());
        }
        self.concepts.set(Vec::new());
        self.suffix.set(false);
    }

    /// What an earlier job said of its inputs.
    pub fn fill(self, template: Option<&Input>, conflict: InputIdConflictResolution) {
        self.suffix.set(conflict == InputIdConflictResolution::SUFFIX);
        let Some(input) = template else { return };
        self.dataset.set(input.dataset_ids.first().cloned().unwrap_or_default());
        let Some(data) = &input.data else { return };
        self.concepts.set(data.concepts.iter().map(|c| (c.id.clone(), c.name.clone())).collect());
        if let Some(metadata) = &data.metadata {
            self.metadata.set(serde_json::to_string(metadata).unwrap_or_default());
        }
        if let Some(point) = data.geo.as_ref().and_then(|g| g.geo_point.as_ref()) {
            self.latitude.set(point.latitude.to_string());
            self.longitude.set(point.longitude.to_string());
        }
    }

    /// What the fields say, or what is wrong with them.
    pub fn read(self) -> Result<Common, String> {
        let mut common = Common {
            dataset: self.dataset.get_untracked(),
            concepts: self.concepts.get_untracked(),
            suffix: self.suffix.get_untracked(),
            ..Common::default()
        };
        let said = self.metadata.get_untracked();
        if !said.trim().is_empty() {
            let read = serde_json::from_slice::<Struct>(said.as_bytes());
            common.metadata = Some(read.map_err(|error| format!("The metadata is no JSON object: {error}."))?);
        }
        let (lat, lon) = (self.latitude.get_untracked(), self.longitude.get_untracked());
        if !lat.trim().is_empty() || !lon.trim().is_empty() {
            common.geo = Some(Geo { geo_point: Some(place(&lat, &lon)?), ..Geo::default() });
        }
        Ok(common)
    }

    /// What happens with ids that are taken.
    pub fn conflict(self) -> AnyView {
        let suffix = self.suffix;
        view! {
            <label class="check"><input type="checkbox" prop:checked=suffix on:change=move |e| suffix.set(event_target_checked(&e))/>"Add a number where an id is taken; else such inputs are skipped"</label>
        }
        .into_any()
    }

    pub fn view(self) -> AnyView {
        let Self { dataset, concepts, metadata, latitude, longitude, .. } = self;
        view! {
            <DatasetField value=dataset label="Dataset" none="None: only to the app"/>
            <details class="more"><summary>"Concepts, metadata, place"</summary><div class="stack-m">
                <ConceptList list=concepts label="Concept of all of them"/>
                <label class="field"><span>"Metadata, a JSON object"</span><textarea class="input mono" rows="3" placeholder="{\"split\": \"train\"}" prop:value=metadata on:input=move |e| metadata.set(event_target_value(&e))></textarea></label>
                <div class="fields">
                    <label class="field"><span>"Latitude"</span><input class="input" inputmode="decimal" prop:value=latitude on:input=move |e| latitude.set(event_target_value(&e))/></label>
                    <label class="field"><span>"Longitude"</span><input class="input" inputmode="decimal" prop:value=longitude on:input=move |e| longitude.set(event_target_value(&e))/></label>
                </div>
            </div></details>
        }
        .into_any()
    }
}
