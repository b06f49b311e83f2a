//! Writing, input by input.

use super::{BATCH, Format, JSON_MIME, PROTOBUF_MIME, convert, proto};
use crate::archive;
use labelscope_api::messages::Input;
use prost::Message;
use std::io::{self, Seek, Write};

/// Writes an archive. Inputs are gathered into batches whose member names end in the number of their inputs, which
/// readers use for progress: `train/0000000000_n500`.
pub struct Writer<W: Write + Seek> {
    zip: archive::Writer<W>,
    split: String,
    batch: Batch,
    inputs: usize,
    batches: usize,
}

/// Inputs that wait for their member to be written.
enum Batch {
    Protobuf(proto::InputBatch),
    /// The member so far, without its end.
    Json(Vec<u8>),
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
        let batch = match format {
            Format::Protobuf => Batch::Protobuf(proto::InputBatch::default()),
            Format::Json => Batch::Json(Vec::new()),
        };
        Ok(Self { zip, split: split.to_owned(), batch, inputs: 0, batches: 0 })
    }

    /// Begins another folder, whose members are numbered from 0 again.
    pub fn next_split(&mut self, split: &str) -> io::Result<()> {
        self.flush()?;
        split.clone_into(&mut self.split);
        self.batches = 0;
        Ok(())
    }

    /// Adds an input. Only its `id` and `data` go into the archive.
    pub fn push(&mut self, input: &Input) -> io::Result<()> {
        match &mut self.batch {
            Batch::Protobuf(batch) => batch.inputs.push(convert::input(input)),
            Batch::Json(text) => {
                let bare = Input { id: input.id.clone(), data: input.data.clone(), ..Input::default() };
                text.extend_from_slice(if self.inputs == 0 { b"{\"inputs\":[" } else { b"," });
                serde_json::to_writer(text, &bare)?;
            }
        }
        self.inputs += 1;
        if self.inputs == BATCH { self.flush() } else { Ok(()) }
    }

    /// Ends the archive and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        self.zip.finish()
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.inputs == 0 {
            return Ok(());
        }
        let out = self.zip.entry(&format!("{}/{:010}_n{}", self.split, self.batches, self.inputs), true)?;
        match &mut self.batch {
            Batch::Protobuf(batch) => out.write_all(&std::mem::take(batch).encode_to_vec())?,
            Batch::Json(text) => {
                text.extend_from_slice(b"]}");
                out.write_all(text)?;
                text.clear();
            }
        }
        (self.inputs, self.batches) = (0, self.batches + 1);
        Ok(())
    }
}
