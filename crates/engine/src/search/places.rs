//! Places on the globe that a search names.

use super::{Sql, wrong};
use crate::fault::Fault;
use labelscope_api::messages::{Geo, GeoPoint};
use rusqlite::types::Value;

/// Kilometres and miles of the earth's mean radius.
const KILOMETERS: f64 = 6371.0088;
const MILES: f64 = 3958.7613;

/// What is wanted of a place.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Any,
    /// Around a point, in radians.
    Around {
        longitude: f64,
        latitude: f64,
        radians: f64,
    },
    /// Between two corners.
    Box {
        west: f64,
        south: f64,
        east: f64,
        north: f64,
    },
}

impl Wanted {
    /// The condition on these expressions of degrees east and north.
    pub fn on(&self, longitude: &str, latitude: &str) -> Sql {
        let real = |v: &f64| Value::Real(*v);
        match self {
            Self::Any => Sql::new(format!("{longitude} IS NOT NULL"), []),
            Self::Around { longitude: x, latitude: y, radians } => {
                Sql::new(format!("great_circle({longitude}, {latitude}, ?, ?) <= ?"), [x, y, radians].map(real))
            }
            Self::Box { west, south, east, north } => Sql::new(
                format!("({longitude} BETWEEN ? AND ? AND {latitude} BETWEEN ? AND ?)"),
                [west, east, south, north].map(real),
            ),
        }
    }
}

fn degrees(point: &GeoPoint, at: &str) -> Result<(f64, f64), Fault> {
    let (x, y) = (f64::from(point.longitude), f64::from(point.latitude));
    if !((-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y)) {
        return Err(wrong(at, &format!("is {x} east, {y} north; it must lie within 180 and 90 degrees")));
    }
    Ok((x, y))
}

pub(super) fn read(geo: &Geo, at: &str) -> Result<Wanted, Fault> {
    match (&geo.geo_point, &geo.geo_limit, geo.geo_box.as_slice()) {
        (None, None, []) => Ok(Wanted::Any),
        (Some(point), Some(limit), []) => {
            let (longitude, latitude) = degrees(point, &format!("{at}.geo_point"))?;
            let value = f64::from(limit.value);
            let radians = match limit.r#type.as_str() {
                "withinKilometers" => value / KILOMETERS,
                "withinMiles" => value / MILES,
                "withinRadians" => value,
                "withinDegrees" => value.to_radians(),
                other => {
                    let why =
                        format!("is \"{other}\"; use withinKilometers, withinMiles, withinRadians or withinDegrees");
                    return Err(wrong(&format!("{at}.geo_limit.type"), &why));
                }
            };
            if !(radians.is_finite() && radians >= 0.0) {
                return Err(wrong(&format!("{at}.geo_limit.value"), "must be 0 or more"));
            }
            Ok(Wanted::Around { longitude, latitude, radians })
        }
        (None, None, [a, b]) => {
            let corner = |p: &labelscope_api::messages::GeoBoxedPoint| match &p.geo_point {
                Some(point) => degrees(point, &format!("{at}.geo_box")),
                None => Err(wrong(&format!("{at}.geo_box"), "has a corner without geo_point")),
            };
            let ((x, y), (to_x, to_y)) = (corner(a)?, corner(b)?);
            Ok(Wanted::Box { west: x.min(to_x), south: y.min(to_y), east: x.max(to_x), north: y.max(to_y) })
        }
        _ => Err(wrong(at, "must be geo_point with geo_limit, or geo_box of two corners")),
    }
}
