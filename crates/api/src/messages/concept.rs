//! Concepts: the labels of a taxonomy, and how often they are used.

use super::{Image, Model, Visibility};
use crate::wire::{Struct, Timestamp, message, open_enum, reply};
use serde_json::Value;

open_enum! {
    /// What a model or workflow is for.
    pub enum UseCase {
        WORKFLOW_MODEL_USE_CASE_NOT_SET = 0,
        CLASSIFICATION = 1,
        DETECTION = 2,
    }
}

message! {
    /// A label, or the label's use on an input or region. As a use, `value` says how far it applies: 1 present, 0 absent.
    pub struct Concept {
        id: String,
        name: String,
        created_at: Option<Timestamp>,
        language: String,
        app_id: String,
        definition: String,
        vocab_id: String,
        visibility: Option<Visibility>,
        user_id: String,
        keypoint_info: Option<KeypointInfo>,
        extra_info: Option<ConceptExtraInfo>,
        metadata: Option<Struct>,
        image: Option<Image>,
    }
    always {
        value: ConceptValue,
    }
}

message! {
    /// The keypoints of a concept and which of them are joined.
    pub struct KeypointInfo {
        keypoint_names: Vec<String>,
        skeleton: Vec<KeypointEdge>,
    }
}

message! {
    /// Two joined keypoints, as indices.
    pub struct KeypointEdge {
        k1: u32,
        k2: u32,
    }
}

message! {
    /// Facts that only some calls work out.
    pub struct ConceptExtraInfo {
        is_rankable: bool,
    }
}

message! {
    /// What to look for among concepts. `name` may end in `*`.
    pub struct ConceptQuery {
        name: String,
        language: String,
        workflow_id: String,
        use_cases: Vec<UseCase>,
        model: Option<Box<Model>>,
        workflow: Option<Value>,
        ignore_app_concepts: bool,
    }
}

message! {
    /// Asks for facts that are not given by default.
    pub struct ConceptExtraInfoRequest {
        rankable_model: Option<Box<Model>>,
    }
}

message! {
    /// How many inputs carry a concept.
    pub struct ConceptCount {
        id: String,
        name: String,
        concept_type_count: Option<ConceptTypeCount>,
        detail_concept_count: Option<DetailConceptCount>,
    }
}

message! {
    /// Positive and negative uses.
    pub struct ConceptTypeCount {
    }
    always {
        positive: u32,
        negative: u32,
    }
}

message! {
    /// The counts by the state of the inputs.
    pub struct DetailConceptCount {
        processed: Option<ConceptTypeCount>,
        to_process: Option<ConceptTypeCount>,
        errors: Option<ConceptTypeCount>,
        processing: Option<ConceptTypeCount>,
    }
}

reply! {
    /// Several concepts.
    pub struct MultiConceptResponse {
    }
    always {
        concepts: Vec<Concept>,
    }
}

reply! {
    /// One concept.
    pub struct SingleConceptResponse {
        concept: Option<Concept>,
    }
}

reply! {
    /// Uses of several concepts.
    pub struct MultiConceptCountResponse {
    }
    always {
        concept_counts: Vec<ConceptCount>,
    }
}

/// How far a concept applies, 0 to 1. Absent on the wire means 1, so it is always written.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, serde::Serialize)]
pub struct ConceptValue(pub f32);

impl ConceptValue {
    /// At or above one half a concept counts as present.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 >= 0.5
    }
}

impl Default for ConceptValue {
    fn default() -> Self {
        Self(1.0)
    }
}

impl<'de> serde::Deserialize<'de> for ConceptValue {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl serde::de::Visitor<'_> for V {
            type Value = f32;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number from 0 to 1")
            }
            /// The legacy JavaScript client sends a boolean.
            fn visit_bool<E>(self, v: bool) -> Result<f32, E> {
                Ok(f32::from(u8::from(v)))
            }
            fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<f32, E> {
                let value = v as f32;
                if value.is_finite() {
                    Ok(value)
                } else {
                    Err(E::invalid_value(serde::de::Unexpected::Float(v), &self))
                }
            }
            fn visit_i64<E>(self, v: i64) -> Result<f32, E> {
                Ok(v as f32)
            }
            fn visit_u64<E>(self, v: u64) -> Result<f32, E> {
                Ok(v as f32)
            }
        }
        d.deserialize_any(V).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_value_is_one_and_zero_is_printed() {
        let c: Concept = serde_json::from_str(r#"{"id":"cat","name":null,"later":[1]}"#).unwrap();
        assert_eq!((c.id.as_str(), c.value), ("cat", ConceptValue(1.0)));
        let off: Concept = serde_json::from_str(r#"{"id":"cat","value":false}"#).unwrap();
        assert_eq!(serde_json::to_string(&off).unwrap(), r#"{"id":"cat","value":0.0}"#);
        assert!(!off.value.is_positive());
    }
}
