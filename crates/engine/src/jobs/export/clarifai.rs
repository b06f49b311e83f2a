//! The API's own archives: inputs with their labels and regions, in a folder for each part of the dataset.

use super::{Pass, Source, Survey, each, split};
use crate::BlobFile;
use crate::fault::Fault;
use crate::jobs::{Halt, Work};
use crate::store::annotation::{self, Place};
use crate::store::input::{self, InputRow};
use crate::store::version::{Part, Seen};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::{Concept, ConceptValue, Data, HostedUrl, Input, Region};
use labelscope_formats::clarifai::{Format, Writer};
use std::io::BufWriter;

pub(super) fn write(
    work: &mut Work<'_>,
    source: &Source,
    survey: &Survey,
    format: Format,
    out: &mut BufWriter<BlobFile>,
) -> Result<(), Halt> {
    let only = survey.splits.len() > 1;
    let base_url = work.job.base_url.clone();
    let mut writer = Writer::new(out, format, "all")?;
    let mut pass = Pass { phase: 2, part: Part::Whole, done: 0 };
    for (wanted, range) in &survey.splits {
        writer.next_split(wanted)?;
        each(work, source, &mut pass, *range, &mut |row, seen| {
            let here = !only || split(row.metadata.as_deref()) == *wanted;
            if here {
                writer.push(&flat(source, &base_url, row, seen)?)?;
            }
            Ok(here)
        })?;
    }
    writer.finish()?;
    Ok(())
}

/// An input with all that is said about it. Archives know only `id` and `data`, so annotations become regions, and what
/// an annotation says beside its labels goes into the region's metadata.
fn flat(source: &Source, base_url: &str, row: InputRow, seen: Vec<Seen>) -> Result<Input, Fault> {
    let (width, height, id) = (row.width, row.height, row.id.clone());
    let mut all = Data::default();
    for (a, labels) in seen {
        let concepts: Vec<Concept> = labels
            .iter()
            .filter_map(|(key, value)| {
                let c = source.concepts.get(key)?;
                Some(Concept {
                    id: c.id.clone(),
                    name: c.name.clone(),
                    value: ConceptValue(*value as f32),
                    ..Concept::default()
                })
            })
            .collect();
        let message = annotation::message(&a, Place { input_id: &id, width, height }, concepts)?;
        let mut data: Data = message.data.map(|d| *d).unwrap_or_default();
        all.concepts.append(&mut data.concepts);
        all.embeddings.append(&mut data.embeddings);
        all.frames.append(&mut data.frames);
        all.tracks.append(&mut data.tracks);
        all.time_segments.append(&mut data.time_segments);
        // What else is said of the whole, such as a caption, becomes a region that is nowhere.
        if data.regions.is_empty() && data != Data::default() {
            all.regions.push(Region { id: a.id.clone(), data: Some(Box::new(data)), ..Region::default() });
            continue;
        }
        for mut region in data.regions {
            if let Some(metadata) = data.metadata.take() {
                region.data.get_or_insert_default().metadata = Some(metadata);
            }
            all.regions.push(region);
        }
    }
    // The vendor's SDK takes only what is hosted, so a text that is kept raw can be fetched too.
    let text = row.raw.as_deref().filter(|raw| !raw.is_empty()).map(|raw| HostedUrl {
        prefix: format!("{base_url}{MEDIA_PATH}"),
        suffix: input::text_name(row.rev, raw),
        sizes: vec!["orig".to_owned()],
        ..HostedUrl::default()
    });
    let mut input = input::bare(base_url, row, all.concepts);
    if let Some(data) = input.data.as_deref_mut() {
        (data.regions, data.embeddings) = (all.regions, all.embeddings);
        (data.frames, data.tracks, data.time_segments) = (all.frames, all.tracks, all.time_segments);
        if let Some(own) = &mut data.text {
            own.hosted = own.hosted.take().or(text);
        }
        if !source.embeddings {
            strip(data);
        }
    }
    Ok(input)
}

/// Takes out the vectors, wherever they stand.
fn strip(data: &mut Data) {
    data.embeddings.clear();
    let regions = data.regions.iter_mut().map(|r| &mut r.data);
    let frames = data.frames.iter_mut().map(|f| &mut f.data);
    let tracks = data.tracks.iter_mut().map(|t| &mut t.data);
    let stretches = data.time_segments.iter_mut().map(|t| &mut t.data);
    regions.chain(frames).chain(tracks).chain(stretches).filter_map(|d| d.as_deref_mut()).for_each(strip);
}
