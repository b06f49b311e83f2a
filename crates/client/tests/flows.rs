//! Client, pager and poller against a transport that answers from a script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    clippy::default_trait_access
)]
#![cfg(not(target_family = "wasm"))]

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt, StreamExt};
use labelscope_api::Operation;
use labelscope_api::messages::{Search, UserAppIdSet};
use labelscope_api::operations::{
    GetConcept, GetStatusCode, ListConcepts, PostConcepts, PostInputsSearches, StreamInputs,
};
use labelscope_client::{
    Auth, Cancel, Client, Error, Pager, Policies, Poll, Poller, Reply, Resume, RetryPolicy, Transport, TransportError,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

type Answer = Result<(u16, String), TransportError>;

/// Answers from a list and remembers what was asked.
#[derive(Default)]
struct Script {
    answers: RefCell<VecDeque<Answer>>,
    asked: RefCell<Vec<http::Request<Bytes>>>,
}

impl Transport for Script {
    fn send(&self, request: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>> {
        self.asked.borrow_mut().push(request);
        let answer = self.answers.borrow_mut().pop_front().expect("a request that was not expected");
        async move { answer.map(|(status, body)| Reply { status, body: body.into(), ..Reply::default() }) }
            .boxed_local()
    }
}

fn client(answers: Vec<Answer>) -> (Client, Rc<Script>) {
    let script = Rc::new(Script { answers: RefCell::new(answers.into()), ..Script::default() });
    let policies =
        Policies { retry: RetryPolicy { base_ms: 0, ..RetryPolicy::default() }, timeout_ms: 60_000, throttle: None };
    // A time-out races each attempt; the script answers before it is looked at.
    (Client::new("http://h/", Auth::key("very-secret"), script.clone()).with_policies(policies), script)
}

fn scope() -> UserAppIdSet {
    UserAppIdSet { user_id: "me".into(), app_id: "demo".into() }
}

fn get() -> GetConcept {
    GetConcept { user_app_id: scope(), concept_id: "a".into() }
}

fn ok(body: &str) -> Answer {
    Ok((200, body.to_owned()))
}

const FINE: &str = r#"{"status":{"code":10000},"concept":{"id":"a"},"concepts":[]}"#;

#[test]
fn a_read_survives_a_lost_connection_and_a_busy_server() {
    let throttled = Ok((429, r#"{"status":{"code":11005}}"#.to_owned()));
    let disguised = ok(r#"{"status":{"code":11005}}"#);
    let (client, script) = client(vec![Err(TransportError::lost("reset")), throttled, disguised, ok(FINE)]);
    assert_eq!(block_on(client.send(&get())).unwrap().concept.unwrap().id, "a");
    let asked = script.asked.borrow();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[3].headers()["authorization"], "Key very-secret");
}

#[test]
fn a_write_is_not_sent_twice_unless_it_never_left() {
    let post = PostConcepts { user_app_id: scope(), concepts: vec![] };
    let (first, script) = client(vec![Err(TransportError::lost("reset"))]);
    assert!(block_on(first.send(&post)).unwrap_err().is_network());
    assert_eq!(script.asked.borrow().len(), 1);
    let (second, script) = client(vec![Err(TransportError::not_sent("refused")), ok(FINE)]);
    block_on(second.send(&post)).unwrap();
    assert_eq!(script.asked.borrow().len(), 2);
    let (third, _) = client(vec![Ok((502, "<html>".into()))]);
    assert_eq!(block_on(third.send(&post)).unwrap_err().http_status(), 502);
}

#[test]
fn the_token_is_in_no_output() {
    let (client, _) = client(vec![Ok((400, r#"{"status":{"code":11102,"description":"Invalid request"}}"#.into()))]);
    let error = block_on(client.send(&get())).unwrap_err();
    for text in
        [format!("{client:?}"), format!("{error:?}"), error.to_string(), format!("{:?}", Auth::key("very-secret"))]
    {
        assert!(!text.contains("very-secret"), "{text}");
    }
}

fn page(ids: &[u32]) -> Answer {
    let concepts: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    ok(&format!(r#"{{"status":{{"code":10000}},"concepts":[{}]}}"#, concepts.join(",")))
}

proptest! {
    #[test]
    fn paging_gives_every_item_once_and_can_be_resumed(sizes in prop::collection::vec(1usize..5, 0..6), cut in 0usize..6) {
        let mut number = 0;
        let pages: Vec<Vec<u32>> = sizes.iter().map(|n| (0..*n).map(|_| { number += 1; number }).collect()).collect();
        let answers = |from: usize| pages.iter().skip(from).map(|p| page(p)).chain([page(&[])]).collect::<Vec<_>>();
        let list = ListConcepts { user_app_id: scope(), per_page: 5, ..Default::default() };
        let (all, _) = client(answers(0));
        let got: Vec<String> = block_on(Pager::new(&all, list.clone()).items().map(|i| i.unwrap().id).collect());
        prop_assert_eq!(&got, &(1..=number).map(|n| n.to_string()).collect::<Vec<_>>());
        let cut = cut.min(pages.len());
        let (rest, script) = client(answers(cut));
        let at = Resume { page: cut as u32 + 1, per_page: 5 };
        let later: Vec<String> = block_on(Pager::new(&rest, list).resume(at).items().map(|i| i.unwrap().id).collect());
        let skipped: usize = sizes.iter().take(cut).sum();
        prop_assert_eq!(&later[..], &got[skipped..]);
        let first = format!("page={}", cut + 1);
        prop_assert!(script.asked.borrow()[0].uri().query().unwrap().contains(&first));
    }
}

#[test]
fn an_error_ends_the_pages_and_tells_where_to_go_on() {
    let (client, _) = client(vec![page(&[1]), Ok((400, r#"{"status":{"code":11102}}"#.into()))]);
    let mut pages = Pager::new(&client, ListConcepts { user_app_id: scope(), ..Default::default() }).pages();
    let (_, after) = block_on(pages.next()).unwrap().unwrap();
    assert_eq!(after, Resume { page: 2, per_page: 100 });
    assert!(block_on(pages.next()).unwrap().is_err());
    assert!(block_on(pages.next()).is_none());
}

#[test]
fn a_poller_tells_a_failed_look_from_a_failed_job() {
    let poller = Poller { failures: 2, ..Poller::default() };
    let run = |script: Vec<Result<Poll<u32, &'static str>, Error>>, stop_at: u32| {
        let script = RefCell::new(VecDeque::from(script));
        let pauses = RefCell::new(Vec::new());
        let look = || std::future::ready(script.borrow_mut().pop_front().unwrap());
        let sleep = |ms| {
            pauses.borrow_mut().push(ms);
            std::future::ready(())
        };
        let outcome = block_on(poller.until_done(look, |p| p != stop_at, sleep));
        (outcome, pauses.into_inner())
    };
    let lost = || Err(Error::from(TransportError::lost("reset")));
    let (done, pauses) =
        run(vec![Ok(Poll::InProgress(1)), lost(), lost(), Ok(Poll::InProgress(2)), Ok(Poll::Done("failed"))], 99);
    assert_eq!(done.unwrap(), "failed");
    assert_eq!(pauses, [200, 300, 450, 675]);
    assert!(run(vec![lost(), lost(), lost()], 99).0.unwrap_err().is_network());
    assert!(run(vec![Ok(Poll::InProgress(7))], 7).0.unwrap_err().is_cancelled());
    assert_eq!(poller.pause_ms(50), 5000);
}

#[test]
fn inputs_stream_after_the_last_id() {
    let inputs = |ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        ok(&format!(r#"{{"status":{{"code":10000}},"inputs":[{}]}}"#, ids.join(",")))
    };
    let (all, script) = client(vec![inputs(&["a", "b"]), inputs(&["c"]), inputs(&[])]);
    let op = StreamInputs { per_page: 2, ..Default::default() };
    let ids: Vec<String> =
        block_on(all.app("me", "demo").inputs().stream(op.clone()).items().map(|i| i.unwrap().id).collect());
    assert_eq!(ids, ["a", "b", "c"]);
    let queries: Vec<_> = script.asked.borrow().iter().map(|r| r.uri().query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["per_page=2", "last_id=b&per_page=2", "last_id=c&per_page=2"].map(str::to_owned));
    let (rest, script) = client(vec![inputs(&["c"]), Ok((400, r#"{"status":{"code":11102}}"#.into()))]);
    let mut pages = rest.app("me", "demo").inputs().stream(op).resume("b").pages();
    assert_eq!(block_on(pages.next()).unwrap().unwrap().1, "c");
    assert!(block_on(pages.next()).unwrap().is_err());
    assert!(block_on(pages.next()).is_none());
    assert!(script.asked.borrow()[0].uri().query().unwrap().starts_with("last_id=b"));
}

#[test]
fn a_search_to_be_saved_is_not_sent_twice() {
    let lost = || Err(TransportError::lost("reset"));
    let search =
        |save| PostInputsSearches { searches: vec![Search { save, ..Default::default() }], ..Default::default() };
    let (saving, script) = client(vec![lost()]);
    assert!(block_on(saving.app("me", "demo").inputs().search_page(search(true))).unwrap_err().is_network());
    assert_eq!(script.asked.borrow().len(), 1);
    let (reading, script) = client(vec![lost(), ok(FINE)]);
    block_on(reading.app("me", "demo").inputs().search_page(search(false))).unwrap();
    assert_eq!(script.asked.borrow().len(), 2);
    // The same by name.
    let request = |save| json!({"user_app_id": {"user_id": "me", "app_id": "demo"}, "searches": [{"save": save}]});
    let (saving, script) = client(vec![lost()]);
    assert!(block_on(saving.send_json(&PostInputsSearches::META, request(true))).unwrap_err().is_network());
    assert_eq!(script.asked.borrow().len(), 1);
    let (reading, script) = client(vec![lost(), ok(FINE)]);
    block_on(reading.send_json(&PostInputsSearches::META, request(false))).unwrap();
    assert_eq!(script.asked.borrow().len(), 2);
}

#[test]
fn by_name_and_by_type_the_same_request_is_sent() {
    let (client, script) = client(vec![ok(FINE), ok(FINE), ok(FINE), ok(FINE)]);
    let typed = ListConcepts { user_app_id: scope(), id: "ö &".into(), page: 2, ..Default::default() };
    let post = PostConcepts { user_app_id: scope(), concepts: vec![Default::default()] };
    let user_app_id = json!({"user_id": "me", "app_id": "demo"});
    block_on(async {
        client.send(&typed).await.unwrap();
        let list = json!({"user_app_id": user_app_id, "id": "ö &", "page": 2});
        client.send_json(&ListConcepts::META, list).await.unwrap();
        client.send(&post).await.unwrap();
        let concepts = serde_json::to_value(&post.concepts).unwrap();
        client.send_json(&PostConcepts::META, json!({"user_app_id": user_app_id, "concepts": concepts})).await.unwrap();
        let lacking = client.send_json(&GetConcept::META, json!({"user_app_id": user_app_id})).await.unwrap_err();
        assert!(lacking.is_invalid() && lacking.to_string().contains("concept_id"), "{lacking}");
        assert!(client.send_json(&GetConcept::META, json!([1])).await.unwrap_err().is_invalid());
    });
    let asked = script.asked.borrow();
    for pair in asked.chunks(2) {
        assert_eq!(pair[0].uri(), pair[1].uri());
        assert_eq!(pair[0].body(), pair[1].body());
        assert_eq!(pair[0].headers(), pair[1].headers());
    }
    assert_eq!(asked.len(), 4);
}

#[test]
fn a_failure_by_name_keeps_its_code() {
    let body = r#"{"status":{"code":11101,"description":"Gone","req_id":"r1"}}"#;
    let (client, _) = client(vec![Ok((404, body.into())), ok("<html>"), ok("{}"), ok(body)]);
    let request = json!({"user_app_id": {"user_id": "me", "app_id": "demo"}, "concept_id": "a"});
    block_on(async {
        let gone = client.send_json(&GetConcept::META, request.clone()).await.unwrap_err();
        assert!(gone.is_not_found() && gone.req_id() == "r1");
        assert!(client.send_json(&GetConcept::META, request.clone()).await.is_err());
        assert!(client.send_json(&GetConcept::META, request).await.is_err());
        // There the status is the answer.
        let words = client.send_json(&GetStatusCode::META, json!({"status_code_id": "11101"})).await.unwrap();
        assert_eq!(words["status"]["description"], "Gone");
    });
}

#[test]
fn any_path_can_be_called_and_a_failure_is_an_answer() {
    let refused = r#"{"status":{"code":11102}}"#;
    let lost = || Err(TransportError::lost("reset"));
    let (client, script) = client(vec![Ok((400, refused.into())), lost(), ok(""), lost(), ok("text")]);
    block_on(async {
        let (status, body) = client.call("POST", "/v2/x", "a=1", Some(&json!({"b": 2}))).await.unwrap();
        assert_eq!((status, &body["status"]["code"]), (400, &json!(11102)));
        assert_eq!(client.call("GET", "/x", "", None).await.unwrap(), (200, Value::Null));
        assert!(client.call("POST", "/x", "", None).await.unwrap_err().is_network());
        assert!(client.call("GET", "/x", "", None).await.is_err());
        assert!(client.call("NO METHOD", "/x", "", None).await.unwrap_err().is_invalid());
    });
    let asked = script.asked.borrow();
    assert_eq!(asked[0].uri(), "http://h/v2/x?a=1");
    assert_eq!(&asked[0].body()[..], br#"{"b":2}"#);
    assert_eq!(asked.len(), 5);
}

/// Answers nothing, ever.
struct Never;

impl Transport for Never {
    fn send(&self, _: http::Request<Bytes>) -> LocalBoxFuture<'_, Result<Reply, TransportError>> {
        std::future::pending().boxed_local()
    }
}

#[test]
fn a_handle_ends_calls_pages_and_waits() {
    let cancel = Cancel::new();
    let client = Client::new("http://h", Auth::Session, Rc::new(Never)).with_cancel(&cancel);
    let app = client.app("me", "demo");
    let version = app.dataset("d").version("v");
    block_on(async {
        let mut pages = app.concepts().list(ListConcepts::default()).pages();
        let (got, page, waited, ()) = futures::join!(app.get(), pages.next(), version.ready().wait(), async {
            cancel.cancel();
        });
        assert!(got.unwrap_err().is_cancelled());
        assert!(page.unwrap().unwrap_err().is_cancelled());
        assert!(waited.unwrap_err().is_cancelled());
        assert!(pages.next().await.is_none());
    });
}

#[test]
fn a_handle_ends_the_pause_between_two_looks() {
    let pending = || ok(r#"{"status":{"code":10000},"dataset_version":{"id":"v","status":{"code":64005}}}"#);
    let (client, script) = client(vec![pending()]);
    let cancel = Cancel::new();
    let version = client.with_cancel(&cancel).app("me", "demo").dataset("d").version("v");
    let forever = Poller { first_ms: 3_600_000, max_ms: 3_600_000, ..Poller::default() };
    let waiter = version.ready().every(forever).on_progress(move |_| cancel.cancel());
    assert!(block_on(waiter.wait()).unwrap_err().is_cancelled());
    assert_eq!(script.asked.borrow().len(), 1);
}

#[test]
fn a_version_is_waited_for_until_it_is_ready_or_failed() {
    let at = |code| {
        ok(&format!(r#"{{"status":{{"code":10000}},"dataset_version":{{"id":"v","status":{{"code":{code}}}}}}}"#))
    };
    for end in [64015, 64020] {
        let (client, _) = client(vec![at(64005), at(64010), at(end)]);
        let seen = Rc::new(RefCell::new(Vec::new()));
        let note = seen.clone();
        let quick = Poller { first_ms: 0, ..Poller::default() };
        let waiter = client.app("me", "demo").dataset("d").version("v").ready().every(quick);
        let waiter = waiter.on_progress(move |v| note.borrow_mut().push(v.status.as_ref().unwrap().code.0));
        assert_eq!(block_on(waiter.wait()).unwrap().status.unwrap().code.0, end);
        assert_eq!(*seen.borrow(), [64005, 64010]);
    }
}

#[test]
fn the_platform_alone_is_throttled() {
    let throttled = |url: &str| Policies::for_base(url).throttle.is_some();
    assert!(throttled("https://api.clarifai.com") && throttled("https://API.clarifai.com:443/"));
    assert!(!throttled("http://127.0.0.1:8080") && !throttled("https://api.clarifai.com.evil.example"));
    assert!(!throttled("") && !throttled("no url"));
    let throttle = Policies::for_base("https://api.clarifai.com").throttle.unwrap();
    let waits: Vec<u64> = (0..16).map(|_| throttle.reserve(0.0)).collect();
    assert!(waits[0] == 0 && waits[15] >= 1000, "{waits:?}");
}
