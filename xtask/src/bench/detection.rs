//! COCO's evaluation of 5,000 images: both files read and all figures computed, natively and as wasm, beside the Python
//! libraries on the same files. One thread, a process for each run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::Bench;
use crate::{build, paths, run, tools};

pub const BENCH: Bench = Bench {
    name: "detection",
    about: "COCO's evaluation of 98,000 predictions on 5,000 images in 80 categories, files read",
    workbench: false,
    run,
};

const IMAGES: u64 = 5000;
const CATEGORIES: u64 = 80;
const SEED: u64 = 101;
/// Runs of ours; the Python libraries take a minute and run once.
const TIMES: usize = 7;
/// Figures that differ by more than this are wrong.
const NEAR: f64 = 1e-9;

/// Seconds that are promised, at most.
const TARGETS: [(&str, f64); 2] = [("native_total_seconds", 0.15), ("wasm_total_seconds", 0.25)];

/// What every way tells: seconds, and COCO's twelve numbers first.
struct Told {
    parse_s: Option<f64>,
    evaluate_s: Option<f64>,
    total_s: f64,
    figures: Vec<f64>,
}

fn run() -> Result<Value> {
    let folder = paths::target().join("bench");
    let (instances, results) = (folder.join("detection-gt.json"), folder.join("detection-dt.json"));
    let (objects, predictions) = write(&instances, &results)?;
    let files = [instances.as_path(), results.as_path()];

    let native = build::example("labelscope-metrics", "bench_detection")?;
    let script = wasm(&folder.join("detection-wasm"))?;
    let mut all = Map::new();
    let node = || {
        let mut node = run::command("node");
        node.arg(&script);
        node
    };
    let mut ways =
        vec![("native", told(TIMES, || run::command(&native), &files)?), ("wasm", told(TIMES, node, &files)?)];
    if let Some(python) = tools::python::get()? {
        for library in ["pycocotools", "faster_coco_eval"] {
            let peer = || {
                let mut python = run::command(&python);
                python.env("OMP_NUM_THREADS", "1").env("OPENBLAS_NUM_THREADS", "1");
                python.args(["testdata/python/peers/detection.py", library]);
                python
            };
            ways.push((library, told(1, peer, &files)?));
        }
    }
    let mut known: Option<Vec<f64>> = None;
    for (name, runs) in ways {
        for run in &runs {
            let figures = run.figures.get(..12).context("fewer than twelve numbers")?;
            let known = known.get_or_insert_with(|| figures.to_vec());
            if known.iter().zip(figures).any(|(a, b)| (a - b).abs() > NEAR) {
                bail!("{name}: {figures:?}, not {known:?}");
            }
        }
        let mut note = |what: &str, of: fn(&Told) -> Option<f64>| {
            let mut times: Vec<f64> = runs.iter().filter_map(of).collect();
            times.sort_by(f64::total_cmp);
            if let Some(median) = times.get(times.len() / 2) {
                all.insert(format!("{name}_{what}_seconds"), json!(median));
            }
            times.first().copied()
        };
        note("parse", |told| told.parse_s);
        note("evaluate", |told| told.evaluate_s);
        let least = note("total", |told| Some(told.total_s));
        all.insert(format!("{name}_least_seconds"), json!(least));
    }
    let over = TARGETS.iter().filter(|(name, most)| all.get(*name).and_then(Value::as_f64).is_none_or(|is| is > *most));
    let over: Vec<&str> = over.map(|(name, _)| *name).collect();
    all.insert("targets".into(), TARGETS.iter().map(|(name, most)| ((*name).to_owned(), json!(most))).collect());
    all.insert("missed".into(), json!(over));
    all.insert("objects".into(), json!(objects));
    all.insert("predictions".into(), json!(predictions));
    all.insert("figures".into(), json!(known));
    Ok(all.into())
}

fn told(times: usize, program: impl Fn() -> std::process::Command, files: &[&Path]) -> Result<Vec<Told>> {
    let one = || {
        let told: Value = serde_json::from_str(&run::output(program().args(files))?)?;
        let seconds = |name: &str| told.get(name).and_then(Value::as_f64);
        let figures = told.get("figures").and_then(Value::as_array).context("no figures")?;
        Ok(Told {
            parse_s: seconds("parse_s"),
            evaluate_s: seconds("evaluate_s"),
            total_s: seconds("total_s").context("no total_s")?,
            figures: figures.iter().filter_map(Value::as_f64).collect(),
        })
    };
    (0..times).map(|_| one()).collect()
}

/// The same as wasm, built as the workbench's worker is; the script for node that times it.
fn wasm(folder: &Path) -> Result<PathBuf> {
    tools::wasm_target()?;
    let mut cargo =
        run::cargo(&["build", "--quiet", "--package", "labelscope-metrics", "--example", "bench_detection"]);
    run::check(cargo.args(["--target", "wasm32-unknown-unknown", "--profile", "wasm-worker"]))?;
    let built = paths::target().join("wasm32-unknown-unknown/wasm-worker/examples/bench_detection.wasm");
    let mut bindgen = run::command(tools::wasm_bindgen()?.join("wasm-bindgen"));
    run::check(bindgen.args(["--target", "nodejs", "--no-typescript", "--out-dir"]).arg(folder).arg(built))?;
    let script = folder.join("time.cjs");
    fs::write(&script, include_str!("detection.cjs"))?;
    Ok(script)
}

/// Numbers by stream and index, the same in any language (SplitMix64 on a counter).
struct Drawn(u64);

impl Drawn {
    /// From 0 up to 1.
    fn at(&self, stream: u64, index: u64) -> f64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.wrapping_mul(STEP);
        z = z.wrapping_add(stream.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add(index.wrapping_mul(STEP));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 * 2f64.powi(-53)
    }

    /// Left, top, width, height inside an image of 640 × 480.
    fn bbox(&self, stream: u64, index: u64) -> [f64; 4] {
        let at = |offset: u64| self.at(stream + offset, index);
        let size = 6.0 + 340.0 * at(0) * at(0) * at(0);
        let w = quarter(size * (0.6 + 0.8 * at(1))).min(600.0);
        let h = quarter(size * (0.6 + 0.8 * at(2))).min(440.0);
        [quarter(at(3) * (640.0 - w)), quarter(at(4) * (480.0 - h)), w, h]
    }

    /// The first categories are the most frequent ones.
    fn category(&self, stream: u64, index: u64) -> u64 {
        let u = self.at(stream, index);
        (u * u * CATEGORIES as f64) as u64
    }
}

fn quarter(v: f64) -> f64 {
    (v * 4.0 + 0.5).floor() / 4.0
}

fn micro(v: f64) -> f64 {
    (v * 1e6).floor() / 1e6
}

/// Writes both files; gives how many objects and predictions they hold. An image has about 7 objects, of which four in
/// five are predicted, more or less in their place, and 14 predictions of nothing.
fn write(instances: &Path, results: &Path) -> Result<(u64, u64)> {
    let drawn = Drawn(SEED);
    let mut gt = BufWriter::new(File::create(instances)?);
    let mut dt = BufWriter::new(File::create(results)?);
    write!(gt, "{{\"images\":[")?;
    for id in 1..=IMAGES {
        let comma = if id == 1 { "" } else { "," };
        write!(gt, "{comma}{{\"id\":{id},\"file_name\":\"{id:012}.jpg\",\"width\":640,\"height\":480}}")?;
    }
    write!(gt, "],\"categories\":[")?;
    for id in 1..=CATEGORIES {
        let comma = if id == 1 { "" } else { "," };
        write!(gt, "{comma}{{\"id\":{id},\"name\":\"class-{:03}\",\"supercategory\":\"bench\"}}", id - 1)?;
    }
    write!(gt, "],\"annotations\":[")?;
    let (mut objects, mut nothings, mut predictions) = (0, 0, 0);
    let mut predict = |image: u64, category: u64, [x, y, w, h]: [f64; 4], score: f64| {
        let start = if predictions == 0 { '[' } else { ',' };
        predictions += 1;
        let place = format!("\"image_id\":{image},\"category_id\":{}", category + 1);
        write!(dt, "{start}{{{place},\"bbox\":[{x:?},{y:?},{w:?},{h:?}],\"score\":{score:?}}}")
    };
    for image in 0..IMAGES {
        let id = image + 1;
        let first = objects;
        objects += 1 + (13.0 * drawn.at(21, image)) as u64;
        for at in first..objects {
            let [x, y, w, h] = drawn.bbox(30, at);
            let category = drawn.category(36, at);
            let comma = if at == 0 { "" } else { "," };
            let crowd = u8::from(drawn.at(37, at) < 0.005);
            let place = format!("\"id\":{},\"image_id\":{id},\"category_id\":{}", at + 1, category + 1);
            let bbox = format!("\"bbox\":[{x:?},{y:?},{w:?},{h:?}],\"area\":{:?}", w * h);
            write!(gt, "{comma}{{{place},{bbox},\"iscrowd\":{crowd}}}")?;
            if drawn.at(38, at) >= 0.8 {
                continue;
            }
            let off = 0.35 * drawn.at(39, at);
            let moved = |stream: u64| (drawn.at(stream, at) - 0.5) * off;
            let bbox = [
                quarter(x + moved(40) * w),
                quarter(y + moved(41) * h),
                quarter(w * (1.0 + moved(42))).max(1.0),
                quarter(h * (1.0 + moved(43))).max(1.0),
            ];
            let wrong = drawn.at(44, at) < 0.12;
            let category = if wrong { (drawn.at(45, at) * CATEGORIES as f64) as u64 } else { category };
            predict(id, category, bbox, micro(0.25 + 0.6 * drawn.at(46, at) + 0.15 * (1.0 - off / 0.35)))?;
        }
        let first = nothings;
        nothings += 8 + (13.0 * drawn.at(22, image)) as u64;
        for at in first..nothings {
            let u = drawn.at(57, at);
            predict(id, drawn.category(56, at), drawn.bbox(50, at), micro(0.01 + 0.7 * u * u))?;
        }
    }
    write!(gt, "]}}")?;
    write!(dt, "]")?;
    gt.flush()?;
    dt.flush()?;
    Ok((objects, predictions))
}
