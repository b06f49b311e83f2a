//! How large a part of the page is, as it changes.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// The width of the part's content in CSS pixels; `first` until it is known.
pub(super) fn width_of(place: NodeRef<html::Div>, first: f64) -> Signal<f64> {
    let width = RwSignal::new(first);
    watch(place, move |element| {
        let now = f64::from(element.client_width());
        // Hidden parts measure nothing; they keep what they had.
        if now > 0.0 && width.try_get_untracked().is_some_and(|w| (w - now).abs() > 0.4) {
            let _ = width.try_set(now);
        }
    });
    width.into()
}

/// Calls now and whenever the part's size changes.
pub(super) fn watch(place: NodeRef<html::Div>, measured: impl Fn(&web_sys::HtmlElement) + Clone + 'static) {
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        measured(&element);
        let (watched, measured) = (element.clone(), measured.clone());
        let on_resize = Closure::<dyn FnMut()>::new(move || measured(&watched));
        if let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, on_resize));
            on_cleanup(move || {
                let _ = kept.try_update_value(|(observer, _)| observer.disconnect());
            });
        }
    });
}
