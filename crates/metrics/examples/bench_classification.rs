//! What `cargo xtask bench classification` measures. The sets are made by whole numbers and + − · / alone, so that any
//! language makes the same to the last bit.
//!
//! - `make FOLDER`: scores and truth of 100,000 inputs × 100 classes, and 100,000 pairs of 1,000 classes, as files;
//! - `classes FOLDER`, `confusion FOLDER`: reads its file, measures, and prints one line of JSON.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use labelscope_metrics::classification::{Confusion, Scores, class_figures};
use labelscope_metrics::{Cut, Threshold, mean};
use serde_json::{Value, json};

const SEED: u64 = 101;
const INPUTS: usize = 100_000;
const CLASSES: usize = 100;
const CONFUSED: u32 = 1000;
const RUNS: usize = 7;

/// The i-th number of a stream, uniform in [0, 1): splitmix64 over a counter.
fn uniform(stream: u64, i: usize) -> f64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut z = SEED.wrapping_mul(GOLDEN);
    z = z.wrapping_add(stream.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add((i as u64).wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 * f64::from_bits(0x3CA0_0000_0000_0000)
}

/// Several labels an input. A class is on .5 to 30 % of inputs and more or less apart from the rest; scores of odd classes
/// are thousandths and so often tied, those of even ones are fine.
fn make_classes(folder: &Path) {
    let rates: Vec<(f64, f64)> =
        (0..CLASSES).map(|k| (0.005 + 0.295 * uniform(1, k), 0.05 + 0.40 * uniform(2, k))).collect();
    let mut truth = BufWriter::new(File::create(folder.join("truth.u8")).expect("a file"));
    let mut scores = BufWriter::new(File::create(folder.join("scores.f32")).expect("a file"));
    for input in 0..INPUTS {
        for (k, (rate, apart)) in rates.iter().enumerate() {
            let i = input * CLASSES + k;
            let positive = uniform(3, i) < *rate;
            let noise = uniform(4, i) + uniform(5, i) + uniform(6, i) - 1.5;
            let base = 0.18 + 0.12 * f64::from(u8::from(k % 2 == 0));
            let score = (base + apart * f64::from(u8::from(positive)) + noise * 0.35).clamp(0.0, 1.0);
            let grid = if k % 2 == 1 { 1000.0 } else { 1_048_576.0 };
            let score = ((score * grid + 0.5).floor() / grid) as f32;
            truth.write_all(&[u8::from(positive)]).expect("written");
            scores.write_all(&score.to_le_bytes()).expect("written");
        }
    }
}

/// Pairs of truth and prediction: seven of ten right, the others mostly taken for a class that follows.
fn make_pairs(folder: &Path) {
    let classes = f64::from(CONFUSED);
    let mut out = BufWriter::new(File::create(folder.join("pairs.u32")).expect("a file"));
    for i in 0..INPUTS {
        let truth = (uniform(11, i) * uniform(12, i) * classes).floor() as u32;
        let far = uniform(14, i);
        let wrong = (truth + 1 + (far * far * (classes - 1.0)).floor() as u32) % CONFUSED;
        let prediction = if uniform(13, i) < 0.7 { truth } else { wrong };
        out.write_all(&truth.to_le_bytes()).expect("written");
        out.write_all(&prediction.to_le_bytes()).expect("written");
    }
}

/// A file of numbers of four bytes, without holding it twice.
fn read<T>(path: &Path, of: impl Fn([u8; 4]) -> T) -> Vec<T> {
    let mut file = File::open(path).expect("a file that `make` has made");
    let mut out = Vec::with_capacity(file.metadata().expect("a file").len() as usize / 4);
    let mut piece = vec![0; 1 << 16];
    loop {
        let mut filled = 0;
        while filled < piece.len() {
            match file.read(&mut piece[filled..]).expect("read") {
                0 => break,
                n => filled += n,
            }
        }
        if filled == 0 {
            return out;
        }
        out.extend(piece[..filled].as_chunks::<4>().0.iter().map(|bytes| of(*bytes)));
    }
}

/// Milliseconds of several runs, the first to warm up: median and least.
fn timed<T>(work: impl Fn() -> T) -> (T, f64, f64) {
    let result = work();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            black_box(work());
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (result, times[RUNS / 2], times[0])
}

/// The most memory that this process has had at once.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn classes(folder: &Path) -> Value {
    let truth = std::fs::read(folder.join("truth.u8")).expect("a file that `make` has made");
    let scores = read(&folder.join("scores.f32"), f32::from_le_bytes);
    let scores = Scores::new(&scores, &truth, CLASSES).expect("a whole table");
    let at = Threshold { value: 0.5, cut: Cut::AtOrAbove };
    let (figures, median, least) = timed(|| class_figures(&scores, at.into()));
    json!({
        "median_ms": median,
        "least_ms": least,
        "peak_mb": peak_mb(),
        "roc_auc": mean(figures.iter().map(|f| f.roc_auc)).value,
        "average_precision": mean(figures.iter().map(|f| f.average_precision)).value,
        "precision": mean(figures.iter().map(|f| f.counts.precision())).value,
        "recall": mean(figures.iter().map(|f| f.counts.recall())).value,
        "f1": mean(figures.iter().map(|f| f.counts.f1())).value,
        "best_f1": mean(figures.iter().map(|f| f.best_f1.map(|best| best.f1))).value,
        "best_threshold": mean(figures.iter().map(|f| f.best_f1.map(|best| best.threshold))).value,
    })
}

fn confusion(folder: &Path) -> Value {
    let numbers = read(&folder.join("pairs.u32"), u32::from_le_bytes);
    let pairs: Vec<(u32, u32)> = numbers.as_chunks::<2>().0.iter().map(|[truth, said]| (*truth, *said)).collect();
    let make = || Confusion::new(CONFUSED as usize, pairs.iter().map(|(truth, said)| (Some(*truth), Some(*said))));
    let (matrix, median, least) = timed(make);
    json!({
        "median_us": median * 1e3,
        "least_us": least * 1e3,
        "peak_mb": peak_mb(),
        "accuracy": matrix.accuracy(),
        "filled": matrix.cells().iter().filter(|count| **count > 0).count(),
    })
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(words.get(1).expect("a folder"));
    match words.first().map(String::as_str) {
        Some("make") => {
            make_classes(folder);
            make_pairs(folder);
        }
        Some("classes") => println!("{}", classes(folder)),
        Some("confusion") => println!("{}", confusion(folder)),
        _ => eprintln!("make, classes or confusion"),
    }
}
