//! Reads messages through our types and writes them again, a line each: what a second opinion holds against the original.
//! Input: `{"operation": "PostInputs", "part": "request", "json": {…}}`. Output: `{"json": {…}}` or `{"error": "…"}`.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use labelscope_api::operations::DESCRIBED;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

fn again(line: &str) -> Result<Value, String> {
    let asked: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let name = asked["operation"].as_str().unwrap_or_default();
    let op = DESCRIBED.iter().find(|op| op.meta.name == name).ok_or_else(|| format!("no operation {name}"))?;
    let read = if asked["part"] == "request" { op.request_again } else { op.reply_again };
    read(asked["json"].to_string().as_bytes())
}

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("lines of UTF-8");
        let answer = match again(&line) {
            Ok(value) => json!({ "json": value }),
            Err(error) => json!({ "error": error }),
        };
        writeln!(out, "{answer}").expect("someone who reads");
    }
}
