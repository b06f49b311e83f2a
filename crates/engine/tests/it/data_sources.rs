//! Inputs out of data sources.
