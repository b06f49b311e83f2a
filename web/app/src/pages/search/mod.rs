//! Searches: conditions in words, as the API's JSON, and in the address.

mod builder;
mod condition;
mod saved;
mod words;

pub(crate) use builder::Builder;
pub(crate) use condition::{json_or_text, moment, place};
pub(crate) use saved::{Save, Saved};
pub(crate) use words::{state, words, words_of_rank};

use labelscope_api::messages::{Filter, Query, Search};
use labelscope_api::wire::Timestamp;

/// What is asked for. The address holds it as the API's own JSON, so that a search that some other client has saved is
/// kept whole, even where the page has no words for it.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Asked {
    pub query: Query,
    pub as_of: Option<Timestamp>,
}

impl Asked {
    /// As it stands in the address; what cannot be read asks for nothing.
    pub fn read(text: &str) -> Self {
        serde_json::from_slice::<Search>(text.as_bytes()).map(|s| Self::of(&s)).unwrap_or_default()
    }

    /// As a saved search says it.
    pub fn of(search: &Search) -> Self {
        Self { query: search.query.clone().unwrap_or_default(), as_of: search.as_of }
    }

    /// As it is sent.
    pub fn search(&self) -> Search {
        Search { query: Some(self.query.clone()), as_of: self.as_of, ..Search::default() }
    }

    /// As it stands in the address; nothing where nothing is asked.
    pub fn write(&self) -> Option<String> {
        (*self != Self::default()).then(|| serde_json::to_string(&self.search()).unwrap_or_default())
    }

    pub fn with(mut self, filter: Filter) -> Self {
        self.query.filters.push(filter);
        self
    }

    pub fn without(mut self, at: usize) -> Self {
        if at < self.query.filters.len() {
            self.query.filters.remove(at);
        }
        self
    }

    /// The other way round.
    pub fn flipped(mut self, at: usize) -> Self {
        if let Some(filter) = self.query.filters.get_mut(at) {
            filter.negate = !filter.negate;
        }
        self
    }
}
