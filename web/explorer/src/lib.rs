//! What the pages of evaluations show, computed from test sets and settings. Pure, so that it is tested natively and runs in
//! the worker.
