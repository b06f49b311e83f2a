//! All figures of 100,000 inputs × 100 classes, and a matrix of 1,000 classes, beside scikit-learn and numpy on the same files.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::Bench;
use crate::{build, paths, run, tools};

pub const BENCH: Bench = Bench {
    name: "classification",
    about: "ROC AUC, AP, P/R/F1 and best F1 of 100,000 inputs × 100 classes, and 100,000 pairs of 1,000 classes, one thread",
    workbench: false,
    run: bench,
};

/// Means over the classes, as scikit-learn 1.9.1 computes them: whoever makes the set gets these.
const KNOWN: [(&str, f64); 3] = [
    ("roc_auc", 0.803_652_039_176_172_6),
    ("average_precision", 0.501_136_369_514_623_9),
    ("f1", 0.408_664_781_504_981_8),
];
const NEAR: f64 = 1e-12;

fn bench() -> Result<Value> {
    let program = build::example("labelscope-metrics", "bench_classification")?;
    let folder = paths::target().join("bench").join("classification");
    fs::create_dir_all(&folder)?;
    run::check(run::command(&program).arg("make").arg(&folder))?;
    let measured = measured(&program, &folder);
    // 50 MB that are made again in a moment.
    fs::remove_dir_all(&folder)?;
    measured
}

fn measured(program: &Path, folder: &Path) -> Result<Value> {
    let python = tools::python::get()?;
    let script = paths::root().join("testdata/python/peers/classification.py");
    let mut figures = Map::new();
    for subject in ["classes", "confusion"] {
        let ours = said(run::command(program).arg(subject).arg(folder))?;
        if subject == "classes" {
            same(&KNOWN.map(|(name, value)| (name.to_owned(), json!(value))).into_iter().collect(), &ours)?;
        }
        let mut beside = Map::new();
        for peer in ["scikit-learn", "numpy"] {
            let Some(python) = &python else { continue };
            let mut command = run::command(python);
            for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
                command.env(threads, "1");
            }
            let theirs = said(command.arg(&script).args([peer, subject]).arg(folder))?;
            same(&ours, &theirs).with_context(|| format!("{subject} beside {peer}"))?;
            beside.insert(peer.to_owned(), theirs.into());
        }
        beside.insert("labelscope".to_owned(), ours.into());
        figures.insert(subject.to_owned(), beside.into());
    }
    if python.is_none() {
        figures.insert("note".to_owned(), json!("there is no python3: nothing to compare with"));
    }
    Ok(figures.into())
}

fn said(command: &mut Command) -> Result<Map<String, Value>> {
    let printed = run::output(command)?;
    serde_json::from_str(&printed).with_context(|| format!("no figures, but: {printed}"))
}

/// A quick wrong answer is worth nothing.
fn same(ours: &Map<String, Value>, theirs: &Map<String, Value>) -> Result<()> {
    let measured = |name: &str| ["_ms", "_us", "_mb"].iter().any(|unit| name.ends_with(unit));
    for (name, value) in ours.iter().filter(|(name, _)| !measured(name)) {
        let (ours, theirs) = (value.as_f64(), theirs.get(name).and_then(Value::as_f64));
        let near = ours.zip(theirs).is_some_and(|(a, b)| (a - b).abs() <= NEAR);
        ensure!(near, "{name} is {ours:?} here and {theirs:?} there");
    }
    Ok(())
}
