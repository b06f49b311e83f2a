//! Curves onto a canvas.

use super::super::looks::{Looks, css};
use super::near::Plot;
use super::{Drawn, Lines};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Paints all curves: the grey ones first, the whole last. The canvas has one pixel for each of the screen.
pub(super) fn paint(
    canvas: &HtmlCanvasElement,
    (width, height): (f64, f64),
    lines: &Lines,
    drawn: &[Drawn],
    plot: &Plot,
    stepped: bool,
    looks: &Looks,
) -> Option<()> {
    let ratio = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).max(1.0);
    let (w, h) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
    if canvas.width() != w || canvas.height() != h {
        canvas.set_width(w);
        canvas.set_height(h);
    }
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    pen.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    pen.clear_rect(0.0, 0.0, width, height);
    pen.save();
    pen.begin_path();
    // A line along an edge keeps its width.
    let (left, top) = (plot.x.from - 1.5, plot.y.to - 1.5);
    pen.rect(left, top, plot.x.to + 1.5 - left, plot.y.from + 1.5 - top);
    pen.clip();
    pen.set_line_join("round");
    let mut order: Vec<usize> = (0..lines.lines.len()).collect();
    order.sort_by_key(|i| drawn.get(*i).map(|d| d.rank()));
    for i in order {
        let (Some(line), Some(drawn)) = (lines.lines.get(i), drawn.get(i)) else { continue };
        let (colour, thick) = match drawn {
            Drawn::Grey => (looks.others, 1.0),
            Drawn::Class(n) => (looks.cat.get((n - 1) % 8).copied().unwrap_or(looks.text), 1.6),
            Drawn::Whole => (looks.text, 2.0),
        };
        let dash = js_sys::Array::new();
        if drawn.dashed() {
            dash.push(&6.into());
            dash.push(&3.into());
        }
        let _ = pen.set_line_dash(&dash);
        pen.set_stroke_style_str(&css(colour));
        pen.set_line_width(thick);
        pen.begin_path();
        plot.corners(line, stepped, |x, y, anew| if anew { pen.move_to(x, y) } else { pen.line_to(x, y) });
        pen.stroke();
    }
    pen.restore();
    Some(())
}
