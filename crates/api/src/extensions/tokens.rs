//! Tokens: what scripts and clients call this server with. Each can be revoked without the others.

use crate::messages::BaseResponse;
use crate::operation::operation;
use crate::wire::{Secret, Timestamp, message, reply};

message! {
    /// A token, without its text.
    pub struct Token {
        id: String,
        name: String,
        /// The last four characters, by which its owner knows it again.
        ends_with: String,
        created_at: Option<Timestamp>,
        /// To the day.
        last_used_at: Option<Timestamp>,
        /// It is the server's own, from the command line or the data folder, and cannot be revoked here.
        fixed: bool,
    }
}

reply! {
    /// A token that has just been made.
    pub struct TokenReply {
        token: Option<Token>,
        /// Its text, shown this once: the server keeps a hash.
        secret: Secret,
    }
}

reply! {
    /// All tokens.
    pub struct MultiTokenReply {}
    always {
        tokens: Vec<Token>,
    }
}

operation! {
    /// Lists the tokens, the server's own first.
    Read GET "/labelscope/v1/tokens"
    ListTokens {}
    -> MultiTokenReply
}

operation! {
    /// Makes a token.
    Once POST "/labelscope/v1/tokens"
    PostToken {
        name: String,
    }
    -> TokenReply
}

operation! {
    /// Revokes a token: calls with it are refused from now on.
    Idempotent DELETE "/labelscope/v1/tokens/{token_id}"
    DeleteToken path { token_id } {}
    -> BaseResponse
}
