//! Reads a file that the user chose, a slice at a time, so that it never sits in memory as a whole.

use std::io::{self, Read};

use labelscope_messages::Progress;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, FileReaderSync};

/// Bytes per slice: each costs a trip to the browser process, so not too small; each is held twice for a moment, so not
/// too large.
const SLICE: f64 = 1_048_576.0;

/// A [`Read`] over a `Blob`. It works in workers only, where the browser allows reading without waiting for events.
pub struct BlobReader<'a> {
    blob: &'a Blob,
    reader: FileReaderSync,
    /// The slice at hand, and how much of it is taken.
    slice: Vec<u8>,
    taken: usize,
    /// Where in the file the next slice begins.
    next: f64,
    on_progress: &'a dyn Fn(Progress),
}

impl<'a> BlobReader<'a> {
    /// `on_progress` is told at every slice.
    pub fn new(blob: &'a Blob, on_progress: &'a dyn Fn(Progress)) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|error| io_error(&error))?;
        Ok(Self { blob, reader, slice: Vec::new(), taken: 0, next: 0.0, on_progress })
    }

    fn fetch(&mut self) -> io::Result<()> {
        let total = self.blob.size();
        let end = (self.next + SLICE).min(total);
        let slice = self.blob.slice_with_f64_and_f64(self.next, end).map_err(|error| io_error(&error))?;
        let bytes = self.reader.read_as_array_buffer(&slice).map_err(|error| io_error(&error))?;
        self.slice = js_sys::Uint8Array::new(&bytes).to_vec();
        self.taken = 0;
        self.next = end;
        (self.on_progress)(Progress { done: end, total });
        Ok(())
    }
}

impl Read for BlobReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken >= self.slice.len() && self.next < self.blob.size() {
            self.fetch()?;
        }
        let mut left = self.slice.get(self.taken..).unwrap_or_default();
        let count = left.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

/// What the browser says when a file is gone or was changed since it was chosen.
fn io_error(error: &JsValue) -> io::Error {
    let told = js_sys::Reflect::get(error, &"message".into()).ok().and_then(|text| text.as_string());
    io::Error::other(told.unwrap_or_else(|| "the browser could not read the file".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use wasm_bindgen_test::*;

    use super::*;

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn blob(bytes: &[u8]) -> Blob {
        Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&js_sys::Uint8Array::from(bytes))).unwrap()
    }

    #[wasm_bindgen_test]
    fn a_file_larger_than_a_slice_is_read_whole_with_progress() {
        let bytes: Vec<u8> = (0..2_500_000_u32).map(|at| (at % 251) as u8).collect();
        let told = RefCell::new(Vec::new());
        let listen = |progress: Progress| told.borrow_mut().push(progress.done);
        let mut read = Vec::new();
        BlobReader::new(&blob(&bytes), &listen).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == bytes, "the bytes differ");
        assert_eq!(*told.borrow(), [1_048_576.0, 2_097_152.0, 2_500_000.0]);
    }

    #[wasm_bindgen_test]
    fn an_empty_file_ends_at_once() {
        let mut read = Vec::new();
        BlobReader::new(&blob(&[]), &|_| panic!("nothing to tell")).unwrap().read_to_end(&mut read).unwrap();
        assert!(read.is_empty());
    }
}
