//! The wire of the Clarifai v2 data API: messages and operations, pure.
