//! Amazon's S3, and stores that speak as it does.

use super::answer::is_region;
use super::bucket::{Bucket, Place, Store};
use super::client::{Client, retries};
use super::{Keys, address, bucket_name};
use crate::fetch::Http;
use labelscope_engine::{FetchError, Source};
use object_store::aws::AmazonS3Builder;
use parking_lot::Mutex;
use std::sync::Arc;

const REGION: &str = "us-east-1";

/// Another store than Amazon's, which the operator has named.
pub(super) struct Endpoint {
    pub url: String,
    pub http: Arc<Http>,
}

/// A bucket and the region where we look for it.
struct S3 {
    builder: AmazonS3Builder,
    /// At Amazon the region decides on the host.
    at_amazon: bool,
    found: Mutex<(String, Arc<dyn Store>)>,
}

/// Opens `bucket/prefix`. Without credentials requests are not signed: the server's own environment is never looked into.
pub(super) fn open(
    rest: &str,
    keys: &Keys,
    endpoint: Option<&Endpoint>,
    http: &Arc<Http>,
) -> Result<Box<dyn Source>, FetchError> {
    keys.only(&["s3_creds"], "an address with s3:")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let bucket = bucket_name(bucket, "a bucket")?;
    let client = Client {
        http: endpoint.map_or(http, |e| &e.http).clone(),
        plain: endpoint.is_some_and(|e| e.url.starts_with("http://")),
    };
    let mut builder = AmazonS3Builder::new()
        .with_http_connector(client)
        .with_retry(retries())
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(false);
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(&endpoint.url).with_allow_http(true);
    }
    let region = keys.s3.map_or("", |c| c.region.as_str());
    let region = if region.is_empty() { REGION } else { region };
    if !is_region(region) {
        return Err(address("s3_creds.region is no name of a region, such as eu-west-1"));
    }
    let signed = keys.s3.is_some_and(|c| !(c.id.0.is_empty() && c.secret.0.is_empty() && c.token.0.is_empty()));
    match keys.s3 {
        Some(creds) if signed => {
            if creds.id.0.is_empty() || creds.secret.0.is_empty() {
                return Err(address("s3_creds needs both id and secret"));
            }
            // They go into a header.
            if [&creds.id, &creds.secret, &creds.token].iter().any(|s| !s.0.bytes().all(|b| b.is_ascii_graphic())) {
                return Err(address("s3_creds holds a character that no key has; look for spaces and line ends"));
            }
            builder = builder.with_access_key_id(&creds.id.0).with_secret_access_key(&creds.secret.0);
            if !creds.token.0.is_empty() {
                builder = builder.with_token(&creds.token.0);
            }
        }
        _ => builder = builder.with_skip_signature(true),
    }
    let at_amazon = endpoint.is_none();
    let store = build(&builder, region, at_amazon)?;
    let s3 = S3 { builder, at_amazon, found: Mutex::new((region.to_owned(), store)) };
    Ok(Box::new(Bucket {
        place: Box::new(s3),
        name: format!("the bucket \"{bucket}\""),
        signed,
        prefix: prefix.to_owned(),
    }))
}

fn build(builder: &AmazonS3Builder, region: &str, at_amazon: bool) -> Result<Arc<dyn Store>, FetchError> {
    let mut builder = builder.clone().with_region(region);
    // The regions of China have a domain of their own.
    if at_amazon && region.starts_with("cn-") {
        builder = builder.with_endpoint(format!("https://s3.{region}.amazonaws.com.cn"));
    }
    // The builder's own words are not passed on: they might quote what was sent.
    let store = builder.build().map_err(|_| address("the bucket and s3_creds do not fit together"))?;
    Ok(Arc::new(store))
}

impl Place for S3 {
    fn store(&self) -> Arc<dyn Store> {
        self.found.lock().1.clone()
    }

    fn move_to(&self, region: &str) -> bool {
        let mut found = self.found.lock();
        if found.0 == region {
            return false;
        }
        match build(&self.builder, region, self.at_amazon) {
            Ok(store) => {
                *found = (region.to_owned(), store);
                true
            }
            Err(_) => false,
        }
    }
}
