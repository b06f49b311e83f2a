//! The apps of a user, and one of them.

use super::{
    Action, AddJobHandle, AddJobs, AnnotationFilterHandle, AnnotationFilters, Annotations, BulkOperationHandle,
    BulkOperations, ConceptHandle, Concepts, DatasetHandle, Datasets, EvaluationHandle, Evaluations,
    ExtractionJobHandle, ExtractionJobs, InputHandle, Inputs, ModelHandle, Models, SearchHandle, Searches,
    UploadHandle, Uploads, User,
};
use crate::{Client, Error, InputStream, Pager};
use labelscope_api::messages::{self, GetResourceCountsResponse};
use labelscope_api::operations::{
    DeleteApp, GetApp, GetResourceCounts, ListApps, PatchApp, PatchApps, PostApps, StreamInputs,
};
use labelscope_api::{Operation, Paged};

/// The apps of a user.
#[derive(Clone, Debug)]
pub struct Apps {
    pub(super) user: User,
}

impl Apps {
    /// Lists apps, the one changed last first unless sorted otherwise.
    ///
    /// [`ListApps`]: `GET /v2/users/{user_id}/apps`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListApps;
    /// let all: Vec<_> = user.apps().list(ListApps::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListApps) -> Pager<ListApps> {
        self.user.any_app().pager(op)
    }
    /// Makes apps. An id that is taken fails the call.
    ///
    /// [`PostApps`]: `POST /v2/users/{user_id}/apps`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages;
    /// let made = user.apps().create(vec![messages::App { id: "demo".into(), ..Default::default() }]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, apps: Vec<messages::App>) -> Result<Vec<messages::App>, Error> {
        Ok(self.user.any_app().send(PostApps { apps, ..Default::default() }).await?.apps)
    }
    /// Changes apps.
    ///
    /// [`PatchApps`]: `PATCH /v2/users/{user_id}/apps`
    ///
    /// ```no_run
    /// # async fn f(user: labelscope_client::User) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages;
    /// use labelscope_client::Action;
    /// let one = messages::App { id: "a".into(), ..Default::default() };
    /// let changed = user.apps().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, apps: Vec<messages::App>, action: Action) -> Result<Vec<messages::App>, Error> {
        let action = action.name().to_owned();
        Ok(self.user.any_app().send(PatchApps { apps, action, ..Default::default() }).await?.apps)
    }
}

/// An app: where everything else lives. Handles are cheap to make, hold no connection and ask nothing by themselves.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) client: Client,
    pub(super) user_id: String,
    pub(super) app_id: String,
}

impl App {
    /// The client that it sends with.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// An operation of this app.
    fn scoped<O: Operation>(&self, mut op: O) -> O {
        op.set_path_param("user_app_id.user_id", self.user_id.clone());
        op.set_path_param("user_app_id.app_id", self.app_id.clone());
        op
    }

    /// Sends an operation of this app.
    pub(super) async fn send<O: Operation>(&self, op: O) -> Result<O::Reply, Error> {
        self.client.send(&self.scoped(op)).await
    }

    /// Pages of this app.
    pub(super) fn pager<O: Paged + 'static>(&self, op: O) -> Pager<O> {
        Pager::new(&self.client, self.scoped(op))
    }

    /// Inputs of this app, page after page.
    pub(super) fn input_stream(&self, op: StreamInputs) -> InputStream {
        InputStream::new(&self.client, self.scoped(op))
    }

    /// Gets the app.
    ///
    /// [`GetApp`]: `GET /v2/users/{user_id}/apps/{app_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let about = app.get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<messages::App, Error> {
        let reply = self.send(GetApp { ..Default::default() }).await?;
        reply.app.ok_or_else(|| Error::incomplete("app"))
    }
    /// Changes the app. What is sent need not name it.
    ///
    /// [`PatchApp`]: `PATCH /v2/users/{user_id}/apps/{app_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages;
    /// use labelscope_client::Action;
    /// let described = messages::App { description: "labels of rooms".into(), ..Default::default() };
    /// let changed = app.patch(described, Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, app: messages::App, action: Action) -> Result<messages::App, Error> {
        let op = PatchApp { app: Some(Box::new(app)), action: action.name().to_owned(), ..Default::default() };
        self.send(op).await?.app.ok_or_else(|| Error::incomplete("app"))
    }
    /// Deletes the app with all that it holds.
    ///
    /// [`DeleteApp`]: `DELETE /v2/users/{user_id}/apps/{app_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.send(DeleteApp { ..Default::default() }).await.map(drop)
    }
    /// Counts what the app holds.
    ///
    /// [`GetResourceCounts`]: `GET /v2/users/{user_id}/apps/{app_id}/resource_counts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// println!("{} inputs", app.counts().await?.inputs);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn counts(&self) -> Result<GetResourceCountsResponse, Error> {
        self.send(GetResourceCounts::default()).await
    }
    /// Its concepts.
    #[must_use]
    pub fn concepts(&self) -> Concepts {
        Concepts { app: self.clone() }
    }
    /// One of its concepts.
    #[must_use]
    pub fn concept(&self, id: impl Into<String>) -> ConceptHandle {
        ConceptHandle { app: self.clone(), id: id.into() }
    }
    /// Its inputs.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        Inputs { app: self.clone() }
    }
    /// One of its inputs.
    #[must_use]
    pub fn input(&self, id: impl Into<String>) -> InputHandle {
        InputHandle { app: self.clone(), id: id.into() }
    }
    /// Its jobs that add inputs.
    #[must_use]
    pub fn add_jobs(&self) -> AddJobs {
        AddJobs { app: self.clone() }
    }
    /// One of its jobs that add inputs.
    #[must_use]
    pub fn add_job(&self, id: impl Into<String>) -> AddJobHandle {
        AddJobHandle { app: self.clone(), id: id.into() }
    }
    /// Its extraction jobs.
    #[must_use]
    pub fn extraction_jobs(&self) -> ExtractionJobs {
        ExtractionJobs { app: self.clone() }
    }
    /// One of its extraction jobs.
    #[must_use]
    pub fn extraction_job(&self, id: impl Into<String>) -> ExtractionJobHandle {
        ExtractionJobHandle { app: self.clone(), id: id.into() }
    }
    /// Its uploads.
    #[must_use]
    pub fn uploads(&self) -> Uploads {
        Uploads { app: self.clone() }
    }
    /// One of its uploads.
    #[must_use]
    pub fn upload(&self, id: impl Into<String>) -> UploadHandle {
        UploadHandle { app: self.clone(), id: id.into() }
    }
    /// Its bulk operations.
    #[must_use]
    pub fn bulk_operations(&self) -> BulkOperations {
        BulkOperations { app: self.clone() }
    }
    /// One of its bulk operations.
    #[must_use]
    pub fn bulk_operation(&self, id: impl Into<String>) -> BulkOperationHandle {
        BulkOperationHandle { app: self.clone(), id: id.into() }
    }
    /// Its annotations.
    #[must_use]
    pub fn annotations(&self) -> Annotations {
        Annotations { app: self.clone() }
    }
    /// Its saved searches.
    #[must_use]
    pub fn searches(&self) -> Searches {
        Searches { app: self.clone() }
    }
    /// One of its saved searches.
    #[must_use]
    pub fn search(&self, id: impl Into<String>) -> SearchHandle {
        SearchHandle { app: self.clone(), id: id.into() }
    }
    /// Its annotation filters.
    #[must_use]
    pub fn annotation_filters(&self) -> AnnotationFilters {
        AnnotationFilters { app: self.clone() }
    }
    /// One of its annotation filters.
    #[must_use]
    pub fn annotation_filter(&self, id: impl Into<String>) -> AnnotationFilterHandle {
        AnnotationFilterHandle { app: self.clone(), id: id.into() }
    }
    /// Its datasets.
    #[must_use]
    pub fn datasets(&self) -> Datasets {
        Datasets { app: self.clone() }
    }
    /// One of its datasets.
    #[must_use]
    pub fn dataset(&self, id: impl Into<String>) -> DatasetHandle {
        DatasetHandle { app: self.clone(), id: id.into() }
    }
    /// Its models.
    #[must_use]
    pub fn models(&self) -> Models {
        Models { app: self.clone() }
    }
    /// One of its models.
    #[must_use]
    pub fn model(&self, id: impl Into<String>) -> ModelHandle {
        ModelHandle { app: self.clone(), id: id.into() }
    }
    /// Its evaluations.
    #[must_use]
    pub fn evaluations(&self) -> Evaluations {
        Evaluations { app: self.clone() }
    }
    /// One of its evaluations.
    #[must_use]
    pub fn evaluation(&self, id: impl Into<String>) -> EvaluationHandle {
        EvaluationHandle { app: self.clone(), id: id.into() }
    }
}
