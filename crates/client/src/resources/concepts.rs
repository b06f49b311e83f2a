//! Concepts: what things can be.

use super::{Action, App, Languages, Relations};
use crate::{Error, Pager};
use labelscope_api::messages::{Concept, ConceptMappingJob, KnowledgeGraph};
use labelscope_api::operations::{
    GetConcept, GetConceptCounts, ListConceptRelations, ListConcepts, ListKnowledgeGraphs, PatchConcepts,
    PostConceptMappingJobs, PostConcepts, PostConceptsSearches, PostKnowledgeGraphs,
};

/// The concepts of an app.
#[derive(Clone, Debug)]
pub struct Concepts {
    pub(super) app: App,
}

impl Concepts {
    /// Lists concepts; `id` filters by a part of the id.
    ///
    /// [`ListConcepts`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListConcepts;
    /// let all: Vec<_> = app.concepts().list(ListConcepts::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListConcepts) -> Pager<ListConcepts> {
        self.app.pager(op)
    }
    /// Finds concepts by name, in a language; the name may end in `*`.
    ///
    /// [`PostConceptsSearches`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts/searches`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::{messages::ConceptQuery, operations::PostConceptsSearches};
    /// let concept_query = Some(ConceptQuery { name: "do*".into(), ..Default::default() });
    /// let query = PostConceptsSearches { concept_query, ..Default::default() };
    /// let found: Vec<_> = app.concepts().search(query).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn search(&self, op: PostConceptsSearches) -> Pager<PostConceptsSearches> {
        self.app.pager(op)
    }
    /// Makes concepts. One id that is taken fails the whole call with code 40003.
    ///
    /// [`PostConcepts`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Concept;
    /// let one = Concept { id: "a".into(), ..Concept::default() };
    /// let made = app.concepts().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, concepts: Vec<Concept>) -> Result<Vec<Concept>, Error> {
        Ok(self.app.send(PostConcepts { concepts, ..Default::default() }).await?.concepts)
    }
    /// Changes names, definitions and metadata.
    ///
    /// [`PatchConcepts`]: `PATCH /v2/users/{user_id}/apps/{app_id}/concepts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Concept;
    /// use labelscope_client::Action;
    /// let one = Concept { id: "a".into(), ..Concept::default() };
    /// let changed = app.concepts().patch(vec![one], Action::Overwrite).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn patch(&self, concepts: Vec<Concept>, action: Action) -> Result<Vec<Concept>, Error> {
        let action = action.name().to_owned();
        Ok(self.app.send(PatchConcepts { concepts, action, ..Default::default() }).await?.concepts)
    }
    /// Counts on how many inputs each concept stands, positive and negative.
    ///
    /// [`GetConceptCounts`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/status`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::GetConceptCounts;
    /// let all: Vec<_> = app.concepts().counts(GetConceptCounts::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn counts(&self, op: GetConceptCounts) -> Pager<GetConceptCounts> {
        self.app.pager(op)
    }
    /// Lists the relations of all concepts, each once.
    ///
    /// [`ListConceptRelations`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}/relations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListConceptRelations;
    /// let all: Vec<_> = app.concepts().relations(ListConceptRelations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn relations(&self, op: ListConceptRelations) -> Pager<ListConceptRelations> {
        self.app.pager(op)
    }
    /// Lists the knowledge graphs.
    ///
    /// [`ListKnowledgeGraphs`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/knowledge_graphs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let graphs = app.concepts().knowledge_graphs().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn knowledge_graphs(&self) -> Result<Vec<KnowledgeGraph>, Error> {
        Ok(self.app.send(ListKnowledgeGraphs::default()).await?.knowledge_graphs)
    }
    /// Makes knowledge graphs.
    ///
    /// [`PostKnowledgeGraphs`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts/knowledge_graphs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::KnowledgeGraph;
    /// let made = app.concepts().create_knowledge_graphs(vec![KnowledgeGraph::default()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create_knowledge_graphs(
        &self,
        knowledge_graphs: Vec<KnowledgeGraph>,
    ) -> Result<Vec<KnowledgeGraph>, Error> {
        Ok(self.app.send(PostKnowledgeGraphs { knowledge_graphs, ..Default::default() }).await?.knowledge_graphs)
    }
    /// Starts jobs that look for the counterparts of concepts in a knowledge graph, and gives their ids.
    ///
    /// [`PostConceptMappingJobs`]: `POST /v2/users/{user_id}/apps/{app_id}/concepts/mappings/jobs`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::ConceptMappingJob;
    /// let job = ConceptMappingJob { knowledge_graph_id: "g".into(), concept_ids: vec!["dog".into()] };
    /// let ids = app.concepts().map(vec![job]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn map(&self, jobs: Vec<ConceptMappingJob>) -> Result<Vec<String>, Error> {
        Ok(self.app.send(PostConceptMappingJobs { concept_mapping_jobs: jobs, ..Default::default() }).await?.ids)
    }
}

/// One concept.
#[derive(Clone, Debug)]
pub struct ConceptHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl ConceptHandle {
    /// Gets the concept.
    ///
    /// [`GetConcept`]: `GET /v2/users/{user_id}/apps/{app_id}/concepts/{concept_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let concept = app.concept("dog").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Concept, Error> {
        let reply = self.app.send(GetConcept { concept_id: self.id.clone(), ..Default::default() }).await?;
        reply.concept.ok_or_else(|| Error::incomplete("concept"))
    }
    /// Its relations to others.
    #[must_use]
    pub fn relations(&self) -> Relations {
        Relations { app: self.app.clone(), concept_id: self.id.clone() }
    }
    /// Its names in other languages.
    #[must_use]
    pub fn languages(&self) -> Languages {
        Languages { app: self.app.clone(), concept_id: self.id.clone() }
    }
}
