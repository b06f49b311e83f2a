//! Writing, input by input.

use super::{BATCH, Format, JSON_MIME, PROTOBUF_MIME, convert, proto};
use crate::archive;
use labelscope_api::messages::Input;
use prost::Message;
use std::io::{self, Seek, Write};

/// Writes an archive. In protobuf, inputs are gathered into batches whose member names end in their number, which
/// readers use for progress; in JSON there is one member for all.
pub struct Writer<W: Write + Seek> {
    zip: archive::Writer<W>,
    format: Format,
    split: String,
    batch: Vec<proto::Input>,
    batches: usize,
    inputs: usize,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins an archive; `split` names the folder of its members.
    pub fn new(out: W, format: Format, split: &str) -> io::Result<Self> {
        let mut zip = archive::Writer::new(out);
        let mime = match format {
            Format::Protobuf => PROTOBUF_MIME,
            Format::Json => JSON_MIME,
        };
        zip.entry("mimetype", false)?.write_all(mime.as_bytes())?;
        Ok(Self { zip, format, split: split.to_owned(), batch: Vec::new(), batches: 0, inputs: 0 })
    }

    /// Adds an input. Only its `id` and `data` go into the archive.
    pub fn push(&mut self, input: &Input) -> io::Result<()> {
        match self.format {
            Format::Protobuf => {
                self.batch.push(convert::input(input));
                if self.batch.len() == BATCH {
                    self.flush()?;
                }
            }
            Format::Json => {
                let bare = Input { id: input.id.clone(), data: input.data.clone(), ..Input::default() };
                let first = self.inputs == 0;
                // The entry stays open from the first input to the last.
                let out =
                    if first { self.zip.entry(&format!("{}/inputs.json", self.split), true)? } else { self.zip.open() };
                out.write_all(if first { b"{\"inputs\":[" } else { b"," })?;
                serde_json::to_writer(out, &bare)?;
            }
        }
        self.inputs += 1;
        Ok(())
    }

    /// Ends the archive and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        match self.format {
            Format::Protobuf => self.flush()?,
            Format::Json if self.inputs == 0 => {
                self.zip.entry(&format!("{}/inputs.json", self.split), true)?.write_all(b"{\"inputs\":[]}")?;
            }
            Format::Json => self.zip.open().write_all(b"]}")?,
        }
        self.zip.finish()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let name = format!("{}/{:010}_n{}", self.split, self.batches, self.batch.len());
        let batch = proto::InputBatch { inputs: std::mem::take(&mut self.batch) };
        self.zip.entry(&name, true)?.write_all(&batch.encode_to_vec())?;
        self.batches += 1;
        Ok(())
    }
}
