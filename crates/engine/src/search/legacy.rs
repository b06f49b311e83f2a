//! The older form of a query: `ands` become filters and ranks.

use super::wrong;
use crate::fault::Fault;
use labelscope_api::messages::{Annotation, Concept, Data, Filter, Input, Query, Rank};
use serde::Deserialize;

/// What of an output a search may name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Output {
    data: Option<Box<Data>>,
    input: Option<Box<Input>>,
}

/// The same query without `ands`.
pub(crate) fn modern(mut query: Query) -> Result<Query, Fault> {
    for (index, and) in std::mem::take(&mut query.ands).into_iter().enumerate() {
        let negate = and.negate;
        if and.input.is_some() || and.annotation.is_some() {
            query.filters.push(Filter { negate, input: and.input, annotation: and.annotation, ..Filter::default() });
        }
        let Some(output) = and.output else { continue };
        let output: Output = serde_json::from_value(output)
            .map_err(|e| wrong(&format!("query.ands[{index}].output"), &format!("cannot be read: {e}")))?;
        let mut annotation = Annotation::default();
        if let Some(mut data) = output.data {
            // "Not this concept" is a wish for its absence.
            if negate {
                data.concepts.iter_mut().for_each(|c: &mut Concept| c.value.0 = 1.0 - c.value.0);
            }
            annotation.data = Some(data);
        } else if let Some(input) = output.input {
            annotation.input_id = input.id;
            annotation.data = input.data;
        }
        let by_concept = annotation.data.as_ref().is_some_and(|d| !d.concepts.is_empty());
        query.ranks.push(Rank { negate: negate && !by_concept, annotation: Some(Box::new(annotation)) });
    }
    Ok(query)
}
