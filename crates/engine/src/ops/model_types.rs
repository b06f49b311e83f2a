use crate::fault::Fault;
use crate::tx::{Tx, page};
use labelscope_api::messages::{EvaluationType, ModelType, MultiModelTypeResponse, SingleModelTypeResponse};
use labelscope_api::operations::{GetModelType, ListModelTypes};

/// A kind of models: id, title, what goes in, what comes out, how it is measured.
struct Kind {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    input: &'static str,
    output: &'static str,
    evaluation: EvaluationType,
}

macro_rules! kinds {
    ($( $id:literal, $title:literal, $input:literal => $output:literal, $evaluation:ident, $description:literal; )*) => {
        /// The kinds whose predictions can be kept here. Of others only the id is kept.
        const KINDS: &[Kind] = &[$(
            Kind {
                id: $id,
                title: $title,
                description: $description,
                input: $input,
                output: $output,
                evaluation: EvaluationType::$evaluation,
            },
        )*];
    };
}

kinds! {
    "visual-classifier", "Visual Classifier", "image" => "concepts", Classification, "Says which concepts are in an image.";
    "embedding-classifier", "Transfer Learning Classifier", "embeddings" => "concepts", Classification, "Says which concepts are in an input, from its embedding.";
    "visual-detector", "Visual Detector", "image" => "regions[...].data.concepts", Detection, "Finds objects in an image, and says where they are.";
    "visual-segmenter", "Visual Segmenter", "image" => "regions[...].data.concepts", Segmentation, "Finds the pixels of an image that belong to a concept.";
    "visual-embedder", "Visual Embedder", "image" => "embeddings", Undefined, "Makes a vector of an image.";
    "visual-anomaly-detector", "Visual Anomaly Detector", "image" => "concepts", Classification, "Says whether an image is out of the ordinary.";
    "visual-keypointer", "Visual Keypointer", "image" => "regions[...].data.concepts", Detection, "Finds named points in an image.";
    "text-classifier", "Text Classifier", "text" => "concepts", Classification, "Says which concepts a text is about.";
    "text-token-classifier", "Text Token Classifier", "text" => "regions[...].data.concepts", Undefined, "Says which concepts the words of a text belong to.";
    "text-embedder", "Text Embedder", "text" => "embeddings", Undefined, "Makes a vector of a text.";
    "text-to-text", "Text To Text", "text" => "text", Generation, "Makes a text of a text.";
    "audio-classifier", "Audio Classifier", "audio" => "concepts", Classification, "Says which concepts are heard in a sound.";
    "audio-to-text", "Audio To Text", "audio" => "text", Undefined, "Writes down what is spoken.";
    "audio-embedder", "Audio Embedder", "audio" => "embeddings", Undefined, "Makes a vector of a sound.";
    "video-classifier", "Video Classifier", "video" => "concepts", Classification, "Says which concepts are in a video.";
    "multimodal-embedder", "Multimodal Embedder", "image" => "embeddings", Undefined, "Makes vectors of images and texts that can be compared.";
}

impl Kind {
    fn message(&self) -> ModelType {
        ModelType {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            description: self.description.to_owned(),
            input_fields: vec![self.input.to_owned()],
            output_fields: vec![self.output.to_owned()],
            // It can be registered; nothing is trained here.
            creatable: true,
            evaluation_type: self.evaluation,
            ..ModelType::default()
        }
    }
}

/// How models of a type are measured. Types that are not listed go by their name.
pub(crate) fn evaluation_type(id: &str) -> EvaluationType {
    let by_name = || match id {
        _ if id.contains("detector") => EvaluationType::Detection,
        _ if id.contains("segmenter") => EvaluationType::Segmentation,
        _ if id.contains("classifier") => EvaluationType::Classification,
        _ => EvaluationType::Undefined,
    };
    KINDS.iter().find(|kind| kind.id == id).map_or_else(by_name, |kind| kind.evaluation)
}

/// The types that have all of these fields in or out.
pub(crate) fn with_fields(fields: &[String], output: bool) -> impl Iterator<Item = &'static str> {
    let has = move |kind: &&Kind| fields.iter().all(|f| f == if output { kind.output } else { kind.input });
    KINDS.iter().filter(has).map(|kind| kind.id)
}

pub(crate) fn list(tx: &Tx<'_>, op: ListModelTypes) -> Result<MultiModelTypeResponse, Fault> {
    tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let model_types = KINDS.iter().skip(offset as usize).take(limit as usize).map(Kind::message).collect();
    Ok(MultiModelTypeResponse { model_types, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetModelType) -> Result<SingleModelTypeResponse, Fault> {
    tx.app(&op.user_app_id)?;
    let kind = KINDS.iter().find(|kind| kind.id == op.model_type_id);
    let kind = kind.ok_or_else(|| Fault::not_found("model type", &op.model_type_id))?;
    Ok(SingleModelTypeResponse { model_type: Some(kind.message()), ..Default::default() })
}
