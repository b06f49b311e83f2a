//! Figures that know how near two concepts are.
