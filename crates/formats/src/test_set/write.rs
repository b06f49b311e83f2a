use super::{Head, MAGIC};
use labelscope_geometry::{PixelBox, Rle};
use labelscope_metrics::{Content, TestSet};

/// A test set, or a piece of one, as bytes.
#[must_use]
pub fn encode(set: &TestSet) -> Vec<u8> {
    let (kind, truth, predictions) = match &set.content {
        Content::Labels(l) => ("labels", l.truth.len(), l.scores.len()),
        Content::Objects(o) => ("objects", o.truth.len(), o.predictions.len()),
    };
    let (truth_ids, prediction_ids) = match &set.content {
        Content::Labels(_) => (Vec::new(), Vec::new()),
        Content::Objects(o) => {
            (o.truth.iter().map(|t| t.id.clone()).collect(), o.predictions.iter().map(|p| p.id.clone()).collect())
        }
    };
    let head = Head {
        kind: kind.to_owned(),
        concepts: set.concepts.iter().map(|c| (c.id.clone(), c.name.clone())).collect(),
        inputs: set.inputs.iter().map(|i| (i.id.clone(), i.url.clone(), i.width, i.height, i.predicted)).collect(),
        truth,
        predictions,
        truth_ids,
        prediction_ids,
    };
    // Strings and numbers always make JSON.
    let head = serde_json::to_vec(&head).unwrap_or_default();
    let mut out = Vec::with_capacity(16 + head.len() + truth * 64 + predictions * 64);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&(head.len() as u64).to_le_bytes());
    out.extend_from_slice(&head);
    match &set.content {
        Content::Labels(l) => {
            f64s(&mut out, l.scores.iter().copied());
            out.extend_from_slice(&l.truth);
        }
        Content::Objects(o) => {
            u32s(&mut out, o.truth.iter().map(|t| t.input));
            u32s(&mut out, o.truth.iter().map(|t| t.concept));
            boxes(&mut out, o.truth.iter().map(|t| t.bbox));
            f64s(&mut out, o.truth.iter().map(|t| t.area));
            out.extend(o.truth.iter().map(|t| u8::from(t.crowd)));
            masks(&mut out, o.truth.iter().map(|t| t.mask.as_deref()));
            u32s(&mut out, o.predictions.iter().map(|p| p.input));
            u32s(&mut out, o.predictions.iter().map(|p| p.concept));
            boxes(&mut out, o.predictions.iter().map(|p| p.bbox));
            f64s(&mut out, o.predictions.iter().map(|p| p.score));
            masks(&mut out, o.predictions.iter().map(|p| p.mask.as_deref()));
        }
    }
    out
}

fn u32s(out: &mut Vec<u8>, values: impl Iterator<Item = u32>) {
    values.for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
}

fn f64s(out: &mut Vec<u8>, values: impl Iterator<Item = f64>) {
    values.for_each(|v| out.extend_from_slice(&v.to_le_bytes()));
}

fn boxes(out: &mut Vec<u8>, values: impl Iterator<Item = PixelBox>) {
    values.for_each(|b| f64s(out, [b.x, b.y, b.w, b.h].into_iter()));
}

/// Each as rows, columns, number of runs and runs; 0 rows, 0 columns and 0 runs where there is none.
fn masks<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = Option<&'a Rle>>) {
    for mask in values {
        let (h, w, runs) = mask.map_or((0, 0, &[][..]), |m| (m.height(), m.width(), m.counts()));
        u32s(out, [h, w, runs.len() as u32].into_iter());
        u32s(out, runs.iter().copied());
    }
}
