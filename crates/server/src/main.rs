//! The binary labelscope: the engine over HTTP, and the workbench.

fn main() {}
