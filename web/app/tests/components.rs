//! Components in a real browser, each mounted into a place of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(target_family = "wasm")]

use labelscope_app::components::{
    Action, Column, Confirm, Dialog, Marks, Message, Outline, Overlay, Shape, Toasts, VirtualTable,
};
use leptos::prelude::*;
use leptos::task::tick;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

fn place() -> HtmlElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("section").unwrap().unchecked_into::<HtmlElement>();
    place.set_attribute("style", "height:320px;position:relative").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    place
}

fn all(place: &HtmlElement, selector: &str) -> Vec<Element> {
    let list = place.query_selector_all(selector).unwrap();
    (0..list.length()).filter_map(|i| list.item(i)).map(JsCast::unchecked_into).collect()
}

#[wasm_bindgen_test]
async fn a_table_of_100_000_rows_binds_some_dozens() {
    let here = place();
    let total = RwSignal::new(100_000usize);
    let picked = RwSignal::new(None::<usize>);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        let columns = vec![Column { title: "Name", number: false, width: "1fr", wide_only: false }];
        let cells = Callback::new(|i: usize| Some(vec![format!("row {i}")]));
        view! { <VirtualTable label="Rows" columns=columns total=total cells=cells seen=Callback::new(|_| ()) selected=picked pick=Callback::new(move |i| picked.set(Some(i)))/> }
    });
    tick().await;
    let grid = all(&here, "[role=grid]");
    assert_eq!(grid.first().and_then(|g| g.get_attribute("aria-rowcount")).as_deref(), Some("100001"));
    let rows = all(&here, "[role=row][aria-rowindex]");
    assert!(rows.len() > 5 && rows.len() < 100, "{} rows are in the page", rows.len());
    assert!(here.text_content().unwrap().contains("row 0"));
    rows.get(2).unwrap().unchecked_ref::<HtmlElement>().click();
    tick().await;
    assert_eq!(picked.get_untracked(), Some(1));
    total.set(2);
    tick().await;
    let shown = all(&here, "[role=row][aria-rowindex]")
        .into_iter()
        .filter(|r| r.unchecked_ref::<HtmlElement>().style().get_property_value("display").unwrap() != "none");
    assert_eq!(shown.count(), 3, "the head and two rows");
    drop(handle);
}

#[wasm_bindgen_test]
async fn a_dialog_opens_and_tells_that_it_was_closed() {
    let here = place();
    let open = RwSignal::new(false);
    let handle = leptos::mount::mount_to(
        here.clone(),
        move || view! { <Dialog open=open title="Delete it"><p>"Really?"</p></Dialog> },
    );
    tick().await;
    assert!(all(&here, "dialog[open]").is_empty());
    open.set(true);
    tick().await;
    let dialog: web_sys::HtmlDialogElement = all(&here, "dialog[open]").remove(0).unchecked_into();
    assert_eq!(dialog.get_attribute("aria-label").as_deref(), Some("Delete it"));
    dialog.close();
    // The browser tells of it in a task of its own.
    labelscope_client::sleep_ms(20).await;
    assert!(!open.get_untracked());
    drop(handle);
}

#[wasm_bindgen_test]
async fn rows_are_marked_without_being_opened() {
    let here = place();
    let marked = RwSignal::new(Vec::<usize>::new());
    let picked = RwSignal::new(None::<usize>);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        let columns = vec![Column { title: "Name", number: false, width: "1fr", wide_only: false }];
        let cells = Callback::new(|i: usize| Some(vec![format!("row {i}")]));
        let marks = Marks {
            marked: Callback::new(move |i| marked.with(|m| m.contains(&i))),
            toggle: Callback::new(move |i| marked.update(|m| m.push(i))),
        };
        view! { <VirtualTable label="Rows" columns=columns total=3usize cells=cells seen=Callback::new(|_| ()) selected=picked pick=Callback::new(move |i| picked.set(Some(i))) marks=marks/> }
    });
    tick().await;
    let boxes = all(&here, "input[type=checkbox]");
    assert_eq!(boxes.get(1).and_then(|b| b.get_attribute("aria-label")).as_deref(), Some("Select row 1"));
    boxes.get(1).unwrap().unchecked_ref::<HtmlElement>().click();
    tick().await;
    assert_eq!((marked.get_untracked(), picked.get_untracked()), (vec![1], None));
    drop(handle);
}

#[wasm_bindgen_test]
async fn deletion_waits_for_the_word() {
    let here = place();
    let (open, done) = (RwSignal::new(true), RwSignal::new(false));
    let handle = leptos::mount::mount_to(
        here.clone(),
        move || view! { <Confirm open=open title="Delete rooms" word="rooms".to_owned() button="Delete" confirm=Callback::new(move |()| done.set(true))>"Two versions go."</Confirm> },
    );
    tick().await;
    let button: HtmlElement = all(&here, "button[type=submit]").remove(0).unchecked_into();
    assert!(button.has_attribute("disabled"));
    let field: web_sys::HtmlInputElement = all(&here, "input").remove(0).unchecked_into();
    for (typed, right) in [("room", false), ("rooms", true)] {
        field.set_value(typed);
        field.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
        tick().await;
        assert_eq!(button.has_attribute("disabled"), !right, "{typed}");
    }
    button.click();
    tick().await;
    assert!(done.get_untracked());
    drop(handle);
}

#[wasm_bindgen_test]
async fn what_can_be_made_again_is_deleted_without_a_word() {
    let here = place();
    let (open, done) = (RwSignal::new(true), RwSignal::new(false));
    let handle = leptos::mount::mount_to(
        here.clone(),
        move || view! { <Confirm open=open title="Revoke nightly" button="Revoke" confirm=Callback::new(move |()| done.set(true))>"Calls are refused."</Confirm> },
    );
    tick().await;
    assert!(all(&here, "input").is_empty());
    let button: HtmlElement = all(&here, "button[type=submit]").remove(0).unchecked_into();
    assert!(!button.has_attribute("disabled"));
    button.click();
    tick().await;
    assert!(done.get_untracked());
    drop(handle);
}

#[wasm_bindgen_test]
async fn messages_are_announced_and_closed() {
    let here = place();
    let undone = Arc::new(AtomicBool::new(false));
    let undo = undone.clone();
    let message = |id, good, title: &str, detail: &str, action| Message {
        id,
        good,
        title: title.to_owned(),
        detail: detail.to_owned(),
        action,
    };
    let list = RwSignal::new(vec![
        message(7, true, "Removed", "", Some(Action::Undo(Arc::new(move || undo.store(true, Ordering::Relaxed))))),
        message(8, false, "Not saved", "disk full", None),
    ]);
    let handle = leptos::mount::mount_to(
        here.clone(),
        move || view! { <Toasts messages=list close=Callback::new(move |id| list.update(|l| l.retain(|m| m.id != id)))/> },
    );
    tick().await;
    assert_eq!(all(&here, "[role=alert]").len(), 1);
    all(&here, "button").remove(0).unchecked_into::<HtmlElement>().click();
    tick().await;
    // The first button takes back what the message tells, and closes it.
    assert!(undone.load(Ordering::Relaxed));
    assert_eq!(here.text_content().unwrap(), "Not saveddisk full");
    drop(handle);
}

#[wasm_bindgen_test]
async fn outlines_are_drawn_where_they_are() {
    let here = place();
    let shapes = vec![
        Shape { label: "chair".into(), colour: 1, outline: Outline::Box([10.0, 20.0, 30.0, 40.0]) },
        Shape {
            label: "hole".into(),
            colour: 8,
            outline: Outline::Rings(vec![vec![0.0, 0.0, 5.0, 0.0, 5.0, 5.0], vec![1.0, 1.0, 2.0, 1.0, 2.0, 2.0]]),
        },
    ];
    let handle =
        leptos::mount::mount_to(here.clone(), move || view! { <Overlay shapes=shapes width=100.0 height=80.0/> });
    tick().await;
    let drawn: Vec<_> = all(&here, "path.line").iter().filter_map(|p| p.get_attribute("d")).collect();
    assert_eq!(drawn, ["M10.0 20.0h30.0v40.0h-30.0z", "M0.0 0.0L5.0 0.0L5.0 5.0zM1.0 1.0L2.0 1.0L2.0 2.0z"]);
    drop(handle);
}
