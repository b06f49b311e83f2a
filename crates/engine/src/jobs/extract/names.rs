//! From the names of files to ids of inputs.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// An id made of a name has at most so many bytes; a suffix may follow.
const MAX: usize = 100;

/// The names of an archive or a source, so far as ids depend on them.
#[derive(Default)]
pub(super) struct Names {
    once: HashSet<u64>,
    twice: HashSet<u64>,
}

impl Names {
    pub fn note(&mut self, name: &str) {
        let stem = hash(&stem(name));
        if !self.once.insert(stem) {
            self.twice.insert(stem);
        }
    }

    /// The file's own name without its ending, or, where another file has the same, its whole path.
    pub fn id(&self, name: &str) -> String {
        let stem = stem(name);
        if self.twice.contains(&hash(&stem)) { clean(name) } else { stem }
    }
}

/// An id with a word before it.
pub(super) fn prefixed(prefix: &str, id: String) -> String {
    if prefix.is_empty() { id } else { clean(&format!("{prefix}-{id}")) }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The last part of a path without its ending.
pub(super) fn stem(name: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    clean(match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => base,
    })
}

/// What of a name may stand in an id: letters and digits of any script, `-`, `_` and `.`; of what is too long the end stays.
fn clean(name: &str) -> String {
    let all: String = name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let cut = all.ceil_char_boundary(all.len().saturating_sub(MAX));
    let id = all.get(cut..).unwrap_or_default().trim_matches(['-', '.']);
    if id.is_empty() { "file".to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_file_names_or_else_paths() {
        let mut names = Names::default();
        let all = ["a/1.jpg", "b/1.jpg", "b/2.tar.gz", "c d/Überraschung (3).png", "LICENSE"];
        all.iter().for_each(|n| names.note(n));
        let ids: Vec<_> = all.iter().map(|n| names.id(n)).collect();
        assert_eq!(ids, ["a-1.jpg", "b-1.jpg", "2.tar", "Überraschung--3", "LICENSE"]);
        assert_eq!((stem("x/.jpg").as_str(), stem("…/?.png").as_str()), ("jpg", "file"));
    }

    proptest! {
        #[test]
        fn an_id_is_always_one(name in any::<String>()) {
            let id = clean(&name);
            let sound = crate::tx::check_id("input", &id, labelscope_api::messages::StatusCode::INPUT_INVALID_ARGUMENT);
            prop_assert!(sound.is_ok() && id.len() <= MAX, "{id:?}");
            let with = prefixed(&id, stem(&name));
            prop_assert!(!with.is_empty() && with.len() <= MAX && with == clean(&with), "{with:?}");
        }
    }
}
