//! Named tokens: each is shown once, works at once, and ends at once.

#[cfg(unix)]
use crate::connections::mode;
use crate::world::{APP, Reply, TOKEN, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::num::NonZeroU32;

const ALL: &str = "/labelscope/v1/tokens";

async fn made(w: &World, name: &str) -> (String, String) {
    let reply = w.ok("POST", ALL, json!({"name": name})).await;
    (reply["token"]["id"].as_str().unwrap().to_owned(), reply["secret"].as_str().unwrap().to_owned())
}

async fn list(w: &World) -> Vec<Value> {
    w.ok("GET", ALL, Value::Null).await["tokens"].as_array().unwrap().clone()
}

async fn call_with(w: &World, name: &str, value: &str) -> Reply {
    w.send(
        Request::get(format!("{APP}/concepts")).header("host", "h:1").header(name, value).body(Body::empty()).unwrap(),
    )
    .await
}

async fn session_of(w: &World, token: &str) -> String {
    let request = Request::post("/labelscope/v1/sign-in").header("host", "h:1").header("origin", "http://h:1");
    let reply = w.send(request.body(Body::from(json!({"token": token}).to_string())).unwrap()).await;
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_shown_once_and_lets_in_until_it_is_revoked() {
    let w = World::new();
    let (id, secret) = made(&w, " nightly export ").await;
    let (other, other_secret) = made(&w, "other").await;
    assert!(secret.len() >= 32 && secret != other_secret);
    let all = list(&w).await;
    assert_eq!((&all[0]["fixed"], all[0]["ends_with"].as_str().unwrap()), (&json!(true), &TOKEN[TOKEN.len() - 4..]));
    assert_eq!((&all[1]["id"], &all[1]["name"]), (&json!(id), &json!("nightly export")));
    assert_eq!(all[1]["ends_with"].as_str().unwrap(), &secret[secret.len() - 4..]);
    assert!(all[1]["last_used_at"].is_null() && all[1]["fixed"].is_null());
    for scheme in ["Key", "Bearer"] {
        assert_eq!(call_with(&w, "authorization", &format!("{scheme} {secret}")).await.status, 200);
    }
    let used = list(&w).await[1]["last_used_at"].as_str().unwrap().to_owned();
    assert!(used.ends_with("T00:00:00Z"), "to the day: {used}");

    let file = w.dir.path().join("data/tokens.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&secret) && text.contains("nightly export"));
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);
    let dir = w.dir.clone();
    drop(w);
    let w = World::at(dir, |_| ());
    assert_eq!(list(&w).await[1]["last_used_at"], used.as_str());
    assert_eq!(call_with(&w, "authorization", &format!("Key {secret}")).await.status, 200);

    w.ok("DELETE", &format!("{ALL}/{id}"), Value::Null).await;
    let refused = call_with(&w, "authorization", &format!("Key {secret}")).await;
    assert_eq!((refused.status, refused.code()), (401, 11008));
    let again = w.call("DELETE", &format!("{ALL}/{id}"), Value::Null).await;
    assert_eq!((again.status, again.code()), (404, 11101));
    assert_eq!(call_with(&w, "authorization", &format!("Key {other_secret}")).await.status, 200);
    assert_eq!(list(&w).await.iter().map(|t| t["id"].clone()).collect::<Vec<_>>(), [json!("server"), json!(other)]);
}

#[tokio::test]
async fn the_day_of_use_is_written_once_a_day() {
    let w = World::new();
    let (_, secret) = made(&w, "script").await;
    let file = w.dir.path().join("data/tokens.json");
    call_with(&w, "authorization", &format!("Key {secret}")).await;
    let today = list(&w).await[1]["last_used_at"].as_str().unwrap().to_owned();
    std::fs::remove_file(&file).unwrap();
    for _ in 0..5 {
        call_with(&w, "authorization", &format!("Key {secret}")).await;
    }
    // Midnight may have come meanwhile.
    let same_day = list(&w).await[1]["last_used_at"] == today.as_str();
    assert_eq!(std::fs::exists(&file).unwrap(), !same_day);
}

#[tokio::test]
async fn a_session_ends_with_the_token_that_began_it() {
    let w = World::new();
    let (id, secret) = made(&w, "laptop").await;
    let (mine, own) = (session_of(&w, &secret).await, session_of(&w, TOKEN).await);
    assert_eq!(session_of(&w, "no-token-at-all").await, "");
    for session in [&mine, &own] {
        assert_eq!(call_with(&w, "cookie", session).await.status, 200);
    }
    let dir = w.dir.clone();
    drop(w);
    let w = World::at(dir.clone(), |_| ());
    assert_eq!(call_with(&w, "cookie", &mine).await.status, 200, "which token it was is kept over a restart");
    w.ok("DELETE", &format!("{ALL}/{id}"), Value::Null).await;
    let over = call_with(&w, "cookie", &mine).await;
    assert_eq!((over.status, over.code()), (401, 11009));
    assert_eq!(call_with(&w, "cookie", &own).await.status, 200);
    drop(w);
    let w = World::at(dir, |_| ());
    assert_eq!(call_with(&w, "cookie", &mine).await.status, 401);
    assert_eq!(call_with(&w, "cookie", &own).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_made_or_revoked_is_refused() {
    let w = World::new();
    for name in [String::new(), "  ".to_owned(), "a\nb".to_owned(), "x".repeat(129)] {
        let reply = w.call("POST", ALL, json!({"name": name})).await;
        assert_eq!((reply.status, reply.code()), (400, 11102), "{name:?}");
        assert!(reply.json()["secret"].is_null());
    }
    let own = w.call("DELETE", &format!("{ALL}/server"), Value::Null).await;
    assert_eq!((own.status, own.code()), (400, 11102));
    assert_eq!(list(&w).await.len(), 1);
    let short = World::with(|c| c.token = Some("fifteen-letters".to_owned()));
    let request = Request::get(ALL).header("host", "h:1").header("authorization", "Key fifteen-letters");
    let reply = short.send(request.body(Body::empty()).unwrap()).await.json();
    assert!(reply["tokens"][0]["ends_with"].is_null(), "four letters of fifteen tell too much: {reply}");
    let broken = w.call("POST", ALL, json!({"name": {"a": 1}})).await;
    assert_eq!((broken.status, broken.code()), (400, 11102));
}

#[tokio::test]
async fn each_token_has_a_rate_limit_of_its_own() {
    let w = World::with(|c| c.rate_limit = NonZeroU32::new(3));
    let (_, secret) = made(&w, "busy").await;
    let mut refused = 0;
    for _ in 0..20 {
        refused += u32::from(call_with(&w, "authorization", &format!("Key {secret}")).await.status == 429);
    }
    assert!(refused > 0);
    assert_eq!(call_with(&w, "authorization", &format!("Key {TOKEN}")).await.status, 200);
}
