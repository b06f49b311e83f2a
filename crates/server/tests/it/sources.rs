//! Data sources as the engine uses them: opened by an address, listed, read.

use crate::store::{Store, error};
use labelscope_api::messages::{AwsCreds, AzureBlobCreds, DataSourceCredentials};
use labelscope_api::wire::Secret;
use labelscope_engine::{Blobs, FetchError, Source, Sources};
use labelscope_server::{Config, sources};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const ID: &str = "AKIDOFTESTS";
const SECRET: &str = "s3cr3t/of+tests";
const SESSION: &str = "t0ken-of-tests";

struct Desk {
    dir: tempfile::TempDir,
    sources: Arc<dyn Sources>,
}

impl Desk {
    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path().join("data"));
        change(&mut config);
        Self { sources: sources(&config), dir }
    }

    fn at(store: &Store) -> Self {
        Self::with(|c| c.s3_endpoint = Some(store.url.clone()))
    }

    fn open(&self, url: &str) -> Box<dyn Source> {
        self.sources.open(url, None).unwrap_or_else(|e| panic!("{url}: {e}"))
    }

    fn refusal(&self, url: &str, credentials: Option<&DataSourceCredentials>) -> String {
        match self.sources.open(url, credentials) {
            Ok(_) => panic!("{url} was opened"),
            Err(FetchError::Address(text)) => text,
            Err(other) => panic!("{url}: {other:?}"),
        }
    }

    fn read(&self, source: &dyn Source, key: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        self.read_until(source, key, limit, &|| false)
    }

    fn read_until(
        &self,
        source: &dyn Source,
        key: &str,
        limit: u64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<u8>, FetchError> {
        let blobs = Blobs::open(self.dir.path().join("blobs")).unwrap();
        let stored = source.read(key, limit, blobs.begin().unwrap(), stop)?.keep().unwrap();
        Ok(std::fs::read(blobs.path(&stored.sha256).unwrap()).unwrap())
    }
}

fn keys(source: &dyn Source, after: &str) -> Vec<String> {
    let mut found = Vec::new();
    source
        .list(after, &mut |object| {
            found.push(object.key);
            true
        })
        .unwrap();
    found
}

fn s3(region: &str, id: &str, secret: &str, token: &str) -> DataSourceCredentials {
    let hidden = |text: &str| Secret(text.to_owned());
    DataSourceCredentials {
        s3_creds: Some(AwsCreds {
            region: region.to_owned(),
            id: hidden(id),
            secret: hidden(secret),
            token: hidden(token),
        }),
        ..DataSourceCredentials::default()
    }
}

fn signed() -> DataSourceCredentials {
    s3("eu-west-3", ID, SECRET, SESSION)
}

#[test]
fn a_prefix_ends_at_any_character_and_lists_come_page_by_page() {
    let store = Store::start(&[
        ("other/pre.jpg", b"1"),
        ("pr.jpg", b"1"),
        ("pre-2.jpg", b"22"),
        ("pre.jpg", b"1"),
        ("pre/", b""),
        ("pre/a.jpg", b"1"),
        ("pre/b/c.jpg", b"1"),
        ("pre1.jpg", b"1"),
        ("pre1/x & y.jpg", b"1"),
        ("prf.jpg", b"1"),
    ]);
    let desk = Desk::at(&store);
    let source = desk.open("s3://photos/pre");
    let all = ["pre-2.jpg", "pre.jpg", "pre/a.jpg", "pre/b/c.jpg", "pre1.jpg", "pre1/x & y.jpg"];
    assert_eq!(keys(&*source, ""), all);
    assert_eq!(store.asked().len(), 3);
    // From behind each key on; also from one that is gone.
    for (at, key) in all.iter().enumerate() {
        assert_eq!(keys(&*source, key), all[at + 1..]);
    }
    assert_eq!(keys(&*source, "pre/aa"), all[3..]);
    assert_eq!(keys(&*desk.open("s3://photos/pre/"), ""), ["pre/a.jpg", "pre/b/c.jpg"]);
    assert_eq!(keys(&*desk.open("s3://photos"), "").len(), 9);
    assert_eq!(keys(&*desk.open("s3://photos/pre1.jpg"), ""), ["pre1.jpg"]);
    assert_eq!(keys(&*desk.open("s3://photos/none"), ""), [""; 0]);
    // Whoever has enough is not told more, and the store is not asked more.
    store.asked();
    let mut seen = Vec::new();
    source
        .list("", &mut |object| {
            seen.push((object.key, object.bytes));
            false
        })
        .unwrap();
    assert_eq!(seen, [("pre-2.jpg".to_owned(), 2)]);
    assert_eq!(store.asked().len(), 1);
}

#[test]
fn files_come_whole_whatever_their_names() {
    let long = vec![7; 3 << 20];
    let odd = "a b+c%25 & größe=1?.jpg";
    let store = Store::start(&[(odd, b"odd"), ("long.zip", &long), ("empty.jpg", b"")]);
    let desk = Desk::at(&store);
    let source = desk.open("s3://photos/");
    assert_eq!(keys(&*source, ""), [odd, "long.zip"]);
    assert_eq!(desk.read(&*source, odd, 3).unwrap(), b"odd");
    assert_eq!(desk.read(&*source, "long.zip", 3 << 20).unwrap(), long);
    assert!(
        matches!(desk.read(&*source, "long.zip", (3 << 20) - 1), Err(FetchError::TooLong(l)) if l == (3 << 20) - 1)
    );
    assert!(desk.read(&*source, "empty.jpg", 9).unwrap_err().to_string().contains("empty"));
    assert!(desk.read(&*source, "gone.jpg", 9).unwrap_err().to_string().contains("no longer"));
    assert!(matches!(desk.read(&*source, "../x", 9), Err(FetchError::Address(_))));
    // It stops before a file, in the middle of one, and in the pause before another try.
    assert!(matches!(desk.read_until(&*source, odd, 9, &|| true), Err(FetchError::Stopped)));
    let left = AtomicUsize::new(3);
    let stop = || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_err();
    assert!(matches!(desk.read_until(&*source, "long.zip", 3 << 20, &stop), Err(FetchError::Stopped)));
    let busy = Store::refusing(&[], |_| Some((503, vec![], error("SlowDown", ""))));
    let (desk, asked) = (Desk::at(&busy), AtomicUsize::new(0));
    let stop = || asked.fetch_add(1, Ordering::SeqCst) > 0;
    assert!(matches!(desk.read_until(&*desk.open("s3://photos/"), "a.jpg", 9, &stop), Err(FetchError::Stopped)));
}

#[test]
fn requests_are_signed_with_what_came_and_with_nothing_else() {
    let store = Store::start(&[("a.jpg", b"1")]);
    let desk = Desk::at(&store);
    let source = desk.sources.open("s3://photos/", Some(&signed())).unwrap();
    assert_eq!(keys(&*source, ""), ["a.jpg"]);
    desk.read(&*source, "a.jpg", 1).unwrap();
    for asked in store.asked() {
        let signature = asked.header("authorization");
        assert!(signature.starts_with(&format!("AWS4-HMAC-SHA256 Credential={ID}/")), "{signature}");
        assert!(signature.contains("/eu-west-3/s3/aws4_request"), "{signature}");
        assert_eq!(asked.header("x-amz-security-token"), SESSION);
    }
    // A region alone is no signature, and an empty message is none.
    for credentials in [None, Some(s3("", "", "", "")), Some(s3("eu-west-3", "", "", ""))] {
        let source = desk.sources.open("s3://photos/", credentials.as_ref()).unwrap();
        assert_eq!(keys(&*source, ""), ["a.jpg"]);
        desk.read(&*source, "a.jpg", 1).unwrap();
        for asked in store.asked() {
            let sent: Vec<&str> = asked.headers.keys().map(http::HeaderName::as_str).collect();
            assert!(!sent.iter().any(|name| *name == "authorization" || name.starts_with("x-amz")), "{sent:?}");
        }
    }
}

#[test]
fn a_bucket_in_another_region_is_followed_there() {
    let store = Store::refusing(&[("a.jpg", b"1")], |asked| {
        let here = asked.header("authorization").contains("/ap-south-1/");
        let more = "<Region>ap-south-1</Region>";
        (!here).then(|| (400, vec![], error("AuthorizationHeaderMalformed", more)))
    });
    let desk = Desk::at(&store);
    for (what, credentials) in
        [("none named", s3("", ID, SECRET, "")), ("a wrong one", s3("eu-west-1", ID, SECRET, ""))]
    {
        let source = desk.sources.open("s3://photos/", Some(&credentials)).unwrap();
        assert_eq!(desk.read(&*source, "a.jpg", 1).unwrap(), b"1", "{what}");
        assert_eq!(store.asked().len(), 2);
        // From then on it is known.
        assert_eq!(keys(&*source, ""), ["a.jpg"]);
        assert_eq!(store.asked().len(), 1);
    }
}

#[test]
fn a_failure_that_passes_is_tried_again() {
    let count = AtomicUsize::new(0);
    let store = Store::refusing(&[("a.jpg", b"1")], move |_| {
        let first = count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2);
        first.then(|| (503, vec![], error("SlowDown", "")))
    });
    let desk = Desk::at(&store);
    let source = desk.open("s3://photos/");
    assert_eq!(keys(&*source, ""), ["a.jpg"]);
    assert_eq!(desk.read(&*source, "a.jpg", 1).unwrap(), b"1");
    assert_eq!(store.asked().len(), 4);
}

#[test]
fn refusals_say_what_to_do_and_hold_no_secret() {
    let told = format!("<AWSAccessKeyId>{ID}</AWSAccessKeyId><StringToSign>{SECRET} {SESSION}</StringToSign>");
    for (status, code, credentials, words) in [
        (404, "NoSuchBucket", Some(signed()), "\"photos\" does not exist"),
        (403, "InvalidAccessKeyId", Some(signed()), "credentials are refused (InvalidAccessKeyId)"),
        (403, "SignatureDoesNotMatch", Some(signed()), "the secret"),
        (400, "ExpiredToken", Some(signed()), "expired"),
        (403, "AccessDenied", Some(signed()), "must allow to list it"),
        (403, "AccessDenied", None, "not public"),
        (403, "RequestTimeTooSkewed", Some(signed()), "clock"),
        (301, "PermanentRedirect", Some(signed()), "another region"),
        (400, "AuthorizationHeaderMalformed", Some(signed()), "`region`"),
        (418, SECRET, Some(signed()), "418"),
    ] {
        let body = error(code, &told);
        let store = Store::refusing(&[("a.jpg", b"1")], move |_| Some((status, vec![], body.clone())));
        let desk = Desk::at(&store);
        let source = desk.sources.open("s3://photos/", credentials.as_ref()).unwrap();
        let listed = source.list("", &mut |_| true).unwrap_err();
        let read = desk.read(&*source, "a.jpg", 1).unwrap_err();
        for error in [listed, read] {
            let text = format!("{error} {error:?}");
            assert!(text.contains(words), "{code}: {text}");
            for secret in [ID, SECRET, SESSION] {
                assert!(!text.contains(secret), "{code}: {text}");
            }
        }
    }
}

#[test]
fn what_no_store_would_say_is_an_error_too() {
    let xml = "application/xml";
    let odd = "<ListBucketResult><Contents><Key>a//b.jpg</Key><LastModified>2025-11-02T10:00:00.000Z</LastModified>\
               <Size>1</Size></Contents></ListBucketResult>";
    for (kind, body, words) in [
        // Such as the page of a console, on the port beside the store's.
        ("text/html; charset=utf-8", "<html><body>Sign in</body></html>", "web page"),
        (xml, "<ListBucketResult><Contents>", "not understood"),
        (xml, odd, "longer prefix"),
    ] {
        let store =
            Store::refusing(&[], move |_| Some((200, vec![("content-type", kind.to_owned())], body.to_owned())));
        let error = Desk::at(&store).open("s3://photos/").list("", &mut |_| true).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    // Nobody listens there.
    let store = Store::start(&[]);
    let url = store.url.clone();
    drop(store);
    let desk = Desk::with(|c| c.s3_endpoint = Some(url));
    let error = desk.open("s3://photos/").list("", &mut |_| true).unwrap_err().to_string();
    assert!(error.contains("connection"), "{error}");
}

#[test]
fn a_store_leads_nowhere_else() {
    let other = Store::start(&[("a.jpg", b"1")]);
    let to = format!("{}/photos/a.jpg", other.url);
    let store = Store::refusing(&[], move |_| Some((307, vec![("location", to.clone())], String::new())));
    let desk = Desk::at(&store);
    let source = desk.sources.open("s3://photos/", Some(&signed())).unwrap();
    assert!(desk.read(&*source, "a.jpg", 9).is_err());
    assert!(source.list("", &mut |_| true).is_err());
    assert!(other.asked().is_empty());
    // And no call names a host by its region or its bucket.
    let desk = Desk::with(|_| ());
    for region in ["x.evil.example/", "a@b", "EU", "a/../b"] {
        assert!(desk.refusal("s3://photos/", Some(&s3(region, ID, SECRET, ""))).contains("region"));
    }
    for url in ["s3://", "s3://a", "s3://../x", "s3://a b c/x", "s3://me@host/x", "s3:/photos", "s3:///x"] {
        desk.refusal(url, None);
    }
}

#[test]
fn credentials_that_cannot_be_used_are_refused_at_once() {
    let desk = Desk::with(|c| c.allow_folder = vec![std::env::temp_dir()]);
    let google = DataSourceCredentials { gcp_creds: Secret("e30=".into()), ..DataSourceCredentials::default() };
    let azure = DataSourceCredentials {
        azure_blob_creds: Some(AzureBlobCreds { account_name: "me".into(), ..AzureBlobCreds::default() }),
        ..DataSourceCredentials::default()
    };
    let both = DataSourceCredentials { gcp_creds: Secret(SECRET.into()), ..signed() };
    for (url, credentials, words) in [
        ("s3://photos/", s3("", ID, "", ""), "both id and secret"),
        ("s3://photos/", s3("", "", "", SESSION), "both id and secret"),
        ("s3://photos/", s3("", ID, "two\nlines", ""), "a character"),
        ("s3://photos/", google.clone(), "not opened with gcp_creds"),
        ("s3://photos/", azure, "not opened with azure_blob_creds"),
        ("s3://photos/", both, "one kind"),
        ("https://a.example/x.zip", signed(), "not opened with s3_creds"),
        ("file:///tmp", google, "not opened with gcp_creds"),
    ] {
        let text = desk.refusal(url, Some(&credentials));
        assert!(text.contains(words) && !text.contains(SECRET) && !text.contains(ID), "{url}: {text}");
    }
}

#[test]
fn other_addresses_are_refused_with_what_works() {
    let desk = Desk::with(|_| ());
    for url in ["ftp://a.example/x", "photos", "", "data:,x", "ssh://x"] {
        let text = desk.refusal(url, None);
        for word in ["s3://", "https://", "--allow-folder", "gcs", "azure"] {
            assert!(text.contains(word), "{url}: {text}");
        }
    }
    for (url, feature, there) in [
        ("gs://photos/x", "gcs", cfg!(feature = "gcs")),
        ("az://photos/x", "azure", cfg!(feature = "azure")),
        ("abfss://photos@me.dfs.core.windows.net/x", "azure", cfg!(feature = "azure")),
        ("https://me.blob.core.windows.net/photos/", "azure", cfg!(feature = "azure")),
    ] {
        if !there {
            assert!(desk.refusal(url, None).contains(&format!("--features {feature}")));
        }
    }
}

#[cfg(feature = "gcs")]
#[test]
fn a_service_account_is_read_and_never_quoted() {
    let desk = Desk::with(|_| ());
    desk.open("gs://photos/x");
    for key in ["{\"private_key\": \"s3cr3t\", \"client_email\": 7}", "czNjcjN0", "s3cr3t!"] {
        let credentials = DataSourceCredentials { gcp_creds: Secret(key.into()), ..DataSourceCredentials::default() };
        let text = desk.refusal("gs://photos/x", Some(&credentials));
        assert!(text.contains("gcp_creds") && !text.contains("s3cr3t"), "{text}");
    }
}

#[cfg(feature = "azure")]
#[test]
fn a_container_needs_an_account() {
    let desk = Desk::with(|_| ());
    let creds = |name: &str, key: &str| DataSourceCredentials {
        azure_blob_creds: Some(AzureBlobCreds { account_name: name.into(), account_key: Secret(key.into()) }),
        ..DataSourceCredentials::default()
    };
    desk.open("abfss://photos@me.dfs.core.windows.net/x");
    desk.sources.open("az://photos/x", Some(&creds("me", "czNjcjN0"))).unwrap();
    assert!(desk.refusal("az://photos/x", None).contains("account_name"));
    assert!(desk.refusal("az://photos/x", Some(&creds("me.evil/", ""))).contains("account"));
    assert!(desk.refusal("abfs://photos@me.dfs.core.windows.net/x", Some(&creds("you", ""))).contains("different"));
    let text = desk.refusal("az://photos/x", Some(&creds("me", "s3cr3t!")));
    assert!(text.contains("account_key") && !text.contains("s3cr3t"), "{text}");
}
