//! The inputs behind a number.

mod labels;
mod objects;

use crate::Problem;
use crate::run::{Measured, Run};
use labelscope_messages::evaluation::{Pair, PairFilter, PairKind, PairOrder, Pairs, Settings, Shape};

/// Pairs that are told at once.
const MOST: u32 = 1000;

/// Which part of the list.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub order: PairOrder,
    pub offset: u32,
    pub limit: u32,
}

/// One side of a pair: the concept, the object's position, and a score.
#[derive(Clone, Copy)]
struct Side {
    concept: u32,
    object: Option<u32>,
    score: Option<f64>,
}

/// A pair on its way.
#[derive(Clone, Copy)]
struct Found {
    input: u32,
    kind: PairKind,
    truth: Option<Side>,
    prediction: Option<Side>,
    iou: Option<f64>,
    loss: f64,
    /// What it counts in its cell of the matrix.
    share: f64,
}

impl Found {
    /// One concept taken for another: wrong of the one, and missing of the other.
    fn is_confusion(&self) -> bool {
        matches!((self.truth, self.prediction), (Some(t), Some(p)) if t.concept != p.concept)
            && matches!(self.kind, PairKind::FalsePositive | PairKind::FalseNegative)
    }

    fn score(&self) -> Option<f64> {
        self.prediction.and_then(|p| p.score).or(self.truth.and_then(|t| t.score))
    }
}

pub(crate) fn pairs(run: &Run, at: &Settings, filter: &PairFilter, page: Page) -> Result<Pairs, Problem> {
    let mut found = match &run.measured {
        Measured::Labels(_) if filter.error.is_some() => return Err(Problem::Detections("kinds of errors")),
        Measured::Labels(labels) => labels::found(labels, at, filter),
        Measured::Objects(objects) => objects::found(objects, at, filter),
    };
    keep(run, filter, &mut found);
    sort(&mut found, page.order);
    let mut inputs: Vec<u32> = found.iter().map(|f| f.input).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let shown = found.iter().skip(page.offset as usize).take(page.limit.min(MOST) as usize);
    Ok(Pairs {
        total: found.len() as u32,
        inputs: inputs.len() as u32,
        sum: found.iter().map(|f| f.share).sum(),
        pairs: shown.filter_map(|f| told(run, f)).collect(),
    })
}

/// Leaves what the filter asks for. Cells of the matrix and kinds of errors have been dealt with.
fn keep(run: &Run, filter: &PairFilter, found: &mut Vec<Found>) {
    let words = filter.words.to_lowercase();
    let named: Option<Vec<bool>> =
        (!words.is_empty()).then(|| run.inputs.iter().map(|input| input.id.to_lowercase().contains(&words)).collect());
    let of_kind = |f: &Found| {
        filter.kinds.is_empty()
            || filter.kinds.contains(&f.kind)
            || f.is_confusion()
                && (filter.kinds.contains(&PairKind::FalsePositive) || filter.kinds.contains(&PairKind::FalseNegative))
    };
    let of_concept = |f: &Found| {
        filter.concept.is_none_or(|concept| [f.truth, f.prediction].iter().flatten().any(|s| s.concept == concept))
    };
    let of_score = |f: &Found| {
        filter.scores.is_none_or(|(low, high)| {
            f.score().is_some_and(|score| (score > low || low <= 0.0 && score >= low) && score <= high)
        })
    };
    found.retain(|f| {
        of_kind(f)
            && of_concept(f)
            && of_score(f)
            && filter.input.is_none_or(|input| input == f.input)
            && named.as_ref().is_none_or(|named| named.get(f.input as usize) == Some(&true))
    });
    // Looked at as missing, a confusion is that.
    if filter.kinds.contains(&PairKind::FalseNegative) && !filter.kinds.contains(&PairKind::FalsePositive) {
        found.iter_mut().filter(|f| f.is_confusion()).for_each(|f| f.kind = PairKind::FalseNegative);
    }
}

/// What has no such number comes last; what is equal stays as the test set has it.
fn sort(found: &mut [Found], order: PairOrder) {
    let last = |a: Option<f64>, b: Option<f64>, up: bool| match (a, b) {
        (Some(a), Some(b)) if up => a.total_cmp(&b),
        (Some(a), Some(b)) => b.total_cmp(&a),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    match order {
        PairOrder::Score => found.sort_by(|a, b| last(a.score(), b.score(), false)),
        PairOrder::ScoreUp => found.sort_by(|a, b| last(a.score(), b.score(), true)),
        PairOrder::Overlap => found.sort_by(|a, b| last(a.iou, b.iou, false)),
        PairOrder::Loss => found.sort_by(|a, b| b.loss.total_cmp(&a.loss)),
        PairOrder::Input => found.sort_by_key(|f| f.input),
    }
}

fn told(run: &Run, found: &Found) -> Option<Pair> {
    let input = run.inputs.get(found.input as usize)?;
    let objects = match &run.measured {
        Measured::Objects(run) => Some(run.objects()),
        Measured::Labels(_) => None,
    };
    let plain = |side: Side| Shape { concept: side.concept, score: side.score, ..Shape::default() };
    let truth = found.truth.map(|side| {
        let object = objects.and_then(|o| o.truth.get(side.object? as usize));
        object.map_or_else(
            || plain(side),
            |t| Shape {
                bbox: [t.bbox.x, t.bbox.y, t.bbox.w, t.bbox.h],
                crowd: t.crowd,
                annotation: t.id.clone(),
                ..plain(side)
            },
        )
    });
    let prediction = found.prediction.map(|side| {
        let object = objects.and_then(|o| o.predictions.get(side.object? as usize));
        object.map_or_else(
            || plain(side),
            |p| Shape { bbox: [p.bbox.x, p.bbox.y, p.bbox.w, p.bbox.h], annotation: p.id.clone(), ..plain(side) },
        )
    });
    Some(Pair {
        input: found.input,
        input_id: input.id.clone(),
        url: input.url.clone(),
        width: input.width,
        height: input.height,
        kind: found.kind,
        truth,
        prediction,
        iou: found.iou,
        loss: found.loss,
    })
}
