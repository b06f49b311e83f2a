//! Jobs that add inputs.

use crate::extraction::{add_job, announce, code, counts, ids, of, send, zip};
use crate::uploads::{files, get, part, put, state};
use crate::world::{World, host, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_engine::{Draft, Fetch, FetchError, Host, Order};
use std::sync::Arc;

/// Gives back what it is asked for, without any of it.
struct Nothing;

impl Fetch for Nothing {
    fn fetch(
        &self,
        orders: Vec<Order>,
        _stop: &(dyn Fn() -> bool + Sync),
        arrived: &mut dyn FnMut(usize, Result<Draft, FetchError>),
    ) {
        (0..orders.len()).for_each(|n| arrived(n, Err(FetchError::Failed("nothing there".into()))));
    }

    fn notify(&self, _url: &str, _body: &[u8]) -> Result<(), FetchError> {
        Ok(())
    }
}

fn world() -> World {
    World::hosted(Arc::new(tempfile::tempdir().unwrap()), Host { fetch: Some(Arc::new(Nothing)), ..host(1) })
}

fn post(job: &str, id: &str, data: Data) -> PostInputs {
    let input = Input { id: id.into(), data: Some(Box::new(data)), ..Input::default() };
    PostInputs { user_app_id: scope(), inputs: vec![input], inputs_add_job_id: job.into(), ..Default::default() }
}

fn address(url: &str) -> Data {
    Data { image: Some(Image { url: url.into(), ..Image::default() }), ..Data::default() }
}

fn text(raw: &str) -> Data {
    Data { text: Some(Text { raw: raw.into(), ..Text::default() }), ..Data::default() }
}

fn cancel(w: &World, id: &str) -> InputsAddJob {
    w.ok(&CancelInputsAddJob { user_app_id: scope(), id: id.into() }).inputs_add_job.unwrap()
}

#[test]
fn jobs_are_listed_newest_first_with_all_that_is_in_them() {
    let w = world();
    w.ok(&post("one", "a", text("a")));
    w.ok(&post("two", "b", text("b")));
    announce(&w, of("up", "one", 10));
    let list = ListInputsAddJobs { user_app_id: scope(), ..Default::default() };
    let jobs = w.ok(&list).inputs_add_jobs;
    assert_eq!(jobs.iter().map(|j| j.id.as_str()).collect::<Vec<_>>(), ["two", "one"]);
    // An upload keeps its job going.
    assert_eq!((code(jobs[0].status.as_ref()), code(jobs[1].status.as_ref())), (64002, 64001));
    assert_eq!((jobs[1].uploads[0].id.as_str(), counts(&jobs[1])), ("up", [0, 0, 1, 0]));
    let page = w.ok(&ListInputsAddJobs { page: 2, per_page: 1, ..list }).inputs_add_jobs;
    assert_eq!((page.len(), page[0].id.as_str()), (1, "one"));
    assert_eq!(w.refused(&GetInputsAddJob { user_app_id: scope(), id: "none".into() }).0, 11101);
    assert_eq!(w.refused(&CancelInputsAddJob { user_app_id: scope(), id: "none".into() }).0, 11101);
    w.ok(&DeleteUploads { user_app_id: scope(), ids: vec!["up".into()] });
    assert_eq!(code(add_job(&w, "one").status.as_ref()), 64002);
}

#[test]
fn cancelling_ends_all_that_is_under_way() {
    let w = world();
    w.ok(&post("job", "here", text("here")));
    w.ok(&post("job", "coming", address("http://x/a.jpg")));
    w.ok(&post("other", "else", address("http://x/b.jpg")));
    announce(&w, of("up", "job", 10));
    w.ok(&put("up", vec![part(0, b"abc")]));
    send(&w, "whole", "job", &zip(&[("x.txt", b"x")]));
    let job = cancel(&w, "job");
    assert_eq!((code(job.status.as_ref()), counts(&job)), (64004, [0, 0, 1, 1]));
    assert_eq!(code(job.extraction_jobs[0].status.as_ref()), 64004);
    assert_eq!((state(&get(&w, "up")).0, state(&get(&w, "whole")).0), (68005, 68001));
    assert!(files(&w, "uploads").is_empty());
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "coming".into() }).input.unwrap();
    let status = input.status.unwrap();
    assert!(status.code.0 == 30002 && status.details.contains("cancelled"), "{status:?}");
    let (refused, details) = w.refused(&put("up", vec![part(3, b"def")]));
    assert!(refused == 68005 && details.contains("cancelled"), "{details}");
    w.run_jobs();
    assert_eq!(
        (ids(&w), counts(&add_job(&w, "job"))),
        (vec!["here".into(), "coming".into(), "else".into()], [0, 0, 1, 1])
    );
    // What belongs to another job was asked for.
    assert_eq!(counts(&add_job(&w, "other")), [0, 0, 0, 1]);
    // Nothing more can be added to it, and cancelling it again changes nothing.
    for refused in [
        w.refused(&post("job", "more", text("more"))),
        w.refused(&PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![of("x", "job", 1)] }),
    ] {
        assert!(refused.0 == 64007 && refused.1.contains("\"job\" was cancelled"), "{refused:?}");
    }
    assert_eq!(cancel(&w, "job"), add_job(&w, "job"));
}

#[test]
fn a_job_that_is_over_stays_as_it_ended() {
    let w = world();
    w.ok(&post("job", "a", text("a")));
    assert_eq!(code(cancel(&w, "job").status.as_ref()), 64002);
    w.ok(&post("job", "b", text("b")));
    assert_eq!(counts(&add_job(&w, "job")), [0, 0, 2, 0]);
}
