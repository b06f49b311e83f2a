//! People: one file an operation.

mod get_user;

pub use get_user::GetUser;
