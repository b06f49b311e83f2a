//! Reading, batch by batch.

use super::{JSON_MIME, PROTOBUF_MIME, convert, proto};
use crate::archive::{self, Limits};
use labelscope_api::messages::Input;
use prost::Message;
use std::io::{Read, Seek};

/// How inputs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `clarifai.api.InputBatch`, serialized.
    Protobuf,
    /// `{"inputs": […]}`.
    Json,
}

/// Why an archive could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ZIP around it.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// No `mimetype`, or another one.
    #[error("the archive's mimetype is {0:?}, which is neither Clarifai protobuf nor Clarifai JSON")]
    Mime(String),
    /// A member that does not hold what its archive claims.
    #[error("member {name:?}: {reason}")]
    Member {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads an archive and hands each input over with the name of its member. Gives the format and the number of inputs.
pub fn read(reader: impl Read + Seek, mut take: impl FnMut(&str, Input)) -> Result<(Format, usize), Error> {
    let mut zip = archive::Reader::open(reader, Limits::default())?;
    let mut members = Vec::new();
    let mut mime = String::new();
    for index in 0..zip.len() {
        match zip.name(index)? {
            Some(name) if name == "mimetype" => {
                zip.entry(index)?.take(200).read_to_string(&mut mime).map_err(archive::Error::Io)?;
            }
            Some(name) => members.push((index, name)),
            None => {}
        }
    }
    let format = match mime.as_str() {
        PROTOBUF_MIME => Format::Protobuf,
        JSON_MIME => Format::Json,
        _ => return Err(Error::Mime(mime)),
    };
    let mut count = 0;
    for (index, name) in members {
        let mut bytes = Vec::new();
        zip.entry(index)?.read_to_end(&mut bytes).map_err(archive::Error::Io)?;
        let member = |reason: String| Error::Member { name: name.clone(), reason };
        let inputs: Vec<Input> = match format {
            Format::Protobuf => {
                let batch = proto::InputBatch::decode(bytes.as_slice()).map_err(|e| member(e.to_string()))?;
                batch.inputs.into_iter().map(convert::back_input).collect()
            }
            Format::Json => {
                #[derive(serde::Deserialize)]
                struct Member {
                    inputs: Vec<Input>,
                }
                serde_json::from_slice::<Member>(&bytes).map_err(|e| member(e.to_string()))?.inputs
            }
        };
        count += inputs.len();
        inputs.into_iter().for_each(|input| take(&name, input));
    }
    Ok((format, count))
}
