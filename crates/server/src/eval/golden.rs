//! Figures of another program.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Parts of a reference file that hold figures.
const PARTS: [&str; 5] = ["stats", "per_class", "aggregate_prf", "aggregate_ranking", "top_k_accuracy"];

/// A file of figures: `{name: number}`, or what a reference file says in its `stats`, `per_class` and others.
pub(super) struct Golden {
    /// By name; `None` where it says that the figure is undefined.
    figures: BTreeMap<String, Option<f64>>,
    /// All names must be known: the file is a plain one.
    plain: bool,
    path: PathBuf,
    pub truth: Option<PathBuf>,
    pub predictions: Option<PathBuf>,
    /// It is about masks.
    pub masks: bool,
}

/// A figure of theirs beside ours.
pub(super) struct Compared {
    pub name: String,
    pub golden: Option<f64>,
    pub ours: Option<f64>,
}

impl Compared {
    pub fn difference(&self) -> Option<f64> {
        Some((self.golden? - self.ours?).abs())
    }

    /// Undefined agrees with undefined alone.
    pub fn within(&self, tolerance: f64) -> bool {
        match (self.golden, self.ours) {
            (None, None) => true,
            _ => self.difference().is_some_and(|d| d <= tolerance),
        }
    }
}

impl Golden {
    pub fn read(path: &Path) -> Result<Self> {
        let shown = || path.display().to_string();
        let bytes = std::fs::read(path).with_context(shown)?;
        let file: Map<String, Value> = serde_json::from_slice(&bytes).with_context(shown)?;
        let plain = !PARTS.iter().any(|part| file.contains_key(*part));
        let mut figures = BTreeMap::new();
        for (name, value) in &file {
            match value {
                Value::Number(_) | Value::Null => {
                    figures.insert(name.clone(), value.as_f64());
                }
                _ if PARTS.contains(&name.as_str()) => flatten(part(name), value, &mut figures),
                Value::String(_) if plain && matches!(name.as_str(), "ground_truth" | "predictions" | "iouType") => {}
                _ if plain => bail!("{}: {name} is no number", shown()),
                _ => {}
            }
        }
        let named = |key: &str| {
            let name = file.get(key)?.as_str()?;
            // Beside it, or beside its folder.
            let mut folders = path.parent().into_iter().flat_map(Path::ancestors).take(2);
            folders.find_map(|f| Some(f.join(name)).filter(|p| p.is_file()))
        };
        let masks = file.get("iouType").and_then(Value::as_str) == Some("segm");
        let (truth, predictions) = (named("ground_truth"), named("predictions"));
        Ok(Self { figures, plain, path: path.to_owned(), truth, predictions, masks })
    }

    /// Each figure that both have. A name that nobody knows is refused in a plain file; reference files say more than figures.
    pub fn against(&self, ours: &BTreeMap<String, Option<f64>>) -> Result<Vec<Compared>> {
        let mut out = Vec::new();
        for (name, golden) in &self.figures {
            match ours.get(name) {
                Some(found) => out.push(Compared { name: name.clone(), golden: *golden, ours: *found }),
                None if self.plain => {
                    let known: Vec<&str> = ours.keys().take(12).map(String::as_str).collect();
                    bail!(
                        "{}: {name} is no figure of these predictions; such are {} …",
                        self.path.display(),
                        known.join(", ")
                    );
                }
                None => {}
            }
        }
        if out.is_empty() {
            bail!("{}: there is no figure in it", self.path.display());
        }
        Ok(out)
    }
}

/// Figures of the whole go by their own names.
fn part(name: &str) -> String {
    if matches!(name, "stats" | "per_class") { String::new() } else { name.to_owned() }
}

/// Numbers by their path. Of lists, members go by their name or class.
fn flatten(at: String, value: &Value, out: &mut BTreeMap<String, Option<f64>>) {
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match value {
        Value::Number(_) | Value::Null => {
            out.insert(at, value.as_f64());
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(below(key), value, out)),
        Value::Array(list) => {
            for (index, member) in list.iter().enumerate() {
                let name = ["name", "class"].into_iter().find_map(|key| member.get(key)?.as_str());
                flatten(below(name.unwrap_or(&index.to_string())), member, out);
            }
        }
        _ => {}
    }
}
