//! Detection: boxes and masks, matched and counted as COCO does.
//!
//! All begins with [`overlaps`], once for boxes or masks. From them [`evaluate`] gives COCO's figures over ranges of
//! overlaps and areas, and [`matches`] says at one overlap what became of each object; counts, curves, the matrix and the
//! kinds of errors follow from those matches.
//!
//! # What a threshold changes
//!
//! Both ways to match take predictions by falling score. So a prediction is never influenced by one below it, and the
//! matches of all predictions serve every threshold: those above it have the partners that they would have alone. The
//! overlap, the way to match, the range of areas and boxes or masks change matches; the threshold does not. (Equal scores
//! pass a threshold together.)

mod accumulate;
mod confusion;
mod counting;
mod errors;
mod evaluation;
mod froc;
mod groups;
mod matching;
mod overlaps;
mod params;
mod ranking;
mod summary;

pub use confusion::confusion;
pub use counting::{counts, counts_by_input};
pub use errors::{ErrorKind, ErrorRule, Errors, Mistake, errors};
pub use evaluation::{Evaluation, evaluate};
pub use froc::{FrocPoint, froc};
pub use matching::{Match, Matches, Matching, Met, Outcome, Rule, matches};
pub use overlaps::{Overlap, Overlaps, overlaps};
pub use params::{Area, Params, RECALL_POINTS, coco_ious, recall_point};
pub use ranking::{Interpolated, Point, Ranking, rankings};
pub use summary::{ClassFigures, CocoSummary};
