//! The HTTP host of the engine: routing, sign-in, media, downloads, events, and the workbench's files.

mod api;
mod auth;
pub mod cli;
mod cors;
mod events;
mod exports;
mod fetch;
mod hosting;
mod imports;
mod jobs;
mod limits;
mod media;
mod range;
mod reply;
mod router;
mod serve;
mod sources;
mod state;
mod workbench;
mod writer;

pub use cli::Config;
pub use hosting::{fetcher, sources};
pub use router::router;
pub use serve::serve;
pub use state::{Server, start};
