//! ZIP archives, written and read entry by entry.

mod names;
mod read;
mod write;

pub use names::clean_name;
pub use read::{Error, Limits, Reader};
pub use write::Writer;
