//! Pieces of SQL with their values.

use rusqlite::types::Value;

/// A piece of SQL. Its `?` stand in the order of `values`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

impl Sql {
    pub fn new(text: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self { text: text.into(), values: values.into_iter().collect() }
    }

    /// One value compared with a column or expression.
    pub fn is(text: &str, value: impl Into<Value>) -> Self {
        Self::new(text, [value.into()])
    }

    /// All of them hold. `None` for no condition.
    pub fn all(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, " AND ")
    }

    /// One of them holds. `None` for no condition.
    pub fn any(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, " OR ")
    }

    fn joined(parts: Vec<Self>, by: &str) -> Option<Self> {
        let (mut text, mut values) = (String::new(), Vec::new());
        for part in parts {
            text.push_str(if text.is_empty() { "(" } else { by });
            text.push_str(&part.text);
            values.extend(part.values);
        }
        (!text.is_empty()).then(|| Self { text: text + ")", values })
    }

    /// Puts text around it.
    pub fn within(self, before: &str, after: &str) -> Self {
        Self { text: format!("{before}{}{after}", self.text), ..self }
    }

    /// It does not hold; what is unknown counts as not.
    pub fn negated(self) -> Self {
        self.within("NOT coalesce(", ", 0)")
    }

    pub fn push(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
    }
}
