//! Evaluates COCO files as fast as it goes, for the bench `detection`: instances and results as bytes, COCO's twelve
//! numbers and the average precision of each category out of them. Natively a program that times itself, in wasm a
//! function.
#![allow(clippy::expect_used)]

#[path = "../tests/coco/mod.rs"]
#[allow(dead_code, reason = "shared with tests")]
mod coco;

use labelscope_metrics::detection::{Evaluation, Overlap, Params, evaluate, overlaps};

fn read(instances: &[u8], results: &[u8]) -> coco::Case {
    // Checked as a whole once, and not string by string.
    let text = |bytes| str::from_utf8(bytes).expect("UTF-8");
    let gt = serde_json::from_str(text(instances)).expect("COCO instances");
    let dt = serde_json::from_str(text(results)).expect("COCO results");
    coco::case(gt, dt, false)
}

fn evaluated(case: &coco::Case) -> Evaluation {
    let laid = overlaps(&case.objects, Overlap::Boxes);
    evaluate(&case.objects, case.categories.len(), &laid, &Params::default())
}

/// Twelve numbers, then one for each category; −1 where undefined.
fn figures(of: &Evaluation) -> Vec<f64> {
    let classes = of.classes();
    of.summary().values.into_iter().chain(classes.iter().map(|class| class.ap)).map(|v| v.unwrap_or(-1.0)).collect()
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::Instant;
    let mut paths = std::env::args_os().skip(1);
    let mut file = || std::fs::read(paths.next().expect("two paths")).expect("a file");
    let begun = Instant::now();
    let case = read(&file(), &file());
    let parsed = begun.elapsed();
    let evaluation = evaluated(&case);
    let figures = figures(&evaluation);
    let done = begun.elapsed();
    let (parse, all) = (parsed.as_secs_f64(), done.as_secs_f64());
    let told = serde_json::json!({"parse_s": parse, "evaluate_s": all - parse, "total_s": all, "figures": figures});
    println!("{told}");
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// From the bytes of both files.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn detection(instances: &[u8], results: &[u8]) -> Vec<f64> {
    figures(&evaluated(&read(instances, results)))
}
