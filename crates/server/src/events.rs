//! Server-sent events: what was written, and which job has moved, so that two tabs agree.

use crate::state::Server;
use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream;
use labelscope_engine::Event;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

pub(crate) fn stream(server: &Server) -> Response<Body> {
    let events = server.inner.events.subscribe();
    let me = server.clone();
    let first = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"retry: 2000\n: connected\n\n")) });
    let rest = stream::unfold((events, me), |(mut events, me)| async move {
        loop {
            // A comment now and then finds out connections that are gone.
            let text = match tokio::time::timeout(Duration::from_secs(15), events.recv()).await {
                Err(_) => ": still here\n\n".to_owned(),
                // Who was too slow looks at everything again.
                Ok(Err(RecvError::Lagged(_))) => "event: revision\ndata: {\"all\":true}\n\n".to_owned(),
                Ok(Err(RecvError::Closed)) => return None,
                Ok(Ok(event)) => match tell(&me, event).await {
                    Some(text) => text,
                    None => continue,
                },
            };
            return Some((Ok(Bytes::from(text)), (events, me)));
        }
    });
    let mut response = Response::new(Body::from_stream(first.chain(rest)));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn tell(server: &Server, event: Event) -> Option<String> {
    match event {
        Event::Job(job) => Some(format!("event: job\ndata: {}\n\n", serde_json::to_string(&job).ok()?)),
        Event::Revision { app, revision } => {
            let (user_id, app_id) = server.read(move |r| r.app_id(app)).await.ok()?.ok()??;
            let data = serde_json::json!({"user_id": user_id, "app_id": app_id, "revision": revision});
            Some(format!("event: revision\ndata: {data}\n\n"))
        }
    }
}
