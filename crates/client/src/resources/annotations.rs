//! Annotations: what is said about inputs.

use super::{Action, App};
use crate::{Error, Pager};
use labelscope_api::messages::{Annotation, MultiSearchResponse, Search};
use labelscope_api::operations::{
    DeleteAnnotation, DeleteAnnotations, GetAnnotation, ListAnnotations, PatchAnnotations, PatchAnnotationsSearches,
    PostAnnotations, PostAnnotationsSearches,
};

/// The annotations of an app.
#[derive(Clone, Debug)]
pub struct Annotations {
    pub(super) app: App,
}

impl Annotations {
    /// Lists annotations. `ids` and `input_ids` pair up by position.
    ///
    /// [`ListAnnotations`]: `GET /v2/users/{user_id}/apps/{app_id}/annotations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListAnnotations;
    /// let all: Vec<_> = app.annotations().list(ListAnnotations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListAnnotations) -> Pager<ListAnnotations> {
        self.app.pager(op)
    }
    /// Adds annotations, up to 128. Each comes back with a status of its own.
    ///
    /// [`PostAnnotations`]: `POST /v2/users/{user_id}/apps/{app_id}/annotations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Annotation;
    /// let one = Annotation { input_id: "i".into(), ..Default::default() };
    /// let made = app.annotations().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, annotations: Vec<Annotation>) -> Result<Vec<Annotation>, Error> {
        Ok(self.app.send(PostAnnotations { annotations, ..Default::default() }).await?.annotations)
    }
    /// Changes annotations, each by itself.
    ///
    /// [`PatchAnnotations`]: `PATCH /v2/users/{user_id}/apps/{app_id}/annotations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Annotation;
    /// use labelscope_client::Action;
    /// let one = Annotation { id: "a".into(), ..Annotation::default() };
    /// let changed = app.annotations().patch(vec![one], Action::Merge).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, annotations: Vec<Annotation>, action: Action) -> Result<Vec<Annotation>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchAnnotations { annotations, action, ..Default::default() }).await?.annotations)
    }
    /// Deletes annotations: all of the inputs named, or, with `ids`, just those, paired by position.
    ///
    /// [`DeleteAnnotations`]: `DELETE /v2/users/{user_id}/apps/{app_id}/inputs/annotations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::DeleteAnnotations;
    /// app.annotations().delete(DeleteAnnotations { input_ids: vec!["i".into()], ..Default::default() }).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, op: DeleteAnnotations) -> Result<(), Error> {
        self.app.send(op).await.map(drop)
    }
    /// Finds annotations by filters and ranks. The order of hits is the order of the pages. A search to be saved has
    /// its own call.
    ///
    /// [`PostAnnotationsSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/annotations/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::PostAnnotationsSearches;
    /// let all: Vec<_> = app.annotations().search(PostAnnotationsSearches::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn search(&self, op: PostAnnotationsSearches) -> Pager<PostAnnotationsSearches> {
        self.app.pager(op)
    }
    /// Finds annotations and gives the one page with all that the reply tells: counts, the query as it was understood,
    /// the searches as they were saved.
    ///
    /// [`PostAnnotationsSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/annotations/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::PostAnnotationsSearches;
    /// let reply = app.annotations().search_page(PostAnnotationsSearches::default()).await?;
    /// println!("{} hits", reply.hits.len());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn search_page(&self, op: PostAnnotationsSearches) -> Result<MultiSearchResponse, Error> {
        self.app.send(op).await
    }
    /// Changes saved searches.
    ///
    /// [`PatchAnnotationsSearches`]: `PATCH /v2/users/{user_id}/apps/{app_id}/annotations/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Search;
    /// use labelscope_client::Action;
    /// let one = Search { id: "a".into(), ..Search::default() };
    /// let changed = app.annotations().patch_searches(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch_searches(&self, searches: Vec<Search>, action: Action) -> Result<Vec<Search>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchAnnotationsSearches { searches, action, ..Default::default() }).await?.searches)
    }
}

/// One annotation of an input.
#[derive(Clone, Debug)]
pub struct AnnotationHandle {
    pub(super) app: App,
    pub(super) input_id: String,
    pub(super) id: String,
}

impl AnnotationHandle {
    /// Gets the annotation.
    ///
    /// [`GetAnnotation`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/{input_id}/annotations/{annotation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let annotation = app.input("i").annotation("a").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Annotation, Error> {
        let reply = self
            .app
            .send(GetAnnotation {
                input_id: self.input_id.clone(),
                annotation_id: self.id.clone(),
                ..Default::default()
            })
            .await?;
        reply.annotation.ok_or_else(|| Error::incomplete("annotation"))
    }
    /// Deletes the annotation.
    ///
    /// [`DeleteAnnotation`]: `DELETE /v2/users/{user_id}/apps/{app_id}/inputs/{input_id}/annotations/{annotation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.input("i").annotation("a").delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.app
            .send(DeleteAnnotation {
                input_id: self.input_id.clone(),
                annotation_id: self.id.clone(),
                ..Default::default()
            })
            .await
            .map(drop)
    }
}
