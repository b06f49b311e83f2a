use super::{Head, MAGIC, concept, input};
use labelscope_geometry::{PixelBox, Rle, RleError};
use labelscope_metrics::{Content, Labels, Objects, Prediction, TestSet, Truth, UNKNOWN};
use thiserror::Error;

/// Why bytes make no test set.
#[derive(Debug, Error)]
pub enum TestSetError {
    /// They begin as something else, or another release wrote them.
    #[error("these bytes are no test set of this release")]
    Other,
    /// The head is no JSON of its form.
    #[error("the head of the test set cannot be read: {0}")]
    Head(#[from] serde_json::Error),
    /// There are fewer bytes than the head says, or more.
    #[error("the test set has another length than its head says")]
    Length,
    /// An object names an input or a concept that is not there, or a label is none of the three.
    #[error("{what} {at} of the test set points nowhere")]
    Place {
        /// Truth, prediction or label.
        what: &'static str,
        /// Its number, from 0.
        at: usize,
    },
    /// Runs that fill no mask.
    #[error("a mask of the test set cannot be read: {0}")]
    Mask(#[from] RleError),
}

/// A test set, or a piece of one, out of its bytes.
pub fn decode(bytes: &[u8]) -> Result<TestSet, TestSetError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(TestSetError::Other)?;
    let mut at = Columns { rest };
    let length = u64::from_le_bytes(at.array()?);
    let head: Head = serde_json::from_slice(at.take(usize::try_from(length).map_err(|_| TestSetError::Length)?)?)?;
    let (inputs, concepts) = (head.inputs.len(), head.concepts.len());
    let content = match head.kind.as_str() {
        "labels" => {
            let pairs = inputs.checked_mul(concepts).ok_or(TestSetError::Length)?;
            if (head.truth, head.predictions) != (pairs, pairs) {
                return Err(TestSetError::Length);
            }
            let scores = at.f64s(pairs)?;
            let truth = at.take(pairs)?.to_vec();
            if let Some(at) = truth.iter().position(|t| *t > UNKNOWN) {
                return Err(TestSetError::Place { what: "label", at });
            }
            Content::Labels(Labels { scores, truth })
        }
        "objects" => Content::Objects(objects(&mut at, &head)?),
        _ => return Err(TestSetError::Other),
    };
    if !at.rest.is_empty() {
        return Err(TestSetError::Length);
    }
    Ok(TestSet {
        concepts: head.concepts.into_iter().map(concept).collect(),
        inputs: head.inputs.into_iter().map(input).collect(),
        content,
    })
}

fn objects(at: &mut Columns<'_>, head: &Head) -> Result<Objects, TestSetError> {
    let places = |at: &mut Columns<'_>, n, limit, what| {
        let all = at.u32s(n)?;
        match all.iter().position(|v| *v as usize >= limit) {
            Some(at) => Err(TestSetError::Place { what, at }),
            None => Ok(all),
        }
    };
    if (head.truth_ids.len(), head.prediction_ids.len()) != (head.truth, head.predictions) {
        return Err(TestSetError::Length);
    }
    let n = head.truth;
    let input = places(at, n, head.inputs.len(), "object")?;
    let concept = places(at, n, head.concepts.len(), "object")?;
    let (boxes, areas, crowds, masks) = (at.boxes(n)?, at.f64s(n)?, at.take(n)?.to_vec(), at.masks(n)?);
    let rows = input.into_iter().zip(concept).zip(boxes).zip(areas).zip(crowds).zip(masks).zip(&head.truth_ids);
    let truth = rows.map(|((((((input, concept), bbox), area), crowd), mask), id)| Truth {
        input,
        concept,
        bbox,
        area,
        crowd: crowd != 0,
        mask,
        id: id.clone(),
    });
    let truth = truth.collect();
    let n = head.predictions;
    let input = places(at, n, head.inputs.len(), "prediction")?;
    let concept = places(at, n, head.concepts.len(), "prediction")?;
    let (boxes, scores, masks) = (at.boxes(n)?, at.f64s(n)?, at.masks(n)?);
    let rows = input.into_iter().zip(concept).zip(boxes).zip(scores).zip(masks).zip(&head.prediction_ids);
    let predictions = rows.map(|(((((input, concept), bbox), score), mask), id)| Prediction {
        input,
        concept,
        bbox,
        score,
        mask,
        id: id.clone(),
    });
    Ok(Objects { truth, predictions: predictions.collect() })
}

/// What is left to read.
struct Columns<'a> {
    rest: &'a [u8],
}

impl<'a> Columns<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], TestSetError> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(TestSetError::Length)?;
        self.rest = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], TestSetError> {
        self.take(N)?.try_into().map_err(|_| TestSetError::Length)
    }

    fn numbers<const N: usize, T>(&mut self, n: usize, of: impl Fn([u8; N]) -> T) -> Result<Vec<T>, TestSetError> {
        let bytes = self.take(n.checked_mul(N).ok_or(TestSetError::Length)?)?;
        let (chunks, _) = bytes.as_chunks::<N>();
        Ok(chunks.iter().map(|b| of(*b)).collect())
    }

    fn u32s(&mut self, n: usize) -> Result<Vec<u32>, TestSetError> {
        self.numbers(n, u32::from_le_bytes)
    }

    fn f64s(&mut self, n: usize) -> Result<Vec<f64>, TestSetError> {
        self.numbers(n, f64::from_le_bytes)
    }

    fn boxes(&mut self, n: usize) -> Result<Vec<PixelBox>, TestSetError> {
        let all = self.f64s(n.checked_mul(4).ok_or(TestSetError::Length)?)?;
        let (chunks, _) = all.as_chunks::<4>();
        Ok(chunks.iter().map(|[x, y, w, h]| PixelBox { x: *x, y: *y, w: *w, h: *h }).collect())
    }

    fn masks(&mut self, n: usize) -> Result<Vec<Option<Box<Rle>>>, TestSetError> {
        let mut out = Vec::new();
        for _ in 0..n {
            let (height, width) = (u32::from_le_bytes(self.array()?), u32::from_le_bytes(self.array()?));
            let runs = u32::from_le_bytes(self.array()?) as usize;
            let counts = self.u32s(runs)?;
            out.push(if runs == 0 { None } else { Some(Box::new(Rle::new(height, width, counts)?)) });
        }
        Ok(out)
    }
}
