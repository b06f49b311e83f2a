//! The way to the page.

use std::cell::Cell;

use labelscope_messages::Event;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

thread_local! {
    /// The request that is being done, for the panic hook.
    static CURRENT: Cell<u32> = const { Cell::new(0) };
}

/// Tells the page about one request; id 0 is about the worker itself.
pub struct Scope {
    id: u32,
}

#[derive(Serialize)]
struct Envelope<'a> {
    id: u32,
    event: &'a Event,
}

impl Scope {
    pub fn about(id: u32) -> Self {
        CURRENT.set(id);
        Self { id }
    }

    /// About the request that this message asks for.
    pub fn of_message(message: &JsValue) -> Self {
        let id = js_sys::Reflect::get(message, &"id".into()).ok().and_then(|id| id.as_f64()).unwrap_or_default();
        Self::about(id as u32)
    }

    /// About the request that is being done.
    pub fn about_current() -> Self {
        Self { id: CURRENT.get() }
    }

    pub fn tell(&self, event: &Event) {
        let Ok(message) = serde_wasm_bindgen::to_value(&Envelope { id: self.id, event }) else { return };
        // Where there is no page to tell (in tests) there is nobody to miss it.
        if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
            let _ = scope.post_message(&message);
        }
    }
}
