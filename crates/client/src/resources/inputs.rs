//! Inputs: pictures, videos, texts.

use super::{Action, AnnotationHandle, App};
use crate::{Error, InputStream, Pager, Waiter};
use labelscope_api::messages::{Input, InputCount, MultiSearchResponse, Search, StatusCode};
use labelscope_api::operations::{
    DeleteInput, DeleteInputs, GetInput, GetInputCount, ListInputs, PatchInputs, PatchInputsSearches, PostInputs,
    PostInputsSearches, StreamInputs,
};

/// The inputs of an app.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub(super) app: App,
}

impl Inputs {
    /// Lists inputs, filtered by ids and by status.
    ///
    /// [`ListInputs`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListInputs;
    /// let all: Vec<_> = app.inputs().list(ListInputs::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListInputs) -> Pager<ListInputs> {
        self.app.pager(op)
    }
    /// Lists inputs in order of arrival (or by id), each page from the last id of the one before: as quick at the end
    /// as at the start.
    ///
    /// [`StreamInputs`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/stream`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::StreamInputs;
    /// let all: Vec<_> = app.inputs().stream(StreamInputs::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn stream(&self, op: StreamInputs) -> InputStream {
        self.app.input_stream(op)
    }
    /// Adds up to 128 inputs. Each comes back with a status of its own; some may fail while others are added.
    ///
    /// [`PostInputs`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Input;
    /// let one = Input { id: "a".into(), ..Input::default() };
    /// let made = app.inputs().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, inputs: Vec<Input>) -> Result<Vec<Input>, Error> {
        Ok(self.app.send(PostInputs { inputs, ..Default::default() }).await?.inputs)
    }
    /// Adds inputs, and says what happens with ids that are taken.
    ///
    /// [`PostInputs`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::PostInputs;
    /// let made = app.inputs().create_with(PostInputs { inputs_add_job_id: "j".into(), ..Default::default() }).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create_with(&self, op: PostInputs) -> Result<Vec<Input>, Error> {
        Ok(self.app.send(op).await?.inputs)
    }
    /// Changes the data of inputs, each by itself.
    ///
    /// [`PatchInputs`]: `PATCH /v2/users/{user_id}/apps/{app_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Input;
    /// use labelscope_client::Action;
    /// let one = Input { id: "a".into(), ..Input::default() };
    /// let changed = app.inputs().patch(vec![one], Action::Merge).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, inputs: Vec<Input>, action: Action) -> Result<Vec<Input>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchInputs { inputs, action, ..Default::default() }).await?.inputs)
    }
    /// Deletes inputs. An empty list deletes nothing and succeeds.
    ///
    /// [`DeleteInputs`]: `DELETE /v2/users/{user_id}/apps/{app_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.inputs().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app.send(DeleteInputs { ids, ..Default::default() }).await.map(drop)
    }
    /// Counts inputs by state.
    ///
    /// [`GetInputCount`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/status`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let counts = app.inputs().count().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn count(&self) -> Result<InputCount, Error> {
        let reply = self.app.send(GetInputCount { ..Default::default() }).await?;
        reply.counts.ok_or_else(|| Error::incomplete("counts"))
    }
    /// Finds inputs by filters and ranks. The order of hits is the order of the pages. A search to be saved has its own
    /// call.
    ///
    /// [`PostInputsSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::PostInputsSearches;
    /// let all: Vec<_> = app.inputs().search(PostInputsSearches::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn search(&self, op: PostInputsSearches) -> Pager<PostInputsSearches> {
        self.app.pager(op)
    }
    /// Finds inputs and gives the one page with all that the reply tells: counts, the query as it was understood, the
    /// searches as they were saved.
    ///
    /// [`PostInputsSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::PostInputsSearches;
    /// let reply = app.inputs().search_page(PostInputsSearches::default()).await?;
    /// println!("{} hits", reply.hits.len());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn search_page(&self, op: PostInputsSearches) -> Result<MultiSearchResponse, Error> {
        self.app.send(op).await
    }
    /// Changes saved searches.
    ///
    /// [`PatchInputsSearches`]: `PATCH /v2/users/{user_id}/apps/{app_id}/inputs/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Search;
    /// use labelscope_client::Action;
    /// let one = Search { id: "a".into(), ..Search::default() };
    /// let changed = app.inputs().patch_searches(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch_searches(&self, searches: Vec<Search>, action: Action) -> Result<Vec<Search>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchInputsSearches { searches, action, ..Default::default() }).await?.searches)
    }
}

/// One input.
#[derive(Clone, Debug)]
pub struct InputHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl InputHandle {
    /// Gets the input.
    ///
    /// [`GetInput`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/{input_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let input = app.input("i").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Input, Error> {
        let reply = self.app.send(GetInput { input_id: self.id.clone(), ..Default::default() }).await?;
        reply.input.ok_or_else(|| Error::incomplete("input"))
    }
    /// Deletes the input and all that is said about it.
    ///
    /// [`DeleteInput`]: `DELETE /v2/users/{user_id}/apps/{app_id}/inputs/{input_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.input("i").delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.app.send(DeleteInput { input_id: self.id.clone(), ..Default::default() }).await.map(drop)
    }
    /// Waits until the input is processed, well or not: its status tells.
    ///
    /// [`GetInput`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/{input_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let input = app.input("i").processed().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn processed(&self) -> Waiter<Input> {
        let input = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut input = input.clone();
            input.app.client = client;
            async move {
                let found = input.get().await?;
                let goes_on = [StatusCode::INPUT_PENDING, StatusCode::INPUT_IN_PROGRESS];
                Ok(super::unless(found, |i| i.status.as_ref(), &goes_on))
            }
        })
    }
    /// One of its annotations.
    #[must_use]
    pub fn annotation(&self, id: impl Into<String>) -> AnnotationHandle {
        AnnotationHandle { app: self.app.clone(), input_id: self.id.clone(), id: id.into() }
    }
}
