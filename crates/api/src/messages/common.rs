//! What many messages share: scope, pages, visibility.

use crate::wire::{message, open_enum};

open_enum! {
    /// Who may read a resource.
    pub enum Gettable {
        UNKNOWN_VISIBILITY = 0,
        PRIVATE = 10,
        ORG = 30,
        PUBLIC = 50,
    }
}

message! {
    /// The user and the app that a call is about. `me` is the owner of the credential.
    pub struct UserAppIdSet {
        user_id: String,
        app_id: String,
    }
}

message! {
    /// Which page of a search, counted from 1.
    pub struct Pagination {
        page: u32,
        per_page: u32,
    }
}

message! {
    /// Who may see a resource.
    pub struct Visibility {
        gettable: Gettable,
    }
}
