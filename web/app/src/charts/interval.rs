use super::Print;
use super::scale::Scale;
use leptos::prelude::*;

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    Better,
    Worse,
    /// Nothing can be said.
    #[default]
    Neither,
}

impl Way {
    /// The class that gives the design's colour.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Better => "delta up",
            Self::Worse => "delta down",
            Self::Neither => "delta same",
        }
    }
}

const WIDTH: f64 = 120.0;

/// A difference with its interval, and the line that means none.
#[component]
pub fn Interval(
    difference: Option<f64>,
    interval: Option<(f64, f64)>,
    way: Way,
    /// How far the drawing goes to either side of the line.
    reach: f64,
    #[prop(default = Print::Signed(4))] print: Print,
) -> impl IntoView {
    let (Some(middle), Some((low, high))) = (difference, interval) else {
        return view! { <span class="faint small">"no interval"</span> }.into_any();
    };
    let reach = if reach > 0.0 { reach } else { 1.0 };
    let scale = Scale { low: -reach, high: reach, from: 4.0, to: WIDTH - 4.0 };
    let place = |v: f64| format!("{:.1}", scale.at(v.clamp(-reach, reach)));
    let (from, to, at, zero) = (place(low), place(high), place(middle), place(0.0));
    let class = match way {
        Way::Better => "chart interval up",
        Way::Worse => "chart interval down",
        Way::Neither => "chart interval same",
    };
    let words = format!("95 % interval from {} to {}", print.of(low), print.of(high));
    view! {
        <svg class=class width=WIDTH height="20" role="img" aria-label=words.clone()><title>{words.clone()}</title>
            <line class="ax" x1=zero.clone() x2=zero y1="1" y2="19"/>
            <line class="mk" x1=from.clone() x2=to.clone() y1="10" y2="10"/>
            <path class="mk" d=format!("M{from} 6v8M{to} 6v8")/>
            <circle class="dt" cx=at cy="10" r="3.5"/>
        </svg>
    }
    .into_any()
}
