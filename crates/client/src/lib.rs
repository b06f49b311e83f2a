//! Sends operations of `labelscope-api`, natively and in the browser.
//!
//! What may go wrong on the way is decided by values that hold no clock and no socket: [`RetryPolicy`] says whether a
//! call may be sent again and when, [`Throttle`] when it may be sent at all, [`Poller`] when to look again. So they are
//! tested as functions, in no time.
//!
//! ```no_run
//! # async fn example() -> Result<(), labelscope_client::Error> {
//! use futures::TryStreamExt;
//! use labelscope_api::operations::ListConcepts;
//! use labelscope_client::{Auth, Client};
//! # #[cfg(all(feature = "native", not(target_family = "wasm")))] {
//! let client = Client::new("http://127.0.0.1:8080", Auth::key("the token"), labelscope_client::native());
//! let app = client.app("me", "demo");
//! let concepts: Vec<_> = app.concepts().list(ListConcepts::default()).items().try_collect().await?;
//! println!("{} concepts", concepts.len());
//! # }
//! # Ok(()) }
//! ```

#![warn(missing_docs)]

mod cancel;
mod client;
mod dynamic;
mod error;
mod keyset;
mod pager;
mod poller;
pub mod resources;
mod retry;
mod runtime;
mod throttle;
mod transport;

pub use cancel::Cancel;
pub use client::{Auth, Client, Policies};
pub use error::Error;
pub use keyset::{InputStream, InputsAndLast};
pub use pager::{PageAndNext, Pager, Resume};
pub use poller::{Poll, Poller, Waiter};
pub use resources::{Action, App, User};
pub use retry::{Attempt, Decision, RetryPolicy};
pub use runtime::{now_ms, sleep_ms};
pub use throttle::Throttle;
#[cfg(all(feature = "native", not(target_family = "wasm")))]
pub use transport::native;
pub use transport::{Reply, Shared, Transport, TransportError};
#[cfg(target_family = "wasm")]
pub use transport::{fetch, fetch_with};

/// The guide's example, so that it goes on compiling.
#[cfg(all(doctest, feature = "native", not(target_family = "wasm")))]
#[doc = include_str!("../../../docs/CLIENT.md")]
struct Guide;
