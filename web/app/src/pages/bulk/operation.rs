//! The fields of each change to many inputs, and what they say.

use crate::components::{Icon, TextField};
use crate::pages::pick::{ConceptList, DatasetField};
use crate::pages::search::place;
use labelscope_api::messages::{
    AddConcepts, AddMetadata, AddToDataset, BulkDeleteAnnotations, BulkOperationKind, Concept, Dataset, DatasetSplit,
    DatasetSplitMethod, DeleteConcepts, DeleteFromDataset, DeleteGeo, DeleteMetadata, Geo, OverwriteGeo,
    SplitIntoDatasets,
};
use labelscope_api::wire::Struct;
use leptos::prelude::*;

/// The changes, and what they are called.
pub(super) const KINDS: [(&str, &str); 10] = [
    ("add_concepts", "Add concepts"),
    ("delete_concepts", "Remove concepts"),
    ("add_metadata", "Set metadata"),
    ("delete_metadata", "Remove metadata"),
    ("overwrite_geo", "Set the place"),
    ("delete_geo", "Remove the place"),
    ("add_to_dataset", "Add to a dataset"),
    ("delete_from_dataset", "Remove from a dataset"),
    ("split_into_datasets", "Split into datasets"),
    ("delete_annotations", "Delete all annotations"),
];

/// A dataset and its share, as typed.
type Share = (RwSignal<String>, RwSignal<String>);

#[derive(Clone, Copy)]
pub(super) struct Form {
    pub kind: RwSignal<String>,
    concepts: RwSignal<Vec<(String, String)>>,
    metadata: RwSignal<String>,
    keys: RwSignal<String>,
    latitude: RwSignal<String>,
    longitude: RwSignal<String>,
    dataset: RwSignal<String>,
    shares: RwSignal<Vec<Share>>,
}

fn share(percent: &str) -> Share {
    (RwSignal::new(String::new()), RwSignal::new(percent.to_owned()))
}

impl Form {
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            kind: text(),
            concepts: RwSignal::new(Vec::new()),
            metadata: text(),
            keys: text(),
            latitude: text(),
            longitude: text(),
            dataset: text(),
            shares: RwSignal::new(Vec::new()),
        }
    }

    pub fn clear(self) {
        self.kind.set("add_concepts".to_owned());
        self.concepts.set(Vec::new());
        for field in [self.metadata, self.keys, self.latitude, self.longitude, self.dataset] {
            field.set(String::new());
        }
        self.shares.set(vec![share("80"), share("20")]);
    }

    /// What the fields say, or what is wrong with them.
    pub fn read(self) -> Result<BulkOperationKind, String> {
        let mut kind = BulkOperationKind::default();
        let concepts = || {
            let picked = self.concepts.get_untracked();
            if picked.is_empty() {
                return Err("Pick a concept: type its name and press Enter.");
            }
            Ok(picked.into_iter().map(|(id, name)| Concept { id, name, ..Concept::default() }).collect())
        };
        let dataset_id = || {
            let id = self.dataset.get_untracked();
            if id.is_empty() { Err("Choose a dataset.") } else { Ok(id) }
        };
        match self.kind.get_untracked().as_str() {
            "delete_concepts" => {
                kind.delete_concepts = Some(DeleteConcepts { concepts: concepts()?, ..DeleteConcepts::default() });
            }
            "add_metadata" => {
                let metadata = serde_json::from_slice::<Struct>(self.metadata.get_untracked().as_bytes())
                    .map_err(|error| format!("The metadata is no JSON object: {error}."))?;
                kind.add_metadata = Some(AddMetadata { metadata: Some(metadata) });
            }
            "delete_metadata" => {
                let keys = self.keys.get_untracked();
                let keys: Struct = keys
                    .split(',')
                    .map(str::trim)
                    .filter(|k| !k.is_empty())
                    .map(|k| (k.to_owned(), serde_json::Value::from("")))
                    .collect();
                if keys.is_empty() {
                    return Err("Name a key.".to_owned());
                }
                kind.delete_metadata = Some(DeleteMetadata { metadata: Some(keys) });
            }
            "overwrite_geo" => {
                let point = place(&self.latitude.get_untracked(), &self.longitude.get_untracked())?;
                let geo = Geo { geo_point: Some(point), ..Geo::default() };
                kind.overwrite_geo = Some(OverwriteGeo { geo: Some(geo) });
            }
            "delete_geo" => kind.delete_geo = Some(DeleteGeo::default()),
            "add_to_dataset" => kind.add_to_dataset = Some(AddToDataset { dataset_id: dataset_id()? }),
            "delete_from_dataset" => kind.delete_from_dataset = Some(DeleteFromDataset { dataset_id: dataset_id()? }),
            "split_into_datasets" => kind.split_into_datasets = Some(self.split()?),
            "delete_annotations" => kind.delete_annotations = Some(BulkDeleteAnnotations::default()),
            _ => kind.add_concepts = Some(AddConcepts { concepts: concepts()? }),
        }
        Ok(kind)
    }

    fn split(self) -> Result<SplitIntoDatasets, &'static str> {
        let mut dataset_splits: Vec<DatasetSplit> = Vec::new();
        for (dataset, percent) in self.shares.get_untracked() {
            let id = dataset.get_untracked();
            let percentage = percent.get_untracked().trim().parse::<u32>().ok().filter(|p| (1..=100).contains(p));
            let percentage = percentage.ok_or("A share is a whole number from 1 to 100.")?;
            if id.is_empty() {
                return Err("Choose a dataset for each share.");
            }
            if dataset_splits.iter().any(|s| s.dataset.as_ref().is_some_and(|d| d.id == id)) {
                return Err("Each dataset stands once.");
            }
            let dataset = Some(Box::new(Dataset { id, ..Dataset::default() }));
            dataset_splits.push(DatasetSplit { dataset, percentage });
        }
        if dataset_splits.iter().map(|s| s.percentage).sum::<u32>() != 100 {
            return Err("The shares must make 100 % together.");
        }
        Ok(SplitIntoDatasets { dataset_splits, method: DatasetSplitMethod::RANDOM_PERCENTAGE_SPLIT })
    }

    pub fn view(self) -> impl IntoView {
        move || {
            match self.kind.get().as_str() {
            "add_metadata" => view! { <label class="field"><span>"Metadata, a JSON object"</span><textarea class="input mono" rows="3" placeholder="{\"split\": \"train\"}" prop:value=self.metadata on:input=move |e| self.metadata.set(event_target_value(&e))></textarea><span class="hint">"Key by key; other keys stay."</span></label> }.into_any(),
            "delete_metadata" => view! { <TextField label="Keys" value=self.keys placeholder="split, site" hint="Separated by commas."/> }.into_any(),
            "overwrite_geo" => view! { <div class="fields"><TextField label="Latitude" value=self.latitude/><TextField label="Longitude" value=self.longitude/></div> }.into_any(),
            "add_to_dataset" | "delete_from_dataset" => view! { <DatasetField value=self.dataset label="Dataset" none="Choose one"/> }.into_any(),
            "split_into_datasets" => self.shares_view(),
            "delete_geo" => view! { <p class="small muted">"Where the inputs were made is taken away."</p> }.into_any(),
            "delete_annotations" => view! { <p class="small muted">"Boxes, labels and all else that is said about them."</p> }.into_any(),
            other => view! { <ConceptList list=self.concepts label=if other == "delete_concepts" { "Concept to remove" } else { "Concept to add" }/> }.into_any(),
        }
        }
    }

    fn shares_view(self) -> AnyView {
        let shares = self.shares;
        let sum = move || shares.with(|s| s.iter().filter_map(|s| s.1.get().trim().parse::<u32>().ok()).sum::<u32>());
        view! {
            <ul class="shares" aria-label="Shares">{move || shares.get().into_iter().enumerate().map(|(at, (dataset, percent))| view! { <li>
                <DatasetField value=dataset label=format!("Dataset {}", at + 1) none="Choose one"/>
                <label class="field"><span>"Per cent"</span><input class="input num" inputmode="numeric" prop:value=percent on:input=move |e| percent.set(event_target_value(&e))/></label>
                <button type="button" class="btn iconly quiet" aria-label=format!("Remove dataset {}", at + 1) title="Remove" disabled=move || { shares.with(Vec::len) < 2 } on:click=move |_| shares.update(|s| { s.remove(at); })><Icon name="x"/></button></li> }).collect_view()}</ul>
            <div class="row"><button type="button" class="btn s" on:click=move |_| shares.update(|s| s.push(share("10")))><Icon name="plus"/>"Add a dataset"</button><span class="small muted push" role="status">{move || format!("{} % of 100 %", sum())}</span></div>
            <p class="small muted">"Shared out at random; each input goes to one of them."</p>
        }
        .into_any()
    }
}
