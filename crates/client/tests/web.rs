//! The client in a browser, with its real `fetch`, against a real server on another port.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(target_family = "wasm")]

use futures::{FutureExt, StreamExt};
use labelscope_api::messages::{Concept, UserAppIdSet};
use labelscope_api::operations::{GetConcept, ListConcepts, PostConcepts};
use labelscope_client::{Auth, Client, Pager, Policies, RetryPolicy, fetch, sleep_ms};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const URL: Option<&str> = option_env!("LABELSCOPE_TEST_URL");
const TOKEN: Option<&str> = option_env!("LABELSCOPE_TEST_TOKEN");

fn client() -> Client {
    let url = URL.expect("LABELSCOPE_TEST_URL names no server: run these tests by `cargo xtask test wasm`");
    Client::new(url, Auth::key(TOKEN.expect("LABELSCOPE_TEST_TOKEN is not set")), fetch())
}

fn scope() -> UserAppIdSet {
    UserAppIdSet { user_id: "me".into(), app_id: "demo".into() }
}

#[wasm_bindgen_test]
async fn concepts_are_made_and_paged() {
    let client = client();
    let concepts =
        (0..25).map(|n| Concept { id: format!("web-{n:02}"), name: format!("ö {n}"), ..Concept::default() }).collect();
    client.send(&PostConcepts { user_app_id: scope(), concepts }).await.unwrap();
    let list = ListConcepts { user_app_id: scope(), per_page: 10, id: "web-".into(), ..Default::default() };
    let names: Vec<String> = Pager::new(&client, list).items().map(|c| c.unwrap().name).collect().await;
    assert_eq!(names.len(), 25);
    assert!(names.contains(&"ö 24".to_owned()));
}

#[wasm_bindgen_test]
async fn failures_are_told_apart() {
    let gone = client().send(&GetConcept { user_app_id: scope(), concept_id: "no such one".into() }).await.unwrap_err();
    assert!(gone.is_not_found(), "{gone}");
    assert!(!gone.req_id().is_empty());
    let wrong = Client::new(client().base(), Auth::key("a wrong token"), fetch());
    let refused = wrong.send(&ListConcepts { user_app_id: scope(), ..Default::default() }).await.unwrap_err();
    assert!(refused.is_unauthorized(), "{refused}");
    // Nobody listens there.
    let policies = Policies { retry: RetryPolicy::never(), ..Policies::default() };
    let nowhere = Client::new("http://127.0.0.1:9", Auth::key("whatever"), fetch()).with_policies(policies);
    let lost = nowhere.send(&ListConcepts { user_app_id: scope(), ..Default::default() }).await.unwrap_err();
    assert!(lost.is_network(), "{lost}");
}

/// A dropped call must not go on: its connection would be held for ever by a reply without an end.
#[wasm_bindgen_test]
async fn dropping_a_call_aborts_it() {
    let client = client();
    for _ in 0..12 {
        let request =
            http::Request::get(format!("{}/labelscope/v1/events", client.base())).body(bytes::Bytes::new()).unwrap();
        let call = std::pin::pin!(client.send_raw(request, labelscope_api::Effect::Read).fuse());
        let pause = std::pin::pin!(sleep_ms(50).fuse());
        futures::future::select(call, pause).await;
    }
    // Browsers hold six connections to a host: with twelve still open, this would never come back.
    let all = ListConcepts { user_app_id: scope(), per_page: 1, ..Default::default() };
    assert!(client.send(&all).await.is_ok());
}
