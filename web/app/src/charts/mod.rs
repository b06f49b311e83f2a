//! Charts: each draws what it is given, tells it in words too, and has a table as its twin.
//!
//! They know nothing of evaluations' data but the plain types here; what a page gets from the worker is put into them by
//! functions beside those types.

mod bars;
mod dumbbell;
mod heatmap;
mod interval;
mod lines;
mod long_table;
mod looks;
mod measure;
mod print;
mod reliability;
mod scale;
mod slider;
mod twin;
mod two_by_two;

pub use bars::Bar;
pub use dumbbell::{Change, Dumbbell};
pub use heatmap::{Colours, End, Heatmap, Matrix, Scheme};
pub use interval::{Interval, Way};
pub use lines::{Line, LineChart, Lines, Stroke, points};
pub use long_table::LongTable;
pub use print::Print;
pub use reliability::Reliability;
pub use slider::Slider;
pub use twin::{Head, Table, Twin, csv, save};
pub use two_by_two::{Corner, TwoByTwo};
