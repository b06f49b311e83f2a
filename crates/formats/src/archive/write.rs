//! Writing.

use std::io::{self, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Writes a ZIP, one entry after the other. The same entries give the same bytes: no time of day is in it.
pub struct Writer<W: Write + Seek> {
    zip: ZipWriter<W>,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins an archive.
    pub fn new(out: W) -> Self {
        Self { zip: ZipWriter::new(out) }
    }

    /// Begins an entry; what is written next belongs to it. Text is deflated quickly, what is packed already is stored.
    pub fn entry(&mut self, name: &str, deflate: bool) -> io::Result<&mut dyn Write> {
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).large_file(true);
        let options = if deflate {
            options.compression_method(CompressionMethod::Deflated).compression_level(Some(1))
        } else {
            options.compression_method(CompressionMethod::Stored)
        };
        self.zip.start_file(name, options)?;
        Ok(&mut self.zip)
    }

    /// The entry that was begun last.
    pub fn open(&mut self) -> &mut dyn Write {
        &mut self.zip
    }

    /// Ends the archive and gives the writer back.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.zip.finish()?)
    }
}
