//! What all views depend on: the threshold, and for detections how predictions are matched.

use super::address::AREAS;
use super::page::{Page, answer};
use crate::charts::Slider;
use crate::components::{Choice, Popover};
use crate::explore::asked;
use labelscope_messages::evaluation::{CurveKind, Explore, Explored, Settings};
use leptos::prelude::*;

#[component]
pub(super) fn Strip(page: Page) -> impl IntoView {
    let at = page.address.at;
    let about = page.about();
    let change = move |f: fn(&mut Settings, f64)| Callback::new(move |v: f64| at.update(|s| f(s, v)));
    // The curve does not depend on the threshold, so it is not asked for anew when that moves.
    let still = Memo::new(move |_| Settings { threshold: 0.5, inclusive: true, ..at.get() });
    let curve = asked(move || {
        Some(Explore::Curves { run: page.run(), at: still.get(), kind: CurveKind::F1, concepts: Vec::new(), all: true })
    });
    let curve = answer(curve, |e| if let Explored::Curves(c) = e { Some(c) } else { None });
    let best = Memo::new(move |_| {
        let curve = curve.get()?.curves.first().cloned()?;
        let points = curve.thresholds.read().into_iter().zip(curve.y.read());
        points.filter(|p| p.0.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1)).map(|p| f64::from(p.0))
    });
    let take_best = move |_| {
        if let Some(best) = best.get_untracked() {
            // At the threshold itself the figure is reached only where the threshold counts as predicted.
            at.update(|s| (s.threshold, s.inclusive) = ((best * 1e4).floor() / 1e4, true));
        }
    };
    let masks = about.masks;
    view! {
        <div class="strip" role="group" aria-label="Settings of all views">
            <Slider label="Threshold" value=Signal::derive(move || at.get().threshold) change=change(|s, v| s.threshold = v)>
                {move || best.get().map(|_| view! { <button type="button" class="btn s" title="The threshold with the highest F1 of all classes together" on:click=take_best>"Best F1"</button> })}
            </Slider>
            {about.detection.then(|| view! {
                <Slider label="Overlap (IoU)" value=Signal::derive(move || at.get().iou) change=change(|s, v| s.iou = v) min=0.5 max=0.95 step=0.05/>
                <Choice label="Area of objects" quiet=true value=Signal::derive(move || AREAS.iter().find(|a| a.1 == at.get().area).map_or("all", |a| a.0).to_owned())
                    options=Signal::derive(|| [("all", "All sizes"), ("small", "Small, up to 32²"), ("medium", "Medium, to 96²"), ("large", "Large, from 96²")].map(|(v, w)| (v.to_owned(), w.to_owned())).to_vec())
                    change=Callback::new(move |v: String| if let Some(a) = AREAS.iter().find(|a| a.0 == v) { at.update(|s| s.area = a.1) })/>
            })}
            <Popover label="Options" icon="sliders" class="btn s" word="Options">
                <fieldset class="stack-s"><legend class="label">"What counts as predicted"</legend>
                    {[(false, "Above the threshold, as the API has it"), (true, "From the threshold on, as scikit-learn has it")].map(|(value, word)| view! {
                        <label class="check"><input type="radio" name="inclusive" prop:checked=move || at.get().inclusive == value on:change=move |_| at.update(|s| s.inclusive = value)/>{word}</label> }).collect_view()}
                </fieldset>
                {about.detection.then(|| view! {
                    <fieldset class="stack-s"><legend class="label">"Matching in matrix and inputs"</legend>
                        {[(true, "With objects of any class, the surest first"), (false, "Only with objects of the own class")].map(|(value, word)| view! {
                            <label class="check"><input type="radio" name="matching" prop:checked=move || at.get().across == value on:change=move |_| at.update(|s| s.across = value)/>{word}</label> }).collect_view()}
                    </fieldset>
                    {masks.then(|| view! { <label class="check"><input type="checkbox" prop:checked=move || at.get().masks on:change=move |e| { let on = event_target_checked(&e); at.update(|s| s.masks = on); }/>"Overlap of masks instead of boxes"</label> })}
                })}
            </Popover>
        </div>
    }
}
