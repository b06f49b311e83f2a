//! The time and the randomness that the engine takes from us.

use crate::cli::Config;
use crate::fetch::Http;
use crate::sources::Places;
use labelscope_engine::{Clock, Fetch, Host, Random, SampleFile, Sources, hex};
use std::sync::Arc;
use std::time::SystemTime;

/// The sample project, which lies in the binary.
pub(crate) const SAMPLE: &[SampleFile] = include!(concat!(env!("OUT_DIR"), "/sample.rs"));

struct System;

impl Clock for System {
    fn now(&self) -> i64 {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_micros() as i64)
    }
}

impl Random for System {
    fn fill(&self, buffer: &mut [u8]) {
        // Without the system's randomness no secret could be made: the process must not go on.
        if getrandom::fill(buffer).is_err() {
            tracing::error!("the system gives no random bytes");
            std::process::abort();
        }
    }
}

pub(crate) fn host(config: &Config) -> Host {
    Host { clock: Arc::new(System), random: Arc::new(System), fetch: fetcher(config), sources: Some(sources(config)) }
}

/// What fetches files by their address, and sends call-backs; None where the server is told not to.
#[must_use]
pub fn fetcher(config: &Config) -> Option<Arc<dyn Fetch>> {
    config.fetch.then(|| Arc::new(Http::new(config.allow_private_fetch, config.fetch_timeout)) as Arc<dyn Fetch>)
}

/// What opens data sources: those that the server may read.
#[must_use]
pub fn sources(config: &Config) -> Arc<dyn Sources> {
    Arc::new(Places::new(config))
}

/// Random bytes in hexadecimal.
pub(crate) fn secret(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    System.fill(&mut buffer);
    hex(&buffer)
}
