//! Datasets.

use super::{Action, App, DatasetInputs, DatasetVersionHandle, DatasetVersions};
use crate::{Error, Pager};
use labelscope_api::messages::Dataset;
use labelscope_api::operations::{DeleteDatasets, GetDataset, ListDatasets, PatchDatasets, PostDatasets};

/// The datasets of an app.
#[derive(Clone, Debug)]
pub struct Datasets {
    pub(super) app: App,
}

impl Datasets {
    /// Lists datasets with their latest version, the one changed last first unless sorted otherwise.
    ///
    /// [`ListDatasets`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListDatasets;
    /// let list = ListDatasets { sort_by_id: true, ..Default::default() };
    /// let all: Vec<_> = app.datasets().list(list).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListDatasets) -> Pager<ListDatasets> {
        self.app.pager(op)
    }
    /// Makes datasets, all or none.
    ///
    /// [`PostDatasets`]: `POST /v2/users/{user_id}/apps/{app_id}/datasets`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Dataset;
    /// let one = Dataset { id: "a".into(), ..Dataset::default() };
    /// let made = app.datasets().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, datasets: Vec<Dataset>) -> Result<Vec<Dataset>, Error> {
        Ok(self.app.send(PostDatasets { datasets, ..Default::default() }).await?.datasets)
    }
    /// Changes datasets, all or none.
    ///
    /// [`PatchDatasets`]: `PATCH /v2/users/{user_id}/apps/{app_id}/datasets`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Dataset;
    /// use labelscope_client::Action;
    /// let one = Dataset { id: "a".into(), ..Dataset::default() };
    /// let changed = app.datasets().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, datasets: Vec<Dataset>, action: Action) -> Result<Vec<Dataset>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchDatasets { datasets, action, ..Default::default() }).await?.datasets)
    }
    /// Deletes datasets with their versions and exports. Their inputs stay.
    ///
    /// [`DeleteDatasets`]: `DELETE /v2/users/{user_id}/apps/{app_id}/datasets`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.datasets().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app.send(DeleteDatasets { dataset_ids: ids, ..Default::default() }).await.map(drop)
    }
}

/// One dataset.
#[derive(Clone, Debug)]
pub struct DatasetHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl DatasetHandle {
    /// Gets the dataset.
    ///
    /// [`GetDataset`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let dataset = app.dataset("d").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Dataset, Error> {
        let reply = self.app.send(GetDataset { dataset_id: self.id.clone(), ..Default::default() }).await?;
        reply.dataset.ok_or_else(|| Error::incomplete("dataset"))
    }
    /// What it holds.
    #[must_use]
    pub fn inputs(&self) -> DatasetInputs {
        DatasetInputs { app: self.app.clone(), dataset_id: self.id.clone() }
    }
    /// Its versions.
    #[must_use]
    pub fn versions(&self) -> DatasetVersions {
        DatasetVersions { app: self.app.clone(), dataset_id: self.id.clone() }
    }
    /// One of its versions.
    #[must_use]
    pub fn version(&self, id: impl Into<String>) -> DatasetVersionHandle {
        DatasetVersionHandle { app: self.app.clone(), dataset_id: self.id.clone(), id: id.into() }
    }
}
