//! Searches: filters and ranks over inputs and annotations.

use super::{Annotation, Input, Visibility};
use crate::wire::{Timestamp, UInt64, message, open_enum, reply};
use serde_json::Value;

open_enum! {
    /// How distance between embeddings is measured.
    pub enum SearchMetric {
        METRIC_NOT_SET = 0,
        EUCLIDEAN_DISTANCE = 1,
        COSINE_DISTANCE = 2,
    }
}

message! {
    /// A query and how to run it; saved ones have an id.
    pub struct Search {
        query: Option<Query>,
        id: String,
        application_id: String,
        name: String,
        as_of: Option<Timestamp>,
        git_hash: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        algorithm: String,
        save: bool,
        min_value: f32,
        visibility: Option<Visibility>,
        metric: SearchMetric,
    }
}

message! {
    /// Filters that all must hold, and ranks that order the hits.
    pub struct Query {
        ands: Vec<And>,
        language: String,
        filters: Vec<Filter>,
        ranks: Vec<Rank>,
    }
}

message! {
    /// A condition of the old search form.
    pub struct And {
        input: Option<Box<Input>>,
        output: Option<Value>,
        negate: bool,
        annotation: Option<Box<Annotation>>,
    }
}

message! {
    /// One condition. An empty object inside it asks for presence.
    pub struct Filter {
        negate: bool,
        annotation: Option<Box<Annotation>>,
        input: Option<Box<Input>>,
        last_updated_time_range: Option<TimeRange>,
    }
}

message! {
    /// From a time to a time, both included.
    pub struct TimeRange {
        start_time: Option<Timestamp>,
        end_time: Option<Timestamp>,
    }
}

message! {
    /// What hits are to be like.
    pub struct Rank {
        negate: bool,
        annotation: Option<Box<Annotation>>,
    }
}

message! {
    /// One result. Score 1 means as alike as can be.
    pub struct Hit {
        input: Option<Box<Input>>,
        annotation: Option<Box<Annotation>>,
        user_id: String,
        app_id: String,
    }
    always {
        score: f32,
    }
}

message! {
    /// A search over annotations that is kept under an id.
    pub struct AnnotationFilter {
        id: String,
        created_at: Option<Timestamp>,
        modified_at: Option<Timestamp>,
        user_id: String,
        app_id: String,
        search: Option<Box<Search>>,
    }
}

message! {
    /// How many would be found.
    pub struct HitCount {
        estimated_total: UInt64,
    }
}

reply! {
    /// What a search found, or the searches that were saved.
    pub struct MultiSearchResponse {
        id: String,
        query: Option<Query>,
        searches: Vec<Search>,
        hit_counts: Vec<HitCount>,
    }
    always {
        hits: Vec<Hit>,
    }
}

reply! {
    /// One saved search.
    pub struct SingleSearchResponse {
        search: Option<Box<Search>>,
    }
}

reply! {
    /// Several annotation filters.
    pub struct MultiAnnotationFilterResponse {
    }
    always {
        annotation_filters: Vec<AnnotationFilter>,
    }
}

reply! {
    /// One annotation filter.
    pub struct SingleAnnotationFilterResponse {
        annotation_filter: Option<AnnotationFilter>,
    }
}
