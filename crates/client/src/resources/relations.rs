//! How a concept relates to others.

use super::App;
use crate::{Error, Pager};
use labelscope_api::messages::ConceptRelation;
use labelscope_api::operations::{DeleteConceptRelations, ListConceptRelations, PostConceptRelations};

/// The relations of one concept.
#[derive(Clone, Debug)]
pub struct Relations {
    pub(super) app: App,
    pub(super) concept_id: String,
}

impl Relations {
    /// Lists relations, turned so that the concept is the subject.
    ///
    /// [`ListConceptRelations`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/relations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListConceptRelations;
    /// let all: Vec<_> = app.concept("dog").relations().list(ListConceptRelations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListConceptRelations) -> Pager<ListConceptRelations> {
        self.app.pager(ListConceptRelations { concept_id: self.concept_id.clone(), ..op })
    }
    /// Makes relations with the concept as subject. Each needs `object_concept.id` and `predicate`.
    ///
    /// [`PostConceptRelations`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/relations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{Concept, ConceptRelation};
    /// let object_concept = Some(Concept { id: "animal".into(), ..Default::default() });
    /// let is_a = ConceptRelation { object_concept, predicate: "hyponym".into(), ..Default::default() };
    /// let made = app.concept("dog").relations().create(vec![is_a]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, concept_relations: Vec<ConceptRelation>) -> Result<Vec<ConceptRelation>, Error> {
        Ok(self
            .app
            .send(PostConceptRelations { concept_id: self.concept_id.clone(), concept_relations, ..Default::default() })
            .await?
            .concept_relations)
    }
    /// Deletes relations by their ids.
    ///
    /// [`DeleteConceptRelations`]: `DELETE /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/relations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.concept("dog").relations().delete(vec!["a".to_owned()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app
            .send(DeleteConceptRelations { concept_id: self.concept_id.clone(), ids, ..Default::default() })
            .await
            .map(drop)
    }
}
