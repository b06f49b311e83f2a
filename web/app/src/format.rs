//! Numbers, bytes, times and durations as people read them: in the language that is set for them, else the browser's.

use crate::appearance::number_language;
use labelscope_api::wire::Timestamp;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(language: &JsValue, options: &JsValue) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, number: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(language: &JsValue, options: &JsValue) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &DateTimeFormat, milliseconds: f64) -> String;
}

/// Making one takes the browser far longer than using it.
#[derive(Default)]
struct Made {
    language: String,
    /// By the number of decimals.
    numbers: Vec<(u8, NumberFormat)>,
    /// Days, and days with the time.
    times: [Option<DateTimeFormat>; 2],
}

thread_local! {
    static MADE: RefCell<Made> = RefCell::default();
}

/// Works with what is made for the language that is set now.
fn with<T>(f: impl FnOnce(&mut Made, &JsValue) -> Option<T>) -> Option<T> {
    let language = number_language();
    // What is not set, the browser says.
    let asked = if language.is_empty() { JsValue::UNDEFINED } else { language.as_str().into() };
    MADE.with_borrow_mut(|made| {
        if made.language != language {
            *made = Made { language, ..Made::default() };
        }
        f(made, &asked)
    })
}

fn options(said: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in said {
        let _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// A number with so many decimals: `0.500`.
pub(crate) fn decimal(value: f64, decimals: u8) -> String {
    // Tests outside of a browser have none to ask.
    let said = if cfg!(target_family = "wasm") { asked(value, decimals) } else { None };
    said.unwrap_or_else(|| plain(value, decimals))
}

fn asked(value: f64, decimals: u8) -> Option<String> {
    with(|made, language| {
        if let Some((_, format)) = made.numbers.iter().find(|(d, _)| *d == decimals) {
            return Some(format.format(value));
        }
        let digits = JsValue::from(decimals);
        let options = options(&[("minimumFractionDigits", digits.clone()), ("maximumFractionDigits", digits)]);
        let format = NumberFormat::new(language, &options).ok()?;
        let text = format.format(value);
        made.numbers.push((decimals, format));
        Some(text)
    })
}

/// As English has it.
fn plain(value: f64, decimals: u8) -> String {
    let text = format!("{value:.*}", usize::from(decimals));
    let (whole, rest) = text.find('.').map_or((text.as_str(), ""), |dot| text.split_at(dot));
    let digits = whole.trim_start_matches('-').len();
    let mut out = String::new();
    for (left, c) in (0..whole.len()).rev().zip(whole.chars()) {
        out.push(c);
        if c != '-' && left > 0 && left < digits && left.is_multiple_of(3) {
            out.push(',');
        }
    }
    out + rest
}

/// `12,408`.
pub(crate) fn count(n: i64) -> String {
    decimal(n as f64, 0)
}

/// `1 box`, `12 boxes`.
pub(crate) fn of(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// `83.9 kB`.
pub(crate) fn bytes(n: i64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (n as f64, 0);
    while value >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        format!("{} {name}", count(n))
    } else {
        format!("{} {name}", decimal((value * 10.0).floor() / 10.0, 1))
    }
}

/// Seconds as `4 s`, `2 min 5 s`.
pub(crate) fn duration(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{} s", seconds.max(0)),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Day and time where the reader is: `23 Nov 2026, 14:10`.
pub(crate) fn time(at: Option<Timestamp>) -> String {
    date(at, true)
}

/// The day where the reader is: `23 Nov 2026`.
pub(crate) fn day(at: Option<Timestamp>) -> String {
    date(at, false)
}

fn date(at: Option<Timestamp>, with_time: bool) -> String {
    let Some(at) = at else { return String::new() };
    let milliseconds = at.0 as f64 / 1000.0;
    let said = with(|made, language| {
        let place = made.times.get_mut(usize::from(with_time))?;
        if place.is_none() {
            let (number, two) = (JsValue::from("numeric"), JsValue::from("2-digit"));
            let mut said = vec![("year", number.clone()), ("month", "short".into()), ("day", number)];
            if with_time {
                said.extend([("hour", two.clone()), ("minute", two)]);
            }
            *place = DateTimeFormat::new(language, &options(&said)).ok();
        }
        place.as_ref().map(|format| format.format(milliseconds))
    });
    said.unwrap_or_default()
}

#[cfg(test)]
#[cfg(target_family = "wasm")]
#[path = "format_tests.rs"]
mod in_browser;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!([count(0), count(999), count(1000), count(-1_234_567)], ["0", "999", "1,000", "-1,234,567"]);
        assert_eq!([decimal(0.5, 3), decimal(12_408.256, 2), decimal(-100.0, 0)], ["0.500", "12,408.26", "-100"]);
        assert_eq!([bytes(999), bytes(83_953), bytes(12_300_000)], ["999 bytes", "83.9 kB", "12.3 MB"]);
        assert_eq!([duration(4), duration(125), duration(7260)], ["4 s", "2 min 5 s", "2 h 1 min"]);
        assert_eq!([of(1, "box", "boxes"), of(0, "box", "boxes")], ["1 box", "0 boxes"]);
    }
}
