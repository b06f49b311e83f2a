//! The design's colours as numbers, for what is painted on a canvas.

use crate::appearance;
use leptos::prelude::*;
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// A colour: red, green, blue.
pub(super) type Rgb = [u8; 3];

/// The colours of the theme that is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Looks {
    pub bg: Rgb,
    pub text: Rgb,
    pub text_2: Rgb,
    pub line: Rgb,
    /// A grey for what stands behind.
    pub others: Rgb,
    pub seq: [Rgb; 7],
    /// The first is that of nothing, as in `seq`.
    pub err: [Rgb; 6],
    pub cat: [Rgb; 8],
}

const NAMES: [&str; 26] = [
    "--bg",
    "--text",
    "--text-2",
    "--grid",
    "--border-strong",
    "--seq-0",
    "--seq-1",
    "--seq-2",
    "--seq-3",
    "--seq-4",
    "--seq-5",
    "--seq-6",
    "--seq-0",
    "--err-1",
    "--err-2",
    "--err-3",
    "--err-4",
    "--err-5",
    "--cat-1",
    "--cat-2",
    "--cat-3",
    "--cat-4",
    "--cat-5",
    "--cat-6",
    "--cat-7",
    "--cat-8",
];

thread_local! {
    /// Those of the theme that is named beside them, since asking the browser takes its time.
    static READ: RefCell<Option<(&'static str, u32, Arc<Looks>)>> = const { RefCell::new(None) };
    /// How often the system has turned dark or light.
    static TURNS: ArcRwSignal<u32> = watch_system();
}

/// The colours now. Who asks in a reactive place is told when the theme changes.
pub(super) fn looks() -> Arc<Looks> {
    let (theme, turn) = (appearance::theme().word(), TURNS.with(ArcRwSignal::get));
    READ.with_borrow_mut(|known| match known {
        Some((t, n, looks)) if *t == theme && *n == turn => Arc::clone(looks),
        _ => {
            let looks = Arc::new(read());
            *known = Some((theme, turn, Arc::clone(&looks)));
            looks
        }
    })
}

/// The system may turn dark in the evening.
fn watch_system() -> ArcRwSignal<u32> {
    let turns = ArcRwSignal::new(0);
    if let Some(query) = window().match_media("(prefers-color-scheme: dark)").ok().flatten() {
        let told = turns.clone();
        let on_change = Closure::<dyn FnMut()>::new(move || told.update(|n| *n += 1));
        let _ = query.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref());
        // For as long as the page lives.
        on_change.forget();
        std::mem::forget(query);
    }
    turns
}

/// Lets the browser work out the tokens, which are `light-dark(…)` pairs.
fn read() -> Looks {
    let mut found = [[128u8; 3]; NAMES.len()];
    let Some(body) = document().body() else { return Looks::default() };
    let Ok(holder) = document().create_element("div") else { return Looks::default() };
    let _ = holder.set_attribute("hidden", "");
    let spans: Vec<String> = NAMES.iter().map(|n| format!("<i style=\"color:var({n})\"></i>")).collect();
    holder.set_inner_html(&spans.concat());
    let _ = body.append_child(&holder);
    let children = holder.children();
    for (i, place) in found.iter_mut().enumerate() {
        let colour = children
            .item(i as u32)
            .and_then(|c| window().get_computed_style(&c).ok().flatten())
            .and_then(|s| s.get_property_value("color").ok());
        if let Some(rgb) = colour.as_deref().and_then(rgb) {
            *place = rgb;
        }
    }
    holder.remove();
    let [bg, text, text_2, line, others, rest @ ..] = found;
    let [s0, s1, s2, s3, s4, s5, s6, e0, e1, e2, e3, e4, e5, cat @ ..] = rest;
    Looks { bg, text, text_2, line, others, seq: [s0, s1, s2, s3, s4, s5, s6], err: [e0, e1, e2, e3, e4, e5], cat }
}

/// `rgb(63, 81, 214)` as browsers print it.
fn rgb(text: &str) -> Option<Rgb> {
    let inner = text.strip_prefix("rgb(").or_else(|| text.strip_prefix("rgba("))?.strip_suffix(')')?;
    let mut numbers = inner.split([',', ' ', '/']).filter(|t| !t.is_empty()).map(|t| t.trim().parse::<f64>());
    let mut next = || numbers.next()?.ok().map(|n| n.round().clamp(0.0, 255.0) as u8);
    Some([next()?, next()?, next()?])
}

/// As CSS has it.
pub(super) fn css([r, g, b]: Rgb) -> String {
    format!("rgb({r} {g} {b})")
}

#[cfg(test)]
mod tests {
    use super::rgb;

    #[test]
    fn colours_are_read_as_browsers_print_them() {
        assert_eq!(rgb("rgb(63, 81, 214)"), Some([63, 81, 214]));
        assert_eq!(rgb("rgba(1, 2, 3, 0.5)"), Some([1, 2, 3]));
        assert_eq!(rgb("rgb(1 2 3 / 50%)"), Some([1, 2, 3]));
        assert_eq!(rgb("currentcolor"), None);
    }
}
