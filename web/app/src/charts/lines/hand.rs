//! Pointer and keyboard on curves.

use super::near::{Plot, along, nearest};
use super::over::Told;
use super::{Drawn, Line, Lines};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Closer than so many pixels is meant.
const NEAR: f64 = 8.0;
/// At most so many points are told at once.
const MOST: usize = 10;

/// What the hand does, and what it does it to.
#[derive(Clone, Copy)]
pub(super) struct Hand {
    pub data: Signal<Arc<Lines>>,
    pub drawn: Memo<Vec<Drawn>>,
    pub plot: Memo<Plot>,
    /// What the pointer is near.
    pub pointed: RwSignal<Option<Told>>,
    /// Where the keyboard's cursor stands: curve and point.
    pub cursor: RwSignal<Option<(usize, usize)>>,
    /// The marker is being drawn.
    pub held: RwSignal<bool>,
    pub pick: Option<Callback<(usize, usize)>>,
    pub drag: Option<Callback<f64>>,
}

impl Hand {
    /// What is told now: the pointer goes before the cursor.
    pub fn told(self) -> Memo<Option<Told>> {
        // Points of an earlier answer mean nothing in the next.
        Effect::new(move |before: Option<()>| {
            self.data.track();
            if before.is_some() {
                self.pointed.set(None);
            }
        });
        Memo::new(move |_| {
            self.pointed.get().or_else(|| {
                let (line, at) = self.cursor.get()?;
                let place = self.data.with(|d| self.plot.get().point(d.lines.get(line)?, at))?;
                Some(Told { points: vec![(line, at)], at: place })
            })
        })
    }

    fn with<T>(self, f: impl FnOnce(&Lines, &[Drawn], &Plot) -> T) -> T {
        let plot = self.plot.get_untracked();
        self.data.with_untracked(|d| self.drawn.with_untracked(|drawn| f(d, drawn, &plot)))
    }

    /// The points near a place: of each curve in colour, and of a grey one that is right there.
    fn look(self, at: (f64, f64)) -> Option<Told> {
        self.with(|lines, drawn, plot| {
            let mut all: Vec<(usize, usize, f64)> = Vec::new();
            for (i, line) in lines.lines.iter().enumerate() {
                let Some((point, far)) = nearest(plot, line, at) else { continue };
                if drawn.get(i) != Some(&Drawn::Grey) || far < NEAR * NEAR {
                    all.push((i, point, far));
                }
            }
            all.sort_by(|a, b| a.2.total_cmp(&b.2));
            let first = all.first()?.0;
            let is_grey = |i: usize| drawn.get(i) == Some(&Drawn::Grey);
            let points =
                all.into_iter().filter(|(i, ..)| *i == first || !is_grey(*i)).map(|(i, p, _)| (i, p)).take(MOST);
            Some(Told { points: points.collect(), at })
        })
    }

    /// The threshold of the whole's point nearest to a place.
    fn threshold(self, at: (f64, f64)) -> Option<f64> {
        self.with(|lines, drawn, plot| {
            let line = lines.lines.get(drawn.iter().position(|d| *d == Drawn::Whole)?)?;
            let (point, _) = nearest(plot, line, at)?;
            line.thresholds.get(point).copied().filter(|t| t.is_finite()).map(f64::from)
        })
    }

    fn holds_marker(self, at: (f64, f64)) -> bool {
        self.with(|lines, drawn, plot| {
            let whole = drawn.iter().position(|d| *d == Drawn::Whole).and_then(|i| lines.lines.get(i));
            let here = whole.and_then(|l| l.here);
            here.is_some_and(|(x, y)| (plot.x.at(x) - at.0).hypot(plot.y.at(y) - at.1) < 2.0 * NEAR)
        })
    }

    pub fn down(self, e: &web_sys::PointerEvent) {
        if self.drag.is_none() || !self.holds_marker(place(e)) {
            return;
        }
        self.held.set(true);
        if let Some(element) = e.current_target() {
            let _ = element.unchecked_into::<web_sys::Element>().set_pointer_capture(e.pointer_id());
        }
    }

    pub fn moved(self, e: &web_sys::PointerEvent) {
        let at = place(e);
        if self.held.get_untracked() {
            if let (Some(drag), Some(threshold)) = (self.drag, self.threshold(at)) {
                drag.run(threshold);
            }
            return;
        }
        let inside = self.plot.with_untracked(|p| at.0 >= p.x.from - NEAR && at.1 <= p.y.from + NEAR);
        self.pointed.set(if inside { self.look(at) } else { None });
    }

    pub fn click(self, e: &web_sys::MouseEvent) {
        let Some(pick) = self.pick else { return };
        let at = place(e);
        let Some((line, point)) = self.look(at).and_then(|t| t.points.first().copied()) else { return };
        let far = self.with(|lines, _, plot| {
            let (x, y) = plot.point(lines.lines.get(line)?, point)?;
            Some((x - at.0).hypot(y - at.1))
        });
        if far.is_some_and(|f| f < 3.0 * NEAR) {
            pick.run((line, point));
        }
    }

    /// The focus came: the cursor stands on the point of the chosen threshold.
    pub fn enter(self) {
        if self.cursor.get_untracked().is_some() {
            return;
        }
        self.cursor.set(self.with(|lines, drawn, plot| {
            let line = *coloured(drawn).first()?;
            Some((line, begin(lines.lines.get(line)?, plot)))
        }));
    }

    pub fn leave(self) {
        self.cursor.set(None);
    }

    pub fn key(self, e: &web_sys::KeyboardEvent) {
        self.enter();
        let Some((line, at)) = self.cursor.get_untracked() else { return };
        let steps = if e.shift_key() { 10 } else { 1 };
        let to = self.with(|lines, drawn, plot| {
            let now = lines.lines.get(line)?;
            Some(match e.key().as_str() {
                "ArrowRight" => (line, along(plot, now, at, true, steps)),
                "ArrowLeft" => (line, along(plot, now, at, false, steps)),
                "PageUp" => (line, along(plot, now, at, true, 10)),
                "PageDown" => (line, along(plot, now, at, false, 10)),
                "End" => (line, along(plot, now, at, true, usize::MAX)),
                "Home" => (line, along(plot, now, at, false, usize::MAX)),
                "ArrowDown" | "ArrowUp" => {
                    let order = coloured(drawn);
                    let stands = order.iter().position(|o| *o == line).unwrap_or(0);
                    let down = e.key() == "ArrowDown";
                    let next = if down { (stands + 1).min(order.len() - 1) } else { stands.saturating_sub(1) };
                    let next = *order.get(next)?;
                    let near = plot.point(now, at).and_then(|p| nearest(plot, lines.lines.get(next)?, p));
                    (next, near.map_or(0, |n| n.0))
                }
                _ => return None,
            })
        });
        match (to, e.key().as_str()) {
            (Some(to), _) => {
                self.pointed.set(None);
                self.cursor.set(Some(to));
            }
            (None, "Enter") => self.take(line, at),
            _ => return,
        }
        e.prevent_default();
    }

    /// The point under the cursor is picked, or its threshold taken.
    fn take(self, line: usize, at: usize) {
        if let Some(pick) = self.pick {
            pick.run((line, at));
        } else if let Some(drag) = self.drag {
            let threshold = self.with(|lines, _, _| lines.lines.get(line).and_then(|l| l.thresholds.get(at).copied()));
            if let Some(threshold) = threshold.filter(|t| t.is_finite()) {
                drag.run(f64::from(threshold));
            }
        }
    }
}

/// The curves in colour, the whole first.
fn coloured(drawn: &[Drawn]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..drawn.len()).filter(|i| drawn.get(*i) != Some(&Drawn::Grey)).collect();
    order.sort_by_key(|i| std::cmp::Reverse(drawn.get(*i).map(|d| d.rank())));
    order
}

/// Where a curve's walk begins.
fn begin(line: &Line, plot: &Plot) -> usize {
    let here = line.here.map(|(x, y)| (plot.x.at(x), plot.y.at(y)));
    here.and_then(|h| nearest(plot, line, h)).map_or(0, |n| n.0)
}

/// Where an event is on the drawing; the drawing has no children that take the pointer.
fn place(e: &web_sys::MouseEvent) -> (f64, f64) {
    (f64::from(e.offset_x()), f64::from(e.offset_y()))
}
