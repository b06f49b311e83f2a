//! Credentials inside of messages.

use std::fmt;

/// A key or a token: written to the wire, and shown nowhere else.
#[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "\"\"" } else { "(hidden)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_but_never_shown() {
        let secret: Secret = serde_json::from_str("\"s3cr3t\"").unwrap();
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"s3cr3t\"");
        assert!(!format!("{secret:?}").contains("s3cr3t"));
    }
}
