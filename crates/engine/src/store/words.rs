//! Finding datasets by words. What a user types is never syntax of the index.

use super::wanted::Wanted;
use crate::tx::fold;

/// The most words of a search that are looked at.
pub(super) const MOST: usize = 32;

/// A search taken apart: words for the index, and texts that are looked for anywhere.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// Each as a phrase of the index, whose last word may go on.
    pub indexed: Vec<String>,
    /// Of scripts without spaces between words, and signs that are no words.
    pub anywhere: Vec<String>,
}

/// Scripts that put no spaces between words: the index takes a whole sentence of them for one word.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl Words {
    pub fn of(search: &str) -> Self {
        let clean: String = search.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut out = Self::default();
        for word in fold(&clean).split_whitespace().take(MOST) {
            if word.chars().any(unspaced) || !word.chars().any(char::is_alphanumeric) {
                out.anywhere.push(word.to_owned());
            } else {
                out.indexed.push(format!("\"{}\" *", word.replace('"', "\"\"")));
            }
        }
        out
    }

    /// Asks of a dataset `d` that each of the words is in it.
    pub fn conditions(&self, wanted: &mut Wanted) {
        for word in &self.indexed {
            let found = "(d.key IN (SELECT rowid FROM dataset_words WHERE dataset_words MATCH ?)
                 OR d.key IN (SELECT rowid FROM dataset_beginnings WHERE dataset_beginnings MATCH ?))";
            wanted.and(found, word.clone());
        }
        for word in &self.anywhere {
            let found = "EXISTS (SELECT 1 FROM dataset_text t WHERE t.rev = d.rev
                 AND instr(t.id || ' ' || t.description || ' ' || t.notes || ' ' || t.metadata, ?))";
            wanted.and(found, word.clone());
        }
    }

    /// Any of the words, for the index to weigh.
    pub fn any(&self) -> Option<String> {
        (!self.indexed.is_empty()).then(|| self.indexed.join(" OR "))
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_signs_and_scripts_without_spaces() {
        let words = Words::of("Über three-f OR \"x 室内 -- \0");
        assert_eq!(words.indexed, ["\"uber\" *", "\"three-f\" *", "\"or\" *", "\"\"\"x\" *"]);
        assert_eq!(words.anywhere, ["室内", "--"]);
        assert_eq!(Words::of(" \t\u{0} "), Words::default());
    }
}
