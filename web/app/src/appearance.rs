//! How the workbench looks and prints: theme, and the language of numbers and dates. Both are kept by the browser.

use leptos::prelude::*;
use leptos::reactive::graph::Observer;

/// Where they are kept; `web/start.js` reads the theme before the first paint.
const THEME: &str = "labelscope.theme";
const NUMBERS: &str = "labelscope.numbers";

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it, and changes with it.
    System,
    Light,
    Dark,
}

impl Theme {
    /// The name by which it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

thread_local! {
    static CHOSEN: ArcRwSignal<Theme> = ArcRwSignal::new(match kept(THEME).as_str() {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    });
    static LANGUAGE: ArcRwSignal<String> = ArcRwSignal::new(kept(NUMBERS));
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What this browser keeps under a name; empty where it keeps nothing.
pub(crate) fn kept(key: &str) -> String {
    storage().and_then(|s| s.get_item(key).ok()?).unwrap_or_default()
}

/// A browser may refuse; then it holds until the page is left.
pub(crate) fn keep(key: &str, value: &str) {
    let Some(storage) = storage() else { return };
    let _ = if value.is_empty() { storage.remove_item(key) } else { storage.set_item(key, value) };
}

/// The theme that is chosen.
pub(crate) fn theme() -> Theme {
    CHOSEN.with(ArcRwSignal::get)
}

/// Chooses a theme, for this and later visits.
pub(crate) fn set_theme(theme: Theme) {
    if let Some(root) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element()) {
        let _ = match theme {
            Theme::System => root.remove_attribute("data-theme"),
            _ => root.set_attribute("data-theme", theme.word()),
        };
    }
    keep(THEME, theme.word());
    CHOSEN.with(|c| c.set(theme));
}

/// The other one of what is shown now.
pub(crate) fn switch_theme() {
    let dark = match CHOSEN.with(ArcRwSignal::get_untracked) {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => web_sys::window()
            .and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten())
            .is_some_and(|m| m.matches()),
    };
    set_theme(if dark { Theme::Light } else { Theme::Dark });
}

/// The code of the language of numbers and dates; empty is the browser's own. Who asks in a reactive place is told of
/// changes.
pub(crate) fn number_language() -> String {
    LANGUAGE.with(|l| if Observer::get().is_some() { l.get() } else { l.get_untracked() })
}

/// Sets it, for this and later visits.
pub(crate) fn set_number_language(code: &str) {
    keep(NUMBERS, code);
    LANGUAGE.with(|l| l.set(code.to_owned()));
}
