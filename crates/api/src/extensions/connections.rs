//! Connections: other servers of the API, to which this one passes calls on with a token that it alone holds.

use crate::messages::BaseResponse;
use crate::operation::operation;
use crate::wire::{Secret, Timestamp, message, reply};

message! {
    /// A server of the API. Calls go to `/labelscope/v1/gateway/{id}/v2/…` and are passed on from there.
    pub struct Connection {
        /// Part of the path; made from the name where none is sent.
        id: String,
        name: String,
        /// Scheme, host and port: `https://api.clarifai.com`.
        base_url: String,
        /// Hosts from which the files of inputs are fetched, besides that of `base_url`. The token is not sent there.
        media_hosts: Vec<String>,
        /// The user and the app to open first.
        user_id: String,
        app_id: String,
        /// The server holds a token for it.
        has_token: bool,
        /// It stands on the command line, and cannot be changed.
        fixed: bool,
        created_at: Option<Timestamp>,
    }
}

reply! {
    /// One connection.
    pub struct ConnectionReply {
        connection: Option<Connection>,
    }
}

reply! {
    /// All connections.
    pub struct MultiConnectionReply {}
    always {
        connections: Vec<Connection>,
    }
}

operation! {
    /// Lists the connections, those of the command line first.
    Read GET "/labelscope/v1/connections"
    ListConnections {}
    -> MultiConnectionReply
}

operation! {
    /// Adds a connection. The token is kept by the server, and never shown again.
    Once POST "/labelscope/v1/connections"
    PostConnection {
        connection: Option<Connection>,
        token: Secret,
    }
    -> ConnectionReply
}

operation! {
    /// Changes a connection. Without a token the old one stays, unless the address changes.
    Idempotent PATCH "/labelscope/v1/connections/{connection_id}"
    PatchConnection path { connection_id } {
        connection: Option<Connection>,
        token: Secret,
    }
    -> ConnectionReply
}

operation! {
    /// Deletes a connection and its token.
    Idempotent DELETE "/labelscope/v1/connections/{connection_id}"
    DeleteConnection path { connection_id } {}
    -> BaseResponse
}

operation! {
    /// Asks the other side who the token belongs to. The reply's status is the other side's; `user_id` is what it answered.
    Idempotent POST "/labelscope/v1/connections/{connection_id}/test"
    TestConnection path { connection_id } {}
    -> ConnectionReply
}
