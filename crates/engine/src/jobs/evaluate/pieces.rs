//! Test sets in the database: cut into pieces on the way in, one after the other on the way out.

use crate::fault::Fault;
use crate::store::evaluation;
use crate::tx::Tx;
use labelscope_formats::test_set::{decode, encode};
use labelscope_metrics::{Content, Labels, Objects, Prediction, TestSet, Truth};
use std::collections::BTreeSet;
use std::ops::Range;

const MAX_INPUTS: usize = 2_000;
const MAX_BYTES: usize = 512 << 10;

/// What an object takes beside its id and its mask.
const OBJECT: usize = 8 + 4 * 8 + 8 + 1 + 12 + 4;

/// The inputs of each piece.
pub(super) fn cuts(set: &TestSet) -> Vec<Range<usize>> {
    let mut sizes: Vec<usize> = set.inputs.iter().map(|i| i.id.len() + i.url.len() + 32).collect();
    match &set.content {
        Content::Labels(_) => sizes.iter_mut().for_each(|size| *size += set.concepts.len() * 9),
        Content::Objects(objects) => {
            let mask = |m: &Option<Box<labelscope_geometry::Rle>>| m.as_ref().map_or(0, |m| m.counts().len() * 4);
            let truth = objects.truth.iter().map(|t| (t.input, t.id.len() + mask(&t.mask)));
            let predictions = objects.predictions.iter().map(|p| (p.input, p.id.len() + mask(&p.mask)));
            for (input, bytes) in truth.chain(predictions) {
                if let Some(size) = sizes.get_mut(input as usize) {
                    *size += bytes + OBJECT;
                }
            }
        }
    }
    let (mut out, mut first, mut bytes) = (Vec::new(), 0, 0);
    for (at, size) in sizes.iter().enumerate() {
        if at > first && (bytes + size > MAX_BYTES || at - first == MAX_INPUTS) {
            out.push(first..at);
            (first, bytes) = (at, 0);
        }
        bytes += size;
    }
    if first < sizes.len() {
        out.push(first..sizes.len());
    }
    out
}

/// The part of a test set that is about these inputs.
pub(super) fn piece(set: &TestSet, at: &Range<usize>) -> TestSet {
    let content = match &set.content {
        Content::Labels(labels) => {
            let width = set.concepts.len();
            let cells = at.start * width..at.end * width;
            Content::Labels(Labels {
                scores: labels.scores.get(cells.clone()).unwrap_or_default().to_vec(),
                truth: labels.truth.get(cells).unwrap_or_default().to_vec(),
            })
        }
        Content::Objects(objects) => {
            let (first, end) = (at.start as u32, at.end as u32);
            let here = |input: u32| (first..end).contains(&input);
            // They lie by input.
            let truth = objects.truth.partition_point(|t| t.input < first)..;
            let predictions = objects.predictions.partition_point(|p| p.input < first)..;
            let truth = objects.truth.get(truth).unwrap_or_default().iter().take_while(|t| here(t.input));
            let predictions =
                objects.predictions.get(predictions).unwrap_or_default().iter().take_while(|p| here(p.input));
            Content::Objects(Objects {
                truth: truth.map(|t| Truth { input: t.input - first, ..t.clone() }).collect(),
                predictions: predictions.map(|p| Prediction { input: p.input - first, ..p.clone() }).collect(),
            })
        }
    };
    TestSet { concepts: set.concepts.clone(), inputs: set.inputs.get(at.clone()).unwrap_or_default().to_vec(), content }
}

pub(super) fn bytes(set: &TestSet, at: &Range<usize>) -> Vec<u8> {
    encode(&piece(set, at))
}

/// Takes inputs out of a stored test set. A piece that is left without inputs stays, empty: pages keep their numbers.
pub(crate) fn take_out(tx: &Tx<'_>, evaluation: i64, ids: &BTreeSet<&str>) -> Result<(), Fault> {
    for page in evaluation::pages(tx, evaluation)? {
        let Some(set) = evaluation::page(tx, evaluation, page)? else { continue };
        let set = decode(&set).map_err(evaluation::unreadable)?;
        if !set.inputs.iter().any(|i| ids.contains(i.id.as_str())) {
            continue;
        }
        let left = without(set, ids);
        evaluation::put_page(tx, evaluation, page, left.inputs.len(), &encode(&left))?;
    }
    Ok(())
}

fn without(set: TestSet, ids: &BTreeSet<&str>) -> TestSet {
    // Where each input goes.
    let mut next = 0;
    let places: Vec<Option<u32>> = set
        .inputs
        .iter()
        .map(|input| {
            let stays = !ids.contains(input.id.as_str());
            next += u32::from(stays);
            stays.then(|| next - 1)
        })
        .collect();
    let place = |input: u32| places.get(input as usize).copied().flatten();
    let content = match set.content {
        Content::Labels(labels) => {
            let width = set.concepts.len().max(1);
            let mut out = Labels::default();
            for ((scores, truth), place) in labels.scores.chunks(width).zip(labels.truth.chunks(width)).zip(&places) {
                if place.is_some() {
                    out.scores.extend_from_slice(scores);
                    out.truth.extend_from_slice(truth);
                }
            }
            Content::Labels(out)
        }
        Content::Objects(o) => Content::Objects(Objects {
            truth: o.truth.into_iter().filter_map(|t| Some(Truth { input: place(t.input)?, ..t })).collect(),
            predictions: o
                .predictions
                .into_iter()
                .filter_map(|p| Some(Prediction { input: place(p.input)?, ..p }))
                .collect(),
        }),
    };
    let inputs = set.inputs.into_iter().filter(|i| !ids.contains(i.id.as_str())).collect();
    TestSet { concepts: set.concepts, inputs, content }
}
