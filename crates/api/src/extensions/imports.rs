use super::JobReply;
use crate::operation::operation;
use crate::wire::{Int64, Timestamp, message};

message! {
    /// A file that has arrived for an import.
    pub struct ImportFile {
        name: String,
        received_at: Option<Timestamp>,
    }
    always {
        bytes: Int64,
    }
}

message! {
    /// What an import is to do.
    pub struct Import {
        /// The dataset that the inputs join; made when it is not there.
        dataset_id: String,
        /// `coco`, a dataset in COCO's instances format, where nothing is said. With `model_version_id` the file holds predictions:
        /// `coco_results`, `csv` or `clarifai`; where nothing is said, the file itself tells.
        format: String,
        /// The file that holds the annotations or predictions, as named when it was sent. With one such file it may be left out.
        annotations_file: String,
        /// Whose predictions these are. Model and version are made where they are not there.
        model_id: String,
        model_version_id: String,
        /// Of a model that is made: `visual-detector` or `visual-classifier`, say. Where nothing is said, the file itself tells.
        model_type_id: String,
        /// Predictions on inputs or of concepts that are not in the dataset are left out and reported. Otherwise one of
        /// them stops the import.
        skip_unknown: bool,
        /// The files that have arrived.
        files: Vec<ImportFile>,
    }
}

message! {
    /// What an import did, and what it found.
    pub struct ImportResult {
        /// Images of the file whose picture was not among the files, by name; at most 100.
        missing_media: Vec<String>,
        /// Pictures that no image of the file names; at most 100.
        unused_media: Vec<String>,
        /// Things worth a look that did not stop the import, with their place; at most 100.
        warnings: Vec<String>,
        /// True where the file says what is there already.
        unchanged: bool,
        /// Inputs of the predictions that are not in the dataset, as the file names them; at most 100.
        unknown_inputs: Vec<String>,
        /// Concepts of the predictions that nobody knows, as the file names them; at most 100.
        unknown_concepts: Vec<String>,
        /// So many inputs and concepts are unknown.
        unknown_inputs_count: Int64,
        unknown_concepts_count: Int64,
        /// Predictions that were read and kept, and those of an earlier import that they replaced.
        predictions_added: Int64,
        predictions_replaced: Int64,
        /// Predictions that were left out, since their input or concept is unknown.
        predictions_skipped: Int64,
    }
    always {
        inputs_added: Int64,
        inputs_changed: Int64,
        inputs_unchanged: Int64,
        /// Inputs that were there and have joined this dataset.
        inputs_joined: Int64,
        annotations_added: Int64,
        annotations_changed: Int64,
        annotations_unchanged: Int64,
        concepts_added: Int64,
        media_added: Int64,
        missing_media_count: Int64,
    }
}

operation! {
    /// Makes an import, which waits for its files: each goes to [`super::IMPORT_FILE_PATH`]; [`StartImport`] begins.
    Once POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/imports"
    PostImports {
        import: Option<Import>,
    }
    -> JobReply
}

operation! {
    /// Begins an import whose files have arrived. The whole is validated before anything is written.
    Idempotent POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/imports/{import_id}/start"
    StartImport path { import_id } {}
    -> JobReply
}

operation! {
    /// Imports the sample project: photographs of rooms with their boxes, which come with the server. A second job follows it
    /// and imports what a detector said of them.
    Once POST "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/imports/sample"
    PostSampleImport {}
    -> JobReply
}
