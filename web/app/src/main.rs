//! The Labelscope workbench.

fn main() {
    labelscope_app::start();
}
