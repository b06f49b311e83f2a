//! The Labelscope workbench.

fn main() {}
