//! Exports of dataset versions: archives to download.

use super::App;
use crate::{Error, Waiter};
use labelscope_api::messages::{DatasetVersionExport, ExportFormat, StatusCode};
use labelscope_api::operations::PutDatasetVersionExports;

/// The exports of a dataset version.
#[derive(Clone, Debug)]
pub struct Exports {
    pub(super) app: App,
    pub(super) dataset_id: String,
    pub(super) version_id: String,
}

impl Exports {
    /// Asks for exports and tells how they stand; asked again it starts nothing anew.
    ///
    /// [`PutDatasetVersionExports`]: `PUT /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions/{dataset_version_id}/exports`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{DatasetVersionExport, ExportFormat};
    /// let export = DatasetVersionExport { format: ExportFormat::COCO, ..Default::default() };
    /// let exports = app.dataset("d").version("v").exports().put(vec![export]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn put(&self, exports: Vec<DatasetVersionExport>) -> Result<Vec<DatasetVersionExport>, Error> {
        Ok(self
            .app
            .send(PutDatasetVersionExports {
                dataset_id: self.dataset_id.clone(),
                dataset_version_id: self.version_id.clone(),
                exports,
                ..Default::default()
            })
            .await?
            .exports)
    }
    /// Asks for an export, if nobody has, and waits until it is done or has failed: its status tells, and its `url` is
    /// where the archive is.
    ///
    /// [`PutDatasetVersionExports`]: `PUT /v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/versions/{dataset_version_id}/exports`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ExportFormat;
    /// let export = app.dataset("d").version("v").exports().done(ExportFormat::COCO).wait().await?;
    /// println!("{} bytes at {}", export.size, export.url);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn done(&self, format: ExportFormat) -> Waiter<DatasetVersionExport> {
        let exports = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut exports = exports.clone();
            exports.app.client = client;
            async move {
                let asked = DatasetVersionExport { format, ..Default::default() };
                let found = exports.put(vec![asked]).await?.pop().ok_or_else(|| Error::incomplete("export"))?;
                let goes_on =
                    [StatusCode::DATASET_VERSION_EXPORT_PENDING, StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS];
                Ok(super::unless(found, |e| e.status.as_ref(), &goes_on))
            }
        })
    }
}
