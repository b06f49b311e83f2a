//! Numbers, bytes, times and durations as people read them.

use labelscope_api::wire::Timestamp;

/// `12,408`.
pub(crate) fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
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
        format!("{}.{} {name}", (value * 10.0) as i64 / 10, (value * 10.0) as i64 % 10)
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
    let Some(at) = at else { return String::new() };
    let date = js_sys::Date::new(&(at.0 as f64 / 1000.0).into());
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.get(date.get_month() as usize).copied().unwrap_or("");
    format!("{} {month} {}, {:02}:{:02}", date.get_date(), date.get_full_year(), date.get_hours(), date.get_minutes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!([count(0), count(999), count(1000), count(-1_234_567)], ["0", "999", "1,000", "−1,234,567"]);
        assert_eq!([bytes(999), bytes(83_953), bytes(12_300_000)], ["999 bytes", "83.9 kB", "12.3 MB"]);
        assert_eq!([duration(4), duration(125), duration(7260)], ["4 s", "2 min 5 s", "2 h 1 min"]);
        assert_eq!([of(1, "box", "boxes"), of(0, "box", "boxes")], ["1 box", "0 boxes"]);
    }
}
