//! A large matrix: a canvas with zoom, a cursor of its own, and names beside it.

mod hand;

use super::super::looks::{Looks, looks};
use super::super::measure;
use super::colour::{Code, Coder, Shades, ink};
use super::window::Window;
use super::{Given, Matrix, raster};
use crate::components::Icon;
use crate::format;
use leptos::html;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Room for names, and the most that the cells take, in CSS pixels.
const NAMES: f64 = 112.0;
const MOST: f64 = 640.0;
/// From so many pixels a cell on its number stands in it, and from so many on a name beside it.
const NUMBERED: f64 = 30.0;
const NAMED: f64 = 14.0;
/// One step of a button or key.
const STEP: f64 = 1.6;

/// Everything that is looked at by more than one part.
#[derive(Clone, Copy)]
struct Stage {
    given: Given,
    window: RwSignal<Window>,
    /// Width and height of the cells in CSS pixels, a whole number of the screen's.
    size: Memo<f64>,
    cursor: RwSignal<(usize, usize)>,
    /// What the pointer is on.
    pointed: RwSignal<Option<(usize, usize)>>,
    focused: RwSignal<bool>,
    codes: Signal<Arc<Vec<Code>>>,
}

pub(super) fn view(given: Given) -> AnyView {
    let Given { label, data, colours, selected, rows_are, columns_are, .. } = given;
    let place = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let width = measure::width_of(place, 640.0);
    let size = Memo::new(move |_| {
        let ratio = ratio();
        ((width.get() - NAMES).clamp(160.0, MOST) * ratio).floor() / ratio
    });
    let side = Memo::new(move |_| data.with(|d| d.side()));
    let window = RwSignal::new(Window::whole(side.get_untracked()));
    let cursor = RwSignal::new((0, 0));
    Effect::new(move |before: Option<usize>| {
        let side = side.get();
        if before.is_some_and(|b| b != side) {
            window.set(Window::whole(side));
            cursor.set((0, 0));
        }
        side
    });
    let codes = Memo::new_with_compare(
        move |_| data.with(|d| Arc::new(Coder::new(colours.get(), d).codes(d))),
        |a, b| a.map(Arc::as_ptr) != b.map(Arc::as_ptr),
    );
    let stage = Stage {
        given,
        window,
        size,
        cursor,
        pointed: RwSignal::new(None),
        focused: RwSignal::new(false),
        codes: codes.into(),
    };
    Effect::new(move |before: Option<(Arc<Looks>, Rc<Shades>)>| {
        let looks = looks();
        let shades = match before {
            Some((old, shades)) if *old == *looks => shades,
            _ => Rc::new(Shades::new(&looks)),
        };
        if let Some(canvas) = canvas.get() {
            stage.paint(&canvas, &shades);
        }
        (looks, shades)
    });
    Effect::new(move |_| {
        if let Some((row, column)) = selected.get() {
            cursor.set((row, column));
            window.update(|w| *w = w.showing(row, column));
        }
    });
    let extent = move || {
        let w = window.get();
        let side = format::count(w.side as i64);
        if w.is_whole() {
            return format!("all {side} × {side}");
        }
        let range = |from: f64| {
            let last = (from + w.span).ceil().min(w.side);
            format!("{}–{}", format::count(from as i64 + 1), format::count(last as i64))
        };
        format!("rows {}, columns {} of {side}", range(w.y), range(w.x))
    };
    let outline = move |cell: Option<(usize, usize)>, class: &'static str| {
        let (row, column) = cell?;
        let size = size.get();
        let (left, top, each) = window.get().place(row, column, size);
        // A cell smaller than this could not be found.
        let wide = each.max(7.0);
        let (left, top) = (left + (each - wide) / 2.0, top + (each - wide) / 2.0);
        let seen = left > -wide && top > -wide && left < size && top < size;
        seen.then(|| view! { <div class=class style=format!("transform:translate({left:.2}px,{top:.2}px);width:{wide:.2}px;height:{wide:.2}px")></div> })
    };
    let read = move || stage.pointed.get().or_else(|| stage.focused.get().then(|| cursor.get()));
    let read_out = move || read().map_or_else(|| "\u{a0}".to_owned(), |(r, c)| data.with(|d| given.words(d, r, c)));
    let spoken = move || stage.focused.get().then(|| cursor.get()).map(|(r, c)| data.with(|d| given.words(d, r, c)));
    let summary = move || data.with(|d| format!("{}. {}", label.get(), in_short(d)));
    view! {
        <div class="heatmap large measured" node_ref=place>
            <div class="row heat-tools"><span class="small faint">{columns_are}" →"</span><span class="small faint push">{extent}</span>
                <button type="button" class="btn iconly quiet s" aria-label="Zoom out" title="Zoom out (−)" disabled=move || window.with(Window::is_whole) on:click=move |_| stage.zoom(1.0 / STEP, None)>"−"</button>
                <button type="button" class="btn iconly quiet s" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| stage.zoom(STEP, None)><Icon name="plus"/></button>
                <button type="button" class="btn quiet s" title="All of it (0)" disabled=move || window.with(Window::is_whole) on:click=move |_| window.set(Window::whole(side.get_untracked()))>"Fit"</button></div>
            <div class="heat-grid">
                <span class="small faint corner">{rows_are}" ↓"</span>
                <div class="names columns" aria-hidden="true" style=move || format!("width:{}px", size.get())>{move || stage.names(true)}</div>
                <div class="names rows" aria-hidden="true" style=move || format!("height:{}px", size.get())>{move || stage.names(false)}</div>
                <div class="heat-view" tabindex="0" role="group" aria-roledescription="matrix" style=move || format!("width:{0}px;height:{0}px;touch-action:{1}", size.get(), if window.with(Window::is_whole) { "pan-x pan-y" } else { "none" })
                    aria-label=move || format!("{}. Arrow keys move between cells, plus and minus zoom, Enter opens a cell", label.get())
                    title="Ctrl and wheel zoom, or the wheel alone once this has the focus"
                    on:keydown=move |e| stage.key(&e) on:focus=move |_| stage.focused.set(true) on:blur=move |_| stage.focused.set(false) on:wheel=move |e| stage.wheel(&e)
                    on:pointerdown=move |e| stage.down(&e) on:pointermove=move |e| stage.moved(&e) on:pointerup=move |e| stage.up(&e) on:pointercancel=move |_| hand::let_go() on:pointerleave=move |_| stage.pointed.set(None)>
                    <canvas node_ref=canvas role="img" aria-label=summary style=move || format!("width:{0}px;height:{0}px", size.get())></canvas>
                    {move || outline(selected.get(), "cell-mark open")}
                    {move || outline(stage.pointed.get(), "cell-mark pointed")}
                    {move || outline(stage.focused.get().then(|| cursor.get()), "cell-mark cursor")}
                    <p class="vh" aria-live="polite">{spoken}</p>
                </div>
            </div>
            <p class="read-out small muted" aria-hidden="true">{read_out}</p>
        </div>
    }
    .into_any()
}

/// How much is on the diagonal and off it.
fn in_short(data: &Matrix) -> String {
    let (mut on, mut off) = (0u32, 0u32);
    let side = data.side();
    for (i, v) in data.cells.iter().enumerate() {
        if *v != 0.0 && !v.is_nan() {
            if side > 0 && i / side == i % side { on += 1 } else { off += 1 }
        }
    }
    format!("{} rows and columns; {on} cells on the diagonal and {off} off it are not zero", data.side())
}

fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).max(0.5)
}

impl Stage {
    /// Cells, and numbers where they have room.
    fn paint(self, canvas: &HtmlCanvasElement, shades: &Shades) -> Option<()> {
        let (window, size, ratio) = (self.window.get(), self.size.get(), ratio());
        let pixels = (size * ratio).round().max(1.0) as u32;
        if canvas.width() != pixels {
            canvas.set_width(pixels);
            canvas.set_height(pixels);
        }
        let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let line = ratio.round().max(1.0) as usize;
        let image = self
            .codes
            .with(|codes| raster::pixels(codes, window.side as usize, shades, &window, pixels as usize, line));
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&image), pixels, pixels).ok()?;
        pen.put_image_data(&image, 0.0, 0.0).ok()?;
        let each = size / window.span;
        if each >= NUMBERED {
            self.numbers(&pen, shades, &window, each, ratio)?;
        }
        Some(())
    }

    fn numbers(
        self,
        pen: &CanvasRenderingContext2d,
        shades: &Shades,
        window: &Window,
        each: f64,
        ratio: f64,
    ) -> Option<()> {
        pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
        pen.set_font("11px system-ui, sans-serif");
        pen.set_text_align("center");
        pen.set_text_baseline("middle");
        let print = self.given.print.get();
        let side = window.side as usize;
        let range = |from: f64| from as usize..((from + window.span).ceil() as usize).min(side);
        self.given.data.with(|data| {
            self.codes.with(|codes| {
                for row in range(window.y) {
                    for column in range(window.x) {
                        let code = codes.get(row * side + column).copied().unwrap_or_default();
                        // Nothing and what is left out have no number.
                        if code <= 1 {
                            continue;
                        }
                        pen.set_fill_style_str(ink(shades.of(code)));
                        let at = |c: usize, from: f64| (c as f64 + 0.5 - from) * each;
                        let text = print.of(f64::from(data.at(row, column)));
                        let _ =
                            pen.fill_text_with_max_width(&text, at(column, window.x), at(row, window.y), each - 2.0);
                    }
                }
            });
        });
        pen.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()
    }

    /// Names beside the cells, as many as have room; with few pixels a cell only some are named.
    fn names(self, columns: bool) -> AnyView {
        let (window, size) = (self.window.get(), self.size.get());
        let from = if columns { window.x } else { window.y };
        let each = size / window.span;
        let every = (NAMED / each).ceil().max(1.0) as usize;
        let first = (from.floor() as usize).div_ceil(every) * every;
        let last = (from + window.span).ceil() as usize;
        self.given.data.with(|data| {
            (first..last.min(data.side()))
                .step_by(every)
                .filter_map(|i| {
                    let middle = (i as f64 + 0.5 - from) * each;
                    let side = if columns { "left" } else { "top" };
                    (middle >= 0.0 && middle <= size)
                        .then(|| view! { <span style=format!("{side}:{:.1}px", middle - 7.0)>{data.label(i).to_owned()}</span> })
                })
                .collect_view()
                .into_any()
        })
    }
}
