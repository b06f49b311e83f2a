//! What a filter says of annotations.

use super::concepts::{self, Wanted};
use super::postings::{self, Posting};
use super::{Part, Place, SEED_MAX, Seed, Sql, Target, facts, not_here, places, wrong};
use crate::fault::Fault;
use crate::store::geometry as geo;
use labelscope_api::messages::{Annotation, Data, Region, RegionInfo, Worker};
use labelscope_api::wire::Struct;
use rusqlite::types::Value;

/// Conditions of one filter on one annotation.
#[derive(Default)]
pub(super) struct Read {
    /// On the annotation `a`.
    own: Vec<Sql>,
    /// On what stands on the annotation or, as well, on its input: the two readings.
    shared: Vec<(Sql, Sql)>,
    /// On the id of the input.
    input_id: Option<String>,
    concepts: Vec<Wanted>,
    /// What an index of inputs says of the filter, where that is all of it.
    indexed: Option<Part>,
    pub names_worker: bool,
}

impl Read {
    /// `None` where nothing is asked.
    pub fn part(mut self, place: &Place<'_>, target: Target) -> Result<Option<Part>, Fault> {
        if let Some(part) = self.indexed.take() {
            return Ok(Some(part));
        }
        let seed = self.seed(place, target)?;
        Ok(self.condition(place, target).map(|condition| Part { seed, ..Part::of(condition) }))
    }

    fn condition(self, place: &Place<'_>, target: Target) -> Option<Sql> {
        let mut parts = Vec::new();
        if let Some(id) = self.input_id {
            parts.push(Sql::is("i.id = ?", id));
        }
        let (on_a, on_i): (Vec<_>, Vec<_>) = self.shared.into_iter().unzip();
        if target == Target::Annotations {
            parts.extend(self.own);
            parts.extend(on_a);
            return Sql::all(parts);
        }
        let trusted = if self.names_worker { "" } else { " AND a.trusted = 1" };
        let before =
            format!("EXISTS (SELECT 1 FROM annotation a WHERE a.input = i.key AND {}{trusted} AND ", place.alive("a"));
        let either = on_a.into_iter().zip(on_i.iter().cloned()).filter_map(|(a, i)| Sql::any(vec![i, a]));
        if self.own.is_empty() {
            let exists = Sql::all(either.collect()).map(|c| c.within(&before, ")"));
            parts.extend(Sql::any(Sql::all(on_i).into_iter().chain(exists).collect()));
        } else {
            parts.extend(Sql::all(self.own.into_iter().chain(either).collect()).map(|c| c.within(&before, ")")));
        }
        Sql::all(parts)
    }

    /// A narrow way in, if the filter has one.
    fn seed(&self, place: &Place<'_>, target: Target) -> Result<Option<Seed>, Fault> {
        if let (Some(id), Target::Annotations) = (&self.input_id, target) {
            let sql = format!(
                "SELECT a.rev AS key FROM input i JOIN annotation a ON a.input = i.key AND {} WHERE i.app = ? AND i.id = ? AND {}",
                place.alive("a"),
                place.alive("i")
            );
            let sql = Sql::new(sql, [place.app.into(), Value::Text(id.clone())]);
            return Ok(Some(Seed::plain(1, sql)));
        }
        if self.concepts.is_empty() {
            return Ok(None);
        }
        if target == Target::Inputs && place.at.is_none() && !self.names_worker {
            let lists: Vec<Posting> = self.concepts.iter().flat_map(Wanted::postings).collect();
            return postings::seed(place, &lists, false);
        }
        let keys: Vec<String> = self.concepts.iter().flat_map(|w| &w.keys).map(i64::to_string).collect();
        let list = keys.join(",");
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM label WHERE concept IN ({list}) LIMIT {SEED_MAX})");
        let estimate = place.keys(&sql, Vec::new())?.first().copied().unwrap_or(SEED_MAX);
        let (sql, ordered) = match target {
            Target::Inputs => (
                format!(
                    "SELECT DISTINCT a.input AS key FROM label l CROSS JOIN annotation a ON a.rev = l.annotation WHERE l.concept IN ({list})"
                ),
                false,
            ),
            // The index of one concept is in the order of annotations.
            Target::Annotations if keys.len() == 1 => {
                (format!("SELECT l.annotation AS key FROM label l WHERE l.concept = {list}"), true)
            }
            Target::Annotations => {
                (format!("SELECT DISTINCT l.annotation AS key FROM label l WHERE l.concept IN ({list})"), false)
            }
        };
        let sql = Sql::new(sql, []);
        Ok((ordered || estimate < SEED_MAX).then(|| Seed { ordered, ..Seed::plain(estimate, sql) }))
    }
}

/// What the index says of inputs that hold one of these keys and values. None where it cannot tell.
pub(super) fn metadata_part(place: &Place<'_>, target: Target, metadata: &Struct) -> Result<Option<Part>, Fault> {
    if target != Target::Inputs || place.at.is_some() || metadata.is_empty() {
        return Ok(None);
    }
    let (mut lists, mut exact) = (Vec::new(), true);
    for (key, value) in metadata {
        let Some((fact, whole)) = facts::wanted(key, value) else { return Ok(None) };
        lists.push(Posting::fact(place.app, fact));
        exact &= whole;
    }
    let mut part = postings::part(place, &lists)?;
    if let Some(part) = part.as_mut().filter(|_| !exact) {
        part.keyed = false;
        part.seed = part.seed.take().map(|seed| Seed { exact: false, ..seed });
    }
    Ok(part)
}

pub(super) fn read(place: &Place<'_>, target: Target, sent: &Annotation, at: &str) -> Result<Read, Fault> {
    let mut out = Read::default();
    if !sent.embed_model_version_id.is_empty() {
        let place = format!("{at}.embed_model_version_id");
        return Err(not_here(&place, "this server keeps none, so it cannot search by it"));
    }
    if !sent.id.is_empty() {
        out.own.push(Sql::is("a.id = ?", sent.id.clone()));
    }
    if !sent.task_id.is_empty() {
        out.own.push(Sql::is("a.task_id = ?", sent.task_id.clone()));
    }
    for (info, column) in [(&sent.annotation_info, "annotation_info"), (&sent.consensus_info, "consensus_info")] {
        if let Some(info) = info {
            out.own.push(Sql::is(&format!("has_metadata(a.{column}, ?)"), serde_json::to_string(info)?));
        }
    }
    out.input_id = Some(sent.input_id.clone()).filter(|id| !id.is_empty());
    worker(place, sent, at, &mut out)?;
    if sent.trusted {
        out.own.push(Sql::new("a.trusted = 1", []));
    }
    if sent.input_level {
        out.own.push(Sql::new("a.input_level = 1", []));
    }
    if let Some(status) = sent.status.as_ref().filter(|s| s.code.0 != 0) {
        out.own.push(Sql::is("a.status = ?", i64::from(status.code.0)));
    }
    match &sent.data {
        Some(data) if **data == Data::default() => out.own.push(Sql::new(
            format!("(a.shape = {} AND {} IS NULL AND {} IS NULL)", geo::NONE, part("frames"), part("time_segments")),
            [],
        )),
        Some(data) => {
            content(place, data, &format!("{at}.data"), &mut out)?;
            let nothing_else = Annotation { data: None, ..sent.clone() } == Annotation::default();
            if nothing_else && target == Target::Inputs && place.at.is_none() {
                out.indexed = indexed(place, data, &out)?;
            }
        }
        None => {}
    }
    Ok(out)
}

/// Of concepts alone, or of metadata alone, an index knows all.
fn indexed(place: &Place<'_>, data: &Data, read: &Read) -> Result<Option<Part>, Fault> {
    if *data == (Data { concepts: data.concepts.clone(), ..Data::default() }) {
        return postings::part(place, &read.concepts.iter().flat_map(Wanted::postings).collect::<Vec<_>>());
    }
    match &data.metadata {
        Some(metadata) if *data == (Data { metadata: Some(metadata.clone()), ..Data::default() }) => {
            let part = metadata_part(place, Target::Inputs, metadata)?;
            // Where the index only leads, the rows decide.
            let Some(part) = part else { return Ok(None) };
            if part.keyed {
                return Ok(Some(part));
            }
            let plain = Read { shared: read.shared.clone(), ..Read::default() };
            Ok(plain.condition(place, Target::Inputs).map(|condition| Part { condition, ..part }))
        }
        _ => Ok(None),
    }
}

/// A part of an annotation's data that has no column of its own.
fn part(name: &str) -> String {
    format!("json_extract(a.rest, '$.{name}')")
}

fn worker(place: &Place<'_>, sent: &Annotation, at: &str, out: &mut Read) -> Result<(), Fault> {
    let empty = Worker::default();
    let worker = sent.worker.as_deref().unwrap_or(&empty);
    if worker.workflow.is_some() {
        return Err(not_here(&format!("{at}.worker.workflow"), "this server has no workflows"));
    }
    let user = worker.user.as_ref().map(|u| u.id.as_str()).filter(|id| !id.is_empty()).unwrap_or(&sent.user_id);
    if !user.is_empty() {
        let id = if user == "me" { place.me } else { user };
        out.own.push(Sql::is("(a.user_id = ? AND a.model_version_id = '')", id.to_owned()));
        out.names_worker = true;
    }
    let model = worker.model.as_deref();
    let version = model.and_then(|m| m.model_version.as_ref()).map(|v| v.id.as_str()).filter(|id| !id.is_empty());
    let version = version.unwrap_or(&sent.model_version_id);
    if !version.is_empty() {
        out.own.push(Sql::is("a.model_version_id = ?", version.to_owned()));
        out.names_worker = true;
    } else if let Some(model) = model.filter(|m| !m.id.is_empty()) {
        out.own.push(Sql::new(
            format!(
                "a.model_version_id IN (SELECT v.id FROM model m JOIN model_version v ON v.model = m.key WHERE m.app = ? AND m.id = ? AND {})",
                place.alive("m")
            ),
            [place.app.into(), Value::Text(model.id.clone())],
        ));
        out.names_worker = true;
    }
    Ok(())
}

fn content(place: &Place<'_>, data: &Data, at: &str, out: &mut Read) -> Result<(), Fault> {
    let mut wanted = Vec::new();
    for (index, concept) in data.concepts.iter().enumerate() {
        wanted.push(concepts::find(place, concept, &format!("{at}.concepts[{index}]"))?);
    }
    if let [region, more @ ..] = data.regions.as_slice() {
        if !more.is_empty() {
            return Err(wrong(&format!("{at}.regions"), "has more than one region; send a filter for each"));
        }
        for (index, concept) in region.data.iter().flat_map(|d| &d.concepts).enumerate() {
            wanted.push(concepts::find(place, concept, &format!("{at}.regions[0].data.concepts[{index}]"))?);
        }
        out.own.extend(of_region(region, &format!("{at}.regions[0]"))?);
    }
    out.own.extend(Sql::any(wanted.iter().map(Wanted::carried).collect()));
    out.concepts = wanted;
    if let Some(metadata) = &data.metadata {
        let text = serde_json::to_string(metadata)?;
        out.shared.push((
            Sql::is(&format!("has_metadata({}, ?)", part("metadata")), text.clone()),
            Sql::is("has_metadata(i.metadata, ?)", text),
        ));
    }
    if let Some(geo) = &data.geo {
        let geo = places::read(geo, &format!("{at}.geo"))?;
        let own = geo.on(&part("geo.geo_point.longitude"), &part("geo.geo_point.latitude"));
        out.shared.push((own, geo.on("i.longitude", "i.latitude")));
    }
    if let Some(text) = &data.text {
        out.own.push(says("text", &text.raw));
    }
    for (there, name) in [(!data.frames.is_empty(), "frames"), (!data.time_segments.is_empty(), "time_segments")] {
        if there {
            out.own.push(Sql::new(format!("{} IS NOT NULL", part(name)), []));
        }
    }
    let known = Data {
        concepts: data.concepts.clone(),
        regions: data.regions.clone(),
        metadata: data.metadata.clone(),
        geo: data.geo.clone(),
        text: data.text.clone(),
        frames: data.frames.clone(),
        time_segments: data.time_segments.clone(),
        ..Data::default()
    };
    if known != *data {
        return Err(not_here(
            at,
            "filters know concepts, metadata, geo, text, regions, frames and time_segments; for the kind of input use filter.input.data",
        ));
    }
    Ok(())
}

/// A text, that or any.
fn says(name: &str, raw: &str) -> Sql {
    if raw.is_empty() {
        return Sql::new(format!("{} IS NOT NULL", part(name)), []);
    }
    Sql::is(&format!("instr(fold({}), fold(?)) > 0", part(&format!("{name}.raw"))), raw.to_owned())
}

/// What is asked of a region beside its concepts.
fn of_region(region: &Region, at: &str) -> Result<Vec<Sql>, Fault> {
    let info = region.region_info.clone().unwrap_or_default();
    let mut parts = vec![shape(&info, &format!("{at}.region_info"))?];
    if !region.id.is_empty() {
        parts.push(Sql::is("a.id = ?", region.id.clone()));
    }
    if !region.track_id.is_empty() {
        parts.push(Sql::is(&format!("{} = ?", part("regions[0].track_id")), region.track_id.clone()));
    }
    if let Some(data) = &region.data {
        parts.extend(data.text.as_ref().map(|text| says("regions[0].data.text", &text.raw)));
        let known = Data { concepts: data.concepts.clone(), text: data.text.clone(), ..Data::default() };
        if known != **data {
            return Err(not_here(&format!("{at}.data"), "filters know concepts and text of a region"));
        }
    }
    Ok(parts)
}

/// The shape that a region has, whatever its coordinates.
fn shape(info: &RegionInfo, at: &str) -> Result<Sql, Fault> {
    fn sent<T: Default + PartialEq>(shape: Option<&T>) -> Option<bool> {
        shape.map(|shape| *shape == T::default())
    }
    let keypoints = (!info.keypoint_locations.is_empty()).then_some(true);
    let mut parts = Vec::new();
    for (sent, name, shape) in [
        (sent(info.bounding_box.as_ref()), "bounding_box", geo::BOX),
        (sent(info.polygon.as_ref()), "polygon", geo::POLYGON),
        (sent(info.mask.as_ref()), "mask", geo::MASK),
        (sent(info.point.as_ref()), "point", geo::OTHER),
        (sent(info.span.as_ref()), "span", geo::OTHER),
        (sent(info.token.as_ref()), "token", geo::OTHER),
        (keypoints, "keypoint_locations", geo::OTHER),
    ] {
        let Some(empty) = sent else { continue };
        if !empty {
            let why = "has values, but regions are searched for by the presence of a shape alone; send it empty";
            return Err(wrong(&format!("{at}.{name}"), why));
        }
        // What is all in the columns has no `info`.
        let plain = if shape == geo::OTHER { String::new() } else { format!("a.shape = {shape} OR ") };
        parts.push(Sql::new(format!("({plain}json_extract(a.info, '$.{name}') IS NOT NULL)"), []));
    }
    Ok(Sql::any(parts).unwrap_or_else(|| Sql::new(format!("a.shape <> {}", geo::NONE), [])))
}
