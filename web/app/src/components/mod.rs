//! The component set: native elements in the workbench's dress. Components take signals and values, and give callbacks.

mod choice;
mod chosen_columns;
mod confirm;
mod dialog;
mod error_panel;
mod icon;
mod overlay;
mod pill;
mod popover;
mod progress;
mod text_field;
mod toasts;
pub mod virtual_table;

pub use choice::Choice;
pub use chosen_columns::{ChosenColumns, ColumnChooser};
pub use confirm::Confirm;
pub use dialog::Dialog;
pub use error_panel::ErrorPanel;
pub use icon::Icon;
pub use overlay::{Outline, Overlay, Shape, labels_at, labels_that_fit};
pub use pill::{Pill, Tone};
pub use popover::Popover;
pub use progress::Progress;
pub use text_field::TextField;
pub use toasts::{Action, Message, Toasts};
pub use virtual_table::{Column, Marks, VirtualTable};
