//! Copies of apps.

use super::{App, User};
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{AppDuplication, StatusCode};
use labelscope_api::operations::{GetAppDuplication, ListAppDuplications, PostAppDuplications};

/// The copies of apps that a user has begun.
#[derive(Clone, Debug)]
pub struct Duplications {
    pub(super) user: User,
}

impl Duplications {
    /// Lists the copies, the newest first.
    ///
    /// [`ListAppDuplications`]: `GET /v2/users/{user_id}/duplications`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListAppDuplications;
    /// let all: Vec<_> = user.duplications().list(ListAppDuplications::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListAppDuplications) -> Pager<ListAppDuplications> {
        self.user.any_app().pager(op)
    }
    /// Gets one copy, with how far it is.
    ///
    /// [`GetAppDuplication`]: `GET /v2/users/{user_id}/duplications/{app_duplication_id}`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// let copy = user.duplications().get("d").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self, id: impl Into<String>) -> Result<AppDuplication, Error> {
        let op = GetAppDuplication { app_duplication_id: id.into(), ..Default::default() };
        self.user.any_app().send(op).await?.app_duplication.ok_or_else(|| Error::incomplete("app_duplication"))
    }
    /// Waits until a copy is finished: its status tells how it ended.
    ///
    /// [`GetAppDuplication`]: `GET /v2/users/{user_id}/duplications/{app_duplication_id}`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// let copy = user.duplications().done("d").wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn done(&self, id: impl Into<String>) -> Waiter<AppDuplication> {
        let (copies, id) = (self.clone(), id.into());
        Waiter::new(&self.user.client, move |client| {
            let (mut copies, id) = (copies.clone(), id.clone());
            copies.user.client = client;
            async move {
                let goes_on = [StatusCode::APP_DUPLICATION_PENDING, StatusCode::APP_DUPLICATION_IN_PROGRESS];
                Ok(super::unless(copies.get(id).await?, |d| d.status.as_ref(), &goes_on))
            }
        })
    }
}

impl App {
    /// Copies the app into another one of the caller's, new or existing.
    ///
    /// [`PostAppDuplications`]: `POST /v2/users/{user_id}/apps/{app_id}/duplications`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{self, AppDuplication};
    /// let destination = messages::App { id: "copy".into(), ..Default::default() };
    /// let copy = AppDuplication { destination_app: Some(Box::new(destination)), ..Default::default() };
    /// let begun = app.duplicate(vec![copy]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn duplicate(&self, app_duplications: Vec<AppDuplication>) -> Result<Vec<AppDuplication>, Error> {
        Ok(self.send(PostAppDuplications { app_duplications, ..Default::default() }).await?.app_duplications)
    }
}
