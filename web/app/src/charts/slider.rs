use super::Print;
use leptos::html;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

/// A number that is drawn along a line: arrow keys move it by a step, the field beside it takes one exactly. Changes are told
/// once a frame at most.
#[component]
pub fn Slider(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<f64>,
    change: Callback<f64>,
    #[prop(default = 0.0)] min: f64,
    #[prop(default = 1.0)] max: f64,
    #[prop(default = 0.01)] step: f64,
    /// A button or two at its end, such as "Best F1".
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    // What is drawn follows the hand at once; what is told waits for the frame.
    let drawn = RwSignal::new(value.get_untracked());
    let held = Rc::new(Cell::new(None::<f64>));
    Effect::new({
        let held = Rc::clone(&held);
        move |_| {
            let told = value.get();
            if held.get().is_none() {
                drawn.set(told);
            }
        }
    });
    let tell = move |wanted: f64| {
        let wanted = snapped(wanted, min, max, step);
        drawn.set(wanted);
        if held.replace(Some(wanted)).is_none() {
            let held = Rc::clone(&held);
            request_animation_frame(move || {
                if let Some(latest) = held.take() {
                    change.run(latest);
                }
            });
        }
    };
    let decimals = if step >= 1.0 { 0 } else { 2 };
    let number = NodeRef::<html::Input>::new();
    let on_number = {
        let tell = tell.clone();
        move |_| {
            let Some(field) = number.get_untracked() else { return };
            match field.value().trim().replace(',', ".").parse::<f64>() {
                Ok(wanted) if wanted.is_finite() => tell(wanted),
                _ => field.set_value(&format!("{:.decimals$}", drawn.get_untracked())),
            }
        }
    };
    let filled = move || format!("--fill:{:.2}%", (drawn.get() - min) / (max - min).max(f64::MIN_POSITIVE) * 100.0);
    let range = label.clone();
    view! {
        <div class="slider">
            <span class="name" aria-hidden="true">{label.clone()}</span>
            <input type="range" min=min max=max step=step prop:value=move || drawn.get().to_string() style=filled aria-label=range
                aria-valuetext=move || Print::Plain(decimals as u8).of(drawn.get())
                on:input=move |e| if let Ok(wanted) = event_target_value(&e).parse() { tell(wanted) }/>
            {children.map(|children| children())}
            <input class="input number" type="number" inputmode="decimal" min=min max=max step=step aria-label=format!("{label}, as a number")
                node_ref=number prop:value=move || format!("{:.decimals$}", drawn.get()) on:change=on_number/>
        </div>
    }
}

/// The nearest number that the slider can stand on.
fn snapped(wanted: f64, min: f64, max: f64, step: f64) -> f64 {
    if !wanted.is_finite() {
        return min;
    }
    let steps = ((wanted - min) / step).round();
    // Without the dust of the division: 0.29 is 0.29.
    let value = ((min + steps * step) * 1e9).round() / 1e9;
    value.clamp(min, max)
}

#[cfg(test)]
mod tests {
    use super::snapped;

    #[test]
    #[allow(clippy::float_cmp)]
    fn it_stands_on_steps() {
        assert_eq!(snapped(0.287, 0.0, 1.0, 0.01), 0.29);
        assert_eq!(snapped(7.0, 0.0, 1.0, 0.01), 1.0);
        assert_eq!(snapped(f64::NAN, 0.0, 1.0, 0.01), 0.0);
        assert_eq!(snapped(0.52, 0.5, 0.95, 0.05), 0.5);
    }
}
