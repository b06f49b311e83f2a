//! The npm package labelscope.
