//! Jobs that add inputs: they count what was sent under their id, and hold the archives and data sources it comes from.

use super::App;
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{InputsAddJob, InputsDataSource, InputsUpload, StatusCode};
use labelscope_api::operations::{
    CancelInputsAddJob, GetInputsAddJob, ListInputsAddJobs, PostInputsDataSources, PostInputsUploads,
};

/// The jobs of an app that add inputs.
#[derive(Clone, Debug)]
pub struct AddJobs {
    pub(super) app: App,
}

impl AddJobs {
    /// Lists the jobs, the newest first.
    ///
    /// [`ListInputsAddJobs`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/add`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListInputsAddJobs;
    /// let all: Vec<_> = app.add_jobs().list(ListInputsAddJobs::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListInputsAddJobs) -> Pager<ListInputsAddJobs> {
        self.app.pager(op)
    }
    /// Adds the inputs that lie at addresses: below a prefix of a bucket, in a folder, or in an archive.
    ///
    /// [`PostInputsDataSources`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs/data_sources`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{DataSourceUrl, InputsDataSource};
    /// let url = DataSourceUrl { url: "s3://bucket/photographs/".into(), ..Default::default() };
    /// let jobs = app.add_jobs().from_sources(vec![InputsDataSource { url: Some(url), ..Default::default() }]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn from_sources(&self, data_sources: Vec<InputsDataSource>) -> Result<Vec<InputsAddJob>, Error> {
        Ok(self.app.send(PostInputsDataSources { data_sources, ..Default::default() }).await?.inputs_add_jobs)
    }
    /// Adds the inputs that lie at addresses, and says which address is to be called when all are in.
    ///
    /// [`PostInputsDataSources`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs/data_sources`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::operations::PostInputsDataSources;
    /// let op = PostInputsDataSources { call_back_url: "https://example.org/done".into(), ..Default::default() };
    /// let jobs = app.add_jobs().from_sources_with(op).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn from_sources_with(&self, op: PostInputsDataSources) -> Result<Vec<InputsAddJob>, Error> {
        Ok(self.app.send(op).await?.inputs_add_jobs)
    }
    /// Announces archives whose files are to become inputs. Each job holds an upload, whose bytes go by
    /// [`UploadHandle::send`](super::UploadHandle::send); with the last one the extraction begins.
    ///
    /// [`PostInputsUploads`]: `POST /v2/users/{user_id}/apps/{app_id}/inputs/uploads`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{InputsUpload, Upload};
    /// let upload = Upload { content_name: "a.zip".into(), content_length: 1_000_000.into(), ..Default::default() };
    /// let jobs = app.add_jobs().from_uploads(vec![InputsUpload { upload: Some(upload), ..Default::default() }]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn from_uploads(&self, inputs_uploads: Vec<InputsUpload>) -> Result<Vec<InputsAddJob>, Error> {
        Ok(self.app.send(PostInputsUploads { inputs_uploads, ..Default::default() }).await?.inputs_add_jobs)
    }
}

/// One job that adds inputs.
#[derive(Clone, Debug)]
pub struct AddJobHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl AddJobHandle {
    /// Gets the job: its counters, its extraction jobs, its uploads.
    ///
    /// [`GetInputsAddJob`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/add/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let job = app.add_job("j").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<InputsAddJob, Error> {
        let reply = self.app.send(GetInputsAddJob { id: self.id.clone(), ..Default::default() }).await?;
        reply.inputs_add_job.ok_or_else(|| Error::incomplete("inputs_add_job"))
    }
    /// Waits until no input of the job is on its way any more.
    ///
    /// [`GetInputsAddJob`]: `GET /v2/users/{user_id}/apps/{app_id}/inputs/jobs/add/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let job = app.add_job("j").done().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn done(&self) -> Waiter<InputsAddJob> {
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
    /// Cancels the job. What it has added stays.
    ///
    /// [`CancelInputsAddJob`]: `PATCH /v2/users/{user_id}/apps/{app_id}/inputs/jobs/add/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.add_job("j").cancel().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn cancel(&self) -> Result<InputsAddJob, Error> {
        let reply = self.app.send(CancelInputsAddJob { id: self.id.clone(), ..Default::default() }).await?;
        reply.inputs_add_job.ok_or_else(|| Error::incomplete("inputs_add_job"))
    }
}
