//! Archives, written and read entry by entry.

mod error;
mod kind;
mod member;
mod names;
mod read;
mod tape;
mod walk;
mod write;

pub use error::{Error, Limits};
pub use kind::{HEAD, Kind, kind_of};
pub use names::{clean_name, is_hidden};
pub use read::Reader;
pub use walk::{Member, Sum, Walk};
pub use write::Writer;
