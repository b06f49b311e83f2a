//! The HTTP host of the engine: routing, sign-in, media, downloads, events, and the workbench's files.

mod api;
mod auth;
pub mod cli;
mod connections;
mod cors;
mod events;
mod exports;
mod fetch;
mod gateway;
mod hosting;
mod imports;
mod jobs;
mod limits;
mod media;
mod own;
mod private;
mod range;
mod reply;
mod router;
mod serve;
mod state;
mod tokens;
mod workbench;
mod writer;

pub use cli::{Config, Upstream};
pub use router::router;
pub use serve::serve;
pub use state::{Server, start};
