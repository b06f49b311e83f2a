use super::scale::{Scale, round_range, ticks};
use super::{Print, Way};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// One line: what it is about, and its number before and after.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    pub name: String,
    pub from: Option<f64>,
    pub to: Option<f64>,
}

impl Change {
    fn difference(&self) -> Option<f64> {
        Some(self.to? - self.from?)
    }
}

const ROW: f64 = 24.0;
const TOP: f64 = 4.0;

/// Two numbers of each class joined by a line: run against reference run. More is better.
#[component]
pub fn Dumbbell(
    /// What the numbers are: "F1 by class".
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] reference: Signal<String>,
    #[prop(into)] run: Signal<String>,
    #[prop(into)] rows: Signal<Arc<Vec<Change>>>,
    #[prop(default = Print::Share(3))] print: Print,
    #[prop(optional)] pick: Option<Callback<usize>>,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let width = super::measure::width_of(place, 288.0);
    let words = move || {
        let rows = rows.get();
        let said: Vec<String> = rows
            .iter()
            .take(30)
            .map(|r| format!("{}: {} to {}", r.name, print.maybe(r.from), print.maybe(r.to)))
            .collect();
        let more = if rows.len() > 30 { format!("; and {} more", rows.len() - 30) } else { String::new() };
        format!("{}, {} to {}. {}{more}", label.get(), reference.get(), run.get(), said.join("; "))
    };
    let drawing = move || {
        let rows = rows.get();
        let width = width.get();
        // Names take what they need, up to a third of the room.
        let longest = rows.iter().map(|r| r.name.chars().count()).max().unwrap_or(1) as f64;
        let names = (longest * 6.2 + 14.0).min(width / 3.0);
        let fitting = ((names - 14.0) / 6.2).floor().max(1.0) as usize;
        let (low, high) = round_range(rows.iter().flat_map(|r| [r.from, r.to]).flatten(), 4, (0.0, 1.0));
        let scale = Scale { low, high, from: names + 8.0, to: width - 60.0 };
        let bottom = TOP + ROW * rows.len() as f64;
        let (at, decimals) = ticks(low, high, ((width - names - 68.0) / 70.0).clamp(2.0, 6.0) as usize);
        let axis = at.into_iter().map(|t| {
            let x = format!("{:.1}", scale.at(t));
            view! { <line class="gl" x1=x.clone() x2=x.clone() y1=TOP y2=bottom/><text x=x y=bottom + 16.0 text-anchor="middle">{Print::Plain(decimals).of(t)}</text> }
        }).collect_view();
        let lines = rows.iter().enumerate().map(|(i, row)| {
            let y = TOP + ROW * (i as f64 + 0.5);
            let way = way(row.difference());
            let colour = match way { Way::Better => "up", Way::Worse => "down", Way::Neither => "same" };
            let name = shortened(&row.name, fitting);
            let from = row.from.map(|v| scale.at(v));
            let to = row.to.map(|v| scale.at(v));
            view! {
                <g class=format!("pair {colour}") class:picks=pick.is_some() on:click=move |_| if let Some(pick) = pick { pick.run(i) }>
                    <title>{format!("{}: {} to {}", row.name, print.maybe(row.from), print.maybe(row.to))}</title>
                    <rect class="hit" x="0" y=y - ROW / 2.0 width=width height=ROW/>
                    <text class="lab strong" x="0" y=y + 4.0>{name}</text>
                    {from.zip(to).map(|(a, b)| view! { <line class="mk" x1=format!("{a:.1}") x2=format!("{b:.1}") y1=y y2=y/> })}
                    {from.map(|a| view! { <circle class="was" cx=format!("{a:.1}") cy=y r="4"/> })}
                    {to.map(|b| view! { <circle class="dt" cx=format!("{b:.1}") cy=y r="4.5"/> })}
                    <text class="num" x=width y=y + 4.0 text-anchor="end">{row.difference().map_or_else(|| "–".to_owned(), |d| Print::Signed(3).of(d))}</text>
                </g>
            }
        }).collect_view();
        view! { <svg class="chart dumbbell" width=width height=bottom + 22.0 role="img" aria-label=words()>{axis}{lines}</svg> }
    };
    view! {
        <div class="measured" node_ref=place>{drawing}</div>
        <div class="legend"><span><i class="ring"></i>{move || reference.get()}</span><span><i class="dot" style="--c:var(--up)"></i>{move || run.get()}" better"</span><span><i class="dot" style="--c:var(--down)"></i>"worse"</span></div>
    }
}

fn way(difference: Option<f64>) -> Way {
    match difference {
        Some(d) if d > 0.0 => Way::Better,
        Some(d) if d < 0.0 => Way::Worse,
        _ => Way::Neither,
    }
}

/// The beginning of a text, where all of it does not fit.
fn shortened(text: &str, fitting: usize) -> String {
    if text.chars().count() <= fitting {
        return text.to_owned();
    }
    text.chars().take(fitting.saturating_sub(1)).chain(['…']).collect()
}
