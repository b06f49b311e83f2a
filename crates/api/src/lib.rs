//! The wire of the Clarifai v2 data API: messages, and one type for each operation that builds the `http::Request` and
//! reads the reply. Pure: no I/O, no clock, no async. Client, server, tests and docs all read [`operations::ALL`].

pub mod describe;
pub mod error;
pub mod extensions;
pub mod messages;
pub mod openapi;
pub mod operation;
pub mod operations;
pub mod wire;

pub use error::{ApiError, BuildError, RequestError};
pub use operation::{Effect, Meta, Operation, Paged, Reply, is_success};
