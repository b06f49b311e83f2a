//! Files that come in parts.

use crate::world::{World, host, scope, testdata};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::{Base64, Int64, UInt64};
use labelscope_engine::{Clock, Host};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub fn upload(id: &str, length: usize) -> Upload {
    Upload {
        id: id.into(),
        content_name: format!("{id}.bin"),
        content_length: UInt64(length as u64),
        ..Upload::default()
    }
}

pub fn part(start: usize, bytes: &[u8]) -> UploadContentPart {
    UploadContentPart { range_start: UInt64(start as u64), part_number: Int64(1), data: Base64(bytes.to_vec()) }
}

pub fn put(id: &str, parts: Vec<UploadContentPart>) -> PutUploadContentParts {
    PutUploadContentParts { user_app_id: scope(), upload_id: id.into(), content_parts: parts }
}

pub fn get(w: &World, id: &str) -> Upload {
    w.ok(&GetUpload { user_app_id: scope(), upload_id: id.into() }).upload.unwrap()
}

fn post(w: &World, uploads: Vec<Upload>) -> Vec<Upload> {
    w.ok(&PostUploads { user_app_id: scope(), uploads }).uploads
}

pub fn state(upload: &Upload) -> (i32, u32) {
    let status = upload.status.as_ref().unwrap();
    (status.code.0, status.percent_completed)
}

/// Files that lie below a folder of the data folder, with what is in them.
pub fn files(w: &World, folder: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut folders = vec![w.dir().path().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { all.push(std::fs::read(path).unwrap()) }
        }
    }
    all
}

fn room() -> Vec<u8> {
    std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap()
}

#[test]
fn parts_in_any_order_make_the_file() {
    let w = World::new();
    let room = room();
    let made = post(&w, vec![upload("a", room.len()), Upload { id: String::new(), ..upload("x", 5) }]);
    assert_eq!((made[0].id.as_str(), state(&made[0]), made[1].id.len()), ("a", (68000, 0), 32));
    assert!(made[0].expires_at.is_some());
    assert_eq!(made[0].content_name, "a.bin");
    let (one, two) = room.split_at(room.len() / 4);
    let now = w.ok(&put("a", vec![part(one.len(), two)])).upload.unwrap();
    assert_eq!((state(&now), now.content_url.as_str()), ((68000, 75), ""));
    let done = w.ok(&put("a", vec![part(0, one)])).upload.unwrap();
    assert_eq!(state(&done), (68001, 100));
    assert!(done.expires_at.is_none());
    // A picture is there to be taken as an input, by its address.
    let image = Some(Image { url: done.content_url.clone(), ..Image::default() });
    let input = Input { id: "i".into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() };
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![input], ..Default::default() });
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "i".into() }).input.unwrap();
    assert_eq!(input.data.unwrap().image.unwrap().image_info.unwrap().width, 640);
    // The last part once more, as by a client that got no answer.
    assert_eq!(state(&w.ok(&put("a", vec![part(0, one)])).upload.unwrap()), (68001, 100));
    assert_eq!(w.refused(&put("a", vec![part(1, &one[1..])])).0, 11105);
    assert_eq!(files(&w, "uploads").len(), 0);
    let all = w.ok(&ListUploads { user_app_id: scope(), ..Default::default() }).uploads;
    assert_eq!(all.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), [made[1].id.as_str(), "a"]);
}

#[test]
fn what_is_no_picture_is_kept_without_an_address() {
    let w = World::new();
    post(&w, vec![upload("a", 5)]);
    let done = w.ok(&put("a", vec![part(0, b"hello")])).upload.unwrap();
    assert_eq!((state(&done), done.content_url.as_str()), ((68001, 100), ""));
    assert_eq!(files(&w, "blobs"), [b"hello"]);
    w.ok(&DeleteUploads { user_app_id: scope(), ids: vec!["a".into(), "gone".into()] });
    assert!(files(&w, "blobs").is_empty());
    assert_eq!(w.refused(&GetUpload { user_app_id: scope(), upload_id: "a".into() }).0, 11101);
}

#[test]
fn a_bad_announcement_changes_nothing() {
    let w = World::new();
    post(&w, vec![upload("a", 5)]);
    for (bad, code, words) in [
        (upload("a", 5), 68006, "uploads[1].id \"a\" is taken"),
        (upload("b", 0), 11102, "uploads[1].content_length is 0"),
        (upload("b", 2 << 30), 11102, "uploads[1].content_length"),
        (upload("x/y", 1), 11102, "uploads[1]"),
        (Upload { content_name: "a\0".into(), ..upload("b", 1) }, 11102, "uploads[1].content_name"),
        (upload("fine", 1), 68006, "uploads[1].id \"fine\""),
    ] {
        let (got, details) = w.refused(&PostUploads { user_app_id: scope(), uploads: vec![upload("fine", 1), bad] });
        assert!(got == code && details.contains(words), "{got} {details}");
    }
    assert_eq!(w.refused(&PostUploads { user_app_id: scope(), uploads: vec![] }).0, 11102);
    assert_eq!(w.ok(&ListUploads { user_app_id: scope(), ..Default::default() }).uploads.len(), 1);
}

#[test]
fn a_part_that_does_not_fit_is_refused_with_its_place() {
    let w = World::new();
    post(&w, vec![upload("a", 10)]);
    w.ok(&put("a", vec![part(2, b"23")]));
    for (parts, code, words) in [
        (vec![], 11102, "content_parts holds 0"),
        (vec![part(0, b"")], 11102, "content_parts[0].data is empty"),
        (vec![part(5, b"5"), part(9, b"9a")], 11105, "content_parts[1] has 2 bytes from byte 9 on"),
        (vec![part(usize::MAX, b"x")], 11105, "content_parts[0]"),
        (vec![part(1, b"12")], 11105, "content_parts[0] (bytes 1 to 2) overlaps bytes 2 to 3"),
        (vec![part(3, b"34")], 11105, "overlaps bytes 2 to 3"),
        (vec![part(2, b"234")], 11105, "overlaps"),
        (vec![part(0, b"0123456789")], 11105, "overlaps"),
        (vec![part(5, b"56"), part(6, b"67")], 11105, "content_parts[1] (bytes 6 to 7) overlaps bytes 5 to 6"),
        (vec![part(5, b"56"), part(5, b"56")], 11105, "content_parts[1]"),
    ] {
        let (got, details) = w.refused(&put("a", parts));
        assert!(got == code && details.contains(words), "{got} {details}");
    }
    assert_eq!(state(&get(&w, "a")), (68000, 20));
    assert_eq!(w.refused(&put("b", vec![part(0, b"x")])).0, 11101);
    // Sent again it replaces itself.
    w.ok(&put("a", vec![part(2, b"xy")]));
    w.ok(&put("a", vec![part(0, b"01"), part(4, b"456789")]));
    assert_eq!(files(&w, "blobs"), [b"01xy456789"]);
}

#[test]
fn an_upload_goes_on_after_a_restart() {
    let w = World::new();
    post(&w, vec![upload("a", 6), upload("b", 6)]);
    w.ok(&put("a", vec![part(3, b"def")]));
    w.ok(&DeleteUploads { user_app_id: scope(), ids: vec!["b".into()] });
    // Bytes that no row speaks of are cleared away at the start.
    std::fs::write(w.dir().path().join("uploads/77"), b"left by a kill").unwrap();
    let dir = w.dir();
    drop(w);
    let w = World::at(dir, 5000);
    assert_eq!(files(&w, "uploads").len(), 1);
    assert_eq!(state(&get(&w, "a")), (68000, 50));
    w.ok(&put("a", vec![part(0, b"abc")]));
    assert_eq!(files(&w, "blobs"), [b"abcdef"]);
}

#[test]
fn bytes_that_are_gone_are_not_taken_for_zeros() {
    let w = World::new();
    post(&w, vec![upload("a", 6)]);
    w.ok(&put("a", vec![part(0, b"abc")]));
    std::fs::remove_dir_all(w.dir().path().join("uploads")).unwrap();
    let dir = w.dir();
    drop(w);
    let w = World::at(dir, 5000);
    let (code, details) = w.refused(&put("a", vec![part(3, b"def")]));
    assert!(code == 68002 && details.contains("are gone"), "{details}");
    w.ok(&DeleteUploads { user_app_id: scope(), ids: vec!["a".into()] });
    post(&w, vec![upload("a", 6)]);
    w.ok(&put("a", vec![part(0, b"abcdef")]));
    assert_eq!(files(&w, "blobs"), [b"abcdef"]);
}

struct Day(AtomicI64);

impl Clock for Day {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn what_nobody_goes_on_with_expires() {
    let clock = Arc::new(Day(AtomicI64::new(1_700_000_000_000_000)));
    let day = 24 * 3600 * 1_000_000_i64;
    let hosted = |dir| World::hosted(dir, Host { clock: clock.clone(), ..host(1) });
    let w = hosted(Arc::new(tempfile::tempdir().unwrap()));
    post(&w, vec![upload("a", 6), upload("b", 6), upload("c", 1)]);
    w.ok(&put("a", vec![part(0, b"abc")]));
    w.ok(&put("c", vec![part(0, b"c")]));
    clock.0.fetch_add(6 * day, Ordering::Relaxed);
    // Each part gives another week.
    w.ok(&put("b", vec![part(0, b"abc")]));
    clock.0.fetch_add(2 * day, Ordering::Relaxed);
    assert_eq!((state(&get(&w, "a")).0, state(&get(&w, "b")).0), (68004, 68000));
    let (code, details) = w.refused(&put("a", vec![part(3, b"def")]));
    assert!(code == 68004 && details.contains("expired"), "{details}");
    assert_eq!(files(&w, "uploads").len(), 2);
    post(&w, vec![upload("d", 1)]);
    assert_eq!(files(&w, "uploads").len(), 1);
    clock.0.fetch_add(30 * day, Ordering::Relaxed);
    let dir = w.dir();
    drop(w);
    let w = hosted(dir);
    assert!(files(&w, "uploads").is_empty());
    let states: Vec<_> = ["a", "b", "c", "d"].iter().map(|id| state(&get(&w, id)).0).collect();
    assert_eq!(states, [68004, 68004, 68001, 68004]);
}

#[test]
fn an_app_takes_its_uploads_along() {
    let w = World::new();
    post(&w, vec![upload("a", 6), upload("b", 1)]);
    w.ok(&put("a", vec![part(0, b"abc")]));
    w.ok(&put("b", vec![part(0, b"b")]));
    w.ok(&DeleteApp { user_app_id: scope() });
    assert!(files(&w, "uploads").is_empty() && files(&w, "blobs").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_split_in_any_order_gives_the_same_file(
        bytes in prop::collection::vec(any::<u8>(), 1..400),
        cuts in prop::collection::btree_set(1..400_usize, 0..8),
        order in any::<u64>(),
        together in 1..4_usize,
    ) {
        let w = World::new();
        post(&w, vec![upload("a", bytes.len())]);
        let mut ends: Vec<usize> = cuts.into_iter().filter(|c| *c < bytes.len()).collect();
        ends.push(bytes.len());
        let (mut parts, mut start) = (Vec::new(), 0);
        for end in ends {
            parts.push(part(start, &bytes[start..end]));
            start = end;
        }
        let count = parts.len() as u64;
        parts.sort_by_key(|p| (p.range_start.0 + 1).wrapping_mul(order | 1) % (count * 7 + 1));
        for parts in parts.chunks(together) {
            w.ok(&put("a", parts.to_vec()));
        }
        prop_assert_eq!(state(&get(&w, "a")), (68001, 100));
        prop_assert_eq!(files(&w, "blobs"), vec![bytes]);
    }
}
