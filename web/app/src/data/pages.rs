//! The rows of a long table, fetched a page at a time as they come into view.

use labelscope_client::Error;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

/// Rows that are fetched at a time.
const PAGE: usize = 100;

/// The rows that have been fetched, of one question.
pub(crate) struct Pages<T: Send + Sync + 'static> {
    pages: RwSignal<HashMap<usize, Arc<Vec<T>>>>,
    /// Why rows are missing.
    pub error: RwSignal<Option<Arc<Error>>>,
    /// How many rows there are at least, and exactly once the last page is here.
    pub found: RwSignal<usize>,
    asked: StoredValue<HashSet<usize>>,
    question: StoredValue<u32>,
    window: RwSignal<(usize, usize)>,
}

impl<T: Send + Sync + 'static> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Pages<T> {}

impl<T: Clone + Send + Sync + 'static> Pages<T> {
    pub fn new() -> Self {
        Self {
            pages: RwSignal::new(HashMap::new()),
            error: RwSignal::new(None),
            found: RwSignal::new(0),
            asked: StoredValue::new(HashSet::new()),
            question: StoredValue::new(0),
            window: RwSignal::new((0, 0)),
        }
    }

    /// The row at a place, once it is here.
    pub fn at(self, i: usize) -> Option<T> {
        self.pages.with(|p| p.get(&(i / PAGE)).and_then(|page| page.get(i % PAGE).cloned()))
    }

    /// The place of the first row that fits.
    pub fn position(self, fits: impl Fn(&T) -> bool) -> Option<usize> {
        self.pages.with(|p| p.iter().find_map(|(n, page)| page.iter().position(&fits).map(|i| n * PAGE + i)))
    }

    /// Has the first page come, with or without rows?
    pub fn begun(self) -> bool {
        self.pages.with(|p| p.contains_key(&0))
    }

    /// Fetches what is in view anew. What is shown stays until its successor is there, unless the question is another.
    pub fn refresh<F>(self, another: bool, fetch: impl Fn(u32, u32) -> F)
    where
        F: Future<Output = Result<Vec<T>, Error>> + 'static,
    {
        self.question.update_value(|q| *q += 1);
        self.asked.update_value(HashSet::clear);
        if another {
            self.pages.set(HashMap::new());
            self.found.set(0);
        }
        self.see(self.window.get_untracked(), fetch);
    }

    /// These rows have come into view: their pages are fetched, unless somebody has asked for them. `fetch` is given the
    /// page, from 1, and its size.
    pub fn see<F>(self, (first, count): (usize, usize), fetch: impl Fn(u32, u32) -> F)
    where
        F: Future<Output = Result<Vec<T>, Error>> + 'static,
    {
        self.window.set((first, count));
        let Some(number) = self.question.try_get_value() else { return };
        for page in first / PAGE..=(first + count.max(1) - 1) / PAGE {
            if !self.asked.try_update_value(|a| a.insert(page)).unwrap_or(false) {
                continue;
            }
            let rows = fetch(page as u32 + 1, PAGE as u32);
            spawn_local(async move {
                let outcome = rows.await;
                if self.question.try_get_value() == Some(number) {
                    self.take(page, outcome);
                }
            });
        }
    }

    fn take(self, page: usize, outcome: Result<Vec<T>, Error>) {
        match outcome {
            Ok(list) => {
                let got = list.len();
                self.pages.try_update(|p| p.insert(page, Arc::new(list)));
                self.error.try_set(None);
                // A full page has another after it, as far as is known.
                self.found.try_update(|f| *f = (*f).max(page * PAGE + got + usize::from(got == PAGE)));
                if got < PAGE {
                    self.found.try_update(|f| *f = (*f).min(page * PAGE + got));
                }
            }
            Err(error) => {
                self.asked.try_update_value(|a| a.remove(&page));
                self.error.try_set(Some(Arc::new(error)));
            }
        }
    }
}
