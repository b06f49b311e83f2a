//! Jobs that add inputs.
