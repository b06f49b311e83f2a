//! Pointer, wheel and keyboard on a large matrix.

use super::{STEP, Stage};
use crate::charts::heatmap::moved;
use crate::charts::heatmap::window::Window;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsCast;

thread_local! {
    /// Where the view was taken hold of, the window then, and whether it was moved since. There is one pointer.
    static HELD: Cell<Option<(f64, f64, Window, bool)>> = const { Cell::new(None) };
}

impl Stage {
    /// The strongest cell at a place, so that what is wrong is found where many share a pixel.
    fn cell_at(self, at: (f64, f64)) -> Option<(usize, usize)> {
        let window = self.window.get_untracked();
        let ((r0, c0), (r1, c1)) = window.cells_at(at, self.size.get_untracked())?;
        let side = window.side as usize;
        self.codes.with_untracked(|codes| {
            let cells = (r0..r1).flat_map(|r| (c0..c1).map(move |c| (r, c)));
            cells.max_by_key(|(r, c)| (codes.get(r * side + c).copied(), std::cmp::Reverse((*r, *c))))
        })
    }

    /// Closer or further, about a place of the view or about the cursor.
    pub(super) fn zoom(self, factor: f64, about: Option<(f64, f64)>) {
        let size = self.size.get_untracked();
        let about = about.unwrap_or_else(|| {
            if !self.focused.get_untracked() {
                return (size / 2.0, size / 2.0);
            }
            let (row, column) = self.cursor.get_untracked();
            let (x, y, each) = self.window.get_untracked().place(row, column, size);
            (x + each / 2.0, y + each / 2.0)
        });
        let part = |p: f64| (p / size).clamp(0.0, 1.0);
        self.window.update(|w| *w = w.zoomed(factor, (part(about.0), part(about.1))));
    }

    pub(super) fn wheel(self, e: &web_sys::WheelEvent) {
        // A page that is scrolled past must not zoom.
        if !e.ctrl_key() && !self.focused.get_untracked() {
            return;
        }
        e.prevent_default();
        let lines = if e.delta_mode() == web_sys::WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { 30.0 };
        let factor = (-e.delta_y() * lines / 300.0).clamp(-1.0, 1.0).exp();
        self.zoom(factor, Some(place(e)));
        self.pointed.set(self.cell_at(place(e)));
    }

    pub(super) fn down(self, e: &web_sys::PointerEvent) {
        if e.button() == 0 {
            let (x, y) = place(e);
            HELD.set(Some((x, y, self.window.get_untracked(), false)));
        }
    }

    pub(super) fn moved(self, e: &web_sys::PointerEvent) {
        let (x, y) = place(e);
        if let Some((from_x, from_y, window, was_moved)) = HELD.get() {
            let is_moved = was_moved || (x - from_x).hypot(y - from_y) > 4.0;
            if is_moved && !window.is_whole() {
                if !was_moved && let Some(element) = e.current_target() {
                    let _ = element.unchecked_into::<web_sys::Element>().set_pointer_capture(e.pointer_id());
                }
                let each = window.span / self.size.get_untracked().max(1.0);
                self.window.set(window.moved((from_x - x) * each, (from_y - y) * each));
            }
            HELD.set(Some((from_x, from_y, window, is_moved)));
        }
        let now = self.cell_at((x, y));
        if self.pointed.get_untracked() != now {
            self.pointed.set(now);
        }
    }

    pub(super) fn up(self, e: &web_sys::PointerEvent) {
        let Some((.., was_moved)) = HELD.take() else { return };
        if !was_moved && let Some(cell) = self.cell_at(place(e)) {
            self.cursor.set(cell);
            self.given.pick.run(cell);
        }
    }

    pub(super) fn key(self, e: &web_sys::KeyboardEvent) {
        match e.key().as_str() {
            "+" | "=" => self.zoom(STEP, None),
            "-" | "−" => self.zoom(1.0 / STEP, None),
            "0" => self.window.update(|w| *w = Window::whole(w.side as usize)),
            "Enter" | " " => self.given.pick.run(self.cursor.get_untracked()),
            _ => {
                let window = self.window.get_untracked();
                let last = (window.side as usize).saturating_sub(1);
                let page = (window.span as usize).max(1);
                let mut to = moved(e, self.cursor.get_untracked(), last, page);
                if e.shift_key() {
                    // Ten at once.
                    for _ in 1..10 {
                        to = to.and_then(|to| moved(e, to, last, page));
                    }
                }
                let Some((row, column)) = to else { return };
                self.pointed.set(None);
                self.cursor.set((row, column));
                self.window.update(|w| *w = w.showing(row, column));
            }
        }
        e.prevent_default();
    }
}

/// The browser took the pointer for something else.
pub(super) fn let_go() {
    HELD.set(None);
}

/// Where an event is on the view, whose children do not take the pointer.
fn place(e: &web_sys::MouseEvent) -> (f64, f64) {
    (f64::from(e.offset_x()), f64::from(e.offset_y()))
}
