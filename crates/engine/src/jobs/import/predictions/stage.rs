//! The staging database: what the file says, with the names that it uses.

use crate::fault::Fault;
use crate::jobs::Halt;
use crate::jobs::stage::{Watched, open, outcome_of};
use labelscope_formats::coco;
use labelscope_formats::predictions::{self, Format, Name, Prediction, Shape};
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::path::Path;

/// `key` is the input or the concept that a name means, once it is found. `ready` is what will be written.
const TABLES: &str = "
CREATE TABLE input (id INTEGER PRIMARY KEY, number INTEGER, text TEXT, name TEXT, place TEXT, key INTEGER, input_id TEXT, width INTEGER, height INTEGER);
CREATE TABLE concept (id INTEGER PRIMARY KEY, number INTEGER, text TEXT, name TEXT, place TEXT, key INTEGER);
CREATE TABLE item (idx INTEGER PRIMARY KEY, place TEXT, input INTEGER, whole INTEGER, x REAL, y REAL, w REAL, h REAL, seg TEXT, info TEXT, own TEXT);
CREATE TABLE score (item INTEGER, ordinal INTEGER, concept INTEGER, value REAL, PRIMARY KEY (item, ordinal)) WITHOUT ROWID;
CREATE TABLE ready (idx INTEGER PRIMARY KEY, input INTEGER, id TEXT, shape INTEGER, top REAL, left REAL, bottom REAL, right REAL, exact INTEGER,
  x REAL, y REAL, w REAL, h REAL, area REAL, crowd INTEGER, seg TEXT, info TEXT, rest TEXT, origin_id INTEGER, hash INTEGER);
CREATE TABLE label (target INTEGER, item INTEGER, ordinal INTEGER, concept INTEGER, value REAL, PRIMARY KEY (target, item, ordinal)) WITHOUT ROWID;
";

/// Reads a file of predictions into a new staging database. `tell` gets the bytes read so far.
pub(super) fn fill(
    path: &Path,
    file: &Path,
    format: Format,
    tell: &mut dyn FnMut(u64) -> Result<(), Halt>,
) -> Result<Connection, Halt> {
    let _ = std::fs::remove_file(path);
    let conn = open(path)?;
    conn.execute_batch(TABLES)?;
    conn.execute_batch("BEGIN")?;
    let (mut halted, mut failed) = (None, None);
    let mut staging = Staging { conn: &conn, inputs: HashMap::new(), concepts: HashMap::new(), index: 0 };
    let outcome = predictions::read(format, Watched::open(file, tell, &mut halted)?, &mut |prediction| {
        staging.add(&prediction).map_err(|fault| {
            failed = Some(fault);
            coco::Error::at("", "the staging database failed")
        })
    });
    outcome_of(outcome, failed, halted)?;
    conn.execute_batch("COMMIT")?;
    Ok(conn)
}

struct Staging<'a> {
    conn: &'a Connection,
    inputs: HashMap<Name, i64>,
    concepts: HashMap<Name, i64>,
    index: i64,
}

impl Staging<'_> {
    fn add(&mut self, p: &Prediction) -> Result<(), Fault> {
        let input = number_of(self.conn, "input", &mut self.inputs, &p.input, ("", &p.place))?;
        let (mut bbox, mut seg, mut info, mut own) = (None, None, None, None);
        match &p.shape {
            Shape::Whole => {}
            Shape::Pixels { bbox: around, segmentation } => {
                bbox = *around;
                seg = segmentation.as_ref().map(serde_json::to_string).transpose()?;
            }
            Shape::Region { info: region, exact } => {
                info = Some(serde_json::to_string(region)?);
                own = exact.as_ref().map(serde_json::to_string).transpose()?;
            }
        }
        let [x, y, w, h] = bbox.map_or([None; 4], |b| b.map(Some));
        let whole = p.shape == Shape::Whole;
        self.run(
            "INSERT INTO item (idx, place, input, whole, x, y, w, h, seg, info, own) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![self.index, p.place, input, whole, x, y, w, h, seg, info, own],
        )?;
        for (ordinal, score) in p.scores.iter().enumerate() {
            let beside = (score.name.as_str(), p.place.as_str());
            let concept = number_of(self.conn, "concept", &mut self.concepts, &score.concept, beside)?;
            self.run(
                "INSERT INTO score (item, ordinal, concept, value) VALUES (?1, ?2, ?3, ?4)",
                params![self.index, ordinal as i64, concept, score.value],
            )?;
        }
        self.index += 1;
        Ok(())
    }

    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), Fault> {
        self.conn.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }
}

/// The number of a name in its table; a new one is noted with the name that stands beside it and its place.
fn number_of(
    conn: &Connection,
    table: &str,
    known: &mut HashMap<Name, i64>,
    name: &Name,
    (beside, place): (&str, &str),
) -> Result<i64, Fault> {
    if let Some(id) = known.get(name) {
        return Ok(*id);
    }
    let id = known.len() as i64;
    let (number, text) = match name {
        Name::Number(n) => (Some(*n), None),
        Name::Text(text) => (None, Some(text)),
    };
    let sql = format!("INSERT INTO {table} (id, number, text, name, place) VALUES (?1, ?2, ?3, ?4, ?5)");
    conn.prepare_cached(&sql)?.execute(params![id, number, text, beside, place])?;
    known.insert(name.clone(), id);
    Ok(id)
}
