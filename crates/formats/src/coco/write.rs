//! Writing as a stream.

use super::model::{Annotation, Category, Image};
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Writes a COCO instances file. Sections come in any order, each at once: all images, then all annotations, and so on.
/// Floats are written so that they read back to the same bits.
pub struct Writer<W: Write> {
    out: W,
    section: Option<&'static str>,
    first_key: bool,
    first_item: bool,
    /// The lists that have been written, since one that got no item must be there all the same.
    lists: Vec<&'static str>,
}

impl<W: Write> Writer<W> {
    /// Begins the file.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, section: None, first_key: true, first_item: true, lists: Vec::new() })
    }

    /// Writes a top-level field, such as `info`.
    pub fn extra(&mut self, key: &str, value: &Value) -> io::Result<()> {
        self.close()?;
        self.key(key)?;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }

    /// Writes an image.
    pub fn image(&mut self, image: &Image) -> io::Result<()> {
        self.item("images")?;
        write!(self.out, "{{\"id\":{},\"file_name\":", image.id)?;
        serde_json::to_writer(&mut self.out, &image.file_name)?;
        write!(self.out, ",\"width\":{},\"height\":{}", image.width, image.height)?;
        self.rest(&image.extra)
    }

    /// Writes a category.
    pub fn category(&mut self, category: &Category) -> io::Result<()> {
        self.item("categories")?;
        write!(self.out, "{{\"id\":{},\"name\":", category.id)?;
        serde_json::to_writer(&mut self.out, &category.name)?;
        self.out.write_all(b",\"supercategory\":")?;
        serde_json::to_writer(&mut self.out, &category.supercategory)?;
        self.rest(&category.extra)
    }

    /// Writes an annotation.
    pub fn annotation(&mut self, a: &Annotation) -> io::Result<()> {
        self.item("annotations")?;
        self.out.write_all(b"{")?;
        if let Some(id) = a.id {
            write!(self.out, "\"id\":{id},")?;
        }
        write!(self.out, "\"image_id\":{},\"category_id\":{}", a.image_id, a.category_id)?;
        if let Some([x, y, w, h]) = a.bbox {
            self.out.write_all(b",\"bbox\":[")?;
            for (i, v) in [x, y, w, h].into_iter().enumerate() {
                if i > 0 {
                    self.out.write_all(b",")?;
                }
                self.number(v)?;
            }
            self.out.write_all(b"]")?;
        }
        if let Some(area) = a.area {
            self.out.write_all(b",\"area\":")?;
            self.number(area)?;
        }
        if let Some(segmentation) = &a.segmentation {
            self.out.write_all(b",\"segmentation\":")?;
            serde_json::to_writer(&mut self.out, segmentation)?;
        }
        write!(self.out, ",\"iscrowd\":{}", u8::from(a.iscrowd))?;
        self.rest(&a.extra)
    }

    /// Ends the file and gives the writer back. Lists that got no item are there and empty.
    pub fn finish(mut self) -> io::Result<W> {
        self.close()?;
        for name in ["images", "annotations", "categories"] {
            if !self.lists.contains(&name) {
                self.key(name)?;
                self.out.write_all(b"[]")?;
            }
        }
        self.out.write_all(b"}")?;
        Ok(self.out)
    }

    fn number(&mut self, v: f64) -> io::Result<()> {
        // Whole numbers without `.0`: that is how they came.
        if v.fract() == 0.0 && v.abs() < 1e15 {
            write!(self.out, "{}", v as i64)
        } else {
            Ok(serde_json::to_writer(&mut self.out, &v)?)
        }
    }

    fn key(&mut self, key: &str) -> io::Result<()> {
        if !std::mem::replace(&mut self.first_key, false) {
            self.out.write_all(b",")?;
        }
        serde_json::to_writer(&mut self.out, key)?;
        self.out.write_all(b":")
    }

    fn close(&mut self) -> io::Result<()> {
        if self.section.take().is_some() { self.out.write_all(b"]") } else { Ok(()) }
    }

    fn item(&mut self, section: &'static str) -> io::Result<()> {
        if self.section != Some(section) {
            self.close()?;
            self.key(section)?;
            self.out.write_all(b"[")?;
            self.section = Some(section);
            self.lists.push(section);
            self.first_item = true;
        }
        if !std::mem::replace(&mut self.first_item, false) {
            self.out.write_all(b",\n")?;
        }
        Ok(())
    }

    fn rest(&mut self, extra: &Map<String, Value>) -> io::Result<()> {
        for (key, value) in extra {
            self.out.write_all(b",")?;
            serde_json::to_writer(&mut self.out, key)?;
            self.out.write_all(b":")?;
            serde_json::to_writer(&mut self.out, value)?;
        }
        self.out.write_all(b"}")
    }
}
