//! Places from which inputs are added, with what opens them.

use super::{Input, InputIdConflictResolution};
use crate::wire::{Secret, message};

message! {
    /// A place to add inputs from, and what they are to become.
    pub struct InputsDataSource {
        inputs_add_job_id: String,
        url: Option<DataSourceUrl>,
        input_id_conflict_resolution: InputIdConflictResolution,
        input_template: Option<Box<Input>>,
    }
}

message! {
    /// An address (a prefix: all below it counts) and what opens it.
    pub struct DataSourceUrl {
        url: String,
        credentials: Option<DataSourceCredentials>,
    }
}

message! {
    /// What opens a place: one of three kinds.
    pub struct DataSourceCredentials {
        s3_creds: Option<AwsCreds>,
        gcp_creds: Secret,
        azure_blob_creds: Option<AzureBlobCreds>,
    }
}

message! {
    /// An access key of S3.
    pub struct AwsCreds {
        region: String,
        id: Secret,
        secret: Secret,
        token: Secret,
    }
}

message! {
    /// An access key of Azure Blob Storage.
    pub struct AzureBlobCreds {
        account_name: String,
        account_key: Secret,
    }
}
