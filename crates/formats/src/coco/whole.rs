//! A file in memory.

use super::{Annotation, Category, Error, Image, Sink};
use serde_json::Value;

/// What an instances file holds, each in the order of the file.
#[derive(Default)]
pub(crate) struct Whole {
    pub images: Vec<Image>,
    pub annotations: Vec<Annotation>,
    pub categories: Vec<Category>,
}

impl Sink for Whole {
    fn image(&mut self, _: usize, image: Image) -> Result<(), Error> {
        self.images.push(image);
        Ok(())
    }
    fn annotation(&mut self, _: usize, annotation: Annotation) -> Result<(), Error> {
        self.annotations.push(annotation);
        Ok(())
    }
    fn category(&mut self, _: usize, category: Category) -> Result<(), Error> {
        self.categories.push(category);
        Ok(())
    }
    fn extra(&mut self, _: String, _: Value) -> Result<(), Error> {
        Ok(())
    }
}
