//! Dataset files, streamed: COCO and Clarifai archives.
