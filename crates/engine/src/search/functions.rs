//! What SQL asks of Rust: distances on the globe, likeness of vectors, matches of metadata.

use super::facts;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde_json::Value;

/// Makes the functions known to a connection.
pub(crate) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("great_circle", 4, flags, |c| {
        let at = |i| c.get::<Option<f64>>(i);
        Ok(match (at(0)?, at(1)?, at(2)?, at(3)?) {
            (Some(x), Some(y), Some(to_x), Some(to_y)) => Some(great_circle((x, y), (to_x, to_y))),
            _ => None,
        })
    })?;
    conn.create_scalar_function("has_metadata", 2, flags, |c| {
        let (Ok(stored), Ok(wanted)) = (c.get_raw(0).as_str(), c.get_raw(1).as_str()) else { return Ok(false) };
        let read = |text| serde_json::from_str::<Value>(text).ok();
        Ok(read(stored).zip(read(wanted)).is_some_and(|(stored, wanted)| has_one(&stored, &wanted)))
    })?;
    conn.create_scalar_function("facts", 1, flags, |c| {
        let facts = c.get_raw(0).as_str().map(facts::all).unwrap_or_default();
        Ok(serde_json::to_string(&facts).unwrap_or_default())
    })?;
    conn.create_scalar_function("likeness", 3, flags, |c| {
        let (Ok(a), Ok(b)) = (c.get_raw(0).as_blob(), c.get_raw(1).as_blob()) else { return Ok(None) };
        Ok(likeness(a, b, c.get(2)?))
    })
}

/// The angle between two places in radians; each is degrees east and north.
pub(crate) fn great_circle(from: (f64, f64), to: (f64, f64)) -> f64 {
    let ((x, y), (to_x, to_y)) = (from, to);
    let half = |d: f64| (d.to_radians() / 2.0).sin().powi(2);
    let h = half(to_y - y) + y.to_radians().cos() * to_y.to_radians().cos() * half(to_x - x);
    2.0 * h.clamp(0.0, 1.0).sqrt().asin()
}

/// Does one of the wanted keys match? Nothing wanted is found in any metadata that is not empty.
fn has_one(stored: &Value, wanted: &Value) -> bool {
    let (Some(stored), Some(wanted)) = (stored.as_object(), wanted.as_object()) else { return false };
    if wanted.is_empty() {
        return !stored.is_empty();
    }
    wanted.iter().any(|(key, value)| stored.get(key).is_some_and(|s| matches(s, value)))
}

/// An object holds all that is wanted of it, a list each wanted element or the one value; numbers are equal as numbers.
fn matches(stored: &Value, wanted: &Value) -> bool {
    match (stored, wanted) {
        (Value::Object(s), Value::Object(w)) => w.iter().all(|(k, v)| s.get(k).is_some_and(|s| matches(s, v))),
        (Value::Array(s), Value::Array(w)) => w.iter().all(|v| s.iter().any(|s| matches(s, v))),
        (Value::Array(s), w) => s.iter().any(|s| matches(s, w)),
        (Value::Number(s), Value::Number(w)) => s.as_f64() == w.as_f64(),
        (s, w) => s == w,
    }
}

/// Numbers as they are stored: little-endian f32.
pub(crate) fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// From 0 to 1: 1/(1+d) by Euclid's distance, (1+cos)/2 by the angle. `None` where the dimensions differ.
fn likeness(a: &[u8], b: &[u8], cosine: bool) -> Option<f64> {
    if a.len() != b.len() || a.is_empty() {
        return None;
    }
    let numbers = |bytes: &[u8]| -> Vec<f64> {
        bytes.chunks_exact(4).filter_map(|c| c.try_into().ok()).map(|c| f64::from(f32::from_le_bytes(c))).collect()
    };
    let (a, b) = (numbers(a), numbers(b));
    let pairs = || a.iter().zip(&b);
    if !cosine {
        let distance = pairs().map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
        return Some(1.0 / (1.0 + distance));
    }
    let (dot, aa, bb) = pairs().fold((0.0, 0.0, 0.0), |(dot, aa, bb), (x, y)| (dot + x * y, aa + x * x, bb + y * y));
    // A vector without length points nowhere: unlike and like alike.
    let cos: f64 = if aa > 0.0 && bb > 0.0 { dot / (aa * bb).sqrt() } else { 0.0 };
    Some(f64::midpoint(1.0, cos.clamp(-1.0, 1.0)))
}
