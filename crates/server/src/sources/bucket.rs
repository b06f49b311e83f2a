//! A bucket below a prefix, in any store that `object_store` knows.

use super::answer::{self, Answer};
use crate::fetch::Arriving;
use futures::TryStreamExt;
use labelscope_engine::{Draft, FetchError, Object, Source};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore};
use std::sync::Arc;
use std::time::Duration;

/// How often a pause looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

pub(super) trait Store: ObjectStore + PaginatedListStore {}
impl<T: ObjectStore + PaginatedListStore> Store for T {}

/// Gives the store, which may have to be looked for.
pub(super) trait Place: Send + Sync {
    fn store(&self) -> Arc<dyn Store>;

    /// The bucket is in another region: goes there. False where that is no news.
    fn move_to(&self, _region: &str) -> bool {
        false
    }
}

impl<T: Store> Place for Arc<T> {
    fn store(&self) -> Arc<dyn Store> {
        self.clone()
    }
}

pub(super) struct Bucket {
    pub place: Box<dyn Place>,
    /// As a person would say it, for errors.
    pub name: String,
    /// Do we show credentials?
    pub signed: bool,
    /// What all keys begin with, at any character.
    pub prefix: String,
}

/// Runs a request on this thread, which waits for it. The runtime is for the pauses between retries.
fn run<T>(work: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(work)
}

/// Gives up the pauses between retries once `stop` says so.
async fn unless<T>(
    stop: &(dyn Fn() -> bool + Sync),
    work: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, FetchError> {
    let stopped = async {
        while !stop() {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        biased;
        () = stopped => Err(FetchError::Stopped),
        done = work => done,
    }
}

impl Bucket {
    async fn ask<T>(&self, what: impl AsyncFn(Arc<dyn Store>) -> object_store::Result<T>) -> Result<T, FetchError> {
        let mut answer = what(self.place.store()).await;
        if let Err(error) = &answer
            && let Some(Answer { region: Some(region), .. }) = answer::cause(error)
            && self.place.move_to(region)
        {
            answer = what(self.place.store()).await;
        }
        answer.map_err(|error| answer::worded(&error, &self.name, self.signed))
    }
}

impl Source for Bucket {
    fn list(&self, after: &str, each: &mut dyn FnMut(Object) -> bool) -> Result<(), FetchError> {
        run(async {
            let prefix = Some(self.prefix.as_str()).filter(|prefix| !prefix.is_empty());
            let mut token = None;
            loop {
                let options = PaginatedListOptions {
                    offset: Some(after.to_owned()).filter(|after| !after.is_empty()),
                    page_token: token.take(),
                    ..PaginatedListOptions::default()
                };
                let page = self
                    .ask(async |store| PaginatedListStore::list_paginated(&*store, prefix, options.clone()).await)
                    .await?;
                for object in page.result.objects {
                    let key = object.location.as_ref();
                    // Not every store begins behind the key that it is told. What is empty stands for a folder.
                    if key <= after || object.size == 0 {
                        continue;
                    }
                    if !each(Object { key: key.to_owned(), bytes: object.size }) {
                        return Ok(());
                    }
                }
                token = page.page_token;
                if token.is_none() {
                    return Ok(());
                }
            }
        })
    }

    fn read(&self, key: &str, limit: u64, into: Draft, stop: &(dyn Fn() -> bool + Sync)) -> Result<Draft, FetchError> {
        let path = Path::parse(key).map_err(|_| FetchError::Address(format!("{key:?} is no name of a file")))?;
        run(async {
            let asked = self.ask(async |store| store.get_opts(&path, GetOptions::default()).await);
            let file = unless(stop, asked).await?;
            let mut arriving = Arriving::new(Some(file.meta.size), limit, into)?;
            let mut pieces = file.into_stream().map_err(|error| answer::worded(&error, &self.name, self.signed));
            while let Some(piece) = unless(stop, pieces.try_next()).await? {
                arriving.add(&piece)?;
            }
            arriving.whole()
        })
    }
}
