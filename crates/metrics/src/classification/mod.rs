//! Single- and multi-label classification, from scores of N inputs for C classes.
