//! Inputs out of archives.

use crate::kills::run_some;
use crate::uploads::{files, part, put, upload};
use crate::world::{World, scope, testdata};
use labelscope_api::extensions::{CancelJob, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_formats::archive::Writer;
use std::io::{Cursor, Write as _};

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
    assert_eq!(jobs[0].dataset_id, "d");
    assert!(jobs[0].notes.contains("4 inputs were added; 3 files were left out"), "{}", jobs[0].notes);
}

/// A TAR, packed or not.
pub fn tape(entries: &[(&str, &[u8])], packed: bool) -> Vec<u8> {
    let mut b = tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        b.append_data(&mut header, name, *bytes).unwrap();
    }
    let tar = b.into_inner().unwrap();
    if !packed {
        return tar;
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&tar).unwrap();
    gz.finish().unwrap()
}

/// The first extraction job of an add job.
pub fn extraction(w: &World, job: &str) -> InputsExtractionJob {
    add_job(w, job).extraction_jobs.remove(0)
}

fn details(job: &InputsExtractionJob) -> String {
    job.status.as_ref().unwrap().details.clone()
}

/// So many texts, each with a name of its own.
fn texts(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|n| format!("t{n:03}.txt")).collect();
    zip(&names.iter().map(|n| (n.as_str(), n.as_bytes())).collect::<Vec<_>>())
}

#[test]
fn the_kind_of_an_archive_is_seen_by_its_bytes() {
    let w = World::new();
    let room = room(1);
    let entries: &[(&str, &[u8])] = &[("x/room.jpg", &room), ("x/note", b"hello")];
    for (id, bytes) in [("zip", zip(entries)), ("tar", tape(entries, false)), ("tgz", tape(entries, true))] {
        let suffix = InputIdConflictResolution::SUFFIX;
        announce(&w, InputsUpload { input_id_conflict_resolution: suffix, ..of(id, id, bytes.len()) });
        w.ok(&put(id, vec![part(0, &bytes)]));
        w.run_jobs();
        assert_eq!(found(&extraction(&w, id)), [1, 0, 0, 1, 0, 0, 1, 0], "{id}");
    }
    assert_eq!(ids(&w), ["room", "note", "room-1", "note-1", "room-2", "note-2"]);
    let list = ListInputsExtractionJobs { user_app_id: scope(), per_page: 2, ..Default::default() };
    let newest = w.ok(&list).inputs_extraction_jobs;
    assert_eq!([&newest[0].id, &newest[1].id], [&extraction(&w, "tgz").id, &extraction(&w, "tar").id]);
    assert_eq!(newest[0].input_id_conflict_resolution, InputIdConflictResolution::SUFFIX);
    let oldest = w.ok(&ListInputsExtractionJobs { page: 2, ..list }).inputs_extraction_jobs;
    let get = GetInputsExtractionJob { user_app_id: scope(), inputs_extraction_job_id: oldest[0].id.clone() };
    assert_eq!((oldest.len(), w.ok(&get).inputs_extraction_job.unwrap().id), (1, extraction(&w, "zip").id));
    let get = GetInputsExtractionJob { inputs_extraction_job_id: "none".into(), ..get };
    assert_eq!(w.refused(&get).0, 11101);
}

#[test]
fn nothing_comes_of_a_hostile_or_broken_archive() {
    let w = World::new();
    let good = zip(&[("a.txt", b"a"), ("b.txt", b"b")]);
    let mut wrong =
        zip(&[("a.txt", b"a"), ("b.txt", &b"some longer text, so that there is something to break".repeat(9))]);
    let at = wrong.windows(5).rposition(|w| w == b"b.txt").unwrap() - 30;
    wrong[at] ^= 0xff;
    for (id, bytes, words) in [
        ("name", zip(&[("a.txt", b"a"), ("../b.txt", b"b")]), "leaves the archive"),
        ("cut", good[..good.len() - 30].to_vec(), "cannot be read"),
        ("sum", wrong, "\"b.txt\" is damaged: Invalid checksum"),
        ("none", b"just some text".to_vec(), "no ZIP, TAR or TGZ archive"),
        ("bomb", zip(&[("a.txt", b"a"), ("zeros", &vec![0; 101 << 20])]), "more than 100 times"),
        ("tar", tape(&[("a.txt", b"a")], true)[..60].to_vec(), "damaged"),
    ] {
        send(&w, id, id, &bytes);
        w.run_jobs();
        let (job, extraction) = (add_job(&w, id), extraction(&w, id));
        assert_eq!((code(extraction.status.as_ref()), code(job.status.as_ref())), (67000, 64003), "{id}");
        assert!(details(&extraction).contains(words), "{id}: {}", details(&extraction));
        assert_eq!((found(&extraction), counts(&job)), ([0, 0, 0, 0, 0, 0, 0, 1], [0; 4]), "{id}");
        let failed = w.ok(&ListJobs { user_app_id: scope(), per_page: 1, ..Default::default() }).jobs.remove(0);
        assert_eq!((failed.state, failed.error.unwrap().code), (JobState::FAILED, 67000));
    }
    assert!(ids(&w).is_empty() && files(&w, "uploads").is_empty() && files(&w, "blobs").is_empty());
}

#[test]
fn ids_that_are_taken_are_skipped_or_get_a_suffix() {
    let w = World::new();
    let archive = zip(&[("a/1.txt", b"one"), ("b/1.txt", b"two"), ("2.txt", b"three"), ("2.jpg", &room(1))]);
    send(&w, "first", "first", &archive);
    w.run_jobs();
    // Where two files have the same name the path tells them apart.
    assert_eq!(ids(&w), ["a-1.txt", "b-1.txt", "2.txt", "2.jpg"]);
    send(&w, "skip", "skip", &archive);
    w.run_jobs();
    assert_eq!((counts(&add_job(&w, "skip")), code(extraction(&w, "skip").status.as_ref())), ([0, 0, 0, 4], 64002));
    assert!(details(&extraction(&w, "skip")).contains("b/1.txt: Input has a duplicate ID."));
    let suffix = InputIdConflictResolution::SUFFIX;
    announce(&w, InputsUpload { input_id_conflict_resolution: suffix, ..of("more", "more", archive.len()) });
    w.ok(&put("more", vec![part(0, &archive)]));
    w.run_jobs();
    assert_eq!(ids(&w)[4..], ["a-1.txt-1", "b-1.txt-1", "2.txt-1", "2.jpg-1"]);
    // Of what was skipped nothing lies about.
    w.ok(&DeleteInputs { user_app_id: scope(), ids: ids(&w) });
    send(&w, "again", "again", &zip(&[("x.png", b"\x89PNG\r\n\x1a\nbroken")]));
    w.run_jobs();
    assert!(details(&extraction(&w, "again")).contains("x.png: data.image: the file is no JPEG"));
    assert_eq!(files(&w, "blobs").len(), 1);
}

#[test]
fn a_bad_template_is_refused_at_once() {
    let w = World::new();
    let data = |data| Input { data: Some(Box::new(data)), ..Input::default() };
    let far = Geo { geo_point: Some(GeoPoint { longitude: 200.0, latitude: 0.0 }), ..Geo::default() };
    for (template, words) in [
        (Input { id: "x".into(), ..Input::default() }, "input_template.id"),
        (data(Data { image: Some(Image::default()), ..Data::default() }), "input_template.data.image"),
        (data(Data { text: Some(Text::default()), ..Data::default() }), "input_template.data.text"),
        (data(Data { geo: Some(far), ..Data::default() }), "input_template: geo_point is 200"),
        (Input { dataset_ids: vec!["none".into()], ..Input::default() }, "input_template: dataset \"none\""),
    ] {
        let sent = InputsUpload { input_template: Some(Box::new(template)), ..of("b", "job", 5) };
        let op = PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![of("a", "job", 5), sent] };
        let details = w.refused(&op).1;
        assert!(details.contains("inputs_uploads[1]") && details.contains(words), "{details}");
    }
    let none = InputsUpload { upload: None, ..of("a", "job", 5) };
    let op = PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![none] };
    assert!(w.refused(&op).1.contains("inputs_uploads[0].upload is missing"));
    let op = PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![] };
    assert_eq!(w.refused(&op).0, 11102);
    let op = PostInputsUploads { user_app_id: scope(), inputs_uploads: vec![of("a", "x/y", 5)] };
    assert!(w.refused(&op).1.contains("inputs_uploads[0]: inputs_add_job id"));
    // Nothing has come of any of them, and the trial inputs are gone.
    assert!(w.ok(&ListInputsAddJobs { user_app_id: scope(), ..Default::default() }).inputs_add_jobs.is_empty());
    assert_eq!(w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap().processed, 0);
    let sound = data(Data { concepts: vec![Concept { id: "c".into(), ..Concept::default() }], ..Data::default() });
    announce(&w, InputsUpload { input_template: Some(Box::new(sound)), ..of("a", "job", 5) });
    assert!(w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts.is_empty());
}

#[test]
fn a_killed_extraction_goes_on_where_it_was() {
    let archive = texts(150);
    for steps in [0, 1, 2, 3, 4, 6, 8] {
        let mut w = World::new();
        send(&w, "up", "job", &archive);
        for round in 0..4 {
            if w.writer.lock().next_job().unwrap().is_some() {
                run_some(&w, steps);
            }
            let dir = w.dir();
            drop(w);
            w = World::at(dir, 10_000 + 1000 * round);
            let job = add_job(&w, "job");
            let [pending, working, success, failed] = counts(&job);
            assert_eq!((working, success as usize, failed), (0, ids(&w).len(), 0));
            assert!(success == 0 || pending + success == 150, "{pending} {success}");
        }
        w.run_jobs();
        let mut names = ids(&w);
        assert_eq!(names.len(), 150);
        names.dedup();
        assert_eq!((names.len(), counts(&add_job(&w, "job"))), (150, [0, 0, 150, 0]));
        assert_eq!(found(&extraction(&w, "job")), [0, 0, 0, 150, 0, 0, 1, 0]);
        assert!(files(&w, "uploads").is_empty());
    }
}

fn cancel(ids: &[&str]) -> CancelInputsExtractionJobs {
    CancelInputsExtractionJobs { user_app_id: scope(), ids: ids.iter().map(|id| (*id).to_owned()).collect() }
}

#[test]
fn what_is_cancelled_adds_nothing_more() {
    let w = World::new();
    send(&w, "up", "job", &texts(150));
    let id = extraction(&w, "job").id;
    // One id that is not there, and nothing has happened.
    assert_eq!(w.refused(&cancel(&[&id, "none"])).0, 11101);
    assert_eq!(w.refused(&cancel(&[])).0, 11102);
    assert_eq!(code(extraction(&w, "job").status.as_ref()), 64000);
    run_some(&w, 4);
    let before = ids(&w).len();
    let job = w.ok(&cancel(&[&id])).inputs_extraction_jobs.remove(0);
    assert_eq!((code(job.status.as_ref()), found(&job)[4..].to_vec()), (64004, vec![0, 0, 0, 1]));
    w.run_jobs();
    // Again, it stays so.
    assert_eq!(code(w.ok(&cancel(&[&id])).inputs_extraction_jobs[0].status.as_ref()), 64004);
    assert_eq!((ids(&w).len(), counts(&add_job(&w, "job"))), (before, [0, 0, before as u64, 0]));
    let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
    assert_eq!((jobs.len(), jobs[0].state), (1, JobState::CANCELLED));
    assert!(files(&w, "uploads").is_empty());

    // By the job that does the work, before it begins.
    send(&w, "second", "second", &texts(3));
    let job = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs.remove(0);
    assert!(job.cancellable);
    w.ok(&CancelJob { user_app_id: scope(), job_id: job.id });
    assert_eq!(code(extraction(&w, "second").status.as_ref()), 64004);
    assert_eq!(code(add_job(&w, "second").status.as_ref()), 64004);

    // And by deleting what it reads.
    send(&w, "third", "third", &texts(3));
    w.ok(&DeleteUploads { user_app_id: scope(), ids: vec!["third".into()] });
    assert_eq!(code(extraction(&w, "third").status.as_ref()), 64004);
    w.run_jobs();
    assert_eq!(ids(&w).len(), before);
    assert!(files(&w, "uploads").is_empty());

    // What is done stays done.
    send(&w, "fourth", "fourth", &texts(150));
    w.run_jobs();
    let id = extraction(&w, "fourth").id;
    assert_eq!(code(w.ok(&cancel(&[&id])).inputs_extraction_jobs[0].status.as_ref()), 64002);
}

#[test]
fn what_goes_wrong_with_one_file_is_told_of_it() {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let template = Input { dataset_ids: vec!["d".into()], ..Input::default() };
    let archive = texts(40);
    announce(&w, InputsUpload { input_template: Some(Box::new(template)), ..of("up", "job", archive.len()) });
    w.ok(&put("up", vec![part(0, &archive)]));
    w.ok(&DeleteDatasets { user_app_id: scope(), dataset_ids: vec!["d".into()] });
    w.run_jobs();
    let told = details(&extraction(&w, "job"));
    assert!(
        told.contains("40 files were left out: t000.txt: dataset \"d\" does not exist") && told.ends_with("; and more"),
        "{told}"
    );
    assert_eq!((counts(&add_job(&w, "job")), ids(&w).len()), ([0, 0, 0, 40], 0));

    let long = vec![b'x'; (10 << 20) + 1];
    let mut picture = room(1);
    picture.resize((20 << 20) + 1, 0);
    send(
        &w,
        "long",
        "long",
        &zip(&[("long.txt", &long), ("long.jpg", &picture), ("nul.txt", b"a\0b"), ("ok.txt", b"ok")]),
    );
    w.run_jobs();
    let told = details(&extraction(&w, "long"));
    for words in [
        "long.txt: the file is longer than 10 MB",
        "long.jpg: the file is longer than 20 MB",
        "nul.txt: the file is no",
    ] {
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(ids(&w), ["ok"]);
}

#[test]
fn an_app_that_goes_ends_its_extractions() {
    let w = World::new();
    send(&w, "up", "job", &texts(150));
    run_some(&w, 3);
    w.ok(&DeleteApp { user_app_id: scope() });
    w.run_jobs();
    assert!(files(&w, "uploads").is_empty());
    let user_app_id = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    w.ok(&PostApps { user_app_id, apps: vec![App { id: "demo".into(), ..App::default() }] });
    assert!(ids(&w).is_empty());
    assert!(
        w.ok(&ListInputsExtractionJobs { user_app_id: scope(), ..Default::default() })
            .inputs_extraction_jobs
            .is_empty()
    );
}
