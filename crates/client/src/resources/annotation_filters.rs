//! Annotation filters: which annotations a dataset version holds.

use super::{Action, App};
use crate::{Error, Pager};
use labelscope_api::messages::AnnotationFilter;
use labelscope_api::operations::{
    DeleteAnnotationFilters, GetAnnotationFilter, ListAnnotationFilters, PatchAnnotationFilters, PostAnnotationFilters,
};

/// The annotation filters of an app.
#[derive(Clone, Debug)]
pub struct AnnotationFilters {
    pub(super) app: App,
}

impl AnnotationFilters {
    /// Lists annotation filters.
    ///
    /// [`ListAnnotationFilters`]: `GET /v2/users/{user_id}/apps/{app_id}/annotation_filters`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListAnnotationFilters;
    /// let all: Vec<_> = app.annotation_filters().list(ListAnnotationFilters::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListAnnotationFilters) -> Pager<ListAnnotationFilters> {
        self.app.pager(op)
    }
    /// Makes annotation filters.
    ///
    /// [`PostAnnotationFilters`]: `POST /v2/users/{user_id}/apps/{app_id}/annotation_filters`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::AnnotationFilter;
    /// let one = AnnotationFilter { id: "a".into(), ..AnnotationFilter::default() };
    /// let made = app.annotation_filters().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, annotation_filters: Vec<AnnotationFilter>) -> Result<Vec<AnnotationFilter>, Error> {
        Ok(self.app.send(PostAnnotationFilters { annotation_filters, ..Default::default() }).await?.annotation_filters)
    }
    /// Changes annotation filters.
    ///
    /// [`PatchAnnotationFilters`]: `PATCH /v2/users/{user_id}/apps/{app_id}/annotation_filters`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::AnnotationFilter;
    /// use labelscope_client::Action;
    /// let one = AnnotationFilter { id: "a".into(), ..AnnotationFilter::default() };
    /// let changed = app.annotation_filters().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(
        &self,
        annotation_filters: Vec<AnnotationFilter>,
        action: Action,
    ) -> Result<Vec<AnnotationFilter>, Error> {
        let action = action.name().to_owned();
        Ok(self
            .app
            .send(PatchAnnotationFilters { annotation_filters, action, ..Default::default() })
            .await?
            .annotation_filters)
    }
    /// Deletes annotation filters.
    ///
    /// [`DeleteAnnotationFilters`]: `DELETE /v2/users/{user_id}/apps/{app_id}/annotation_filters`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.annotation_filters().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app.send(DeleteAnnotationFilters { annotation_filter_ids: ids, ..Default::default() }).await.map(drop)
    }
}

/// One annotation filter.
#[derive(Clone, Debug)]
pub struct AnnotationFilterHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl AnnotationFilterHandle {
    /// Gets the filter.
    ///
    /// [`GetAnnotationFilter`]: `GET /v2/users/{user_id}/apps/{app_id}/annotation_filters/{annotation_filter_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let annotation_filter = app.annotation_filter("f").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<AnnotationFilter, Error> {
        let reply =
            self.app.send(GetAnnotationFilter { annotation_filter_id: self.id.clone(), ..Default::default() }).await?;
        reply.annotation_filter.ok_or_else(|| Error::incomplete("annotation_filter"))
    }
}
