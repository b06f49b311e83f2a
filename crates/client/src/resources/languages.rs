//! What a concept is called in other languages.

use super::{Action, App};
use crate::{Error, Pager};
use labelscope_api::messages::ConceptLanguage;
use labelscope_api::operations::{
    GetConceptLanguage, ListConceptLanguages, PatchConceptLanguages, PostConceptLanguages,
};

/// The names of one concept in other languages.
#[derive(Clone, Debug)]
pub struct Languages {
    pub(super) app: App,
    pub(super) concept_id: String,
}

impl Languages {
    /// Lists the names.
    ///
    /// [`ListConceptLanguages`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/languages`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListConceptLanguages;
    /// let all: Vec<_> = app.concept("dog").languages().list(ListConceptLanguages::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListConceptLanguages) -> Pager<ListConceptLanguages> {
        self.app.pager(ListConceptLanguages { concept_id: self.concept_id.clone(), ..op })
    }
    /// Gets the name in one language.
    ///
    /// [`GetConceptLanguage`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/languages/{language}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let name = app.concept("dog").languages().get("de").await?.name;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self, language: impl Into<String>) -> Result<ConceptLanguage, Error> {
        let reply = self
            .app
            .send(GetConceptLanguage {
                concept_id: self.concept_id.clone(),
                language: language.into(),
                ..Default::default()
            })
            .await?;
        reply.concept_language.ok_or_else(|| Error::incomplete("concept_language"))
    }
    /// Adds names. The `id` of each is the code of the language.
    ///
    /// [`PostConceptLanguages`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/languages`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ConceptLanguage;
    /// let one = ConceptLanguage { id: "a".into(), ..ConceptLanguage::default() };
    /// let made = app.concept("dog").languages().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, concept_languages: Vec<ConceptLanguage>) -> Result<Vec<ConceptLanguage>, Error> {
        Ok(self
            .app
            .send(PostConceptLanguages { concept_id: self.concept_id.clone(), concept_languages, ..Default::default() })
            .await?
            .concept_languages)
    }
    /// Changes names.
    ///
    /// [`PatchConceptLanguages`]: `PATCH /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/languages`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ConceptLanguage;
    /// use labelscope_client::Action;
    /// let one = ConceptLanguage { id: "a".into(), ..ConceptLanguage::default() };
    /// let changed = app.concept("dog").languages().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(
        &self,
        concept_languages: Vec<ConceptLanguage>,
        action: Action,
    ) -> Result<Vec<ConceptLanguage>, Error> {
        let action = action.name().to_owned();
        Ok(self
            .app
            .send(PatchConceptLanguages {
                concept_id: self.concept_id.clone(),
                concept_languages,
                action,
                ..Default::default()
            })
            .await?
            .concept_languages)
    }
}
