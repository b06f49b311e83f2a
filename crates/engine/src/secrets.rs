//! What opens a door and must not be stored: it is kept in memory for as long as a job needs it.

use labelscope_api::messages::DataSourceCredentials;
use std::collections::HashMap;
use std::sync::Mutex;

/// What a data source is opened with.
#[derive(Clone, Default)]
pub(crate) struct Opening {
    /// The address, whole.
    pub url: String,
    pub credentials: Option<DataSourceCredentials>,
}

/// By the id of an extraction job, and by the key of an add job.
#[derive(Default)]
pub(crate) struct Secrets {
    openings: Mutex<HashMap<String, Opening>>,
    call_backs: Mutex<HashMap<i64, String>>,
}

impl Secrets {
    pub fn keep(&self, extraction: &str, opening: Opening) {
        if let Ok(mut all) = self.openings.lock() {
            all.insert(extraction.to_owned(), opening);
        }
    }

    pub fn opening(&self, extraction: &str) -> Option<Opening> {
        self.openings.lock().ok()?.get(extraction).cloned()
    }

    pub fn forget(&self, extraction: &str) {
        if let Ok(mut all) = self.openings.lock() {
            all.remove(extraction);
        }
    }

    pub fn keep_call_back(&self, add_job: i64, url: &str) {
        if let Ok(mut all) = self.call_backs.lock() {
            all.insert(add_job, url.to_owned());
        }
    }

    pub fn take_call_back(&self, add_job: i64) -> Option<String> {
        self.call_backs.lock().ok()?.remove(&add_job)
    }
}

impl Opening {
    /// A text of the other side's, without anything of what opens the door.
    pub fn hide(&self, text: &str) -> String {
        let mut secrets = parts(&self.url);
        if let Some(c) = &self.credentials {
            secrets.push(&c.gcp_creds.0);
            if let Some(s3) = &c.s3_creds {
                secrets.extend([s3.id.0.as_str(), &s3.secret.0, &s3.token.0]);
            }
            if let Some(azure) = &c.azure_blob_creds {
                secrets.push(&azure.account_key.0);
            }
        }
        hide(text, &secrets)
    }
}

/// A text about a call to an address, without what is secret of the address.
pub(crate) fn hide_url(text: &str, url: &str) -> String {
    hide(text, &parts(url))
}

fn hide(text: &str, secrets: &[&str]) -> String {
    let mut out = text.to_owned();
    for secret in secrets.iter().filter(|s| s.len() > 3) {
        out = out.replace(secret, "(hidden)");
    }
    out
}

/// An address without user, password, query and fragment, and whether it had any of them.
pub(crate) fn public(url: &str) -> (String, bool) {
    let (bare, _) = split(url);
    let secret = bare.len() < url.len();
    (bare, secret)
}

/// What is secret of an address, as a whole and by its values.
fn parts(url: &str) -> Vec<&str> {
    let [user, query] = split(url).1;
    let password = user.split_once(':').map(|(_, password)| password);
    let values = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
    [user, query].into_iter().chain(password).chain(values).collect()
}

/// An address without its secrets, and these: the user with the password, and the query or the fragment.
fn split(url: &str) -> (String, [&str; 2]) {
    let at = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at_checked(at).unwrap_or((url, ""));
    let web = scheme.to_ascii_lowercase().starts_with("http");
    // A key in a bucket may hold a `#`.
    let end = rest.find(|c| c == '?' || (web && c == '#')).unwrap_or(rest.len());
    let (rest, query) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(slash).unwrap_or((rest, ""));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    (format!("{scheme}{host}{path}"), [user, query.get(1..).unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_cut_out() {
        for (url, shown, secret) in [
            ("https://h/a/b.zip?sig=s3cret", "https://h/a/b.zip", true),
            ("https://u:p4ss@h:8/a#tok", "https://h:8/a", true),
            ("s3://bucket/pre#fix/", "s3://bucket/pre#fix/", false),
            ("azure://u@h/@x", "azure://h/@x", true),
            ("ü?x", "ü", true),
            ("", "", false),
        ] {
            assert_eq!(public(url), (shown.to_owned(), secret), "{url}");
        }
        let text = hide_url("GET https://u:p4ss@h/a?sig=s3cret failed: sig=s3cret", "https://u:p4ss@h/a?sig=s3cret");
        assert!(!text.contains("s3cret") && !text.contains("p4ss"), "{text}");
        let text = hide_url("s3cret and p4ss", "https://u:p4ss@h/a?v=1&sig=s3cret");
        assert_eq!(text, "(hidden) and (hidden)");
    }
}
