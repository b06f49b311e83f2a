//! Saved searches.

use super::{Action, App};
use crate::{Error, Pager};
use labelscope_api::messages::{MultiSearchResponse, Search};
use labelscope_api::operations::{
    DeleteSearch, GetSearch, ListSearches, PatchSearches, PostSearches, PostSearchesByID,
};

/// The saved searches of an app.
#[derive(Clone, Debug)]
pub struct Searches {
    pub(super) app: App,
}

impl Searches {
    /// Lists saved searches.
    ///
    /// [`ListSearches`]: `GET /v2/users/{user_id}/apps/{app_id}/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListSearches;
    /// let all: Vec<_> = app.searches().list(ListSearches::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListSearches) -> Pager<ListSearches> {
        self.app.pager(op)
    }
    /// Finds inputs by the older form of a query, as the legacy clients send it.
    ///
    /// [`PostSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::PostSearches;
    /// let all: Vec<_> = app.searches().search(PostSearches::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn search(&self, op: PostSearches) -> Pager<PostSearches> {
        self.app.pager(op)
    }
    /// Finds inputs and gives the one page with all that the reply tells.
    ///
    /// [`PostSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::PostSearches;
    /// let reply = app.searches().search_page(PostSearches::default()).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn search_page(&self, op: PostSearches) -> Result<MultiSearchResponse, Error> {
        self.app.send(op).await
    }
    /// Changes saved searches.
    ///
    /// [`PatchSearches`]: `PATCH /v2/users/{user_id}/apps/{app_id}/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Search;
    /// use labelscope_client::Action;
    /// let one = Search { id: "a".into(), ..Search::default() };
    /// let changed = app.searches().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, searches: Vec<Search>, action: Action) -> Result<Vec<Search>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchSearches { searches, action, ..Default::default() }).await?.searches)
    }
}

/// One saved search.
#[derive(Clone, Debug)]
pub struct SearchHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl SearchHandle {
    /// Gets the search.
    ///
    /// [`GetSearch`]: `GET /v2/users/{user_id}/apps/{app_id}/searches/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let search = app.search("s").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Search, Error> {
        let reply = self.app.send(GetSearch { id: self.id.clone(), ..Default::default() }).await?;
        reply.search.map(|m| *m).ok_or_else(|| Error::incomplete("search"))
    }
    /// Runs the search, hit by hit or page by page.
    ///
    /// [`PostSearchesByID`]: `POST /v2/users/{user_id}/apps/{app_id}/searches/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// let hits: Vec<_> = app.search("s").run().items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn run(&self) -> Pager<PostSearchesByID> {
        self.app.pager(PostSearchesByID { id: self.id.clone(), ..Default::default() })
    }
    /// Deletes the search.
    ///
    /// [`DeleteSearch`]: `DELETE /v2/users/{user_id}/apps/{app_id}/searches/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.search("s").delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.app.send(DeleteSearch { id: self.id.clone(), ..Default::default() }).await.map(drop)
    }
}
