//! Handles: an app, a dataset, a version, each with the operations that it takes part in. They fill in the ids that an
//! operation wants, and add nothing else.

mod add_jobs;
mod annotation_filters;
mod annotations;
mod apps;
mod bulk_operations;
mod concepts;
mod dataset_inputs;
mod dataset_versions;
mod datasets;
mod duplications;
mod evaluations;
mod exports;
mod extraction_jobs;
mod inputs;
mod languages;
mod model_versions;
mod models;
mod relations;
mod searches;
mod status_codes;
mod uploads;
mod users;

pub use add_jobs::*;
pub use annotation_filters::*;
pub use annotations::*;
pub use apps::*;
pub use bulk_operations::*;
pub use concepts::*;
pub use dataset_inputs::*;
pub use dataset_versions::*;
pub use datasets::*;
pub use duplications::*;
pub use evaluations::*;
pub use exports::*;
pub use extraction_jobs::*;
pub use inputs::*;
pub use languages::*;
pub use model_versions::*;
pub use models::*;
pub use relations::*;
pub use searches::*;
pub use status_codes::*;
pub use uploads::*;
pub use users::*;

use crate::{Client, Poll};
use labelscope_api::messages::{Status, StatusCode};

/// What a patch does with the values that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Adds them to what is there; where there can be but one, it is replaced.
    Merge,
    /// Puts them in the place of what is there.
    Overwrite,
    /// Takes them away.
    Remove,
}

impl Action {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Overwrite => "overwrite",
            Self::Remove => "remove",
        }
    }
}

impl Client {
    /// An app. Nothing is asked of the server.
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// let dog = client.app("me", "demo").concept("dog").get().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn app(&self, user_id: impl Into<String>, app_id: impl Into<String>) -> App {
        App { client: self.clone(), user_id: user_id.into(), app_id: app_id.into() }
    }

    /// A user; `me` is the owner of the token.
    #[must_use]
    pub fn user(&self, id: impl Into<String>) -> User {
        User { client: self.clone(), id: id.into() }
    }

    /// The status codes of the API.
    #[must_use]
    pub fn status_codes(&self) -> StatusCodes {
        StatusCodes { client: self.clone() }
    }
}

/// Something with a status goes on as long as that is one of these. No status is an end: there is nothing to wait for.
fn unless<T>(found: T, status: impl Fn(&T) -> Option<&Status>, goes_on: &[StatusCode]) -> Poll<T, T> {
    match status(&found) {
        Some(s) if goes_on.contains(&s.code) => Poll::InProgress(found),
        _ => Poll::Done(found),
    }
}
