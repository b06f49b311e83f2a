//! Google Cloud Storage.

use super::bucket::Bucket;
use super::client::{Client, retries};
use super::{Keys, address, bucket_name};
use crate::fetch::Http;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use labelscope_engine::{FetchError, Source};
use object_store::StaticCredentialProvider;
use object_store::gcp::{GcpCredential, GoogleCloudStorageBuilder};
use std::sync::Arc;

/// Opens `bucket/prefix`, with the JSON of a service account or unsigned.
pub(super) fn open(rest: &str, keys: &Keys, http: &Arc<Http>) -> Result<Box<dyn Source>, FetchError> {
    keys.only(&["gcp_creds"], "an address with gs:")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let bucket = bucket_name(bucket, "a bucket")?;
    let builder = GoogleCloudStorageBuilder::new()
        .with_http_connector(Client { http: http.clone(), plain: false })
        .with_retry(retries())
        .with_bucket_name(bucket);
    let builder = match keys.gcp {
        Some(key) => builder.with_service_account_key(account(key)?),
        // Named, so that the files and the metadata server of this machine are not looked into.
        None => builder
            .with_skip_signature(true)
            .with_credentials(Arc::new(StaticCredentialProvider::new(GcpCredential { bearer: String::new() }))),
    };
    // The builder's own words are not passed on: they might quote what was sent.
    let store = builder.build().map_err(|_| address("gcp_creds is not the key of a service account, as JSON"))?;
    Ok(Box::new(Bucket {
        place: Box::new(Arc::new(store)),
        name: format!("the bucket \"{bucket}\""),
        signed: keys.gcp.is_some(),
        prefix: prefix.to_owned(),
    }))
}

/// The JSON, which is bytes on the wire and so comes in base64.
fn account(key: &str) -> Result<String, FetchError> {
    if key.trim_start().starts_with('{') {
        return Ok(key.to_owned());
    }
    let bytes = BASE64_STANDARD.decode(key.trim()).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| address("gcp_creds is not in base64"))
}
