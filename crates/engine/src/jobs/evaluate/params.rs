//! What `eval_info.params` may say, and what holds where it says nothing.

use crate::fault::Fault;
use labelscope_api::wire::Struct;
use labelscope_metrics::{Cut, Threshold};
use serde_json::Value;

/// Keys that clients of the API send and that change nothing here: there is no model to train in folds, and the dataset is named
/// by `ground_truth_dataset`, or by the first two where that is missing.
const OF_CLIENTS: [&str; 3] = ["dataset_id", "dataset_version_id", "use_kfold"];
const OURS: &str = "threshold, inclusive, ious, area_ranges, matching, overlap, absent, max_detections";
/// The API's clients look for these.
const IOUS: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];
const EVERYTHING: f64 = 1e10;
const MAX_LIST: usize = 20;
const MAX_NAME: usize = 64;

/// A range of areas in square pixels, both ends included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AreaRange {
    pub name: String,
    pub min: f64,
    pub max: f64,
}

/// How an evaluation is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Params {
    pub threshold: Threshold,
    /// For figures by class and by area.
    pub ious: Vec<f64>,
    /// The first holds all objects.
    pub areas: Vec<AreaRange>,
    /// For the confusion matrix: predictions may match objects of any concept.
    pub across: bool,
    /// Overlaps of masks or of boxes; where nothing is said, the type of the model decides.
    pub masks: Option<bool>,
    /// What nobody says of an input is not known, and in no figure.
    pub absent_unknown: bool,
    /// Of a concept on an input.
    pub max_detections: usize,
    /// Keys that change nothing.
    pub ignored: Vec<String>,
}

impl Default for Params {
    fn default() -> Self {
        let area = |name: &str, min, max| AreaRange { name: name.to_owned(), min, max };
        Self {
            threshold: Threshold::default(),
            ious: IOUS.to_vec(),
            areas: vec![
                area("all", 0.0, EVERYTHING),
                area("small", 0.0, 1024.0),
                area("medium", 1024.0, 9216.0),
                area("large", 9216.0, EVERYTHING),
            ],
            across: true,
            masks: None,
            absent_unknown: false,
            max_detections: 100,
            ignored: Vec::new(),
        }
    }
}

fn wrong(place: &str, key: &str, value: &Value, allowed: &str) -> Fault {
    let shown: String = value.to_string().chars().take(60).collect();
    Fault::invalid(format!("{place}.{key} is {shown}; it is {allowed}"))
}

impl Params {
    /// Reads what was sent. `place` is where it stands, for what is refused.
    pub fn read(sent: Option<&Struct>, place: &str) -> Result<Self, Fault> {
        let mut out = Self::default();
        for (key, value) in sent.into_iter().flatten() {
            let bad = |allowed: &str| wrong(place, key, value, allowed);
            match key.as_str() {
                "threshold" => out.threshold.value = value.as_f64().ok_or_else(|| bad("a number"))?,
                "inclusive" => {
                    let inclusive = value.as_bool().ok_or_else(|| bad("true or false"))?;
                    out.threshold.cut = if inclusive { Cut::AtOrAbove } else { Cut::Above };
                }
                "ious" => out.ious = ious(value).ok_or_else(|| bad("a list of 1 to 20 numbers above 0 and up to 1"))?,
                "area_ranges" => {
                    let ranges = areas(value).ok_or_else(|| {
                        bad("an object of 1 to 20 names with [least, most] square pixels, such as {\"small\": [0, 1024]}")
                    })?;
                    // All objects are always among them: the API's clients ask for them.
                    out.areas.truncate(1);
                    out.areas.retain(|all| ranges.iter().all(|r| r.name != all.name));
                    out.areas.extend(ranges);
                }
                "matching" => {
                    out.across = one_of(value, "within", "across").ok_or_else(|| bad("\"within\" or \"across\""))?;
                }
                "overlap" => {
                    out.masks = Some(one_of(value, "boxes", "masks").ok_or_else(|| bad("\"boxes\" or \"masks\""))?);
                }
                "absent" => {
                    out.absent_unknown =
                        one_of(value, "negative", "unknown").ok_or_else(|| bad("\"negative\" or \"unknown\""))?;
                }
                "max_detections" => {
                    let most = value.as_f64().filter(|n| n.fract() == 0.0 && (1.0..=10_000.0).contains(n));
                    out.max_detections = most.ok_or_else(|| bad("a whole number from 1 to 10000"))? as usize;
                }
                _ if OF_CLIENTS.contains(&key.as_str()) => out.ignored.push(key.clone()),
                _ => {
                    return Err(Fault::invalid(format!(
                        "{place}.{key} is not known; params may hold {OURS}, and {} which change nothing",
                        OF_CLIENTS.join(", ")
                    )));
                }
            }
        }
        Ok(out)
    }
}

/// False for the first word, true for the second.
fn one_of(value: &Value, first: &str, second: &str) -> Option<bool> {
    let word = value.as_str()?;
    (word == first || word == second).then_some(word == second)
}

fn ious(value: &Value) -> Option<Vec<f64>> {
    let mut all: Vec<f64> = value.as_array()?.iter().map(Value::as_f64).collect::<Option<_>>()?;
    all.sort_by(f64::total_cmp);
    all.dedup();
    let sound = (1..=MAX_LIST).contains(&all.len()) && all.iter().all(|iou| *iou > 0.0 && *iou <= 1.0);
    sound.then_some(all)
}

fn areas(value: &Value) -> Option<Vec<AreaRange>> {
    let named = value.as_object()?;
    let all: Vec<AreaRange> = named
        .iter()
        .map(|(name, range)| {
            let [min, max] = range.as_array()?.as_slice() else { return None };
            let (min, max) = (min.as_f64()?, max.as_f64()?);
            let sound = min >= 0.0 && min <= max && !name.is_empty() && name.len() <= MAX_NAME;
            sound.then(|| AreaRange { name: name.clone(), min, max })
        })
        .collect::<Option<_>>()?;
    (1..=MAX_LIST).contains(&all.len()).then_some(all)
}
