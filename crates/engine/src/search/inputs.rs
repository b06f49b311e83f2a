//! What a filter says of inputs.

use super::annotations::metadata_part;
use super::concepts::{self, Wanted};
use super::postings::{self, Posting};
use super::{Part, Place, SEED_MAX, Seed, Sql, Target, not_here, places};
use crate::fault::Fault;
use crate::store::input as kinds;
use labelscope_api::messages::{Data, Input};
use rusqlite::types::Value;

pub(super) fn read(place: &Place<'_>, target: Target, sent: &Input, at: &str) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    if !sent.id.is_empty() {
        parts.push(Part::of(Sql::is("i.id = ?", sent.id.clone())));
    }
    if let Some(status) = sent.status.as_ref().filter(|s| s.code.0 != 0) {
        parts.push(Part::of(Sql::is("i.status = ?", i64::from(status.code.0))));
    }
    if !sent.dataset_ids.is_empty() {
        let mut keys = Vec::new();
        for (index, id) in sent.dataset_ids.iter().enumerate() {
            let sql = format!("SELECT d.key FROM dataset d WHERE d.app = ? AND d.id = ? AND {}", place.alive("d"));
            let found = place.keys(&sql, vec![place.app.into(), Value::Text(id.clone())])?;
            if found.is_empty() {
                return Err(Fault::not_found(&format!("{at}.dataset_ids[{index}]: dataset"), id));
            }
            keys.extend(found);
        }
        parts.extend(members(place, target, &keys)?);
    }
    if let Some(data) = &sent.data {
        parts.extend(content(place, target, data, &format!("{at}.data"))?);
    }
    if target == Target::Annotations {
        parts.iter_mut().for_each(|part| part.seed = None);
    }
    Ok(parts)
}

/// Members of any of these datasets.
fn members(place: &Place<'_>, target: Target, keys: &[i64]) -> Result<Option<Part>, Fault> {
    if target == Target::Inputs && place.at.is_none() {
        return postings::part(place, &keys.iter().copied().map(Posting::member).collect::<Vec<_>>());
    }
    let list = keys.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let members = format!("FROM member m WHERE m.dataset IN ({list}) AND {}", place.alive("m"));
    let sql = format!("SELECT count(*) FROM (SELECT 1 {members} LIMIT {SEED_MAX})");
    let estimate = place.keys(&sql, Vec::new())?.first().copied().unwrap_or(SEED_MAX);
    let sql = Sql::new(format!("SELECT DISTINCT m.input AS key {members}"), []);
    let seed = (estimate < SEED_MAX).then(|| Seed::plain(estimate, sql));
    Ok(Some(Part { seed, ..Part::of(Sql::new(format!("EXISTS (SELECT 1 {members} AND m.input = i.key)"), [])) }))
}

fn content(place: &Place<'_>, target: Target, data: &Data, at: &str) -> Result<Vec<Part>, Fault> {
    let (mut parts, mut indexed) = (Vec::new(), Vec::new());
    // Kinds beside each other: one of them. A text with words is a condition of its own.
    let mut of_kind = Vec::new();
    for (there, kind) in [
        (data.image.is_some(), kinds::IMAGE),
        (data.video.is_some(), kinds::VIDEO),
        (data.text.as_ref().is_some_and(|t| t.raw.is_empty()), kinds::TEXT),
        (data.audio.is_some(), kinds::AUDIO),
    ] {
        if there {
            of_kind.push(Sql::is("i.kind = ?", kind));
        }
    }
    parts.extend(Sql::any(of_kind));
    if let Some(text) = data.text.as_ref().filter(|t| !t.raw.is_empty()) {
        parts.push(Sql::is("instr(fold(i.raw), fold(?)) > 0", text.raw.clone()));
    }
    let urls = [
        data.image.as_ref().map(|d| &d.url),
        data.video.as_ref().map(|d| &d.url),
        data.audio.as_ref().map(|d| &d.url),
        data.text.as_ref().map(|d| &d.url),
    ];
    for url in urls.into_iter().flatten().filter(|url| !url.is_empty()) {
        // What this server hosts is known by the hash at the end of its address.
        let end = url.rsplit('/').next().unwrap_or_default().to_owned();
        parts.push(Sql::new("(i.url = ? OR i.sha256 = ?)", [Value::Text(url.clone()), Value::Text(end)]));
    }
    if data.image.as_ref().is_some_and(|i| !i.base64.0.is_empty()) {
        return Err(not_here(&format!("{at}.image.base64"), "search by the picture's url, or by a rank with a vector"));
    }
    let mut wanted = Vec::new();
    for (index, concept) in data.concepts.iter().enumerate() {
        wanted.push(concepts::find(place, concept, &format!("{at}.concepts[{index}]"))?);
    }
    if target == Target::Inputs && place.at.is_none() {
        indexed.extend(postings::part(place, &wanted.iter().flat_map(Wanted::postings).collect::<Vec<_>>())?);
    } else {
        parts.extend(Sql::any(wanted.iter().map(Wanted::carried).collect()).map(|carried| {
            let alive = place.alive("a");
            carried.within(
                &format!("EXISTS (SELECT 1 FROM annotation a WHERE a.input = i.key AND {alive} AND a.trusted = 1 AND "),
                ")",
            )
        }));
    }
    if let Some(metadata) = &data.metadata {
        // The index also has what annotations say, so that it only leads to the inputs.
        let mut part = Part::of(Sql::is("has_metadata(i.metadata, ?)", serde_json::to_string(metadata)?));
        part.seed = metadata_part(place, target, metadata)?.and_then(|p| p.seed).map(|s| Seed { exact: false, ..s });
        indexed.push(part);
    }
    if let Some(geo) = &data.geo {
        parts.push(places::read(geo, &format!("{at}.geo"))?.on("i.longitude", "i.latitude"));
    }
    let known = Data {
        image: data.image.clone(),
        video: data.video.clone(),
        text: data.text.clone(),
        audio: data.audio.clone(),
        concepts: data.concepts.clone(),
        metadata: data.metadata.clone(),
        geo: data.geo.clone(),
        ..Data::default()
    };
    if known != *data {
        return Err(not_here(at, "filters know image, video, text, audio, concepts, metadata and geo of an input"));
    }
    indexed.extend(parts.into_iter().map(Part::of));
    Ok(indexed)
}
