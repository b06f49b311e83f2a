//! Made-up data of a given size, the same at every run.
#![allow(clippy::many_single_char_names)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::paths;

/// A small generator of numbers (SplitMix64), so that no run differs from another.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// A COCO instances file with one box on each of the images `first..first + images`: of "broad" on every other one, of
/// "rare" on each 2000th, of one of 80 classes on the rest. Made once.
pub fn broad_and_rare(first: u64, images: u64) -> Result<PathBuf> {
    let path = paths::target().join("bench").join(format!("broad-and-rare-{first}-{images}.json"));
    if path.is_file() {
        return Ok(path);
    }
    let part = path.with_extension("part");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
    let numbers = first..first + images;
    let comma = |id: u64| if id == first { "" } else { "," };
    write!(out, "{{\"images\":[")?;
    for id in numbers.clone() {
        write!(out, "{}{{\"id\":{id},\"file_name\":\"{id:012}.jpg\",\"width\":640,\"height\":480}}", comma(id))?;
    }
    write!(out, "],\"annotations\":[")?;
    for id in numbers {
        let category = match id {
            id if id % 2000 == 1 => 82,
            id if id % 2 == 0 => 81,
            id => 1 + (id / 2) % 80,
        };
        write!(
            out,
            "{}{{\"id\":{id},\"image_id\":{id},\"category_id\":{category},\"bbox\":[10,20,{},120],\"area\":9000,\"iscrowd\":0}}",
            comma(id),
            30 + id % 500
        )?;
    }
    write!(out, "],\"categories\":[{{\"id\":81,\"name\":\"broad\"}},{{\"id\":82,\"name\":\"rare\"}}")?;
    for id in 1..=80 {
        write!(out, ",{{\"id\":{id},\"name\":\"class {id:02}\"}}")?;
    }
    write!(out, "]}}")?;
    out.flush()?;
    std::fs::rename(part, &path)?;
    Ok(path)
}

/// A COCO instances file of `images` images with `boxes` boxes each in 80 categories, made once.
pub fn coco(images: u64, boxes: u64) -> Result<PathBuf> {
    let path = paths::target().join("bench").join(format!("synthetic-{images}x{boxes}.json"));
    if !path.is_file() {
        let part = path.with_extension("part");
        write_coco(&part, images, boxes)?;
        std::fs::rename(part, &path)?;
    }
    Ok(path)
}

fn write_coco(path: &Path, images: u64, boxes: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    write!(out, "{{\"images\":[")?;
    for id in 1..=images {
        let comma = if id == 1 { "" } else { "," };
        write!(out, "{comma}{{\"id\":{id},\"file_name\":\"{id:012}.jpg\",\"width\":640,\"height\":480}}")?;
    }
    write!(out, "],\"annotations\":[")?;
    let mut numbers = Numbers(7);
    for id in 1..=images * boxes {
        let (x, y) = (numbers.below(50_000), numbers.below(38_000));
        let (w, h) = (200 + numbers.below(12_000), 200 + numbers.below(9_000));
        let comma = if id == 1 { "" } else { "," };
        let d = |n: u64| format!("{}.{:02}", n / 100, n % 100);
        let area = (w * h) as f64 / 10_000.0;
        write!(
            out,
            "{comma}{{\"id\":{id},\"image_id\":{},\"category_id\":{},\"bbox\":[{},{},{},{}],\"area\":{area},\"iscrowd\":0}}",
            (id - 1) / boxes + 1,
            1 + numbers.below(80),
            d(x),
            d(y),
            d(w),
            d(h),
        )?;
    }
    write!(out, "],\"categories\":[")?;
    for id in 1..=80 {
        let comma = if id == 1 { "" } else { "," };
        write!(out, "{comma}{{\"id\":{id},\"name\":\"class {id:02}\",\"supercategory\":\"thing\"}}")?;
    }
    write!(out, "]}}")?;
    out.flush()?;
    Ok(())
}
