//! Inputs out of archives.

use crate::uploads::{files, part, put, upload};
use crate::world::{World, scope, testdata};
use labelscope_api::extensions::{JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_formats::archive::Writer;
use std::io::Cursor;

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut w = Writer::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        w.entry(name, true).unwrap().write_all(bytes).unwrap();
    }
    w.finish().unwrap().into_inner()
}

pub fn room(n: usize) -> Vec<u8> {
    std::fs::read(testdata(&format!("indoor85/images/indoor_{n:03}.jpg"))).unwrap()
}

/// A recording of silence.
pub fn wav() -> Vec<u8> {
    let mut out =
        b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x08\0\0\0".to_vec();
    out.extend([0; 8]);
    out
}

pub fn announce(w: &World, sent: InputsUpload) -> InputsAddJob {
    let op = PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![sent] };
    w.ok(&op).inputs_add_jobs.remove(0)
}

pub fn of(id: &str, job: &str, length: usize) -> InputsUpload {
    InputsUpload { upload: Some(upload(id, length)), inputs_add_job_id: job.into(), ..InputsUpload::default() }
}

/// Sends an archive whole.
pub fn send(w: &World, id: &str, job: &str, bytes: &[u8]) {
    announce(w, of(id, job, bytes.len()));
    w.ok(&put(id, vec![part(0, bytes)]));
}

pub fn add_job(w: &World, id: &str) -> InputsAddJob {
    w.ok(&GetInputsAddJob { user_app_id: scope(), id: id.into() }).inputs_add_job.unwrap()
}

pub fn code(status: Option<&Status>) -> i32 {
    status.unwrap().code.0
}

/// Pending, in progress, success, failed.
pub fn counts(job: &InputsAddJob) -> [u64; 4] {
    let p = job.progress.clone().unwrap();
    [p.pending_count.0, p.in_progress_count.0, p.success_count.0, p.failed_count.0]
}

/// Images, videos, recordings, texts; archives pending, in progress, completed, failed.
pub fn found(job: &InputsExtractionJob) -> [u64; 8] {
    let p = job.progress.clone().unwrap();
    [
        p.image_inputs_count.0,
        p.video_inputs_count.0,
        p.audio_inputs_count.0,
        p.text_inputs_count.0,
        p.pending_archives_count.0,
        p.in_progress_archives_count.0,
        p.completed_archives_count.0,
        p.failed_archives_count.0,
    ]
}

pub fn ids(w: &World) -> Vec<String> {
    let op = ListInputs { user_app_id: scope(), per_page: 1000, ..Default::default() };
    w.ok(&op).inputs.into_iter().map(|i| i.id).collect()
}

#[test]
fn an_archive_becomes_inputs() {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let archive = zip(&[
        ("rooms/one.jpg", &room(1)),
        ("rooms/two.JPEG", &room(2)),
        ("notes.txt", "grüße".as_bytes()),
        ("sound.mp3", &wav()),
        ("data.bin", &[0, 1, 2, 3]),
        ("empty.txt", b""),
        ("inner.zip", &zip(&[("x.txt", b"x")])),
        (".hidden.txt", b"x"),
        ("__MACOSX/one.jpg", b"x"),
    ]);
    let data = Data {
        concepts: vec![Concept { id: "room".into(), ..Concept::default() }],
        metadata: serde_json::json!({"from": "archive"}).as_object().cloned(),
        ..Data::default()
    };
    let template = Input { data: Some(Box::new(data)), dataset_ids: vec!["d".into()], ..Input::default() };
    let sent = InputsUpload { input_template: Some(Box::new(template)), ..of("up", "job", archive.len()) };
    let job = announce(&w, sent);
    assert_eq!((job.id.as_str(), code(job.status.as_ref()), job.extraction_jobs.len()), ("job", 64000, 0));
    assert_eq!((job.uploads[0].id.as_str(), code(job.uploads[0].status.as_ref())), ("up", 68000));
    let (one, two) = archive.split_at(1000);
    w.ok(&put("up", vec![part(1000, two)]));
    assert!(add_job(&w, "job").extraction_jobs.is_empty());
    w.ok(&put("up", vec![part(0, one)]));
    let job = add_job(&w, "job");
    assert_eq!((code(job.status.as_ref()), code(job.extraction_jobs[0].status.as_ref())), (64000, 64000));
    assert_eq!(found(&job.extraction_jobs[0]), [0, 0, 0, 0, 1, 0, 0, 0]);
    w.run_jobs();
    let job = add_job(&w, "job");
    assert_eq!((code(job.status.as_ref()), counts(&job)), (64002, [0, 0, 4, 3]));
    let extraction = &job.extraction_jobs[0];
    assert_eq!((code(extraction.status.as_ref()), found(extraction)), (64002, [2, 0, 1, 1, 0, 0, 1, 0]));
    let details = &extraction.status.as_ref().unwrap().details;
    for words in [
        "3 files were left out",
        "data.bin: the file is no picture",
        "empty.txt: the file is empty",
        "inner.zip: an archive within",
    ] {
        assert!(details.contains(words), "{details}");
    }
    assert_eq!(ids(&w), ["one", "two", "notes", "sound"]);
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "one".into() }).input.unwrap().data.unwrap();
    assert_eq!((input.image.unwrap().image_info.unwrap().width, input.concepts[0].id.as_str()), (640, "room"));
    let metadata = input.metadata.unwrap();
    assert_eq!((&metadata["from"], &metadata["labelscope"]["file_name"]), (&"archive".into(), &"rooms/one.jpg".into()));
    let notes = w.ok(&GetInput { user_app_id: scope(), input_id: "notes".into() }).input.unwrap().data.unwrap();
    assert_eq!(notes.text.unwrap().raw, "grüße");
    let op = ListDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), ..Default::default() };
    assert_eq!(w.ok(&op).dataset_inputs.len(), 4);
    // The archive itself is not kept.
    assert!(files(&w, "uploads").is_empty());
    let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert_eq!((jobs[0].kind, jobs[0].state, jobs[0].done.0), (JobKind::EXTRACTION, JobState::DONE, 7));
    assert!(jobs[0].notes.contains("4 inputs were added; 3 files were left out"), "{}", jobs[0].notes);
}
