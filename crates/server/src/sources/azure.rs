//! Azure Blob Storage.

use super::bucket::Bucket;
use super::client::{Client, retries};
use super::{Keys, address, bucket_name};
use crate::fetch::Http;
use labelscope_engine::{FetchError, Source};
use object_store::azure::MicrosoftAzureBuilder;
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// Where a container is, by its address.
#[derive(Debug, PartialEq, Eq)]
struct Where {
    account: Option<String>,
    container: String,
    prefix: String,
}

/// Opens a container below a prefix, with the key of the account or unsigned.
pub(super) fn open(url: &str, keys: &Keys, http: &Arc<Http>) -> Result<Box<dyn Source>, FetchError> {
    keys.only(&["azure_blob_creds"], "an address of Azure")?;
    let place = parse(url)?;
    let named = keys.azure.map(|c| c.account_name.as_str()).filter(|name| !name.is_empty());
    let account = match (named, place.account) {
        (Some(named), Some(found)) if named != found => {
            return Err(address("the url and azure_blob_creds name different accounts"));
        }
        (Some(named), _) => named.to_owned(),
        (None, Some(found)) => found,
        (None, None) => return Err(address("the account is missing: name it in azure_blob_creds.account_name")),
    };
    // It goes into the name of a host.
    if !account.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) || account.len() > 24 {
        return Err(address("the account's name has lowercase letters and digits alone"));
    }
    let container = bucket_name(&place.container, "a container")?;
    let key = keys.azure.map(|c| c.account_key.0.as_str()).filter(|key| !key.is_empty());
    let builder = MicrosoftAzureBuilder::new()
        .with_http_connector(Client { http: http.clone(), plain: false })
        .with_retry(retries())
        .with_account(&account)
        .with_container_name(container);
    let builder = match key {
        Some(key) => builder.with_access_key(key),
        None => builder.with_skip_signature(true),
    };
    // The builder's own words are not passed on: they might quote what was sent.
    let store = builder.build().map_err(|_| address("azure_blob_creds.account_key is no key of an account"))?;
    Ok(Box::new(Bucket {
        place: Box::new(Arc::new(store)),
        name: format!("the container \"{container}\""),
        signed: key.is_some(),
        prefix: place.prefix,
    }))
}

/// `az://container/prefix`, `abfs[s]://container@account.dfs.core.windows.net/prefix`, or
/// `https://account.blob.core.windows.net/container/prefix`.
fn parse(url: &str) -> Result<Where, FetchError> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let account = |host: &str| {
        let name = host.strip_suffix(".blob.core.windows.net").or(host.strip_suffix(".dfs.core.windows.net"));
        name.map(str::to_owned).ok_or_else(|| address("the host is none of Azure Blob Storage"))
    };
    if scheme.eq_ignore_ascii_case("https") {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8().map_err(|_| address("the url is not UTF-8"))?;
        let (container, prefix) = path.split_once('/').unwrap_or((&path, ""));
        return Ok(Where { account: Some(account(host)?), container: container.to_owned(), prefix: prefix.to_owned() });
    }
    let (container, account) = match host.split_once('@') {
        Some((container, host)) => (container, Some(account(host)?)),
        None => (host, None),
    };
    Ok(Where { account, container: container.to_owned(), prefix: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_write_an_address() {
        let at = |account: Option<&str>| Where {
            account: account.map(str::to_owned),
            container: "photos".to_owned(),
            prefix: "summer/a b".to_owned(),
        };
        assert_eq!(parse("az://photos/summer/a b").unwrap(), at(None));
        assert_eq!(parse("abfss://photos@me.dfs.core.windows.net/summer/a b").unwrap(), at(Some("me")));
        assert_eq!(parse("https://me.blob.core.windows.net/photos/summer/a%20b").unwrap(), at(Some("me")));
        assert!(parse("abfs://photos@me.evil.example/summer").is_err());
    }
}
