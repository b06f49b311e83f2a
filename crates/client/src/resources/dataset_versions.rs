//! Dataset versions: datasets as they were at one moment.

use super::{Action, App, Exports};
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{DatasetVersion, StatusCode};
use labelscope_api::operations::{
    DeleteDatasetVersions, GetDatasetVersion, ListDatasetVersionMetricsGroups, ListDatasetVersions,
    PatchDatasetVersions, PostDatasetVersions,
};

/// The versions of a dataset.
#[derive(Clone, Debug)]
pub struct DatasetVersions {
    pub(super) app: App,
    pub(super) dataset_id: String,
}

impl DatasetVersions {
    /// Lists versions, newest first.
    ///
    /// [`ListDatasetVersions`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListDatasetVersions;
    /// let all: Vec<_> = app.dataset("d").versions().list(ListDatasetVersions::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListDatasetVersions) -> Pager<ListDatasetVersions> {
        self.app.pager(ListDatasetVersions { dataset_id: self.dataset_id.clone(), ..op })
    }
    /// Freezes the dataset as it is now. [`DatasetVersionHandle::ready`] waits until it is counted.
    ///
    /// [`PostDatasetVersions`]: `POST /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::DatasetVersion;
    /// let one = DatasetVersion { id: "a".into(), ..DatasetVersion::default() };
    /// let made = app.dataset("d").versions().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, dataset_versions: Vec<DatasetVersion>) -> Result<Vec<DatasetVersion>, Error> {
        Ok(self
            .app
            .send(PostDatasetVersions { dataset_id: self.dataset_id.clone(), dataset_versions, ..Default::default() })
            .await?
            .dataset_versions)
    }
    /// Changes descriptions and metadata. What a version holds cannot change.
    ///
    /// [`PatchDatasetVersions`]: `PATCH /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::DatasetVersion;
    /// use labelscope_client::Action;
    /// let one = DatasetVersion { id: "a".into(), ..DatasetVersion::default() };
    /// let changed = app.dataset("d").versions().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(
        &self,
        dataset_versions: Vec<DatasetVersion>,
        action: Action,
    ) -> Result<Vec<DatasetVersion>, Error> {
        let action = action.name().to_owned();
        Ok(self
            .app
            .send(PatchDatasetVersions {
                dataset_id: self.dataset_id.clone(),
                dataset_versions,
                action,
                ..Default::default()
            })
            .await?
            .dataset_versions)
    }
    /// Deletes versions with their exports.
    ///
    /// [`DeleteDatasetVersions`]: `DELETE /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.dataset("d").versions().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app
            .send(DeleteDatasetVersions {
                dataset_id: self.dataset_id.clone(),
                dataset_version_ids: ids,
                ..Default::default()
            })
            .await
            .map(drop)
    }
}

/// One version of a dataset.
#[derive(Clone, Debug)]
pub struct DatasetVersionHandle {
    pub(super) app: App,
    pub(super) dataset_id: String,
    pub(super) id: String,
}

impl DatasetVersionHandle {
    /// Gets the version, with the state of its exports.
    ///
    /// [`GetDatasetVersion`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions/{dataset_version_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let version = app.dataset("d").version("v").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<DatasetVersion, Error> {
        let reply = self
            .app
            .send(GetDatasetVersion {
                dataset_id: self.dataset_id.clone(),
                dataset_version_id: self.id.clone(),
                ..Default::default()
            })
            .await?;
        reply.dataset_version.ok_or_else(|| Error::incomplete("dataset_version"))
    }
    /// Waits until the version is ready, or has failed: its status tells.
    ///
    /// [`GetDatasetVersion`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions/{dataset_version_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let version = app.dataset("d").version("v").ready().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn ready(&self) -> Waiter<DatasetVersion> {
        let version = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut version = version.clone();
            version.app.client = client;
            async move {
                let found = version.get().await?;
                let goes_on = [StatusCode::DATASET_VERSION_PENDING, StatusCode::DATASET_VERSION_IN_PROGRESS];
                Ok(super::unless(found, |v| v.status.as_ref(), &goes_on))
            }
        })
    }
    /// Lists counts of the version by group: concept, number of boxes, pixels and so on.
    ///
    /// [`ListDatasetVersionMetricsGroups`]: `GET /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions/{dataset_version_id}/metrics`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListDatasetVersionMetricsGroups;
    /// let all: Vec<_> = app.dataset("d").version("v").metrics(ListDatasetVersionMetricsGroups::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn metrics(&self, op: ListDatasetVersionMetricsGroups) -> Pager<ListDatasetVersionMetricsGroups> {
        self.app.pager(ListDatasetVersionMetricsGroups {
            dataset_id: self.dataset_id.clone(),
            dataset_version_id: self.id.clone(),
            ..op
        })
    }
    /// Its exports.
    #[must_use]
    pub fn exports(&self) -> Exports {
        Exports { app: self.app.clone(), dataset_id: self.dataset_id.clone(), version_id: self.id.clone() }
    }
}
