//! Media files as they are, and pictures smaller too.

use crate::state::Server;
use crate::{api, range, reply};
use anyhow::{Result, bail};
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use labelscope_api::extensions::MEDIA_PATH;
use labelscope_api::messages::StatusCode;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// Sizes beside `orig`: the longer side in pixels.
const SIZES: [(&str, u32); 2] = [("small", 256), ("medium", 1024)];
/// A picture may have so many pixels on a side, and take so much memory unpacked.
const MAX_SIDE: u32 = 30_000;
const MAX_MEMORY: u64 = 512 << 20;

/// Types by the files' first bytes. Nothing among them can hold a script.
pub(crate) fn is_harmless(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/jpeg"
            | "image/png"
            | "image/gif"
            | "image/webp"
            | "image/bmp"
            | "video/mp4"
            | "video/webm"
            | "video/quicktime"
            | "audio/mpeg"
            | "audio/wav"
            | "audio/flac"
            | "audio/ogg"
            | "audio/mp4"
    )
}

pub(crate) async fn get(
    server: &Server,
    method: &Method,
    rest: &str,
    headers: &HeaderMap,
    req_id: &str,
) -> Response<Body> {
    let gone = || reply::failure(StatusCode::CONN_DOES_NOT_EXIST, "there is no such file", req_id);
    let Some((size, sha)) = rest.split_once('/').map(|(size, sha)| (size.to_owned(), sha.to_owned())) else {
        return gone();
    };
    if size == "orig" && sha.starts_with("text-") {
        return match server.read(move |r| r.text(&sha)).await {
            Ok(Ok(Some(text))) => plain(method, text),
            Ok(Ok(None)) => gone(),
            Ok(Err(error)) => reply::internal(error, req_id),
            Err(error) => reply::internal(error, req_id),
        };
    }
    let wanted = sha.clone();
    let info = match server.read(move |r| r.media(&wanted)).await {
        Ok(Ok(Some(info))) => info,
        Ok(Ok(None)) => return gone(),
        Ok(Err(error)) => return reply::internal(error, req_id),
        Err(error) => return reply::internal(error, req_id),
    };
    let safe = is_harmless(&info.content_type);
    let side = SIZES.iter().find(|(name, _)| *name == size).map(|(_, side)| *side);
    let (path, kind, tag) = match side {
        None if size == "orig" => (info.path, info.content_type, sha),
        None => return gone(),
        // Of these there are no smaller copies.
        Some(_) if !info.content_type.starts_with("image/") => return gone(),
        Some(side) => match thumbnail(server, &info.path, &sha, &size, side).await {
            Ok((path, kind)) => (path, kind.to_owned(), format!("{sha}-{size}")),
            // What cannot be made smaller is shown as it is.
            Err(error) => {
                tracing::debug!(sha, "no thumbnail: {error:#}");
                (info.path, info.content_type, sha)
            }
        },
    };
    let mut response =
        range::send(method, headers, &path, &tag, if safe { &kind } else { "application/octet-stream" }, req_id).await;
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    out.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    if !safe {
        out.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    response
}

/// A raw text. It never changes under its name.
fn plain(method: &Method, text: String) -> Response<Body> {
    let length = text.len();
    let mut response = Response::new(if *method == Method::HEAD { Body::empty() } else { Body::from(text) });
    let out = response.headers_mut();
    out.insert(header::CONTENT_LENGTH, length.into());
    for (name, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        out.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn thumbnail(
    server: &Server,
    source: &Path,
    sha: &str,
    size: &str,
    side: u32,
) -> Result<(PathBuf, &'static str)> {
    let folder = server.inner.config.data.join("thumbs").join(size);
    for (ending, kind) in [("jpg", "image/jpeg"), ("png", "image/png")] {
        let path = folder.join(format!("{sha}.{ending}"));
        if path.is_file() {
            return Ok((path, kind));
        }
    }
    // Unpacking is heavy: few at a time.
    let _permit = server.inner.thumbs.acquire().await?;
    let (source, sha) = (source.to_owned(), sha.to_owned());
    tokio::task::spawn_blocking(move || shrink(&source, &folder, &sha, side)).await?
}

fn shrink(source: &Path, folder: &Path, sha: &str, side: u32) -> Result<(PathBuf, &'static str)> {
    let mut reader = image::ImageReader::new(BufReader::new(File::open(source)?)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(MAX_SIDE), Some(MAX_SIDE), Some(MAX_MEMORY));
    reader.limits(limits);
    let picture = reader.decode()?;
    if picture.width().max(picture.height()) <= side {
        bail!("it is no larger than its thumbnail");
    }
    let small = picture.thumbnail(side, side);
    std::fs::create_dir_all(folder)?;
    let (ending, kind) = if small.color().has_alpha() { ("png", "image/png") } else { ("jpg", "image/jpeg") };
    let (path, part) =
        (folder.join(format!("{sha}.{ending}")), folder.join(format!("{sha}.part-{:?}", std::thread::current().id())));
    let mut out = BufWriter::new(File::create(&part)?);
    if ending == "png" {
        small.write_to(&mut out, image::ImageFormat::Png)?;
    } else {
        small.to_rgb8().write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 82))?;
    }
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    std::fs::rename(part, &path)?;
    Ok((path, kind))
}

/// Stores the files of a form and tells their addresses, by which inputs can name them.
pub(crate) async fn upload(server: &Server, request: Request, req_id: &str) -> Response<Body> {
    let base = api::base_url(server, request.headers());
    let mut form = match Multipart::from_request(request, &()).await {
        Ok(form) => form,
        Err(error) => {
            return reply::failure(
                StatusCode::CONN_BAD_REQUEST_FORMAT,
                format!("send the files as multipart/form-data: {error}"),
                req_id,
            );
        }
    };
    let mut media = Vec::new();
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                return reply::failure(
                    StatusCode::CONN_BAD_REQUEST_FORMAT,
                    format!("the form ends too early: {error}"),
                    req_id,
                );
            }
        };
        let name = field.file_name().unwrap_or("").to_owned();
        match keep(server, field).await {
            Ok(Some((sha, bytes, kind))) => media.push(serde_json::json!({
                "sha256": sha, "url": format!("{base}{MEDIA_PATH}/orig/{sha}"), "bytes": bytes.to_string(), "content_type": kind, "file_name": name
            })),
            Ok(None) => {
                let details = format!(
                    "{name:?} is no picture (JPEG, PNG, GIF, BMP, WebP), video (MP4, QuickTime, WebM) or recording (WAV, MP3, FLAC, Ogg, M4A)"
                );
                return reply::failure(StatusCode::INPUT_UNSUPPORTED_FORMAT, details, req_id);
            }
            Err(error) => return reply::internal(error, req_id),
        }
    }
    let status = serde_json::json!({"code": StatusCode::SUCCESS, "description": "Ok", "req_id": req_id});
    reply::json(200, &serde_json::json!({"status": status, "media": media}))
}

async fn keep(
    server: &Server,
    mut field: axum::extract::multipart::Field<'_>,
) -> Result<Option<(String, u64, String)>> {
    let mut draft = server.inner.engine.blobs().begin()?;
    while let Some(chunk) = field.chunk().await? {
        std::io::Write::write_all(draft.writer()?, &chunk)?;
    }
    let (writer, engine) = (server.inner.writer.clone(), server.inner.engine.clone());
    tokio::task::spawn_blocking(move || {
        let stored = draft.keep()?;
        let known = writer.lock().note_media(&stored)?;
        if known.is_none()
            && let Some(path) = engine.blobs().path(&stored.sha256)
        {
            std::fs::remove_file(path)?;
        }
        Ok(known.map(|info| (stored.sha256, stored.bytes, info.content_type)))
    })
    .await?
}
