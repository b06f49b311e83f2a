//! What all views of an open evaluation share.

use super::address::{Address, read_filter, write_filter};
use super::hierarchy::Broader;
use crate::data::Context;
use crate::explore::{Asked, asked};
use labelscope_messages::evaluation::{Explore, Explored, Figures, Overview, PairFilter, Settings};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// An evaluation whose test set the worker holds.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub context: Context,
    pub address: Address,
    run: StoredValue<String>,
    about: StoredValue<Arc<Overview>>,
    places: StoredValue<HashMap<String, u32>>,
    /// The figures at the settings of this moment; asked once for all who show them.
    pub figures: Memo<Option<Arc<Figures>>>,
    pub asked: Asked,
    /// They are wanted for a file too.
    pub saving: RwSignal<bool>,
    /// Narrower and broader concepts of the app, by id, once somebody wants them.
    pub broader: Broader,
}

impl Page {
    pub fn new(context: Context, address: Address, run: String, about: Overview, view: Memo<String>) -> Self {
        let places = about.concepts.iter().zip(0u32..).map(|(c, i)| (c.0.clone(), i)).collect();
        let (of, saving, single) = (run.clone(), RwSignal::new(false), about.single_label);
        let had = StoredValue::new(false);
        let asked = asked(move || {
            let shown = view.with(|v| matches!(v.as_str(), "" | "classes" | "errors" | "scores"));
            // Where each input is right or wrong, a tab says how many are wrong, whatever the settings.
            let wanted = shown || saving.get() || (single && !had.get_value());
            had.update_value(|had| *had |= wanted);
            wanted.then(|| Explore::Figures { run: of.clone(), at: address.at.get() })
        });
        let figures = answer(asked, |e| if let Explored::Figures(f) = e { Some(f) } else { None });
        Self {
            context,
            address,
            run: StoredValue::new(run),
            about: StoredValue::new(Arc::new(about)),
            places: StoredValue::new(places),
            figures,
            asked,
            saving,
            broader: Broader::new(context),
        }
    }

    pub fn run(self) -> String {
        self.run.get_value()
    }

    pub fn about(self) -> Arc<Overview> {
        self.about.get_value()
    }

    pub fn at(self) -> Settings {
        self.address.at.get()
    }

    /// A concept's name, or its id where it has none.
    pub fn name(self, concept: u32) -> String {
        self.about.with_value(|a| {
            let found = a.concepts.get(concept as usize);
            found.map(|(id, name)| if name.is_empty() { id.clone() } else { name.clone() }).unwrap_or_default()
        })
    }

    pub fn id(self, concept: u32) -> String {
        self.about.with_value(|a| a.concepts.get(concept as usize).map(|c| c.0.clone()).unwrap_or_default())
    }

    pub fn place(self, id: &str) -> Option<u32> {
        self.places.with_value(|p| p.get(id).copied())
    }

    /// A name for files: what was evaluated, and what is in the file.
    pub fn file(self, what: &str) -> String {
        format!("{}-{what}", self.run())
    }

    /// Which pairs the address asks for.
    pub fn filter(self) -> PairFilter {
        read_filter(|name| self.address.get(name), |id| self.place(id))
    }

    /// Changes of the address that lead to the pairs behind a number.
    pub fn parts(self, filter: &PairFilter) -> Vec<(&'static str, Option<String>)> {
        write_filter(filter, |c| self.id(c))
    }

    /// The address of the pairs behind a number.
    pub fn behind(self, filter: &PairFilter) -> String {
        let mut parts = self.parts(filter);
        parts.push(("view", Some("inputs".to_owned())));
        self.address.with(&parts)
    }

    /// The same behind a number that counts each class for itself: matched within their class.
    pub fn counted(self, filter: &PairFilter) -> String {
        self.counted_in(filter, None)
    }

    /// The same of objects in one range of areas, by its word in the address.
    pub fn counted_in(self, filter: &PairFilter, area: Option<&str>) -> String {
        let mut parts = self.parts(filter);
        parts.extend(area.map(|area| ("area", Some(area.to_owned()))));
        parts.push(("view", Some("inputs".to_owned())));
        if self.about.with_value(|a| a.detection) {
            parts.push(("matching", Some("within".to_owned())));
        }
        self.address.with(&parts)
    }
}

/// The part of the latest answer that is wanted.
pub(in super::super) fn answer<T>(asked: Asked, take: fn(&Explored) -> Option<&T>) -> Memo<Option<Arc<T>>>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| asked.value.with(|v| v.as_deref().and_then(take).cloned().map(Arc::new)))
}
