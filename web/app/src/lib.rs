//! The Labelscope workbench: pages wire data to components; components know no data.

#![allow(clippy::needless_pass_by_value, reason = "components own their properties")]

mod app;
mod appearance;
pub mod charts;
pub mod components;
mod data;
mod explore;
mod format;
mod languages;
mod lazy;
mod pages;
mod palette;
mod panic;
mod routes;
mod switch;
mod worker;

/// Puts the workbench into the page.
pub fn start() {
    panic::install();
    leptos::mount::mount_to_body(app::App);
}
