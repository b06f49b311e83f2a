//! What a bulk operation may ask for: one thing, and all of it sound, before anything is written.

use super::inputs_post;
use crate::fault::Fault;
use crate::store::dataset;
use crate::store::input::InputRow;
use crate::tx::{App, Tx, check_id};
use labelscope_api::messages::{
    AddConcepts, AddMetadata, AddToDataset, BulkOperationKind, Concept, DatasetSplitMethod, DeleteConcepts,
    DeleteFromDataset, DeleteMetadata, OverwriteGeo, SplitIntoDatasets, StatusCode,
};
use labelscope_api::wire::Struct;
use std::collections::HashSet;

pub(crate) fn refused(details: impl Into<String>) -> Fault {
    Fault::refused(StatusCode::BULK_OPERATION_INVALID_REQUEST, details)
}

/// The names of those that are there; a call names one.
pub(super) fn one_of(place: &str, all: &[(&str, bool)]) -> Result<(), Fault> {
    let sent: Vec<&str> = all.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect();
    if sent.len() == 1 {
        return Ok(());
    }
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let what = if sent.is_empty() { "nothing".to_owned() } else { sent.join(" and ") };
    Err(refused(format!("{place} has {what}; send one of {}", names.join(", "))))
}

/// The change that is asked for, if it can be made.
pub(super) fn operation(
    tx: &Tx<'_>,
    app: &App,
    kind: BulkOperationKind,
    place: &str,
) -> Result<BulkOperationKind, Fault> {
    one_of(
        place,
        &[
            ("add_concepts", kind.add_concepts.is_some()),
            ("delete_concepts", kind.delete_concepts.is_some()),
            ("add_metadata", kind.add_metadata.is_some()),
            ("delete_metadata", kind.delete_metadata.is_some()),
            ("overwrite_geo", kind.overwrite_geo.is_some()),
            ("delete_geo", kind.delete_geo.is_some()),
            ("add_to_dataset", kind.add_to_dataset.is_some()),
            ("delete_from_dataset", kind.delete_from_dataset.is_some()),
            ("split_into_datasets", kind.split_into_datasets.is_some()),
            ("delete_annotations", kind.delete_annotations.is_some()),
        ],
    )?;
    if let Some(AddConcepts { concepts: sent }) = &kind.add_concepts {
        concepts(sent, &format!("{place}.add_concepts.concepts"), "add")?;
    }
    if let Some(DeleteConcepts { concepts: sent, .. }) = &kind.delete_concepts {
        concepts(sent, &format!("{place}.delete_concepts.concepts"), "take away")?;
    }
    if let Some(AddMetadata { metadata: sent }) = &kind.add_metadata {
        metadata(sent.as_ref(), &format!("{place}.add_metadata.metadata"), "send what is to be added")?;
    }
    if let Some(DeleteMetadata { metadata: sent }) = &kind.delete_metadata {
        metadata(
            sent.as_ref(),
            &format!("{place}.delete_metadata.metadata"),
            "send the keys to take away, with any value",
        )?;
    }
    if let Some(OverwriteGeo { geo }) = &kind.overwrite_geo {
        let place = format!("{place}.overwrite_geo.geo");
        let Some(geo) = geo.as_ref().filter(|geo| geo.geo_point.is_some()) else {
            return Err(refused(format!("{place}.geo_point is missing: send longitude and latitude")));
        };
        inputs_post::place(&mut InputRow::default(), geo).map_err(|fault| refused(format!("{place}.{fault}")))?;
    }
    if let Some(AddToDataset { dataset_id }) = &kind.add_to_dataset {
        dataset(tx, app, dataset_id, &format!("{place}.add_to_dataset.dataset_id"))?;
    }
    if let Some(DeleteFromDataset { dataset_id }) = &kind.delete_from_dataset {
        dataset(tx, app, dataset_id, &format!("{place}.delete_from_dataset.dataset_id"))?;
    }
    if let Some(sent) = &kind.split_into_datasets {
        split(tx, app, sent, &format!("{place}.split_into_datasets"))?;
    }
    Ok(kind)
}

fn concepts(sent: &[Concept], place: &str, what: &str) -> Result<(), Fault> {
    if sent.is_empty() {
        return Err(refused(format!("{place} is empty: name the concepts to {what}")));
    }
    for (index, concept) in sent.iter().enumerate() {
        if !concept.id.is_empty() {
            check_id(&format!("{place}[{index}]: concept"), &concept.id, StatusCode::BULK_OPERATION_INVALID_REQUEST)?;
        } else if concept.name.trim().is_empty() {
            return Err(refused(format!("{place}[{index}] has neither id nor name")));
        }
    }
    Ok(())
}

fn metadata(sent: Option<&Struct>, place: &str, advice: &str) -> Result<(), Fault> {
    if sent.is_none_or(Struct::is_empty) {
        return Err(refused(format!("{place} is empty: {advice}")));
    }
    Ok(())
}

fn dataset(tx: &Tx<'_>, app: &App, id: &str, place: &str) -> Result<(), Fault> {
    if id.is_empty() {
        return Err(refused(format!("{place} is missing: name a dataset of this app")));
    }
    dataset::need(tx, app, id).map(drop).map_err(|fault| fault.at(place))
}

fn split(tx: &Tx<'_>, app: &App, sent: &SplitIntoDatasets, place: &str) -> Result<(), Fault> {
    if !matches!(sent.method, DatasetSplitMethod::NOT_SET | DatasetSplitMethod::RANDOM_PERCENTAGE_SPLIT) {
        return Err(refused(format!("{place}.method is {}; use RANDOM_PERCENTAGE_SPLIT (1)", sent.method.0)));
    }
    let (mut seen, mut sum) = (HashSet::new(), 0u64);
    for (index, share) in sent.dataset_splits.iter().enumerate() {
        let place = format!("{place}.dataset_splits[{index}]");
        let id = share.dataset.as_ref().map(|d| d.id.as_str()).unwrap_or_default();
        dataset(tx, app, id, &format!("{place}.dataset.id"))?;
        if !seen.insert(id) {
            return Err(refused(format!("{place}.dataset.id \"{id}\" is named twice; each dataset has one share")));
        }
        if share.percentage == 0 {
            return Err(refused(format!("{place}.percentage is missing: send a whole number from 1 to 100")));
        }
        sum += u64::from(share.percentage);
    }
    if sum != 100 {
        return Err(refused(format!("{place}.dataset_splits: the percentages add up to {sum}, not to 100")));
    }
    Ok(())
}
