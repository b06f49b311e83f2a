use super::Popover;
use crate::appearance::{keep, kept};
use leptos::prelude::*;

/// Which columns of a table are shown, as this browser keeps it.
#[derive(Clone, Copy)]
pub struct ChosenColumns {
    place: &'static str,
    /// Words and heads of the columns that can be left out.
    all: &'static [(&'static str, &'static str)],
    shown: RwSignal<Vec<String>>,
}

impl ChosenColumns {
    /// The columns of a table; `first` are those that are shown before anything was chosen.
    #[must_use]
    pub fn of(place: &'static str, all: &'static [(&'static str, &'static str)], first: &[&str]) -> Self {
        let kept = kept(place);
        let shown = if kept.is_empty() {
            first.iter().map(|c| (*c).to_owned()).collect()
        } else {
            kept.split(',').map(str::to_owned).collect()
        };
        Self { place, all, shown: RwSignal::new(shown) }
    }

    /// Is the column shown?
    #[must_use]
    pub fn has(self, word: &str) -> bool {
        self.shown.with(|s| s.iter().any(|c| c == word))
    }

    /// The columns that are shown, in the table's order: words and heads.
    #[must_use]
    pub fn now(self) -> Vec<(&'static str, &'static str)> {
        self.all.iter().filter(|c| self.has(c.0)).copied().collect()
    }

    fn toggle(self, word: &str) {
        self.shown.update(|s| match s.iter().position(|c| c == word) {
            Some(at) => drop(s.remove(at)),
            None => s.push(word.to_owned()),
        });
        // A word that is no column keeps the choice of none at all.
        let text = self.shown.with_untracked(|s| if s.is_empty() { "-".to_owned() } else { s.join(",") });
        keep(self.place, &text);
    }
}

/// The button that opens the choice.
#[component]
pub fn ColumnChooser(columns: ChosenColumns) -> impl IntoView {
    view! {
        <Popover label="Columns" icon="columns">
            <fieldset class="stack-s"><legend class="label">"Columns"</legend>
                {columns.all.iter().map(|(word, head)| view! { <label class="check"><input type="checkbox" prop:checked=move || columns.has(word) on:change=move |_| columns.toggle(word)/>{*head}</label> }).collect_view()}
            </fieldset>
        </Popover>
    }
}
