//! Heavy work off the main thread of the workbench.

use wasm_bindgen::prelude::*;

fn main() {}

/// The version of what the two sides say to each other.
#[wasm_bindgen]
pub fn version() -> String {
    "1".to_owned()
}
