//! The HTTP host of the engine: routing, sign-in, media, downloads, events, and the workbench's files.

mod api;
mod auth;
pub mod care;
pub mod cli;
mod connections;
mod cors;
pub mod eval;
mod events;
mod exports;
mod fetch;
mod gateway;
mod hosting;
mod imports;
mod jobs;
mod limits;
pub mod logs;
mod media;
mod metrics;
mod own;
mod private;
mod range;
mod reply;
mod router;
mod serve;
mod sources;
mod state;
mod tokens;
mod workbench;
mod writer;

pub use cli::{Config, Upstream};
pub use hosting::{fetcher, sources};
pub use router::router;
pub use serve::serve;
pub use state::{Server, start};
