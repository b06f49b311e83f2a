//! The API answered from SQLite, every write a revision.
