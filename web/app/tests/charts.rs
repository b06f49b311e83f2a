//! Charts in a real browser, each mounted into a place of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(target_family = "wasm")]

use labelscope_app::charts::{
    Change, Colours, Corner, Dumbbell, End, Head, Heatmap, Interval, Line, LineChart, Lines, Matrix, Print, Scheme,
    Slider, Stroke, Table, Twin, TwoByTwo, Way, csv,
};
use labelscope_messages::evaluation::Axis;
use leptos::prelude::*;
use leptos::task::tick;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlCanvasElement, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

fn place() -> HtmlElement {
    // In the page the style sheet is there before the first chart; a theme's colours are read once.
    colours();
    let document = web_sys::window().unwrap().document().unwrap();
    let place = document.create_element("section").unwrap().unchecked_into::<HtmlElement>();
    place.set_attribute("style", "width:560px;position:relative").unwrap();
    document.body().unwrap().append_child(&place).unwrap();
    place
}

fn all(place: &HtmlElement, selector: &str) -> Vec<Element> {
    let list = place.query_selector_all(selector).unwrap();
    (0..list.length()).filter_map(|i| list.item(i)).map(JsCast::unchecked_into).collect()
}

fn press(on: &Element, key: &str) {
    let options = web_sys::KeyboardEventInit::new();
    options.set_key(key);
    options.set_bubbles(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
    on.dispatch_event(&event).unwrap();
}

/// Frames pass, in which observers tell sizes and changes are told.
async fn frames() {
    labelscope_client::sleep_ms(60).await;
    tick().await;
}

/// The design's colours, as the style sheet would give them.
fn colours() {
    let style = web_sys::window().unwrap().document().unwrap().create_element("style").unwrap();
    style.set_text_content(Some(
        ":root { --bg: #ffffff; --seq-0: #f6f7f9; --seq-1: #dfe9f7; --seq-6: #12427d; --err-1: #fdeadc; --err-5: #96370a; --text: #191c20; }",
    ));
    web_sys::window().unwrap().document().unwrap().body().unwrap().append_child(&style).unwrap();
}

fn digits() -> Matrix {
    Matrix::new(
        ["7", "8", "9"].map(str::to_owned).to_vec(),
        false,
        vec![89.0, 0.0, 0.0, 0.0, 77.0, 2.0, 0.0, 1.0, 84.0],
    )
}

#[wasm_bindgen_test]
async fn a_small_matrix_is_a_table_of_buttons() {
    let here = place();
    let data = RwSignal::new(Arc::new(digits()));
    let (picked, selected) = (RwSignal::new(None), RwSignal::new(None));
    let end = Arc::new(End {
        title: "Recall".to_owned(),
        values: vec!["1.000".to_owned(), "0.975".to_owned(), "0.988".to_owned()],
    });
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <Heatmap label="Confusion matrix" data=data colours=Signal::stored(Colours::default()) print=Signal::stored(Print::Count) selected=selected
            pick=Callback::new(move |cell| { picked.set(Some(cell)); selected.set(Some(cell)); }) unit="inputs" end=Signal::stored(end)/> }
    });
    tick().await;
    let cells = all(&here, "td button");
    assert_eq!(cells.len(), 9);
    assert_eq!(cells[5].get_attribute("aria-label").as_deref(), Some("True 8, predicted 9: 2 inputs, 3 % of the row"));
    assert_eq!([cells[0].text_content().unwrap(), cells[1].text_content().unwrap()], ["89", "·"]);
    assert!(here.text_content().unwrap().contains("0.975"));
    // One cell is reached by the tab key; arrows go on from there.
    let reached = || all(&here, "td button[tabindex='0']");
    assert_eq!(reached().len(), 1);
    let table = all(&here, "table").remove(0);
    press(&table, "ArrowDown");
    press(&table, "End");
    tick().await;
    assert_eq!(reached()[0].get_attribute("data-cell").as_deref(), Some("1 2"));
    reached()[0].unchecked_ref::<HtmlElement>().click();
    tick().await;
    assert_eq!(picked.get_untracked(), Some((1, 2)));
    assert_eq!(all(&here, "td[aria-selected='true']").len(), 1);
    let mut changed = digits();
    changed.cells[5] = 0.0;
    data.set(Arc::new(changed));
    tick().await;
    assert_eq!(all(&here, "td button")[5].text_content().as_deref(), Some("·"));
    drop(handle);
}

#[wasm_bindgen_test]
async fn a_large_matrix_shows_its_one_mistake_and_its_cells_can_be_walked() {
    let here = place();
    let side = 1000;
    let mut cells = vec![0.0f32; side * side];
    for i in 0..side {
        cells[i * side + i] = 10.0;
    }
    cells[300 * side + 700] = 3.0;
    let labels = (0..side).map(|i| format!("class {i}")).collect();
    let data = Arc::new(Matrix::new(labels, false, cells));
    let picked = RwSignal::new(None);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <Heatmap label="Confusion matrix" data=Signal::stored(data) colours=Signal::stored(Colours::default()) print=Signal::stored(Print::Count)
            selected=Signal::stored(None) pick=Callback::new(move |cell| picked.set(Some(cell)))/> }
    });
    frames().await;
    let canvas: HtmlCanvasElement = all(&here, "canvas").remove(0).unchecked_into();
    let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let size = canvas.width();
    assert!(size >= 160 && size == canvas.height(), "{size}");
    let image = pen.get_image_data(0.0, 0.0, f64::from(size), f64::from(size)).unwrap().data();
    let orange: Vec<usize> =
        image.chunks_exact(4).enumerate().filter(|(_, p)| p[..3] == [0x96, 0x37, 0x0a]).map(|(i, _)| i).collect();
    assert_eq!(orange.len(), 1, "one cell among a million is one pixel");
    let (x, y) = (orange[0] as u32 % size, orange[0] as u32 / size);
    assert!(x.abs_diff(700 * size / 1000) <= 1 && y.abs_diff(300 * size / 1000) <= 1, "{x} {y} of {size}");
    let view = all(&here, ".heat-view").remove(0);
    view.unchecked_ref::<HtmlElement>().focus().unwrap();
    for key in ["End", "ArrowDown", "+", "Enter"] {
        press(&view, key);
    }
    tick().await;
    assert_eq!(picked.get_untracked(), Some((1, 999)));
    let spoken = all(&here, "[aria-live=polite]").remove(0).text_content().unwrap();
    assert!(spoken.starts_with("True class 1, predicted class 999: 0"), "{spoken}");
    assert!(here.text_content().unwrap().contains("class 999"), "names follow the view");
    drop(handle);
}

#[wasm_bindgen_test]
async fn a_difference_is_painted_as_better_or_worse() {
    let here = place();
    let side = 40;
    let mut cells = vec![0.0f32; side * side];
    cells[0] = 5.0;
    cells[1] = 5.0;
    let data = Arc::new(Matrix::new((0..side).map(|i| i.to_string()).collect(), false, cells));
    let colours = Colours { scheme: Scheme::Change, ..Colours::default() };
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <Heatmap label="Difference" data=Signal::stored(data) colours=Signal::stored(colours) print=Signal::stored(Print::Signed(0))
            selected=Signal::stored(None) pick=Callback::new(|_| ())/> }
    });
    frames().await;
    let canvas: HtmlCanvasElement = all(&here, "canvas").remove(0).unchecked_into();
    let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let cell = f64::from(canvas.width()) / side as f64;
    let at = |column: f64| {
        pen.get_image_data((column * cell + cell / 2.0).floor(), (cell / 2.0).floor(), 1.0, 1.0).unwrap().data()[..3]
            .to_vec()
    };
    assert_eq!([at(0.0), at(1.0)], [vec![0x12, 0x42, 0x7d], vec![0x96, 0x37, 0x0a]]);
    drop(handle);
}

fn curve(name: &str, stroke: Stroke) -> Line {
    Line {
        name: name.to_owned(),
        stroke,
        x: vec![0.0, 0.5, 1.0],
        y: vec![1.0, 0.9, 0.2],
        thresholds: vec![0.9, 0.5, 0.1],
        value: Some(0.983),
        here: Some((0.5, 0.9)),
    }
}

#[wasm_bindgen_test]
async fn curves_can_be_walked_and_the_marker_moved() {
    let here = place();
    let unit = || Axis { low: 0.0, high: 1.0 };
    let lines =
        vec![curve("All", Stroke::Whole), curve("9", Stroke::Auto), curve("8", Stroke::Auto), curve("7", Stroke::Auto)];
    let data = Arc::new(Lines { x: unit(), y: unit(), lines });
    let threshold = RwSignal::new(0.5);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <LineChart label="Precision over recall" data=Signal::stored(data) x_title="Recall" y_title="Precision" pinned=Signal::stored(vec![1])
            stepped=true drag=Callback::new(move |t| threshold.set(t))/> }
    });
    frames().await;
    let legend = all(&here, ".legend").remove(0).text_content().unwrap();
    assert_eq!(legend, "All 0.9839 0.9832 others");
    let texts: Vec<String> = all(&here, "svg[role=img] text").iter().filter_map(|t| t.text_content()).collect();
    assert!(texts.contains(&"Recall".to_owned()) && texts.contains(&"0.2".to_owned()), "{texts:?}");
    let chart = all(&here, "[aria-roledescription=chart]").remove(0);
    chart.unchecked_ref::<HtmlElement>().focus().unwrap();
    tick().await;
    let spoken = || all(&here, "[aria-live=polite]").remove(0).text_content().unwrap();
    assert_eq!(spoken(), "All: Recall 0.500, Precision 0.900, threshold 0.500", "it begins where the threshold is");
    press(&chart, "ArrowRight");
    tick().await;
    assert_eq!(spoken(), "All: Recall 1.000, Precision 0.200, threshold 0.100");
    press(&chart, "Enter");
    assert!((threshold.get_untracked() - 0.1).abs() < 1e-6);
    press(&chart, "ArrowDown");
    tick().await;
    assert!(spoken().starts_with("9: Recall 1.000"), "{}", spoken());
    let canvas: HtmlCanvasElement = all(&here, "canvas").remove(0).unchecked_into();
    let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let image = pen.get_image_data(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height())).unwrap().data();
    assert!(image.chunks_exact(4).filter(|p| p[3] > 0).count() > 200, "the curves are painted");
    drop(handle);
}

#[wasm_bindgen_test]
async fn a_chart_has_a_table_and_a_file() {
    let here = place();
    let rows = Callback::new(|()| Table {
        head: vec![Head::words("Class"), Head::number("F1")],
        total: 5000,
        row: Callback::new(|i: usize| vec![format!("class {i}"), "0.5".to_owned()]),
    });
    let handle = leptos::mount::mount_to(
        here.clone(),
        move || view! { <Twin title="F1 by class" file="f1" table=rows><p class="drawn">"chart"</p></Twin> },
    );
    tick().await;
    assert_eq!(all(&here, ".drawn").len(), 1);
    all(&here, "button[aria-label='Show as table']").remove(0).unchecked_into::<HtmlElement>().click();
    frames().await;
    assert!(all(&here, ".drawn").is_empty());
    let table = all(&here, "table").remove(0);
    assert_eq!(table.get_attribute("aria-rowcount").as_deref(), Some("5001"));
    let shown = all(&here, "tbody tr[aria-rowindex]").len();
    assert!(shown > 3 && shown < 200, "{shown} rows are in the page");
    assert!(table.text_content().unwrap().contains("class 0"));
    drop(handle);
}

#[wasm_bindgen_test]
fn a_file_runs_nothing_and_keeps_its_numbers() {
    let cells = ["=1+1", "+49", "-0.5", "@x", "a,b", "say \"no\"", "line\nbreak", "−0.5"];
    let table = Table {
        head: vec![Head::words("Name")],
        total: cells.len(),
        row: Callback::new(move |i: usize| vec![cells[i].to_owned()]),
    };
    let text = csv(&table);
    let expected =
        ["Name", "'=1+1", "+49", "-0.5", "'@x", "\"a,b\"", "\"say \"\"no\"\"\"", "\"line\nbreak\"", "−0.5", ""];
    assert_eq!(text.trim_start_matches('\u{feff}').split("\r\n").collect::<Vec<_>>(), expected);
}

#[wasm_bindgen_test]
async fn a_slider_tells_once_a_frame_and_takes_numbers() {
    let here = place();
    let told = RwSignal::new(Vec::<f64>::new());
    let value = RwSignal::new(0.5);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <Slider label="Threshold" value=value change=Callback::new(move |v| { told.update(|t| t.push(v)); value.set(v); })/> }
    });
    tick().await;
    let range: HtmlInputElement = all(&here, "input[type=range]").remove(0).unchecked_into();
    for wanted in ["0.6", "0.7", "0.31"] {
        range.set_value(wanted);
        range.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    }
    frames().await;
    assert_eq!(told.get_untracked(), [0.31], "the last of a frame is told");
    let number: HtmlInputElement = all(&here, "input[type=number]").remove(0).unchecked_into();
    assert_eq!(number.value(), "0.31");
    number.set_value("7");
    number.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    frames().await;
    assert_eq!(told.get_untracked(), [0.31, 1.0]);
    value.set(0.25);
    frames().await;
    assert_eq!(range.value(), "0.25");
    drop(handle);
}

#[wasm_bindgen_test]
async fn differences_are_drawn_and_said() {
    let here = place();
    let picked = RwSignal::new(None);
    let rows = Arc::new(vec![
        Change { name: "8".to_owned(), from: Some(0.789), to: Some(0.890) },
        Change { name: "4".to_owned(), from: Some(0.978), to: None },
    ]);
    let handle = leptos::mount::mount_to(here.clone(), move || {
        view! {
        <Interval difference=Some(0.0289) interval=Some((0.009, 0.049)) way=Way::Better reach=0.06/>
        <Interval difference=None interval=None way=Way::Neither reach=0.0/>
        <Dumbbell label="F1 by class" reference="knn10" run="logreg" rows=Signal::stored(rows) pick=Callback::new(|_| ())/>
        <TwoByTwo reference="knn10" run="logreg" counts=Signal::stored([790, 29, 55, 25]) picked=Signal::stored(vec![Corner::Fixed]) pick=Callback::new(move |c| picked.set(Some(c)))/> }
    });
    tick().await;
    let labels: Vec<String> =
        all(&here, "svg[role=img]").iter().filter_map(|e| e.get_attribute("aria-label")).collect();
    assert_eq!(labels[0], "95 % interval from +0.0090 to +0.0490");
    assert_eq!(labels[1], "F1 by class, knn10 to logreg. 8: 0.789 to 0.890; 4: 0.978 to –");
    assert!(here.text_content().unwrap().contains("+0.101"));
    let fixed = all(&here, "button[aria-label='55 fixed']").remove(0);
    assert_eq!(fixed.get_attribute("aria-pressed").as_deref(), Some("true"));
    all(&here, "button[aria-label='29 broken']").remove(0).unchecked_into::<HtmlElement>().click();
    assert_eq!(picked.get_untracked(), Some(Corner::Broken));
    drop(handle);
}
