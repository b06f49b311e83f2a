//! The npm package's wasm, and the generator of its types. The wasm's surface is narrow: names and JSON text in, JSON text
//! out; what is comfortable about the package is TypeScript around it (`ts/`).

#[cfg(target_family = "wasm")]
mod core;
pub mod names;
pub mod types;
