use super::Icon;
use leptos::html;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Widest panel, and its distance from the edges of the screen.
const WIDTH: f64 = 320.0;
const EDGE: f64 = 8.0;

/// A button that opens a panel beside it. The browser closes it with Escape and with a click elsewhere, and gives the focus
/// back.
#[component]
pub fn Popover(
    /// What the button is called.
    #[prop(into)]
    label: Signal<String>,
    icon: &'static str,
    #[prop(default = "btn iconly quiet s")] class: &'static str,
    /// Stands on the button beside the icon.
    #[prop(optional)]
    word: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = format!("pop-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let button = NodeRef::<html::Button>::new();
    let (place, opened) = (RwSignal::new(String::new()), RwSignal::new(false));
    let children = StoredValue::new(children);
    let open = move |_| {
        opened.set(true);
        if let Some(button) = button.get_untracked() {
            place.set(beside(&button));
        }
    };
    let title = word.is_empty().then_some(move || label.get());
    view! {
        <button type="button" class=class node_ref=button popovertarget=id.clone() aria-label=move || word.is_empty().then(|| label.get()) title=title on:click=open><Icon name=icon/>{word}</button>
        <div class="pop" id=id popover="auto" role="group" aria-label=move || label.get() style=move || place.get()>{move || opened.get().then(|| children.with_value(|c| c()))}</div>
    }
}

/// Below the button, or above it where it stands low.
fn beside(button: &web_sys::Element) -> String {
    let side = |value: Option<wasm_bindgen::JsValue>| value.and_then(|v| v.as_f64()).unwrap_or_default();
    let window = web_sys::window();
    let wide = side(window.as_ref().and_then(|w| w.inner_width().ok()));
    let high = side(window.as_ref().and_then(|w| w.inner_height().ok()));
    let at = button.get_bounding_client_rect();
    let left = at.left().min(wide - WIDTH - EDGE).max(EDGE);
    if at.bottom() > high * 0.6 {
        format!("left:{left:.0}px;bottom:{:.0}px;max-height:{:.0}px", high - at.top() + 4.0, at.top() - EDGE - 4.0)
    } else {
        format!("left:{left:.0}px;top:{:.0}px;max-height:{:.0}px", at.bottom() + 4.0, high - at.bottom() - EDGE - 4.0)
    }
}
