//! The npm package's wasm. Its surface is narrow: names and JSON text in, JSON text out; what is comfortable about the
//! package is TypeScript around it.

use labelscope_api::operations;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// The table of operations as JSON: name, method, paths.
#[wasm_bindgen]
#[must_use]
pub fn operations_json() -> String {
    let all: Vec<Value> =
        operations::ALL.iter().map(|m| json!({"name": m.name, "method": m.method, "paths": m.paths})).collect();
    Value::from(all).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table: Vec<Value> = serde_json::from_str(&operations_json()).unwrap();
        assert_eq!(table.len(), operations::ALL.len());
        assert!(table.iter().any(|o| o["name"] == "ListConcepts" && o["method"] == "GET"));
    }
}
