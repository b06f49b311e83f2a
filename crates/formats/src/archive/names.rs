//! Names inside archives come from strangers.

/// A name that is safe below a folder: parts divided by `/`, none of them empty, `.` or `..`, no drive, no control
/// character. `None` where that cannot be had without guessing.
#[must_use]
pub fn clean_name(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    if name.starts_with('/') || name.chars().any(char::is_control) {
        return None;
    }
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            _ if part.ends_with(':') => return None,
            _ => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Is a cleaned name one of those that systems leave behind: a part that begins with a dot, or `__MACOSX`?
#[must_use]
pub fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_refused() {
        for bad in ["../x", "a/../../x", "/etc/passwd", "C:\\x", "a\u{0}b", "", "./", "\\\\host\\x"] {
            assert_eq!(clean_name(bad), None, "{bad:?}");
        }
        assert_eq!(clean_name("a\\b//./c.jpg").as_deref(), Some("a/b/c.jpg"));
        assert_eq!(clean_name("Überraschung 1.jpg").as_deref(), Some("Überraschung 1.jpg"));
    }

    proptest! {
        #[test]
        fn never_leaves_the_folder(name in any::<String>()) {
            if let Some(clean) = clean_name(&name) {
                prop_assert!(!clean.starts_with('/') && clean.split('/').all(|p| !p.is_empty() && p != "." && p != ".."));
                prop_assert_eq!(clean_name(&clean), Some(clean.clone()));
            }
        }
    }
}
