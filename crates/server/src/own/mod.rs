//! The operations that the server answers itself, since they are about it and not about data:
//! `labelscope_api::extensions::OF_THE_SERVER`.

mod connections;
mod info;
mod tokens;

use crate::reply;
use crate::state::Server;
use crate::writer::Owned;
use axum::body::Body;
use axum::http::Response;
use labelscope_api::messages::{Status, StatusCode};
use labelscope_api::{Operation, Reply};
use labelscope_engine::{Fault, describe, http_status};

/// Answers one of them; `None` where it is the engine's to answer.
pub(crate) async fn answer(server: &Server, call: &Owned) -> Option<Response<Body>> {
    Some(match call.name {
        "GetInfo" => run(server, call, info::get).await,
        "ListConnections" => run(server, call, connections::list).await,
        "PostConnection" => run(server, call, connections::post).await,
        "PatchConnection" => run(server, call, connections::patch).await,
        "DeleteConnection" => run(server, call, connections::delete).await,
        "TestConnection" => connections::test(server, call).await,
        "ListTokens" => run(server, call, tokens::list).await,
        "PostToken" => run(server, call, tokens::post).await,
        "DeleteToken" => run(server, call, tokens::delete).await,
        _ => return None,
    })
}

fn read<O: Operation>(call: &Owned) -> Result<O, Fault> {
    Ok(O::from_parts(call.path.clone(), &call.query, &call.body)?)
}

/// Reads an operation and answers it on a thread that may block: files are written.
async fn run<O: Operation + Send + 'static>(
    server: &Server,
    call: &Owned,
    handler: fn(&Server, O) -> Result<O::Reply, Fault>,
) -> Response<Body>
where
    O::Reply: Send,
{
    let op = match read::<O>(call) {
        Ok(op) => op,
        Err(fault) => return refused::<O>(&fault, &call.req_id),
    };
    let server = server.clone();
    match tokio::task::spawn_blocking(move || handler(&server, op)).await {
        Ok(Ok(reply)) => good(reply, &call.req_id),
        Ok(Err(fault)) => refused::<O>(&fault, &call.req_id),
        Err(error) => reply::internal(error, &call.req_id),
    }
}

/// A reply that says how the call went where it does not say so yet.
fn good(mut reply: impl Reply, req_id: &str) -> Response<Body> {
    if reply.status().is_none() {
        reply.set_status(Status {
            code: StatusCode::SUCCESS,
            description: describe(StatusCode::SUCCESS).to_owned(),
            req_id: req_id.to_owned(),
            ..Status::default()
        });
    }
    reply::json(200, &reply)
}

fn refused<O: Operation>(fault: &Fault, req_id: &str) -> Response<Body> {
    let mut reply = O::Reply::default();
    reply.set_status(fault.status(req_id));
    reply::json(http_status(fault.code()), &reply)
}
