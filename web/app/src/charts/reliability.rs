use super::Print;
use super::scale::Scale;
use labelscope_messages::evaluation::Calibration;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

const HEIGHT: f64 = 220.0;
const LEFT: f64 = 34.0;
const TOP: f64 = 20.0;
const COUNTS: f64 = 36.0;

/// Are scores what they say? Bars show the share that is right in each bin of scores; on the diagonal a score of 0.8 is right
/// 80 times of a hundred. Below it, how many fall into each bin.
#[component]
pub fn Reliability(#[prop(into)] data: Signal<Arc<Calibration>>) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let width = super::measure::width_of(place, 360.0);
    let words = move || {
        data.with(|c| {
            let bins: Vec<String> = c
                .bins
                .iter()
                .filter(|b| b.count > 0)
                .map(|b| {
                    format!(
                        "{} to {}: {} right of {}",
                        Print::Plain(2).of(b.low),
                        Print::Plain(2).of(b.high),
                        b.right.map_or_else(|| "–".to_owned(), |r| Print::Percent.of(r)),
                        Print::Count.of(f64::from(b.count))
                    )
                })
                .collect();
            format!(
                "Share that is right by score. Expected calibration error {}. {}",
                Print::maybe(Print::Plain(4), c.error),
                bins.join("; ")
            )
        })
    };
    let drawing = move || {
        let data = data.get();
        let (width, bottom) = (width.get(), HEIGHT);
        let x = Scale { low: 0.0, high: 1.0, from: LEFT, to: width - 8.0 };
        let y = Scale { low: 0.0, high: 1.0, from: bottom, to: TOP };
        let most = data.bins.iter().map(|b| b.count).max().unwrap_or(1).max(1);
        let counts = Scale { low: 0.0, high: f64::from(most), from: bottom + 22.0 + COUNTS, to: bottom + 22.0 };
        let grid = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0].into_iter().map(|t| {
            let (tx, ty) = (x.at(t), y.at(t));
            view! {
                <line class="gl" x1=LEFT x2=width - 8.0 y1=ty y2=ty/><text x=LEFT - 6.0 y=ty + 4.0 text-anchor="end">{Print::Plain(1).of(t)}</text>
                <text x=tx y=bottom + 16.0 text-anchor="middle">{Print::Plain(1).of(t)}</text>
            }
        }).collect_view();
        let bars = data.bins.iter().filter(|b| b.count > 0).map(|b| {
            let (from, to) = (x.at(b.low) + 1.0, x.at(b.high) - 1.0);
            let right = b.right.unwrap_or_default();
            let mean = b.mean_score.unwrap_or(f64::midpoint(b.low, b.high));
            let said = format!(
                "{} to {}: mean score {}, right {}, {} in it",
                Print::Plain(2).of(b.low), Print::Plain(2).of(b.high), Print::Plain(3).of(mean), Print::Share(3).of(right), Print::Count.of(f64::from(b.count))
            );
            let (high, low) = (y.at(right.max(mean)), y.at(right.min(mean)));
            view! {
                <g><title>{said}</title>
                    <rect class="bin" x=from width=(to - from).max(1.0) y=y.at(right) height=bottom - y.at(right)/>
                    <rect class=if right < mean { "gap over" } else { "gap under" } x=from width=(to - from).max(1.0) y=high height=(low - high).max(0.5)/>
                    <rect class="how-many" x=from width=(to - from).max(1.0) y=counts.at(f64::from(b.count)) height=bottom + 22.0 + COUNTS - counts.at(f64::from(b.count))/>
                </g>
            }
        }).collect_view();
        view! {
            <svg class="chart reliability" width=width height=bottom + 22.0 + COUNTS + 20.0 role="img" aria-label=words()>
                <text x="0" y="10">"Share that is right"</text>
                {grid}{bars}
                <line class="diagonal" x1=x.at(0.0) y1=y.at(0.0) x2=x.at(1.0) y2=y.at(1.0)/>
                <text x=x.at(0.5) y=bottom + 22.0 + COUNTS + 16.0 text-anchor="middle">"Score"</text>
                <text x=LEFT - 6.0 y=counts.to + 8.0 text-anchor="end">{Print::Count.of(f64::from(most))}</text>
            </svg>
        }
    };
    view! {
        <div class="measured" node_ref=place>{drawing}</div>
        <div class="legend"><span><i class="swatch" style="--c:var(--bar)"></i>"right"</span><span><i class="swatch" style="--c:var(--err-3)"></i>"too sure"</span><span><i class="swatch" style="--c:var(--seq-2)"></i>"not sure enough"</span><span><i class="rule"></i>"as said"</span></div>
    }
}
