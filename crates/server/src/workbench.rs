//! The workbench's files, compressed ahead of time.

use crate::reply;
use anyhow::{Context, Result};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use base64::Engine as _;
use bytes::Bytes;
use labelscope_api::messages::StatusCode;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

struct Asset {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    kind: &'static str,
    /// Its name changes with its content.
    hashed: bool,
}

/// The files of the workbench, held in memory: a few hundred kilobytes.
pub(crate) struct Workbench {
    assets: HashMap<String, Asset>,
    policy: HeaderValue,
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        _ if !name.contains('.') => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Trunk puts a hash of 16 hexadecimal digits into names: `app-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

impl Workbench {
    /// The workbench in a folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let mut files = HashMap::new();
        read(folder, folder, &mut files)
            .with_context(|| format!("the workbench in {} cannot be read", folder.display()))?;
        Self::new(&files)
    }

    /// The workbench that lies in the binary, if one does.
    #[cfg(feature = "embed")]
    pub fn embedded() -> Option<Result<Self>> {
        const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/workbench.rs"));
        Some(Self::new(&FILES.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes))).collect()))
    }

    #[cfg(not(feature = "embed"))]
    pub fn embedded() -> Option<Result<Self>> {
        None
    }

    /// Takes files by name; `NAME.br` and `NAME.gz` are the same as `NAME`.
    fn new(files: &HashMap<String, Bytes>) -> Result<Self> {
        let compressed = |name: &str| Path::new(name).extension().is_some_and(|e| e == "br" || e == "gz");
        let assets: HashMap<String, Asset> = files
            .iter()
            .filter(|(name, _)| !compressed(name))
            .map(|(name, plain)| {
                let beside = |ending: &str| files.get(&format!("{name}.{ending}")).cloned();
                let (brotli, gzip) = (beside("br"), beside("gz"));
                let asset = Asset { plain: plain.clone(), brotli, gzip, kind: kind(name), hashed: is_hashed(name) };
                (format!("/{name}"), asset)
            })
            .collect();
        let index =
            assets.get("/index.html").map(|a| String::from_utf8_lossy(&a.plain).into_owned()).unwrap_or_default();
        let mut scripts = String::new();
        for text in inline_scripts(&index) {
            let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()));
            scripts.extend([" 'sha256-", &hash, "'"]);
        }
        // Calls and pictures of a connection that goes straight from the page have any address. Nothing but calls and
        // pictures: scripts, frames and forms stay here.
        let policy = format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: http: https:; connect-src 'self' http: https:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
        );
        Ok(Self { assets, policy: HeaderValue::from_str(&policy)? })
    }

    pub fn serve(&self, method: &Method, path: &str, headers: &HeaderMap, req_id: &str) -> Response<Body> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return reply::failure(StatusCode::CONN_METHOD_NOT_ALLOWED, "Method Not Allowed", req_id);
        }
        let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
        // A page of the workbench is any path without an ending; a file that is not there is not there.
        let last = path.rsplit('/').next().unwrap_or("");
        let asset = match self.assets.get(path) {
            Some(asset) => Some(asset),
            None if text(header::ACCEPT).contains("text/html") || !last.contains('.') => self.assets.get("/index.html"),
            None => None,
        };
        let Some(asset) = asset else {
            return reply::failure(StatusCode::CONN_DOES_NOT_EXIST, format!("there is nothing at {path}"), req_id);
        };
        let accepts = text(header::ACCEPT_ENCODING);
        let (body, encoding) = match (&asset.brotli, &asset.gzip) {
            (Some(br), _) if accepts.contains("br") => (br.clone(), Some("br")),
            (_, Some(gz)) if accepts.contains("gzip") => (gz.clone(), Some("gzip")),
            _ => (asset.plain.clone(), None),
        };
        let mut response = Response::new(Body::empty());
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
        out.insert(header::CONTENT_LENGTH, (body.len() as u64).into());
        out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Some(encoding) = encoding {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let cache = if asset.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        out.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        if asset.kind.starts_with("text/html") {
            out.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
            out.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
        }
        if *method != Method::HEAD {
            *response.body_mut() = Body::from(body);
        }
        response
    }
}

/// Reads the files of a folder and of those in it.
fn read(root: &Path, folder: &Path, files: &mut HashMap<String, Bytes>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read(&path)?.into());
        }
    }
    Ok(())
}

/// The texts of scripts that stand in a page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (tag, text) = rest.split_once('>')?;
        if tag.contains("src=") { None } else { text.split_once("</script>").map(|(text, _)| text) }
    })
}

/// What stands in for the workbench where it was not built.
pub(crate) fn missing(path: &str, req_id: &str) -> Response<Body> {
    if path != "/" {
        return reply::failure(StatusCode::CONN_DOES_NOT_EXIST, format!("there is nothing at {path}"), req_id);
    }
    let text = "<!doctype html><html lang=en><meta charset=utf-8><title>Labelscope</title><p>The API is served below /v2. The workbench was not built: run <code>cargo xtask build</code>, or name its folder with <code>--workbench</code>.";
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_scripts() {
        assert!(
            is_hashed("labelscope-app-0123456789abcdef_bg.wasm") && !is_hashed("worker.js") && !is_hashed("index.html")
        );
        let html = "<script type=module>let a</script><script src=x></script><script>b</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["let a", "b"]);
    }

    #[test]
    fn what_is_compressed_beside_a_file_is_the_file() {
        let files =
            [("index.html", "<p>"), ("a.js", "long"), ("a.js.br", "b"), ("a.js.gz", "g"), ("licenses.txt", "MIT")];
        let files = files.map(|(name, text)| (name.to_owned(), Bytes::from_static(text.as_bytes())));
        let workbench = Workbench::new(&files.into_iter().collect()).unwrap();
        let get = |path: &str, accepts: &'static str| {
            let headers = [(header::ACCEPT_ENCODING, HeaderValue::from_static(accepts))].into_iter().collect();
            let response = workbench.serve(&Method::GET, path, &headers, "r");
            let text = |name| response.headers().get(name).map_or("", |v: &HeaderValue| v.to_str().unwrap()).to_owned();
            (text(header::CONTENT_ENCODING), text(header::CONTENT_LENGTH), text(header::CONTENT_TYPE))
        };
        assert_eq!(get("/a.js", "gzip, br"), ("br".into(), "1".into(), "text/javascript; charset=utf-8".into()));
        assert_eq!(get("/a.js", "gzip").0, "gzip");
        assert_eq!(get("/a.js", ""), (String::new(), "4".into(), "text/javascript; charset=utf-8".into()));
        assert_eq!(get("/licenses.txt", "br").2, "text/plain; charset=utf-8");
        assert_eq!(get("/a.js.br", "").2, "application/json", "it is no file of its own");
    }
}
