//! 64-bit integers: strings on the wire, because a JavaScript number loses them above 2^53. Numbers are read too.

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

macro_rules! int64 {
    ($(#[$meta:meta])* $name:ident($int:ty), $expected:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $int);

        impl From<$int> for $name {
            fn from(value: $int) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct V;
                impl Visitor<'_> for V {
                    type Value = $int;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: Error>(self, v: &str) -> Result<$int, E> {
                        if let Ok(n) = v.parse() {
                            return Ok(n);
                        }
                        // proto3 JSON allows "1.0" and "1e3" when the value is whole.
                        match v.parse::<f64>() {
 Ok(n) => self.visit_f64(n),
 Err(_) => Err(E::invalid_value(Unexpected::Str(v), &self)),
 }
                    }
                    fn visit_i64<E: Error>(self, v: i64) -> Result<$int, E> {
                        v.try_into().map_err(|_| E::invalid_value(Unexpected::Signed(v), &self))
                    }
                    fn visit_u64<E: Error>(self, v: u64) -> Result<$int, E> {
                        v.try_into().map_err(|_| E::invalid_value(Unexpected::Unsigned(v), &self))
                    }
                    fn visit_f64<E: Error>(self, v: f64) -> Result<$int, E> {
                        // The upper bound is excluded: `MAX as f64` rounds up to the first value that no longer fits.
                        if v.fract() == 0.0 && v >= <$int>::MIN as f64 && v < <$int>::MAX as f64 {
                            Ok(v as $int)
                        } else {
                            Err(E::invalid_value(Unexpected::Float(v), &self))
                        }
                    }
                }
                d.deserialize_any(V).map(Self)
            }
        }
    };
}

int64! {
    /// A signed 64-bit integer, written as a string.
    Int64(i64), "a whole number, as a number or a string"
}
int64! {
    /// An unsigned 64-bit integer, written as a string.
    UInt64(u64), "a whole number that is not negative, as a number or a string"
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_strings_and_numbers() {
        for (json, want) in [("\"5000000000\"", 5_000_000_000), ("7", 7), ("\"-1\"", -1), ("2.0", 2), ("\"1e3\"", 1000)]
        {
            assert_eq!(serde_json::from_str::<Int64>(json).unwrap().0, want, "{json}");
        }
        for json in ["\"x\"", "1.5", "\"18446744073709551616\"", "true", "-1"] {
            assert!(serde_json::from_str::<UInt64>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(n: i64, u: u64) {
            prop_assert_eq!(serde_json::to_string(&Int64(n)).unwrap(), format!("\"{n}\""));
            prop_assert_eq!(serde_json::from_str::<Int64>(&format!("\"{n}\"")).unwrap(), Int64(n));
            prop_assert_eq!(serde_json::from_str::<UInt64>(&u.to_string()).unwrap(), UInt64(u));
        }
    }
}
