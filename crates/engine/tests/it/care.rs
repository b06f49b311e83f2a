//! Backups while others write, and what is wrong with a folder.

use crate::disk::{RunsLow, png};
use crate::imports::gt;
use crate::world::{World, host, scope};
use labelscope_api::extensions::{GetAppCounts, JobState};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::{Base64, Timestamp};
use labelscope_engine::care::{self, Findings, Options};
use labelscope_engine::{Engine, Host};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn post(w: &World, app: &str, id: &str, bytes: &[u8]) {
    let image = Some(Image { base64: Base64(bytes.to_vec()), ..Image::default() });
    let data = Some(Box::new(Data { image, ..Data::default() }));
    let inputs = vec![Input { id: id.into(), data, ..Input::default() }];
    w.ok(&PostInputs { user_app_id: app_of(app), inputs, ..Default::default() });
}

fn app_of(id: &str) -> UserAppIdSet {
    UserAppIdSet { user_id: "me".into(), app_id: id.into() }
}

fn sha(bytes: &[u8]) -> String {
    use sha2::Digest;
    labelscope_engine::hex(&sha2::Sha256::digest(bytes))
}

fn blob(dir: &Path, bytes: &[u8]) -> PathBuf {
    let sha = sha(bytes);
    dir.join("blobs").join(&sha[..2]).join(sha)
}

fn backup(w: &World, to: &Path) -> care::Manifest {
    care::backup(w.dir().path(), to, Options::default(), &mut |_, _, _| ()).unwrap()
}

fn check(dir: &Path) -> Findings {
    care::check(dir, true, &mut |_, _, _| ()).unwrap()
}

#[test]
fn files_that_go_while_a_backup_is_made_do_no_harm() {
    let w = World::new();
    w.ok(&PostApps { user_app_id: scope(), apps: vec![App { id: "second".into(), ..App::default() }] });
    let (stays, goes) = (png(1), png(2));
    post(&w, "demo", "a", &stays);
    post(&w, "second", "b", &goes);
    let to = tempfile::tempdir().unwrap();
    let mut deleted = false;
    let made = care::backup(w.dir().path(), to.path(), Options::default(), &mut |what, _, _| {
        // The copy of the database names what goes now.
        if what == "copying files" && !deleted {
            deleted = true;
            w.ok(&DeleteApp { user_app_id: app_of("second") });
        }
    })
    .unwrap();
    assert!(deleted);
    assert_eq!((made.apps, made.inputs, made.blobs, made.missing.len()), (1, 1, 1, 0));
    assert!(blob(to.path(), &stays).is_file() && !blob(to.path(), &goes).exists());
    let dir = tempfile::tempdir().unwrap();
    care::restore(to.path(), dir.path(), false, Timestamp(0), &mut |_, _, _| ()).unwrap();
    assert!(check(dir.path()).sound());
}

#[test]
fn a_file_that_was_missing_before_is_told_and_stops_nothing() {
    let w = World::new();
    let (there, missing) = (png(1), png(2));
    post(&w, "demo", "a", &there);
    post(&w, "demo", "b", &missing);
    std::fs::remove_file(blob(w.dir().path(), &missing)).unwrap();
    assert_eq!(check(w.dir().path()).missing, [sha(&missing)]);
    let to = tempfile::tempdir().unwrap();
    let made = backup(&w, to.path());
    assert_eq!((made.blobs, made.missing.as_slice()), (1, [sha(&missing)].as_slice()));
    let dir = tempfile::tempdir().unwrap();
    care::restore(to.path(), dir.path(), false, Timestamp(0), &mut |_, _, _| ()).unwrap();
    let w = World::at(Arc::new(dir), 2);
    assert_eq!(w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().inputs.0, 2);
}

#[test]
fn a_damaged_file_is_found_and_not_backed_up() {
    let w = World::new();
    let bytes = png(1);
    post(&w, "demo", "a", &bytes);
    std::fs::write(blob(w.dir().path(), &bytes), b"else").unwrap();
    let found = check(w.dir().path());
    assert_eq!((found.damaged.as_slice(), found.sound()), ([sha(&bytes)].as_slice(), false));
    assert!(care::check(w.dir().path(), false, &mut |_, _, _| ()).unwrap().sound(), "only read with deep");
    let to = tempfile::tempdir().unwrap();
    let error = care::backup(w.dir().path(), to.path(), Options::default(), &mut |_, _, _| ()).unwrap_err();
    assert!(error.to_string().contains(&sha(&bytes)), "{error}");
    assert!(!to.path().join(care::MANIFEST).exists());
}

#[test]
fn a_second_backup_copies_what_is_new_and_drops_what_went() {
    let w = World::new();
    let (first, second) = (png(1), png(2));
    post(&w, "demo", "a", &first);
    let to = tempfile::tempdir().unwrap();
    let one = backup(&w, to.path());
    // A mark that a copy would wipe away.
    let marked = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    std::fs::File::options().write(true).open(blob(to.path(), &first)).unwrap().set_modified(marked).unwrap();
    post(&w, "demo", "b", &second);
    let two = backup(&w, to.path());
    assert_eq!((one.blobs, two.blobs), (1, 2));
    assert_eq!(blob(to.path(), &first).metadata().unwrap().modified().unwrap(), marked);
    assert!(!to.path().join(format!("{}.db", one.sha256)).exists());
    w.ok(&labelscope_api::extensions::PurgeInputs { user_app_id: scope(), ids: vec!["a".into()] });
    backup(&w, to.path());
    assert!(!blob(to.path(), &first).exists() && blob(to.path(), &second).is_file());
}

/// Spoils a backup.
type Spoil<'a> = &'a dyn Fn(&Path, &care::Manifest);

#[test]
fn a_backup_that_is_not_whole_or_not_sound_restores_nothing() {
    let w = World::new();
    let bytes = png(1);
    post(&w, "demo", "a", &bytes);
    let put = |to: &Path, made: care::Manifest| {
        std::fs::write(to.join(care::MANIFEST), serde_json::to_vec(&made).unwrap()).unwrap();
    };
    let broken: &[(&str, Spoil<'_>)] = &[
        ("no backup", &|to, _| std::fs::remove_file(to.join(care::MANIFEST)).unwrap()),
        ("cannot be read", &|to, _| std::fs::write(to.join(care::MANIFEST), "{").unwrap()),
        ("version 99", &|to, m| put(to, care::Manifest { schema: 99, ..m.clone() })),
        ("release", &|to, m| put(to, care::Manifest { form: 2, ..m.clone() })),
        ("damaged", &|to, m| {
            let path = to.join(format!("{}.db", m.sha256));
            let mut db = std::fs::read(&path).unwrap();
            let middle = db.len() / 2;
            db[middle] ^= 1;
            std::fs::write(path, db).unwrap();
        }),
        ("not whole", &|to, _| std::fs::remove_file(blob(to, &png(1))).unwrap()),
        ("not those of its name", &|to, _| std::fs::write(blob(to, &png(1)), b"else").unwrap()),
    ];
    for (word, spoil) in broken {
        let (to, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let made = backup(&w, to.path());
        spoil(to.path(), &made);
        let error = care::restore(to.path(), dir.path(), false, Timestamp(0), &mut |_, _, _| ()).unwrap_err();
        assert!(error.to_string().contains(word), "{word}: {error}");
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "lock"), "{word}: {left:?}");
    }
}

#[test]
fn a_restore_that_was_cut_short_is_brought_to_its_end() {
    let w = World::new();
    post(&w, "demo", "a", &png(1));
    let to = tempfile::tempdir().unwrap();
    backup(&w, to.path());
    let dir = tempfile::tempdir().unwrap();
    drop(Engine::open(dir.path(), host(5), &[]).unwrap());
    // As a power cut leaves it: begun to move, and the database gone already.
    std::fs::create_dir_all(dir.path().join("restoring")).unwrap();
    std::fs::write(dir.path().join("restoring/moving"), b"").unwrap();
    std::fs::create_dir_all(dir.path().join("before-restore-1")).unwrap();
    std::fs::rename(dir.path().join("labelscope.db"), dir.path().join("before-restore-1/labelscope.db")).unwrap();
    let error = Engine::open(dir.path(), host(6), &[]).err().unwrap().to_string();
    assert!(error.contains("interrupted"), "{error}");
    assert!(!dir.path().join("labelscope.db").exists(), "no empty one was made");
    care::restore(to.path(), dir.path(), true, Timestamp(2_000_000), &mut |_, _, _| ()).unwrap();
    assert!(dir.path().join("before-restore-1/labelscope.db").is_file());
    let w = World::at(Arc::new(dir), 7);
    assert_eq!(w.ok(&ListInputs { user_app_id: scope(), ..Default::default() }).inputs[0].id, "a");
}

#[test]
fn an_import_that_was_under_way_is_taken_back_after_a_restore() {
    let inputs = |w: &World| w.ok(&GetAppCounts { user_app_id: scope() }).counts.unwrap().inputs.0;
    // An import that rests after so many looks at the disk.
    let resting = |n: u64| {
        let looks = Arc::new(RunsLow(AtomicU64::new(u64::MAX)));
        let host = Host { disk: Some(looks.clone()), min_free: 1, ..host(1) };
        let w = World::hosted(Arc::new(tempfile::tempdir().unwrap()), host);
        let job = w.start_import("rooms", &[("gt.json", &gt("indoor85"))]);
        looks.0.store(n, Ordering::Relaxed);
        w.run_jobs();
        (w.job(&job.id).state == JobState::RUNNING && inputs(&w) > 0).then_some((w, job))
    };
    let (w, job) = (1..40).find_map(resting).expect("it rests with some of it written");
    let (to, dir) = (tempfile::tempdir().unwrap(), Arc::new(tempfile::tempdir().unwrap()));
    backup(&w, to.path());
    care::restore(to.path(), dir.path(), false, Timestamp(0), &mut |_, _, _| ()).unwrap();
    let w = World::at(dir, 2);
    w.run_jobs();
    assert_eq!((w.job(&job.id).state, inputs(&w)), (JobState::FAILED, 0));
}
