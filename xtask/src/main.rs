//! Set-up, tests and benches of Labelscope.

fn main() {}
