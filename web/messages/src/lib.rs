//! What the workbench and its worker say to each other.
