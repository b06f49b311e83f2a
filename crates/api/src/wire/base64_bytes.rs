//! Bytes as standard base64 with padding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Bytes that travel as base64. The `Debug` output gives the length alone: media does not belong into logs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.0.len())
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Base64;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Base64, E> {
                STANDARD.decode(v).map(Base64).map_err(|e| E::custom(format_args!("not base64: {e}")))
            }
        }
        d.deserialize_str(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_and_refuses_other_text() {
        assert_eq!(serde_json::to_string(&Base64(vec![0xff, 0xd8, 0xff, 0xe0])).unwrap(), "\"/9j/4A==\"");
        assert_eq!(serde_json::from_str::<Base64>("\"/9j/4A==\"").unwrap().0, [0xff, 0xd8, 0xff, 0xe0]);
        assert!(serde_json::from_str::<Base64>("\"not base64!\"").is_err());
        assert_eq!(format!("{:?}", Base64(vec![1, 2])), "Base64(2 bytes)");
    }
}
