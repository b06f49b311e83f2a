//! The component set: native elements in the workbench's dress. Components take signals and values, and give callbacks.

mod dialog;
mod error_panel;
mod icon;
mod overlay;
mod pill;
mod progress;
mod toasts;
pub mod virtual_table;

pub use dialog::Dialog;
pub use error_panel::ErrorPanel;
pub use icon::Icon;
pub use overlay::{Outline, Overlay, Shape, labels_at, labels_that_fit};
pub use pill::{Pill, Tone};
pub use progress::Progress;
pub use toasts::Toasts;
pub use virtual_table::{Column, VirtualTable};
