//! Data sources that are no buckets: single files, and folders of this machine. Call-backs, which go out the same way.

use crate::other::{Answer, Other};
use labelscope_engine::{Blobs, FetchError, Object, Source};
use labelscope_server::cli::Command;
use labelscope_server::{Config, fetcher, sources};
use std::fs;
use std::path::Path;

fn config(dir: &Path, change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::new(dir.join("data"));
    change(&mut config);
    config
}

fn list(source: &dyn Source, after: &str) -> Result<Vec<Object>, FetchError> {
    let mut found = Vec::new();
    source.list(after, &mut |object| {
        found.push(object);
        true
    })?;
    Ok(found)
}

fn keys(source: &dyn Source, after: &str) -> Vec<String> {
    list(source, after).unwrap().into_iter().map(|object| object.key).collect()
}

fn read(dir: &Path, source: &dyn Source, key: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
    let blobs = Blobs::open(dir.join("blobs")).unwrap();
    let stored = source.read(key, limit, blobs.begin().unwrap(), &|| false)?.keep().unwrap();
    Ok(fs::read(blobs.path(&stored.sha256).unwrap()).unwrap())
}

fn address(result: Result<impl Sized, FetchError>) -> String {
    match result.map(drop) {
        Err(FetchError::Address(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_address_is_one_file() {
    let other = Other::start(|path| match path {
        "/old/photos.zip" => Answer::Redirect("/new".into()),
        "/new" | "/a%20b.zip?key=1" | "/" => Answer::File(b"zip".to_vec()),
        _ => Answer::Status("403 Forbidden"),
    });
    let dir = tempfile::tempdir().unwrap();
    let allowed = sources(&config(dir.path(), |c| c.allow_private_fetch = true));
    for (path, key) in [("/old/photos.zip", "photos.zip"), ("/a%20b.zip?key=1", "a b.zip"), ("/", "file")] {
        let source = allowed.open(&other.url(path), None).unwrap();
        assert_eq!(list(&*source, "").unwrap(), [Object { key: key.to_owned(), bytes: 3 }]);
        assert_eq!(keys(&*source, key), [""; 0]);
        assert_eq!(read(dir.path(), &*source, key, 3).unwrap(), b"zip");
        assert!(matches!(read(dir.path(), &*source, key, 2), Err(FetchError::TooLong(2))));
        address(read(dir.path(), &*source, "x", 9));
    }
    for url in ["http://", "https://ann:pass@a.example/x.zip"] {
        address(allowed.open(url, None));
    }
    // An address may be good for reading alone, so that its length is not known before.
    let source = allowed.open(&other.url("/no.zip"), None).unwrap();
    assert_eq!(list(&*source, "").unwrap()[0].bytes, 0);
    assert!(read(dir.path(), &*source, "no.zip", 9).unwrap_err().to_string().contains("403"));
    other.asked();
    // Not from this machine, unless the operator says so; not at all, if he says that.
    let source = sources(&config(dir.path(), |_| ())).open(&other.url("/new"), None).unwrap();
    assert!(address(list(&*source, "")).contains("--allow-private-fetch"));
    assert!(address(read(dir.path(), &*source, "new", 9)).contains("private network"));
    let none = sources(&config(dir.path(), |c| (c.fetch, c.allow_private_fetch) = (false, true)));
    assert!(address(none.open(&other.url("/new"), None)).contains("--no-fetch"));
    assert!(other.asked().is_empty());
}

/// A folder that may be read, beside one that may not.
fn tree() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("photos/a-b.jpg", "1"),
        ("photos/a/2.jpg", "22"),
        ("photos/a/deep/3.jpg", "333"),
        ("photos/a.jpg", "1"),
        ("photos/a1.jpg", "1"),
        ("photos/größe & mehr.jpg", "odd"),
        ("photos/empty.jpg", ""),
        ("photos/data/token", "the server's own"),
        ("outside/secret.txt", "secret"),
    ] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn a_folder_is_listed_in_the_order_of_its_keys() {
    let dir = tree();
    let photos = dir.path().join("photos");
    let all = ["a-b.jpg", "a.jpg", "a/2.jpg", "a/deep/3.jpg", "a1.jpg", "empty.jpg", "größe & mehr.jpg"];
    let opened = sources(&config(&photos, |c| c.allow_folder = vec![photos.clone()]));
    let url = |path: &str| format!("file://{}{path}", photos.display());
    for path in ["", "/"] {
        let source = opened.open(&url(path), None).unwrap();
        // The server's own folder is not in it.
        assert_eq!(keys(&*source, ""), all);
        for (at, key) in all.iter().enumerate() {
            assert_eq!(keys(&*source, key), all[at + 1..], "after {key}");
        }
        assert_eq!(list(&*source, "a.jpg").unwrap()[0], Object { key: "a/2.jpg".to_owned(), bytes: 2 });
        assert_eq!(read(dir.path(), &*source, "a/deep/3.jpg", 3).unwrap(), b"333");
        assert_eq!(read(dir.path(), &*source, "größe & mehr.jpg", 3).unwrap(), b"odd");
        assert!(matches!(read(dir.path(), &*source, "a/2.jpg", 1), Err(FetchError::TooLong(1))));
        assert!(read(dir.path(), &*source, "empty.jpg", 1).unwrap_err().to_string().contains("empty"));
        let stopped =
            source.read("a.jpg", 9, Blobs::open(dir.path().join("blobs")).unwrap().begin().unwrap(), &|| true);
        assert!(matches!(stopped, Err(FetchError::Stopped)));
    }
    let source = opened.open(&url("/a.j"), None).unwrap();
    assert_eq!(keys(&*source, ""), ["a.jpg"]);
    // A folder's name means the folder; what only begins so, all that begins so.
    assert_eq!(keys(&*opened.open(&url("/a"), None).unwrap(), ""), ["2.jpg", "deep/3.jpg"]);
    assert_eq!(keys(&*opened.open(&url("/a/de"), None).unwrap(), ""), ["deep/3.jpg"]);
    assert_eq!(keys(&*opened.open(&url("/gr%C3%B6%C3%9Fe"), None).unwrap(), ""), ["größe & mehr.jpg"]);
    assert_eq!(keys(&*opened.open(&url("/none"), None).unwrap(), ""), [""; 0]);
    let mut seen = 0;
    opened
        .open(&url(""), None)
        .unwrap()
        .list("", &mut |_| {
            seen += 1;
            seen < 2
        })
        .unwrap();
    assert_eq!(seen, 2);
}

#[test]
fn nothing_outside_of_allowed_folders_is_read() {
    let dir = tree();
    let photos = dir.path().join("photos");
    let none = sources(&config(&photos, |_| ()));
    assert!(address(none.open(&format!("file://{}", photos.display()), None)).contains("--allow-folder"));
    let opened = sources(&config(&photos, |c| c.allow_folder = vec![photos.clone()]));
    for path in [
        "outside",
        "outside/secret.txt",
        "",
        "photos/../outside",
        "photos/%2e%2e/outside",
        "photos/data/",
        "photos/data/token",
        "photos/no/x",
    ] {
        let text = address(opened.open(&format!("file://{}/{path}", dir.path().display()), None));
        assert!(!text.contains("secret"), "{text}");
    }
    for url in ["file://server/share/x", "file:relative", "file:/etc/passwd", "file:///%ff"] {
        address(opened.open(url, None));
    }
    let source = opened.open(&format!("file://{}", photos.display()), None).unwrap();
    for key in ["../outside/secret.txt", "data/token", "/etc/passwd", "a", "a/../../outside/secret.txt", ""] {
        address(read(dir.path(), &*source, key, 99));
    }
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    use std::os::unix::fs::symlink;
    let dir = tree();
    let photos = dir.path().join("photos");
    symlink("../outside/secret.txt", photos.join("out.txt")).unwrap();
    symlink("../outside", photos.join("outfolder")).unwrap();
    symlink("data/token", photos.join("own.txt")).unwrap();
    symlink("a.jpg", photos.join("within.jpg")).unwrap();
    symlink("..", photos.join("a/circle")).unwrap();
    symlink("nowhere", photos.join("broken.jpg")).unwrap();
    let opened = sources(&config(&photos, |c| c.allow_folder = vec![photos.clone()]));
    let url = |path: &str| format!("file://{}{path}", photos.display());
    let source = opened.open(&url("/"), None).unwrap();
    let found = keys(&*source, "");
    assert_eq!(found.iter().filter(|key| key.contains("circle") || key.contains("outfolder")).count(), 0, "{found:?}");
    assert_eq!(read(dir.path(), &*source, "within.jpg", 9).unwrap(), b"1");
    // They are told of, and fail when they are read.
    for key in ["out.txt", "own.txt", "broken.jpg"] {
        assert!(found.contains(&key.to_owned()), "{found:?}");
        address(read(dir.path(), &*source, key, 99));
    }
    address(read(dir.path(), &*source, "outfolder/secret.txt", 99));
    address(opened.open(&url("/outfolder"), None));
    address(opened.open(&url("/outfolder/"), None));
}

#[test]
fn a_call_back_is_posted_as_json_and_goes_nowhere_else() {
    let other = Other::start(|path| match path {
        "/ok?key=s3cr3t" => Answer::Status("204 No Content"),
        "/moved" => Answer::Redirect("/ok".into()),
        _ => Answer::Status("500 Internal Server Error"),
    });
    let dir = tempfile::tempdir().unwrap();
    let http = fetcher(&config(dir.path(), |c| c.allow_private_fetch = true)).unwrap();
    http.notify(&other.url("/ok?key=s3cr3t"), br#"{"id":"job"}"#).unwrap();
    assert_eq!(other.sent(), ("POST".to_owned(), "application/json".to_owned(), br#"{"id":"job"}"#.to_vec()));
    for (path, words) in [("/moved", "302"), ("/no?key=s3cr3t", "500")] {
        let error = http.notify(&other.url(path), b"{}").unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(words) && !text.contains("s3cr3t"), "{text}");
    }
    assert_eq!(other.asked(), ["/ok?key=s3cr3t", "/moved", "/no?key=s3cr3t"]);
    let http = fetcher(&config(dir.path(), |_| ())).unwrap();
    assert!(address(http.notify(&other.url("/ok?key=s3cr3t"), b"{}")).contains("private network"));
    for url in ["ftp://a.example/", "http://ann:s3cr3t@a.example/", "s3cr3t", "http://"] {
        assert!(!address(http.notify(url, b"{}")).contains("s3cr3t"));
    }
    assert!(other.asked().is_empty());
}

#[test]
fn flags_for_data_sources_are_looked_at() {
    let dir = tree();
    let photos = dir.path().join("photos");
    let parse =
        |flag: &str, value: &str| labelscope_server::cli::parse(["labelscope", "serve", flag, value].map(Into::into));
    match parse("--allow-folder", &photos.join("a/..").display().to_string()) {
        Ok(Command::Serve(config)) => assert_eq!(config.allow_folder, [photos.canonicalize().unwrap()]),
        _ => panic!("it is a folder"),
    }
    match parse("--s3-endpoint", "http://127.0.0.1:9000/") {
        Ok(Command::Serve(config)) => assert_eq!(config.s3_endpoint.as_deref(), Some("http://127.0.0.1:9000")),
        _ => panic!("it is an address"),
    }
    let file = photos.join("a.jpg").display().to_string();
    for (flag, value) in [
        ("--allow-folder", file.as_str()),
        ("--allow-folder", "no/such/folder"),
        ("--s3-endpoint", "127.0.0.1:9000"),
        ("--s3-endpoint", "ftp://a.example"),
        ("--s3-endpoint", "https://key:secret@a.example"),
    ] {
        let Err(error) = parse(flag, value) else { panic!("{flag} {value}") };
        assert!(format!("{error:#}").contains(flag), "{error:#}");
    }
}
