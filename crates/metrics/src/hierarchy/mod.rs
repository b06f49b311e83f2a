//! Figures that know how near two concepts are.
//!
//! [`Hierarchy`] is made of pairs of a narrower and a broader class; a class may have several broader ones. Over it:
//! [`ancestor_figures`] (sets of classes with all that is broader), [`distance_figures`] (a near miss earns a part), and
//! [`Hierarchy::right_at_level`].

mod figures;
mod graph;

pub use figures::{HierarchyFigures, ancestor_figures, distance_figures};
pub use graph::{Hierarchy, HierarchyError};
