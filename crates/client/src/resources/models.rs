//! Models, and the kinds there are.

use super::{Action, App, ModelVersionHandle, ModelVersions};
use crate::{Error, Pager};
use labelscope_api::messages::{Model, ModelType};
use labelscope_api::operations::{
    DeleteModel, DeleteModels, GetModel, GetModelOutputInfo, GetModelType, ListModelTypes, ListModels, PatchModels,
    PostModels,
};

/// The models of an app.
#[derive(Clone, Debug)]
pub struct Models {
    pub(super) app: App,
}

impl Models {
    /// Lists models.
    ///
    /// [`ListModels`]: `GET /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListModels;
    /// let all: Vec<_> = app.models().list(ListModels::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListModels) -> Pager<ListModels> {
        self.app.pager(op)
    }
    /// Registers a model.
    ///
    /// [`PostModels`]: `POST /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Model;
    /// let made = app.models().create(Model { id: "m".into(), ..Default::default() }).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, model: Model) -> Result<Model, Error> {
        let model = Some(Box::new(model));
        let reply = self.app.send(PostModels { model, ..Default::default() }).await?;
        reply.model.map(|m| *m).ok_or_else(|| Error::incomplete("model"))
    }
    /// Changes models.
    ///
    /// [`PatchModels`]: `PATCH /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Model;
    /// use labelscope_client::Action;
    /// let one = Model { id: "a".into(), ..Model::default() };
    /// let changed = app.models().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, models: Vec<Model>, action: Action) -> Result<Vec<Model>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchModels { models, action, ..Default::default() }).await?.models)
    }
    /// Deletes models with their versions.
    ///
    /// [`DeleteModels`]: `DELETE /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.models().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app.send(DeleteModels { ids, ..Default::default() }).await.map(drop)
    }
    /// Deletes all models of the app.
    ///
    /// [`DeleteModels`]: `DELETE /v2/users/{user_id}/apps/{app_id}/models`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.models().delete_all().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete_all(&self) -> Result<(), Error> {
        self.app.send(DeleteModels { delete_all: true, ..Default::default() }).await.map(drop)
    }
    /// Lists the kinds of models.
    ///
    /// [`ListModelTypes`]: `GET /v2/users/{user_id}/apps/{app_id}/models/types`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListModelTypes;
    /// let all: Vec<_> = app.models().types(ListModelTypes::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn types(&self, op: ListModelTypes) -> Pager<ListModelTypes> {
        self.app.pager(op)
    }
    /// Gets a kind of models.
    ///
    /// [`GetModelType`]: `GET /v2/users/{user_id}/apps/{app_id}/models/types/{model_type_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let kind = app.models().model_type("visual-detector").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn model_type(&self, id: impl Into<String>) -> Result<ModelType, Error> {
        let reply = self.app.send(GetModelType { model_type_id: id.into(), ..Default::default() }).await?;
        reply.model_type.ok_or_else(|| Error::incomplete("model_type"))
    }
}

/// One model.
#[derive(Clone, Debug)]
pub struct ModelHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl ModelHandle {
    /// Gets the model with its latest version.
    ///
    /// [`GetModel`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let model = app.model("m").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Model, Error> {
        let reply = self.app.send(GetModel { model_id: self.id.clone(), ..Default::default() }).await?;
        reply.model.map(|m| *m).ok_or_else(|| Error::incomplete("model"))
    }
    /// Gets the model with its concepts.
    ///
    /// [`GetModelOutputInfo`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/output_info`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let model = app.model("m").output_info().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn output_info(&self) -> Result<Model, Error> {
        let reply = self.app.send(GetModelOutputInfo { model_id: self.id.clone(), ..Default::default() }).await?;
        reply.model.map(|m| *m).ok_or_else(|| Error::incomplete("model"))
    }
    /// Deletes the model with its versions.
    ///
    /// [`DeleteModel`]: `DELETE /v2/users/{user_id}/apps/{app_id}/models/{model_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.model("m").delete().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self) -> Result<(), Error> {
        self.app.send(DeleteModel { model_id: self.id.clone(), ..Default::default() }).await.map(drop)
    }
    /// Its versions.
    #[must_use]
    pub fn versions(&self) -> ModelVersions {
        ModelVersions { app: self.app.clone(), model_id: self.id.clone() }
    }
    /// One of its versions.
    #[must_use]
    pub fn version(&self, id: impl Into<String>) -> ModelVersionHandle {
        ModelVersionHandle { app: self.app.clone(), model_id: self.id.clone(), id: id.into() }
    }
}
