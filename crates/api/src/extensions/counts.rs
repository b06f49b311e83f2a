use crate::operation::operation;
use crate::wire::{Int64, message, reply};

message! {
    /// How much an app holds now.
    pub struct AppCounts {}
    always {
        concepts: Int64,
        datasets: Int64,
        inputs: Int64,
        /// Jobs that are queued or running.
        active_jobs: Int64,
        /// The number of the app's last revision.
        revision: Int64,
    }
}

reply! {
    /// How much an app holds now.
    pub struct AppCountsReply {
        counts: Option<AppCounts>,
    }
}

operation! {
    /// Counts what an app holds, from counters that are kept with each write.
    Read GET "/labelscope/v1/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/counts"
    GetAppCounts {}
    -> AppCountsReply
}
