//! Classification and hierarchies, held against reference figures, against its definitions, and against what must always hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::float_cmp)]

mod by_definition;
mod digits;
mod golden;
mod hierarchies;
mod invariants;
mod matrices;
mod singles;
mod tables;
