//! The places from which inputs are added: buckets, folders that the operator allowed, and single files.

mod answer;
#[cfg(feature = "azure")]
mod azure;
mod bucket;
mod client;
mod folder;
#[cfg(feature = "gcs")]
mod gcs;
mod s3;
mod single;

use crate::cli::Config;
use crate::fetch::Http;
use folder::Folders;
use labelscope_api::messages::DataSourceCredentials;
use labelscope_engine::{FetchError, Source, Sources};
use std::sync::Arc;
use std::time::Duration;

/// For one file of a source, which may be an archive of many gigabytes. A silent connection is given up much sooner.
const WHOLE: Duration = Duration::from_hours(1);

/// The places that a server may read.
pub(crate) struct Places {
    /// Asks the public network, or wherever else the operator permits.
    http: Arc<Http>,
    /// Are single files fetched?
    fetch: bool,
    folders: Folders,
    s3_endpoint: Option<s3::Endpoint>,
}

impl Places {
    pub fn new(config: &Config) -> Self {
        let endpoint = config.s3_endpoint.clone().map(|url| s3::Endpoint {
            url,
            // The operator's word is enough for a private address.
            http: Arc::new(Http::new(true, WHOLE)),
        });
        Self {
            http: Arc::new(Http::new(config.allow_private_fetch, WHOLE)),
            fetch: config.fetch,
            folders: Folders::new(config.allow_folder.clone(), config.data.clone()),
            s3_endpoint: endpoint,
        }
    }
}

impl Sources for Places {
    fn open(&self, url: &str, credentials: Option<&DataSourceCredentials>) -> Result<Box<dyn Source>, FetchError> {
        let Some((scheme, rest)) = url.split_once(':') else { return Err(unknown("")) };
        let keys = Keys::of(credentials)?;
        let rest = rest.strip_prefix("//");
        match (scheme.to_ascii_lowercase().as_str(), rest) {
            ("s3", Some(rest)) => s3::open(rest, &keys, self.s3_endpoint.as_ref(), &self.http),
            ("gs", Some(rest)) => self.google(rest, &keys),
            ("az" | "azure" | "abfs" | "abfss", Some(_)) => self.microsoft(url, &keys),
            ("https", Some(rest)) if is_azure(rest, &keys) => self.microsoft(url, &keys),
            ("https" | "http", Some(_)) => {
                keys.none("an address with http: or https:")?;
                if !self.fetch {
                    return Err(address("this server fetches nothing from http: and https: (--no-fetch)"));
                }
                Ok(Box::new(single::Single::open(url, self.http.clone())?))
            }
            ("file", Some(rest)) => {
                keys.none("a folder")?;
                Ok(Box::new(self.folders.open(rest)?))
            }
            (scheme, _) => Err(unknown(scheme)),
        }
    }
}

impl Places {
    #[cfg(feature = "gcs")]
    fn google(&self, rest: &str, keys: &Keys) -> Result<Box<dyn Source>, FetchError> {
        gcs::open(rest, keys, &self.http)
    }

    #[cfg(not(feature = "gcs"))]
    #[allow(clippy::unused_self, reason = "the twin above uses it")]
    fn google(&self, _: &str, _: &Keys) -> Result<Box<dyn Source>, FetchError> {
        Err(left_out("Google Cloud Storage", "gcs"))
    }

    #[cfg(feature = "azure")]
    fn microsoft(&self, url: &str, keys: &Keys) -> Result<Box<dyn Source>, FetchError> {
        azure::open(url, keys, &self.http)
    }

    #[cfg(not(feature = "azure"))]
    #[allow(clippy::unused_self, reason = "the twin above uses it")]
    fn microsoft(&self, _: &str, _: &Keys) -> Result<Box<dyn Source>, FetchError> {
        Err(left_out("Azure Blob Storage", "azure"))
    }
}

/// The credentials that came with an address, of one kind at most. Empty strings are none.
#[derive(Default)]
struct Keys<'c> {
    s3: Option<&'c labelscope_api::messages::AwsCreds>,
    #[cfg_attr(not(feature = "gcs"), allow(dead_code, reason = "only whether they are there"))]
    gcp: Option<&'c str>,
    azure: Option<&'c labelscope_api::messages::AzureBlobCreds>,
}

impl<'c> Keys<'c> {
    fn of(credentials: Option<&'c DataSourceCredentials>) -> Result<Self, FetchError> {
        let Some(credentials) = credentials else { return Ok(Self::default()) };
        let keys = Self {
            s3: credentials.s3_creds.as_ref(),
            gcp: Some(credentials.gcp_creds.0.as_str()).filter(|key| !key.is_empty()),
            azure: credentials.azure_blob_creds.as_ref(),
        };
        let many = u8::from(keys.s3.is_some()) + u8::from(keys.gcp.is_some()) + u8::from(keys.azure.is_some());
        if many > 1 {
            return Err(address("credentials are of one kind: s3_creds, gcp_creds or azure_blob_creds"));
        }
        Ok(keys)
    }

    /// Fails if there are any.
    fn none(&self, what: &str) -> Result<(), FetchError> {
        self.only(&[], what)
    }

    /// Fails if there are some of a kind that is not among these.
    fn only(&self, kinds: &[&str], what: &str) -> Result<(), FetchError> {
        let there = [
            ("s3_creds", self.s3.is_some()),
            ("gcp_creds", self.gcp.is_some()),
            ("azure_blob_creds", self.azure.is_some()),
        ];
        match there.iter().find(|(kind, there)| *there && !kinds.contains(kind)) {
            Some((kind, _)) => Err(FetchError::Address(format!("{what} is not opened with {kind}"))),
            None => Ok(()),
        }
    }
}

/// Does an address that begins with https: mean a container of Azure, and not a file in it?
fn is_azure(rest: &str, keys: &Keys) -> bool {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let theirs = host.ends_with(".blob.core.windows.net") || host.ends_with(".dfs.core.windows.net");
    // With a query it carries its own permission, for one file.
    theirs && (keys.azure.is_some() || (!path.contains('?') && (path.ends_with('/') || !path.contains('/'))))
}

fn address(text: &str) -> FetchError {
    FetchError::Address(text.to_owned())
}

fn unknown(scheme: &str) -> FetchError {
    FetchError::Address(format!(
        "the url begins with {:?}; what works is s3://bucket/prefix, https:// and http:// for one file, file:/// below an allowed \
         folder (--allow-folder), and, where the server was built with them, gs:// (feature gcs), az:// and abfs:// (feature azure)",
        format!("{}:", scheme.chars().take(20).collect::<String>())
    ))
}

#[cfg(not(all(feature = "gcs", feature = "azure")))]
fn left_out(what: &str, feature: &str) -> FetchError {
    FetchError::Address(format!("{what} is not in this build of the server; build it with `--features {feature}`"))
}

/// A bucket's name, which goes into an address.
fn bucket_name<'a>(name: &'a str, what: &str) -> Result<&'a str, FetchError> {
    let sound = (3..=222).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '$')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.$".contains(&b));
    if sound {
        Ok(name)
    } else {
        Err(FetchError::Address(format!("the url must name {what}, by letters, digits, dots and dashes")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use labelscope_api::messages::AzureBlobCreds;

    #[test]
    fn a_container_of_azure_is_told_from_a_file_in_it() {
        let creds = AzureBlobCreds::default();
        let signed = Keys { azure: Some(&creds), ..Keys::default() };
        let none = Keys::default();
        assert!(is_azure("a.blob.core.windows.net/box/pre", &signed));
        assert!(is_azure("a.blob.core.windows.net/box", &none));
        assert!(is_azure("a.dfs.core.windows.net/box/pre/", &none));
        assert!(!is_azure("a.blob.core.windows.net/box/x.jpg?sig=1", &none));
        assert!(!is_azure("a.blob.core.windows.net/box/x.jpg", &none));
        assert!(!is_azure("evil.example/a.blob.core.windows.net", &signed));
    }
}
