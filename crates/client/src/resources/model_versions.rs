//! Versions of a model.

use super::{Action, App, ModelVersionEvaluations};
use crate::{Error, Pager};
use labelscope_api::messages::{Model, ModelVersion};
use labelscope_api::operations::{
    DeleteModelVersion, GetModelOutputInfo, GetModelVersion, ListModelVersions, PatchModelVersions, PostModelVersions,
};

/// The versions of a model.
#[derive(Clone, Debug)]
pub struct ModelVersions {
    pub(super) app: App,
    pub(super) model_id: String,
}

impl ModelVersions {
    /// Lists versions, newest first.
    ///
    /// [`ListModelVersions`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListModelVersions;
    /// let all: Vec<_> = app.model("m").versions().list(ListModelVersions::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListModelVersions) -> Pager<ListModelVersions> {
        self.app.pager(ListModelVersions { model_id: self.model_id.clone(), ..op })
    }
    /// Registers versions, and gives the model.
    ///
    /// [`PostModelVersions`]: `POST /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ModelVersion;
    /// let model = app.model("m").versions().create(vec![ModelVersion::default()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, model_versions: Vec<ModelVersion>) -> Result<Model, Error> {
        let reply = self
            .app
            .send(PostModelVersions { model_id: self.model_id.clone(), model_versions, ..Default::default() })
            .await?;
        reply.model.map(|m| *m).ok_or_else(|| Error::incomplete("model"))
    }
    /// Changes versions.
    ///
    /// [`PatchModelVersions`]: `PATCH /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ModelVersion;
    /// use labelscope_client::Action;
    /// let one = ModelVersion { id: "a".into(), ..ModelVersion::default() };
    /// let changed = app.model("m").versions().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, model_versions: Vec<ModelVersion>, action: Action) -> Result<Vec<ModelVersion>, Error> {
        let action = action.name().to_owned();
        Ok(self
            .app
            .send(PatchModelVersions { model_id: self.model_id.clone(), model_versions, action, ..Default::default() })
            .await?
            .model_versions)
    }
}

/// One version of a model.
#[derive(Clone, Debug)]
pub struct ModelVersionHandle {
    pub(super) app: App,
    pub(super) model_id: String,
    pub(super) id: String,
}

impl ModelVersionHandle {
    /// Gets the version.
    ///
    /// [`GetModelVersion`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{version_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let version = app.model("m").version("v").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<ModelVersion, Error> {
        let reply = self
            .app
            .send(GetModelVersion {
                model_id: self.model_id.clone(),
                version_id: self.id.clone(),
                ..Default::default()
            })
            .await?;
        reply.model_version.ok_or_else(|| Error::incomplete("model_version"))
    }
    /// Gets the model as of this version, with its concepts.
    ///
    /// [`GetModelOutputInfo`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/output_info`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let model = app.model("m").version("v").output_info().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn output_info(&self) -> Result<Model, Error> {
        let reply = self
            .app
            .send(GetModelOutputInfo {
                model_id: self.model_id.clone(),
                version_id: self.id.clone(),
                ..Default::default()
            })
            .await?;
        reply.model.map(|m| *m).ok_or_else(|| Error::incomplete("model"))
    }
    /// Deletes the version.
    ///
    /// [`DeleteModelVersion`]: `DELETE /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{version_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.model("m").version("v").delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.app
            .send(DeleteModelVersion {
                model_id: self.model_id.clone(),
                version_id: self.id.clone(),
                ..Default::default()
            })
            .await
            .map(drop)
    }
    /// Its evaluations.
    #[must_use]
    pub fn evaluations(&self) -> ModelVersionEvaluations {
        ModelVersionEvaluations { app: self.app.clone(), model_id: self.model_id.clone(), version_id: self.id.clone() }
    }
}
