//! A user, and what belongs to them across apps.

use super::{App, Apps, Duplications};
use crate::{Client, Error, Pager};
use labelscope_api::messages;
use labelscope_api::operations::{GetUser, ListDatasets, ListEvaluations, ListModels};

/// A user: `me` is the owner of the token.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) client: Client,
    pub(super) id: String,
}

impl User {
    /// The user's apps.
    #[must_use]
    pub fn apps(&self) -> Apps {
        Apps { user: self.clone() }
    }
    /// One of the user's apps.
    #[must_use]
    pub fn app(&self, app_id: impl Into<String>) -> App {
        self.client.app(self.id.clone(), app_id)
    }
    /// The copies of apps that the user has begun.
    #[must_use]
    pub fn duplications(&self) -> Duplications {
        Duplications { user: self.clone() }
    }
    pub(super) fn any_app(&self) -> App {
        self.client.app(self.id.clone(), "")
    }

    /// Gets the user.
    ///
    /// [`GetUser`]: `GET /v2/users/{user_id}`
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// let me = client.user("me").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<messages::User, Error> {
        let reply = self.any_app().send(GetUser { ..Default::default() }).await?;
        reply.user.ok_or_else(|| Error::incomplete("user"))
    }
    /// Lists datasets of all of the user's apps. An app's own are [`Datasets::list`](super::Datasets::list).
    ///
    /// [`ListDatasets`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListDatasets;
    /// let all: Vec<_> = user.datasets(ListDatasets::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn datasets(&self, op: ListDatasets) -> Pager<ListDatasets> {
        self.any_app().pager(op)
    }
    /// Lists models of all of the user's apps. An app's own are [`Models::list`](super::Models::list).
    ///
    /// [`ListModels`]: `GET /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListModels;
    /// let all: Vec<_> = user.models(ListModels::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn models(&self, op: ListModels) -> Pager<ListModels> {
        self.any_app().pager(op)
    }
    /// Lists evaluations of all of the user's apps. An app's own are [`Evaluations::list`](super::Evaluations::list).
    ///
    /// [`ListEvaluations`]: `GET /v2/users/{user_id}/apps/{app_id}/evaluations`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListEvaluations;
    /// let all: Vec<_> = user.evaluations(ListEvaluations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn evaluations(&self, op: ListEvaluations) -> Pager<ListEvaluations> {
        self.any_app().pager(op)
    }
}
