//! Connections: listed, made, changed, deleted and tried.

use super::{good, read, refused};
use crate::gateway::{self, Failure, Target};
use crate::state::Server;
use crate::writer::Owned;
use axum::body::Body;
use axum::http::Response;
use labelscope_api::extensions::{
    Connection, ConnectionReply, DeleteConnection, ListConnections, MultiConnectionReply, PatchConnection,
    PostConnection, TestConnection,
};
use labelscope_api::messages::{BaseResponse, Status, StatusCode};
use labelscope_api::operations::GetUser;
use labelscope_api::{Operation, Reply};
use labelscope_engine::{Fault, describe};

#[allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value)] // as all handlers
pub(super) fn list(server: &Server, _: ListConnections) -> Result<MultiConnectionReply, Fault> {
    let connections = server.inner.connections.list();
    Ok(MultiConnectionReply { connections, ..MultiConnectionReply::default() })
}

pub(super) fn post(server: &Server, op: PostConnection) -> Result<ConnectionReply, Fault> {
    let connection = server.inner.connections.add(op.connection.unwrap_or_default(), op.token)?;
    Ok(ConnectionReply { connection: Some(connection), ..ConnectionReply::default() })
}

pub(super) fn patch(server: &Server, op: PatchConnection) -> Result<ConnectionReply, Fault> {
    let asked = op.connection.unwrap_or_default();
    let connection = server.inner.connections.change(&op.connection_id, asked, op.token)?;
    Ok(ConnectionReply { connection: Some(connection), ..ConnectionReply::default() })
}

#[allow(clippy::needless_pass_by_value)] // as all handlers
pub(super) fn delete(server: &Server, op: DeleteConnection) -> Result<BaseResponse, Fault> {
    server.inner.connections.remove(&op.connection_id)?;
    Ok(BaseResponse::default())
}

/// Asks the other side whose token it is. That it says no, or nothing, is an answer: HTTP 200, and the status tells.
pub(super) async fn test(server: &Server, call: &Owned) -> Response<Body> {
    let found = read::<TestConnection>(call).and_then(|op| {
        let connection = server.inner.connections.get(&op.connection_id)?;
        Ok((connection, server.inner.connections.target(&op.connection_id)?))
    });
    let (connection, target) = match found {
        Ok(found) => found,
        Err(fault) => return refused::<TestConnection>(&fault, &call.req_id),
    };
    let (status, user_id) = match asked(server, &target).await {
        Ok(answer) => answer,
        Err((code, details)) => {
            let description = describe(code).to_owned();
            (Status { code, description, details, req_id: call.req_id.clone(), ..Status::default() }, None)
        }
    };
    let connection = Connection { user_id: user_id.unwrap_or_default(), ..connection };
    good(ConnectionReply { status: Some(status), connection: Some(connection) }, &call.req_id)
}

async fn asked(server: &Server, target: &Target) -> Result<(Status, Option<String>), (StatusCode, String)> {
    if target.token.0.is_empty() {
        return Err((StatusCode::CONN_KEY_NOT_FOUND, "this connection has no token yet".to_owned()));
    }
    let (http, body) =
        gateway::ask(server, target, "/v2/users/me").await.map_err(|f: Failure| (f.code(), f.to_string()))?;
    let read = serde_json::from_slice::<<GetUser as Operation>::Reply>(&body).ok();
    match read {
        Some(reply) if reply.status().is_some() => {
            Ok((reply.status().cloned().unwrap_or_default(), reply.user.map(|user| user.id)))
        }
        _ => Err((
            StatusCode::INTERNAL_FETCHING_ISSUE,
            format!("{} answered HTTP {http} with something that is not of the API; check the address", target.origin),
        )),
    }
}
