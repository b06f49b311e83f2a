//! The files of an import, streamed to disk.

use crate::reply;
use crate::state::Server;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Response;
use futures::StreamExt;
use labelscope_api::messages::{BaseResponse, Status, StatusCode};
use labelscope_engine::Fault;
use labelscope_formats::archive::clean_name;
use percent_encoding::percent_decode_str;
use std::io;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

pub(crate) async fn put(server: &Server, rest: &str, request: Request, req_id: &str) -> Response<Body> {
    let Some((id, name)) = rest.split_once("/files/") else {
        return reply::failure(
            StatusCode::CONN_DOES_NOT_EXIST,
            "files go to imports/{import_id}/files/{file_name}",
            req_id,
        );
    };
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    let sound = id.bytes().all(|b| b.is_ascii_hexdigit()) && id.len() == 32;
    let folder = server.inner.engine.import_folder(id);
    if !sound || !folder.is_dir() {
        return reply::failure(
            StatusCode::CONN_DOES_NOT_EXIST,
            format!("import \"{id}\" does not exist, or is over"),
            req_id,
        );
    }
    let Some(name) = clean_name(&name).filter(|n| n.len() <= 500) else {
        return reply::failure(
            StatusCode::CONN_INVALID_REQUEST,
            format!("the file name {name:?} cannot be used"),
            req_id,
        );
    };
    if let Some(fault) = server.inner.engine.no_room() {
        return reply::fault(&fault, req_id);
    }
    let path = folder.join("files").join(&name);
    let bytes = match receive(&path, request).await {
        Ok(bytes) => bytes,
        Err(error) => {
            let fault = Fault::from(error);
            return if fault.is_full() {
                reply::fault(&fault, req_id)
            } else {
                reply::failure(
                    StatusCode::CONN_BAD_REQUEST_FORMAT,
                    format!("the file did not arrive whole: {fault}"),
                    req_id,
                )
            };
        }
    };
    let (writer, import, file) = (server.inner.writer.clone(), id.to_owned(), name);
    let noted = tokio::task::spawn_blocking(move || writer.lock().note_import_file(&import, &file, bytes)).await;
    match noted {
        Ok(Ok(true)) => {
            let status = Status {
                code: StatusCode::SUCCESS,
                description: "Ok".to_owned(),
                req_id: req_id.to_owned(),
                ..Status::default()
            };
            reply::json(200, &BaseResponse { status: Some(status) })
        }
        Ok(Ok(false)) => {
            let _ = tokio::fs::remove_file(&path).await;
            reply::failure(StatusCode::CONN_INVALID_REQUEST, "this import has begun or is over; make a new one", req_id)
        }
        Ok(Err(fault)) => {
            // The next try begins anew.
            let _ = tokio::fs::remove_file(&path).await;
            reply::fault(&fault, req_id)
        }
        Err(error) => reply::internal(error, req_id),
    }
}

/// Writes the body to a file; what did not arrive whole is removed.
async fn receive(path: &Path, request: Request) -> io::Result<u64> {
    if let Some(parent) = path.parent() {
        tokio::fs::create_dir_all(parent).await?;
    }
    let part = PathBuf::from(format!("{}.part", path.display()));
    let outcome = write(&part, request).await;
    match outcome {
        Ok(bytes) => {
            tokio::fs::rename(&part, path).await?;
            Ok(bytes)
        }
        Err(error) => {
            let _ = tokio::fs::remove_file(&part).await;
            Err(error)
        }
    }
}

async fn write(part: &Path, request: Request) -> io::Result<u64> {
    let mut file = tokio::fs::File::create(part).await?;
    let mut body = request.into_body().into_data_stream();
    let mut bytes = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(io::Error::other)?;
        file.write_all(&chunk).await?;
        bytes += chunk.len() as u64;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok(bytes)
}
