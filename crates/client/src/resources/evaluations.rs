//! Evaluations: what a model version says against what is true.

use super::App;
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{EvalMetrics, FieldsValue, StatusCode};
use labelscope_api::operations::{
    GetEvaluation, GetModelVersionEvaluation, ListEvaluations, ListModelVersionEvaluations, PostEvaluations,
    PostModelVersionEvaluations,
};

/// The evaluations of an app.
#[derive(Clone, Debug)]
pub struct Evaluations {
    pub(super) app: App,
}

impl Evaluations {
    /// Lists evaluations, newest first unless sorted otherwise. Failed ones are hidden unless asked for.
    ///
    /// [`ListEvaluations`]: `GET /v2/users/{user_id}/apps/{app_id}/evaluations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListEvaluations;
    /// let all: Vec<_> = app.evaluations().list(ListEvaluations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListEvaluations) -> Pager<ListEvaluations> {
        self.app.pager(op)
    }
    /// Starts evaluations of a model version against a dataset. An id that is there is evaluated anew.
    ///
    /// [`PostEvaluations`]: `POST /v2/users/{user_id}/apps/{app_id}/evaluations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::EvalMetrics;
    /// let one = EvalMetrics { id: "a".into(), ..EvalMetrics::default() };
    /// let made = app.evaluations().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, eval_metrics: Vec<EvalMetrics>) -> Result<Vec<EvalMetrics>, Error> {
        Ok(self.app.send(PostEvaluations { eval_metrics, ..Default::default() }).await?.eval_metrics)
    }
}

/// One evaluation.
#[derive(Clone, Debug)]
pub struct EvaluationHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl EvaluationHandle {
    /// Gets the evaluation: its summary, and the parts that `fields` names.
    ///
    /// [`GetEvaluation`]: `GET /v2/users/{user_id}/apps/{app_id}/evaluations/{evaluation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::FieldsValue;
    /// let fields = FieldsValue { confusion_matrix: true, ..Default::default() };
    /// let evaluation = app.evaluation("e").get(Some(fields)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn get(&self, fields: Option<FieldsValue>) -> Result<EvalMetrics, Error> {
        let reply =
            self.app.send(GetEvaluation { evaluation_id: self.id.clone(), fields, ..Default::default() }).await?;
        reply.eval_metrics.ok_or_else(|| Error::incomplete("eval_metrics"))
    }
    /// Waits until the evaluation is over, well or not: its status tells.
    ///
    /// [`GetEvaluation`]: `GET /v2/users/{user_id}/apps/{app_id}/evaluations/{evaluation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let evaluation = app.evaluation("e").over().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn over(&self) -> Waiter<EvalMetrics> {
        let evaluation = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut evaluation = evaluation.clone();
            evaluation.app.client = client;
            async move {
                let found = evaluation.get(None).await?;
                let goes_on = [StatusCode::MODEL_EVALUATING, StatusCode::MODEL_QUEUED_FOR_EVALUATION];
                Ok(super::unless(found, |e| e.status.as_ref(), &goes_on))
            }
        })
    }
}

/// The evaluations of a model version.
#[derive(Clone, Debug)]
pub struct ModelVersionEvaluations {
    pub(super) app: App,
    pub(super) model_id: String,
    pub(super) version_id: String,
}

impl ModelVersionEvaluations {
    /// Lists evaluations of the version.
    ///
    /// [`ListModelVersionEvaluations`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{model_version_id}/evaluations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListModelVersionEvaluations;
    /// let all: Vec<_> = app.model("m").version("v").evaluations().list(ListModelVersionEvaluations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListModelVersionEvaluations) -> Pager<ListModelVersionEvaluations> {
        self.app.pager(ListModelVersionEvaluations {
            model_id: self.model_id.clone(),
            model_version_id: self.version_id.clone(),
            ..op
        })
    }
    /// Starts evaluations of the version.
    ///
    /// [`PostModelVersionEvaluations`]: `POST /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{model_version_id}/evaluations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::EvalMetrics;
    /// let one = EvalMetrics { id: "a".into(), ..EvalMetrics::default() };
    /// let made = app.model("m").version("v").evaluations().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, eval_metrics: Vec<EvalMetrics>) -> Result<Vec<EvalMetrics>, Error> {
        Ok(self
            .app
            .send(PostModelVersionEvaluations {
                model_id: self.model_id.clone(),
                model_version_id: self.version_id.clone(),
                eval_metrics,
                ..Default::default()
            })
            .await?
            .eval_metrics)
    }
    /// Gets the evaluation: its summary, and the parts that `fields` names.
    ///
    /// [`GetModelVersionEvaluation`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{model_version_id}/evaluations/{evaluation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::FieldsValue;
    /// let fields = FieldsValue { confusion_matrix: true, ..Default::default() };
    /// let evaluation = app.model("m").version("v").evaluations().get("e", Some(fields)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn get(
        &self,
        evaluation_id: impl Into<String>,
        fields: Option<FieldsValue>,
    ) -> Result<EvalMetrics, Error> {
        let reply = self
            .app
            .send(GetModelVersionEvaluation {
                model_id: self.model_id.clone(),
                model_version_id: self.version_id.clone(),
                evaluation_id: evaluation_id.into(),
                fields,
                ..Default::default()
            })
            .await?;
        reply.eval_metrics.ok_or_else(|| Error::incomplete("eval_metrics"))
    }
    /// Waits until the evaluation is over, well or not: its status tells.
    ///
    /// [`GetModelVersionEvaluation`]: `GET /v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{model_version_id}/evaluations/{evaluation_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let evaluation = app.model("m").version("v").evaluations().over("e").wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn over(&self, evaluation_id: impl Into<String>) -> Waiter<EvalMetrics> {
        let evaluation = self.clone();
        let id = evaluation_id.into();
        Waiter::new(&self.app.client, move |client| {
            let mut evaluation = evaluation.clone();
            evaluation.app.client = client;
            let id: String = id.clone();
            async move {
                let found = evaluation.get(id, None).await?;
                let goes_on = [StatusCode::MODEL_EVALUATING, StatusCode::MODEL_QUEUED_FOR_EVALUATION];
                Ok(super::unless(found, |e| e.status.as_ref(), &goes_on))
            }
        })
    }
}
