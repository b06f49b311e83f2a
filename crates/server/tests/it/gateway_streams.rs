//! Bodies that stream through the gateway, and how they end.

use crate::gateway::{GATEWAY, connected, listening, text, world};
use crate::platform::{Platform, header, recorded};
use crate::world::{TOKEN, World, with_token};
use axum::body::Body;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures::StreamExt;
use futures::channel::mpsc::unbounded;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, oneshot};
use tower::ServiceExt;

fn client() -> Client<hyper_util::client::legacy::connect::HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

#[tokio::test]
async fn bodies_stream_in_both_directions() {
    let (heard, mut hears) = unbounded::<Bytes>();
    let (mut says, said) = unbounded::<Result<Bytes, Infallible>>();
    let said = Arc::new(Mutex::new(Some(said)));
    let platform = Platform::start(move |request| {
        let (heard, said) = (heard.clone(), said.clone());
        async move {
            let said = said.lock().await.take().unwrap();
            tokio::spawn(async move {
                let mut body = request.into_body().into_data_stream();
                while let Some(Ok(piece)) = body.next().await {
                    heard.unbounded_send(piece).unwrap();
                }
            });
            let response = Response::builder().header("content-type", "text/event-stream");
            response.body(Body::from_stream(said)).unwrap()
        }
    })
    .await;
    let w = world(&platform).await;
    let address = listening(&w).await;
    let (mut up, sends) = unbounded::<Result<Bytes, Infallible>>();
    let request = Request::post(format!("{address}{GATEWAY}/v2/inputs"))
        .header("authorization", format!("Key {TOKEN}"))
        .body(Body::from_stream(sends))
        .unwrap();
    let answer = tokio::spawn(async move { client().request(request).await.unwrap() });
    // Each waits for the other: nobody may hold anything back.
    futures::SinkExt::send(&mut up, Ok(Bytes::from("one"))).await.unwrap();
    assert_eq!(hears.next().await.unwrap(), "one");
    futures::SinkExt::send(&mut says, Ok(Bytes::from("data: 1\n\n"))).await.unwrap();
    let answer = answer.await.unwrap();
    assert_eq!(header(answer.headers(), "content-type"), "text/event-stream");
    let mut down = answer.into_body().into_data_stream();
    assert_eq!(down.next().await.unwrap().unwrap(), "data: 1\n\n");
    futures::SinkExt::send(&mut up, Ok(Bytes::from("two"))).await.unwrap();
    assert_eq!(hears.next().await.unwrap(), "two");
    futures::SinkExt::send(&mut says, Ok(Bytes::from("data: 2\n\n"))).await.unwrap();
    assert_eq!(down.next().await.unwrap().unwrap(), "data: 2\n\n");
    drop((up, says));
    assert!(down.next().await.is_none());
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_taken_for_whole() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for head in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let w = World::new();
        connected(&w, &format!("http://{}", listener.local_addr().unwrap()), &[]).await;
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            stream.write_all(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n4\r\npart\r\n").as_bytes()).await.unwrap();
        });
        let request = with_token("GET", &format!("{GATEWAY}/v2/concepts")).body(Body::empty()).unwrap();
        let response = labelscope_server::router(w.server.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.into_body().collect().await.is_err(), "{head}");
    }
}

/// Tells when it is dropped.
struct Ends(Option<oneshot::Sender<()>>);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn a_caller_who_leaves_ends_the_call_on_the_other_side() {
    for answers_first in [false, true] {
        let (began, begins) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let once = Arc::new(Mutex::new(Some((began, Ends(Some(end))))));
        let platform = Platform::start(move |_| {
            let once = once.clone();
            async move {
                let (began, ends) = once.lock().await.take().unwrap();
                began.send(()).unwrap();
                if !answers_first {
                    let _held = ends;
                    return std::future::pending().await;
                }
                let endless = futures::stream::unfold(ends, |ends| async {
                    tokio::task::yield_now().await;
                    Some((Ok::<_, Infallible>(Bytes::from("x")), ends))
                });
                Response::new(Body::from_stream(endless))
            }
        })
        .await;
        let w = world(&platform).await;
        let address = listening(&w).await;
        let request = Request::get(format!("{address}{GATEWAY}/v2/concepts"))
            .header("authorization", format!("Key {TOKEN}"))
            .body(Body::empty())
            .unwrap();
        let call = tokio::spawn(async move {
            let mut body = client().request(request).await.unwrap().into_body().into_data_stream();
            body.next().await
        });
        begins.await.unwrap();
        if answers_first {
            call.await.unwrap();
        } else {
            call.abort();
        }
        ended.await.unwrap();
    }
}

#[tokio::test]
async fn an_upload_that_moves_is_not_late() {
    let wait = Duration::from_millis(500);
    let (heard, mut hears) = unbounded::<Bytes>();
    let platform = Platform::start(move |request| {
        let heard = heard.clone();
        async move {
            let mut body = request.into_body().into_data_stream();
            while let Some(Ok(piece)) = body.next().await {
                heard.unbounded_send(piece).unwrap();
            }
            Response::new(Body::from("whole"))
        }
    })
    .await;
    let w = World::with(|c| c.upstream_timeout = wait);
    connected(&w, &platform.url(), &[]).await;
    let (mut up, sends) = unbounded::<Result<Bytes, Infallible>>();
    let request = with_token("POST", &format!("{GATEWAY}/v2/inputs")).body(Body::from_stream(sends)).unwrap();
    let pieces = async move {
        // As a whole it takes longer than the other side may be silent.
        let begun = Instant::now();
        while begun.elapsed() < wait * 2 {
            futures::SinkExt::send(&mut up, Ok(Bytes::from("piece"))).await.unwrap();
            hears.next().await.unwrap();
        }
    };
    let (reply, ()) = futures::join!(w.send(request), pieces);
    assert_eq!((reply.status, text(&reply)), (200, "whole".to_owned()));
}

#[tokio::test]
async fn a_body_that_is_too_long_goes_nowhere() {
    let platform = Platform::start(|request| async {
        let _ = request.into_body().collect().await;
        recorded("concepts__py_list_five").0
    })
    .await;
    let w = world(&platform).await;
    let url = format!("{GATEWAY}/v2/inputs");
    let whole = with_token("POST", &url).body(Body::from(vec![b' '; (130 << 20) + 1])).unwrap();
    let reply = w.send(whole).await;
    assert_eq!((reply.status, reply.code()), (413, 11100));
    assert!(platform.asked().await.is_empty(), "its length was known before");
    let piece = Bytes::from(vec![b' '; 1 << 20]);
    let pieces = futures::stream::iter((0..=130).map(move |_| Ok::<_, Infallible>(piece.clone())));
    let reply = w.send(with_token("POST", &url).body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!((reply.status, reply.code()), (413, 11100));
}
