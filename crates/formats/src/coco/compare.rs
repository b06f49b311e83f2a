//! Do two COCO files say the same? Ids may differ; images are told apart by file name, categories by name.

use super::whole::Whole;
use super::{Error, Segmentation, read};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;

/// A mask in one spelling, so that compressed and plain run lengths compare equal.
fn normal(segmentation: Option<&Segmentation>) -> String {
    match segmentation {
        None => String::new(),
        Some(s) => match s.mask() {
            Some(Ok(mask)) => format!("{:?}", mask.counts()),
            _ => format!("{s:?}"),
        },
    }
}

type Objects = BTreeMap<String, usize>;
type Named<'a, V> = BTreeMap<&'a str, V>;

fn by_name(whole: &Whole) -> (Named<'_, String>, Named<'_, (String, Objects)>) {
    let names: HashMap<i64, &str> = whole.categories.iter().map(|c| (c.id, c.name.as_str())).collect();
    let categories =
        whole.categories.iter().map(|c| (c.name.as_str(), format!("{} {:?}", c.supercategory, c.extra))).collect();
    let mut objects: HashMap<i64, Objects> = HashMap::new();
    for a in &whole.annotations {
        let name = names.get(&a.category_id).copied().unwrap_or("?");
        let line = format!(
            "{name} box {:?} area {:?} crowd {} {}",
            a.bbox,
            a.area,
            a.iscrowd,
            normal(a.segmentation.as_ref())
        );
        *objects.entry(a.image_id).or_default().entry(line).or_default() += 1;
    }
    let images = whole
        .images
        .iter()
        .map(|i| {
            let facts = format!("{}x{} {:?}", i.width, i.height, i.extra);
            (i.file_name.as_str(), (facts, objects.remove(&i.id).unwrap_or_default()))
        })
        .collect();
    (categories, images)
}

/// Lists what differs: images with their sizes and other fields, categories, and each image's objects with boxes, areas,
/// outlines and masks. Empty means the same. At most 20 lines.
pub fn differences(a: impl Read, b: impl Read) -> Result<Vec<String>, Error> {
    let (mut left, mut right) = (Whole::default(), Whole::default());
    read(a, &mut left)?;
    read(b, &mut right)?;
    let ((categories_a, images_a), (categories_b, images_b)) = (by_name(&left), by_name(&right));
    let mut out = Vec::new();
    if left.images.len() != right.images.len() || left.annotations.len() != right.annotations.len() {
        out.push(format!(
            "{} images with {} annotations against {} with {}",
            left.images.len(),
            left.annotations.len(),
            right.images.len(),
            right.annotations.len()
        ));
    }
    keyed(&categories_a, &categories_b, "category", &mut out);
    keyed(&images_a, &images_b, "image", &mut out);
    out.truncate(20);
    Ok(out)
}

fn keyed<V: PartialEq + std::fmt::Debug>(
    a: &BTreeMap<&str, V>,
    b: &BTreeMap<&str, V>,
    what: &str,
    out: &mut Vec<String>,
) {
    for (name, value) in a {
        match b.get(name) {
            None => out.push(format!("{what} {name} is missing")),
            Some(other) if other != value => out.push(format!("{what} {name}: {value:?} became {other:?}")),
            Some(_) => {}
        }
    }
    out.extend(b.keys().filter(|k| !a.contains_key(*k)).map(|k| format!("{what} {k} is new")));
}
