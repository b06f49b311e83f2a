//! Tables of scores. Long: the columns `input_id`, `concept_id` and `score`, in any order. Wide: `input_id` first, then one
//! column for each concept; an empty cell was not predicted.

use super::{Name, Prediction, Score, Shape, is_score};
use crate::coco::{Error, Place};
use ::csv::{ErrorKind, ReaderBuilder, StringRecord, Terminator, Trim};
use std::collections::HashSet;
use std::io::Read;

const LONG: [&str; 3] = ["input_id", "concept_id", "score"];

pub(super) fn read(reader: impl Read, each: &mut dyn FnMut(Prediction) -> Result<(), Error>) -> Result<(), Error> {
    // The end of a CRLF is trimmed with the spaces: the reader's own way with them counts lines one short.
    let mut table =
        ReaderBuilder::new().trim(Trim::All).flexible(true).terminator(Terminator::Any(b'\n')).from_reader(reader);
    let header = table.headers().map_err(refused)?.clone();
    let columns = columns(&header)?;
    let mut record = StringRecord::new();
    while table.read_record(&mut record).map_err(refused)? {
        let line = record.position().map_or(0, ::csv::Position::line);
        if record.len() == 1 && record.get(0) == Some("") {
            continue;
        }
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let fault = |at: usize, reason: String| {
            let path = header.get(at).unwrap_or_default().to_owned();
            Err(Error::Content { place: Place { path, line: line as usize, column: at + 1 }, reason })
        };
        let (columns_here, wanted) = (record.len(), header.len());
        if columns_here != wanted {
            let reason = format!("the line has {columns_here} columns, but the first has {wanted}");
            let place = Place { path: String::new(), line: line as usize, column: columns_here.min(wanted) };
            return Err(Error::Content { place, reason });
        }
        let (input, cells): (usize, Vec<(&str, usize)>) = match &columns {
            Columns::Long { input, concept, score } => {
                if cell(*concept).is_empty() {
                    return fault(*concept, "is empty".to_owned());
                }
                (*input, vec![(cell(*concept), *score)])
            }
            Columns::Wide => (
                0,
                header
                    .iter()
                    .enumerate()
                    .skip(1)
                    .filter(|(at, _)| !cell(*at).is_empty())
                    .map(|(at, name)| (name, at))
                    .collect(),
            ),
        };
        if cell(input).is_empty() {
            return fault(input, "is empty".to_owned());
        }
        let mut found = Vec::with_capacity(cells.len());
        for (concept, at) in cells {
            match cell(at).parse::<f64>() {
                Ok(value) if is_score(value) => {
                    found.push(Score { concept: Name::Text(concept.to_owned()), name: String::new(), value });
                }
                Ok(value) => return fault(at, format!("must be from 0 to 1, but is {value}")),
                Err(_) => {
                    let short: String = cell(at).chars().take(40).collect();
                    return fault(at, format!("must be a number from 0 to 1, but is \"{short}\""));
                }
            }
        }
        if !found.is_empty() {
            let input = Name::Text(cell(input).to_owned());
            each(Prediction { place: format!("line {line}"), input, scores: found, shape: Shape::Whole })?;
        }
    }
    Ok(())
}

/// What the columns hold.
enum Columns {
    Long {
        input: usize,
        concept: usize,
        score: usize,
    },
    /// The first for the input, each other for a concept.
    Wide,
}

fn columns(header: &StringRecord) -> Result<Columns, Error> {
    let fault = |at: usize, path: &str, reason: &str| {
        let place = Place { path: path.to_owned(), line: 1, column: at + 1 };
        Err(Error::Content { place, reason: reason.to_owned() })
    };
    let at = |name: &str| header.iter().position(|h| h == name);
    if let Some((at, name)) = header.iter().enumerate().find(|(_, h)| h.is_empty()) {
        return fault(at, name, "the column has no name; the first line must name the columns");
    }
    let mut seen = HashSet::new();
    if let Some((at, name)) = header.iter().enumerate().find(|(_, h)| !seen.insert(*h)) {
        return fault(at, name, "two columns have this name");
    }
    if let [Some(input), Some(concept), Some(score)] = LONG.map(at) {
        // A column of boxes, say, must not be dropped in silence.
        if let Some((at, name)) = header.iter().enumerate().find(|(_, h)| !LONG.contains(h)) {
            return fault(at, name, "is no column of a table of scores: those are input_id, concept_id and score");
        }
        return Ok(Columns::Long { input, concept, score });
    }
    for (name, without) in
        [("concept_id", "has no column score beside it"), ("score", "has no column concept_id beside it")]
    {
        if let Some(at) = at(name) {
            return fault(at, name, without);
        }
    }
    match header.get(0) {
        None => Err(Error::at("", "the file is empty")),
        Some("input_id") if header.len() > 1 => Ok(Columns::Wide),
        Some("input_id") => fault(0, "input_id", "is the only column: name one column for each concept beside it"),
        Some(other) if other.contains(['\t', ';']) => fault(0, "", "columns must be separated by commas"),
        Some(other) => fault(
            0,
            &other.chars().take(40).collect::<String>(),
            "the first line must name the columns: input_id,concept_id,score, or input_id and then one column for each concept",
        ),
    }
}

/// What the reader of CSV met.
fn refused(error: ::csv::Error) -> Error {
    let line = error.position().map_or(0, ::csv::Position::line) as usize;
    let at =
        |column: usize, reason: String| Error::Content { place: Place { path: String::new(), line, column }, reason };
    match error.into_kind() {
        ErrorKind::Io(error) => Error::Io(error),
        ErrorKind::Utf8 { err, .. } => at(err.field() + 1, "is no text in UTF-8".to_owned()),
        other => at(1, format!("{other:?}")),
    }
}
