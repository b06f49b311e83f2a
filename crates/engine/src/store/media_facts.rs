//! What a media file tells of itself in its header: seconds, frames, hertz. Read leniently: a file whose header is odd is
//! still a file, only less is known of it.

use labelscope_api::messages::{AudioInfo, VideoInfo};
use lofty::config::ParseOptions;
use lofty::file::AudioFile;
use lofty::properties::FileProperties;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// What is known beside width and height; 0 where it is not.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    /// The format's short name: `jpeg`, `mp4`, `flac`.
    pub format: String,
    #[serde(skip_serializing_if = "zero")]
    pub seconds: f64,
    #[serde(skip_serializing_if = "zero")]
    pub fps: f64,
    #[serde(skip_serializing_if = "zero")]
    pub frames: f64,
    #[serde(skip_serializing_if = "zero")]
    pub sample_rate: f64,
    #[serde(skip_serializing_if = "zero")]
    pub channels: f64,
    /// Bits a second.
    #[serde(skip_serializing_if = "zero")]
    pub bit_rate: f64,
    /// Of a video.
    #[serde(skip)]
    pub width: i64,
    #[serde(skip)]
    pub height: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn zero(v: &f64) -> bool {
    *v == 0.0
}

impl Facts {
    pub fn video(&self, width: i64, height: i64) -> Option<VideoInfo> {
        (!self.format.is_empty()).then(|| VideoInfo {
            width: width as i32,
            height: height as i32,
            fps: self.fps as f32,
            video_format: self.format.clone(),
            bit_rate: self.bit_rate as i32,
            frame_count: self.frames as i32,
            duration_seconds: self.seconds as f32,
        })
    }

    pub fn audio(&self) -> Option<AudioInfo> {
        (!self.format.is_empty()).then(|| AudioInfo {
            audio_format: self.format.clone(),
            sample_rate: self.sample_rate as i32,
            duration_seconds: self.seconds as f32,
            bit_rate: self.bit_rate as i32,
        })
    }
}

/// Reads the header of a video or a recording.
pub(crate) fn read(path: &Path, content_type: &str) -> Facts {
    let mut facts = match content_type {
        "video/mp4" | "video/quicktime" => mp4(path),
        "video/webm" => webm(path),
        _ => audio(path, content_type),
    }
    .unwrap_or_default();
    if facts.bit_rate == 0.0 && facts.seconds > 0.0 {
        let bytes = path.metadata().map_or(0, |m| m.len());
        facts.bit_rate = (bytes as f64 * 8.0 / facts.seconds).round();
    }
    facts
}

fn audio(path: &Path, content_type: &str) -> Option<Facts> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let options = ParseOptions::new().read_tags(false).read_cover_art(false);
    let properties: FileProperties = match content_type {
        "audio/mpeg" => (*lofty::mpeg::MpegFile::read_from(&mut file, options).ok()?.properties()).into(),
        "audio/wav" => (*lofty::iff::wav::WavFile::read_from(&mut file, options).ok()?.properties()).into(),
        "audio/flac" => (*lofty::flac::FlacFile::read_from(&mut file, options).ok()?.properties()).into(),
        "audio/mp4" => lofty::mp4::Mp4File::read_from(&mut file, options).ok()?.properties().clone().into(),
        _ => {
            if let Ok(vorbis) = lofty::ogg::VorbisFile::read_from(&mut file, options) {
                (*vorbis.properties()).into()
            } else {
                file.rewind().ok()?;
                (*lofty::ogg::OpusFile::read_from(&mut file, options).ok()?.properties()).into()
            }
        }
    };
    Some(Facts {
        seconds: properties.duration().as_secs_f64(),
        sample_rate: properties.sample_rate().map_or(0.0, f64::from),
        channels: properties.channels().map_or(0.0, f64::from),
        bit_rate: properties.audio_bitrate().map_or(0.0, |k| f64::from(k) * 1000.0),
        ..Facts::default()
    })
}

/// A header that is longer is not read.
const MAX_HEADER: u64 = 32 << 20;

/// Big-endian number of up to eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b))
}

fn at(bytes: &[u8], from: usize, length: usize) -> Option<&[u8]> {
    bytes.get(from..from.checked_add(length)?)
}

/// The boxes of an ISO file in a stretch of bytes: name and content.
fn boxes(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut out = Vec::new();
    while let (Some(size), Some(name)) = (at(bytes, 0, 4), at(bytes, 4, 4)) {
        let (head, size) = match number(size) {
            0 => (8, bytes.len()),
            1 => (16, at(bytes, 8, 8).map_or(0, |s| number(s) as usize)),
            size => (8, size as usize),
        };
        let Some(content) = bytes.get(head..size) else { break };
        out.push((name, content));
        bytes = bytes.get(size..).unwrap_or_default();
    }
    out
}

fn inside<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |b, want| boxes(b).into_iter().find(|(name, _)| name == *want).map(|(_, c)| c))
}

/// Units a second and duration of `mvhd` or `mdhd`.
fn clock(header: &[u8]) -> Option<(f64, f64)> {
    let (unit, duration) = match header.first()? {
        1 => (number(at(header, 20, 4)?), number(at(header, 24, 8)?)),
        _ => (number(at(header, 12, 4)?), number(at(header, 16, 4)?)),
    };
    (unit > 0).then_some((unit as f64, duration as f64))
}

fn mp4(path: &Path) -> Option<Facts> {
    let mut file = File::open(path).ok()?;
    let total = file.metadata().ok()?.len();
    let mut place = 0;
    let header = loop {
        let mut head = [0; 16];
        file.seek(SeekFrom::Start(place)).ok()?;
        file.read_exact(head.get_mut(..8)?).ok()?;
        let (skip, size) = match number(head.get(..4)?) {
            0 => (8, total - place),
            1 => {
                file.read_exact(head.get_mut(8..)?).ok()?;
                (16, number(head.get(8..)?))
            }
            size => (8, size),
        };
        if size < skip {
            return None;
        }
        if head.get(4..8) == Some(b"moov") {
            let mut header = Vec::new();
            (&mut file).take((size - skip).min(MAX_HEADER)).read_to_end(&mut header).ok()?;
            break header;
        }
        place = place.checked_add(size).filter(|p| *p < total)?;
    };
    let mut facts = Facts::default();
    if let Some((unit, duration)) = inside(&header, &[b"mvhd"]).and_then(clock) {
        facts.seconds = duration / unit;
    }
    for (_, track) in boxes(&header).into_iter().filter(|(name, _)| name == b"trak") {
        let handler = inside(track, &[b"mdia", b"hdlr"]).and_then(|h| at(h, 8, 4));
        if handler != Some(b"vide") {
            continue;
        }
        if let Some(size) =
            inside(track, &[b"tkhd"]).and_then(|t| t.len().checked_sub(8).and_then(|from| at(t, from, 8)))
        {
            // 16 bits before the point, 16 behind.
            (facts.width, facts.height) = ((number(size) >> 48) as i64, (number(size) >> 16 & 0xffff) as i64);
        }
        let samples = inside(track, &[b"mdia", b"minf", b"stbl", b"stsz"]).and_then(|s| at(s, 8, 4)).map_or(0, number);
        facts.frames = samples as f64;
        if let Some((unit, duration)) = inside(track, &[b"mdia", b"mdhd"]).and_then(clock)
            && duration > 0.0
        {
            facts.fps = facts.frames * unit / duration;
        }
        break;
    }
    Some(facts)
}

/// An EBML number with its length marker, and how many bytes it takes; `keep` leaves the marker in, as in ids.
fn vint(bytes: &[u8], keep: bool) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    if length > 8 {
        return None;
    }
    let raw = number(at(bytes, 0, length)?);
    Some((if keep { raw } else { raw & !(1 << (7 * length)) }, length))
}

/// The elements of a Matroska file in a stretch of bytes: id and content, cut at the end of the stretch.
fn elements(mut bytes: &[u8]) -> Vec<(u64, &[u8])> {
    let mut out = Vec::new();
    while let Some((id, a)) = vint(bytes, true) {
        let Some((size, b)) = bytes.get(a..).and_then(|rest| vint(rest, false)) else { break };
        let content = bytes.get(a + b..).unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(content.len());
        out.push((id, content.get(..size).unwrap_or_default()));
        bytes = content.get(size..).unwrap_or_default();
    }
    out
}

fn float(bytes: &[u8]) -> f64 {
    match bytes.len() {
        4 => f64::from(f32::from_bits(number(bytes) as u32)),
        8 => f64::from_bits(number(bytes)),
        _ => 0.0,
    }
}

fn webm(path: &Path) -> Option<Facts> {
    // Info and tracks stand before the first frames.
    let mut head = Vec::new();
    File::open(path).ok()?.take(1 << 20).read_to_end(&mut head).ok()?;
    let mut facts = Facts::default();
    let segment = elements(&head).into_iter().find(|(id, _)| *id == 0x1853_8067)?.1;
    for (id, content) in elements(segment) {
        match id {
            0x1549_A966 => {
                let (mut scale, mut duration) = (1_000_000, 0.0);
                for (id, value) in elements(content) {
                    match id {
                        0x002A_D7B1 => scale = number(value),
                        0x4489 => duration = float(value),
                        _ => {}
                    }
                }
                facts.seconds = duration * scale as f64 / 1e9;
            }
            0x1654_AE6B => {
                for (_, track) in elements(content).into_iter().filter(|(id, _)| *id == 0xAE) {
                    for (id, value) in elements(track) {
                        match id {
                            0x0023_E383 if number(value) > 0 => facts.fps = 1e9 / number(value) as f64,
                            0xE0 => {
                                for (id, value) in elements(value) {
                                    match id {
                                        0xB0 => facts.width = number(value) as i64,
                                        0xBA => facts.height = number(value) as i64,
                                        _ => {}
                                    }
                                }
                            }
                            _ => {}
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Some(facts)
}
