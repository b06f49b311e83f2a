//! Which inputs a dataset holds.

use super::App;
use crate::{Error, Pager};
use labelscope_api::messages::{DatasetInput, MultiDatasetInputResponse, Search};
use labelscope_api::operations::{DeleteDatasetInputs, GetDatasetInput, ListDatasetInputs, PostDatasetInputs};

/// The inputs of a dataset.
#[derive(Clone, Debug)]
pub struct DatasetInputs {
    pub(super) app: App,
    pub(super) dataset_id: String,
}

impl DatasetInputs {
    /// Lists them.
    ///
    /// [`ListDatasetInputs`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListDatasetInputs;
    /// let all: Vec<_> = app.dataset("d").inputs().list(ListDatasetInputs::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListDatasetInputs) -> Pager<ListDatasetInputs> {
        self.app.pager(ListDatasetInputs { dataset_id: self.dataset_id.clone(), ..op })
    }
    /// Gets one of them.
    ///
    /// [`GetDatasetInput`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs/{input_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let member = app.dataset("d").inputs().get("i").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self, input_id: impl Into<String>) -> Result<DatasetInput, Error> {
        let reply = self
            .app
            .send(GetDatasetInput {
                dataset_id: self.dataset_id.clone(),
                input_id: input_id.into(),
                ..Default::default()
            })
            .await?;
        reply.dataset_input.ok_or_else(|| Error::incomplete("dataset_input"))
    }
    /// Puts inputs into the dataset by their ids; some may fail while others join.
    ///
    /// [`PostDatasetInputs`]: `POST /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{DatasetInput, Input};
    /// let input = Some(Box::new(Input { id: "i".into(), ..Default::default() }));
    /// let joined = app.dataset("d").inputs().add(vec![DatasetInput { input, ..Default::default() }]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn add(&self, dataset_inputs: Vec<DatasetInput>) -> Result<Vec<DatasetInput>, Error> {
        Ok(self
            .app
            .send(PostDatasetInputs { dataset_id: self.dataset_id.clone(), dataset_inputs, ..Default::default() })
            .await?
            .dataset_inputs)
    }
    /// Puts what a search finds into the dataset. The reply names the bulk operation that does it.
    ///
    /// [`PostDatasetInputs`]: `POST /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Search;
    /// let reply = app.dataset("d").inputs().add_found(Search::default()).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn add_found(&self, search: Search) -> Result<MultiDatasetInputResponse, Error> {
        let search = Some(Box::new(search));
        self.app.send(PostDatasetInputs { dataset_id: self.dataset_id.clone(), search, ..Default::default() }).await
    }
    /// Takes inputs out of the dataset. They stay in the app.
    ///
    /// [`DeleteDatasetInputs`]: `DELETE /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/inputs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.dataset("d").inputs().remove(vec!["i".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn remove(&self, input_ids: Vec<String>) -> Result<(), Error> {
        self.app
            .send(DeleteDatasetInputs { dataset_id: self.dataset_id.clone(), input_ids, ..Default::default() })
            .await
            .map(drop)
    }
}
