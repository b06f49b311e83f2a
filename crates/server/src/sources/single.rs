//! A single file at an address, such as an archive.

use crate::fetch::{self, Http};
use labelscope_engine::{Draft, FetchError, Object, Source};
use percent_encoding::percent_decode_str;
use std::sync::Arc;

pub(super) struct Single {
    url: String,
    /// The file's name, by which it is listed.
    key: String,
    http: Arc<Http>,
}

impl Single {
    pub fn open(url: &str, http: Arc<Http>) -> Result<Self, FetchError> {
        fetch::address(url)?;
        let path = url.split(['?', '#']).next().unwrap_or(url);
        let name = path.splitn(4, '/').nth(3).and_then(|path| path.rsplit('/').find(|part| !part.is_empty()));
        let key = percent_decode_str(name.unwrap_or("file")).decode_utf8_lossy().into_owned();
        Ok(Self { url: url.to_owned(), key, http })
    }
}

impl Source for Single {
    fn list(&self, after: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), FetchError> {
        if self.key.as_str() > after {
            // 0 where the other side does not tell.
            let bytes = self.http.length(&self.url)?.unwrap_or(0);
            each(Object { key: self.key.clone(), bytes });
        }
        Ok(())
    }

    fn read(&self, key: &str, limit: u64, into: Draft, stop: &(dyn Fn() -> bool + Sync)) -> Result<Draft, FetchError> {
        if key != self.key {
            return Err(FetchError::Address(format!("{key:?} is not at this address")));
        }
        self.http.file(&self.url, limit, into, stop)
    }
}
