//! Puts the sample project into the binary: the COCO file, the photographs and a detector's predictions of
//! `testdata/indoor85`. With the feature `embed` the built workbench too.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let sample = root.join("testdata/indoor85");
    println!("cargo::rerun-if-changed={}", sample.display());
    let mut files = vec![
        (String::from("indoor85.json"), sample.join("instances_gt.json")),
        (String::from("predictions.json"), sample.join("predictions.json")),
    ];
    files.extend(files_of(&sample.join("images"))?);
    files.sort();
    write_table(&out.join("sample.rs"), &files)?;
    if env::var_os("CARGO_FEATURE_EMBED").is_some() {
        let dist = root.join("dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        if !dist.join("index.html").is_file() {
            return Err(
                "the feature `embed` takes the workbench from dist/, and it is not there: run `cargo xtask dist`"
                    .into(),
            );
        }
        let mut files = files_of(&dist)?;
        files.sort();
        write_table(&out.join("workbench.rs"), &files)?;
    }
    Ok(())
}

/// The files of a folder and of those in it, named from there on.
fn files_of(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.push((name.to_string_lossy().replace('\\', "/"), path.clone()));
            }
        }
    }
    Ok(files)
}

/// Names and contents, as Rust.
fn write_table(to: &Path, files: &[(String, PathBuf)]) -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::from("&[\n");
    for (name, path) in files {
        writeln!(text, "    ({name:?}, include_bytes!({:?})),", path.display().to_string())?;
    }
    text.push_str("]\n");
    fs::write(to, text)?;
    Ok(())
}
