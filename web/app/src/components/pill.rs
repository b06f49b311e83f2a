use super::Icon;
use leptos::prelude::*;

/// What a status means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Done and well.
    Ok,
    /// In work.
    Run,
    /// Worth a look.
    Warn,
    /// Failed.
    Bad,
    /// Not begun, or given up.
    Idle,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Ok => "pill ok",
            Self::Run => "pill run",
            Self::Warn => "pill warn",
            Self::Bad => "pill bad",
            Self::Idle => "pill idle",
        }
    }
    fn icon(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Run => "run",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Idle => "wait",
        }
    }
}

/// A status: icon, word and colour.
#[component]
pub fn Pill(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=tone.class()><Icon name=tone.icon()/>{text}</span> }
}
