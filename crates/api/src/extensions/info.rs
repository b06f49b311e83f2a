use crate::operation::operation;
use crate::wire::{message, reply};

message! {
    /// What a server is and can do.
    pub struct Info {
        /// `labelscope` for our own server.
        server: String,
        version: String,
        /// `local` (the embedded engine) or `gateway`.
        mode: String,
        /// The user who is signed in.
        user_id: String,
        /// The app to open when the address names none.
        default_app_id: String,
        /// Flags of [`super::ALL`].
        capabilities: Vec<String>,
    }
}

reply! {
    /// What a server is and can do.
    pub struct InfoReply {
        info: Option<Info>,
    }
}

operation! {
    /// Tells what the server is, who is signed in, and which extensions it has.
    Read GET "/labelscope/v1/info"
    GetInfo {}
    -> InfoReply
}
