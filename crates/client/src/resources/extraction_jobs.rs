//! Jobs that take inputs out of archives and data sources.

use super::App;
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{InputsExtractionJob, StatusCode};
use labelscope_api::operations::{CancelInputsExtractionJobs, GetInputsExtractionJob, ListInputsExtractionJobs};

/// The extraction jobs of an app.
#[derive(Clone, Debug)]
pub struct ExtractionJobs {
    pub(super) app: App,
}

impl ExtractionJobs {
    /// Lists the jobs, the newest first.
    ///
    /// [`ListInputsExtractionJobs`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/extraction`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListInputsExtractionJobs;
    /// let all: Vec<_> = app.extraction_jobs().list(ListInputsExtractionJobs::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListInputsExtractionJobs) -> Pager<ListInputsExtractionJobs> {
        self.app.pager(op)
    }
    /// Cancels jobs. What they have added stays.
    ///
    /// [`CancelInputsExtractionJobs`]: `PATCH /v2/users/{user_id}/apps/{app_id}/inputs/jobs/extraction`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.extraction_jobs().cancel(vec!["e".into()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn cancel(&self, ids: Vec<String>) -> Result<Vec<InputsExtractionJob>, Error> {
        Ok(self.app.send(CancelInputsExtractionJobs { ids, ..Default::default() }).await?.inputs_extraction_jobs)
    }
}

/// One extraction job.
#[derive(Clone, Debug)]
pub struct ExtractionJobHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl ExtractionJobHandle {
    /// Gets the job.
    ///
    /// [`GetInputsExtractionJob`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/extraction/{inputs_extraction_job_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let job = app.extraction_job("e").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<InputsExtractionJob, Error> {
        let op = GetInputsExtractionJob { inputs_extraction_job_id: self.id.clone(), ..Default::default() };
        self.app.send(op).await?.inputs_extraction_job.ok_or_else(|| Error::incomplete("inputs_extraction_job"))
    }
    /// Waits until the job is over: its status tells how it ended.
    ///
    /// [`GetInputsExtractionJob`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/extraction/{inputs_extraction_job_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let job = app.extraction_job("e").done().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn done(&self) -> Waiter<InputsExtractionJob> {
        let job = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut job = job.clone();
            job.app.client = client;
            async move {
                let goes_on = [StatusCode::JOB_QUEUED, StatusCode::JOB_RUNNING];
                Ok(super::unless(job.get().await?, |j| j.status.as_ref(), &goes_on))
            }
        })
    }
}
