//! Client, pager and poller against a transport that answers from a script.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unnecessary_wraps)]
#![cfg(not(target_family = "wasm"))]

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt, StreamExt};
use labelscope_api::messages::UserAppIdSet;
use labelscope_api::operations::{GetConcept, ListConcepts, PostConcepts};
use labelscope_client::{
    Auth, Client, Error, Pager, Policies, Poll, Poller, Reply, Resume, RetryPolicy, Transport, TransportError,
};
use proptest::prelude::*;
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
