//! A panic leaves the page dead. It is replaced by one that says so and offers to load it anew.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

pub(crate) fn install() {
    if let Some(root) = document().and_then(|d| d.document_element()) {
        let _ = root.set_attribute("data-started", "");
    }
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string();
        web_log(&text);
        show(&text);
    }));
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn web_log(text: &str);
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn show(text: &str) -> Option<()> {
    let document = document()?;
    let main = document.create_element("main").ok()?;
    main.set_attribute("role", "alert").ok()?;
    main.set_attribute("class", "empty").ok()?;
    let add = |tag: &str, words: &str| -> Option<web_sys::Element> {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(words));
        main.append_child(&element).ok()?;
        Some(element)
    };
    add("h1", "The workbench has stopped")?;
    add("p", "Something in this page went wrong. Your data is safe: it lies with the server.")?;
    let button = add("button", "Load the page again")?;
    button.set_attribute("class", "btn primary").ok()?;
    let reload = Closure::once_into_js(|| {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    });
    button.add_event_listener_with_callback("click", reload.unchecked_ref()).ok()?;
    add("pre", text)?.set_attribute("class", "small muted").ok()?;
    let body = document.body()?;
    body.set_text_content(None);
    body.append_child(&main).ok()?;
    Some(())
}
