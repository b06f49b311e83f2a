//! Puts the sample project into the binary: the COCO file and the photographs of `testdata/indoor85`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sample = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../testdata/indoor85").canonicalize()?;
    println!("cargo::rerun-if-changed={}", sample.display());
    let mut files = vec![(String::from("indoor85.json"), sample.join("instances_gt.json"))];
    for entry in fs::read_dir(sample.join("images"))? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        files.push((name, path));
    }
    files.sort();
    let mut text = String::from("&[\n");
    for (name, path) in files {
        writeln!(text, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())?;
    }
    text.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("sample.rs"), text)?;
    Ok(())
}
