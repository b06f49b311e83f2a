//! What a store said when it said no, in words that tell what to do. Its own text is not repeated: it may quote what was sent.

use http::StatusCode;
use labelscope_engine::FetchError;
use std::error::Error;
use std::fmt;

/// A reply that is no success.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// The store's word for it, such as `NoSuchBucket`.
    pub code: String,
    /// The region of the bucket, where the store tells it.
    pub region: Option<String>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code)
    }
}

impl Error for Answer {}

impl Answer {
    pub fn new(status: StatusCode, headers: &http::HeaderMap, body: &str) -> Self {
        let region = headers.get("x-amz-bucket-region").and_then(|r| r.to_str().ok()).or(within(body, "Region"));
        Self {
            status,
            code: within(body, "Code")
                .filter(|code| code.bytes().all(|b| b.is_ascii_alphanumeric()))
                .unwrap_or("")
                .to_owned(),
            region: region.filter(|r| is_region(r)).map(str::to_owned),
        }
    }

    /// May the same request be answered another time?
    pub fn is_passing(&self) -> bool {
        self.status.is_server_error()
            || matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
    }
}

/// The text of the first element of a name, if it is short.
fn within<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once('<')?;
    (text.len() <= 64).then_some(text)
}

/// A region goes into the name of a host.
pub(super) fn is_region(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The cause of a type, somewhere below an error.
pub(super) fn cause<T: Error + 'static>(error: &object_store::Error) -> Option<&T> {
    let mut at: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        at = error.source();
    }
    None
}

/// The words for an error of a store, whose name `place` is. `signed`: credentials were sent.
pub(super) fn worded(error: &object_store::Error, place: &str, signed: bool) -> FetchError {
    if let Some(ours) = cause::<FetchError>(error) {
        return match ours {
            FetchError::Address(text) => FetchError::Address(text.clone()),
            other => FetchError::Failed(format!("{place}: {other}")),
        };
    }
    if let Some(answer) = cause::<Answer>(error) {
        return refused(answer, place, signed);
    }
    if cause::<object_store::path::Error>(error).is_some() {
        return FetchError::Failed(format!(
            "{place} holds a name that cannot be read, with an empty part or \"..\" between slashes; take a longer prefix that leaves it out"
        ));
    }
    FetchError::Failed(format!("{place} answered in a way that is not understood; is the store one of this kind?"))
}

fn refused(answer: &Answer, place: &str, signed: bool) -> FetchError {
    let (status, code) = (answer.status, answer.code.as_str());
    match (code, status) {
        ("NoSuchBucket" | "ContainerNotFound" | "InvalidBucketName", _) => FetchError::Address(format!(
            "{place} does not exist; look at its name, and at the region of the credentials"
        )),
        ("NoSuchKey" | "BlobNotFound", _) => FetchError::Failed(format!("the file is no longer in {place}")),
        ("RequestTimeTooSkewed", _) => {
            FetchError::Failed(format!("{place} refuses because the clock of this server is wrong"))
        }
        ("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException", _) => {
            elsewhere(place)
        }
        (_, status) if status.is_redirection() => elsewhere(place),
        (
            "InvalidAccessKeyId"
            | "SignatureDoesNotMatch"
            | "InvalidToken"
            | "ExpiredToken"
            | "TokenRefreshRequired"
            | "AuthenticationFailed"
            | "InvalidAuthenticationInfo",
            _,
        ) => FetchError::Address(format!(
            "{place}: the credentials are refused ({code}); look at the id, the secret and the token, which may have expired"
        )),
        (_, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) if signed => FetchError::Address(format!(
            "{place}: access is denied; the credentials must allow to list it and to read its files"
        )),
        (_, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) => {
            FetchError::Address(format!("{place} is not public; send credentials with the url"))
        }
        (_, StatusCode::NOT_FOUND) => {
            FetchError::Failed(format!("the file is not in {place}, or there is no such place"))
        }
        _ => FetchError::Failed(format!("{place} answered {status} {code}").trim_end().to_owned()),
    }
}

fn elsewhere(place: &str) -> FetchError {
    FetchError::Address(format!("{place} is in another region; name it as `region` of s3_creds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_region_are_taken_from_a_refusal() {
        let body =
            "<Error><Code>AuthorizationHeaderMalformed</Code><Message>no</Message><Region>eu-west-1</Region></Error>";
        let answer = Answer::new(StatusCode::BAD_REQUEST, &http::HeaderMap::new(), body);
        assert_eq!(
            (answer.code.as_str(), answer.region.as_deref()),
            ("AuthorizationHeaderMalformed", Some("eu-west-1"))
        );
        let answer =
            Answer::new(StatusCode::FORBIDDEN, &http::HeaderMap::new(), "<Code>&quot;x</Code><Region>a.evil/</Region>");
        assert_eq!((answer.code.as_str(), answer.region), ("", None));
    }
}
