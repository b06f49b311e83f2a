//! Heavy work off the main thread of the workbench.

fn main() {}
