//! Conditions of a list, put together as they are asked for.

use rusqlite::types::Value;

/// Conditions with their values. `sql` begins with ` AND` where there are any.
pub(crate) struct Wanted {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Wanted {
    /// The first values, which the statement itself names.
    pub fn with(values: Vec<Value>) -> Self {
        Self { sql: String::new(), values }
    }

    /// Adds a condition; each `?` in it stands for the value.
    pub fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let place = self.value(value);
        self.add(&condition.replace('?', &place));
    }

    /// Wants each of the words to stand in a text, which is an expression; so many as count.
    pub fn words(&mut self, words: &str, text: &str) {
        for word in words.split_whitespace().take(super::words::MOST) {
            self.and(&format!("instr({text}, ?)"), word.to_owned());
        }
    }

    /// Adds a condition without a value.
    pub fn add(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Adds a value and gives its place in the statement.
    pub fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}
