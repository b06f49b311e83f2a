//! Inputs that lie elsewhere: below a prefix of a bucket, a site or a folder. The server fetches them. Keys are sent once and
//! kept nowhere.

use super::common::Common;
use crate::data::{Context, mutate, scope};
use labelscope_api::messages::{AwsCreds, AzureBlobCreds, DataSourceCredentials, DataSourceUrl, InputsDataSource};
use labelscope_api::operations::PostInputsDataSources;
use labelscope_api::wire::Secret;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// What opens a place, by its address.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    S3,
    Google,
    Azure,
    /// Nothing: sites and folders.
    Open,
}

fn kind(url: &str) -> Kind {
    let url = url.trim().to_ascii_lowercase();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let azure = [".blob.core.windows.net", ".dfs.core.windows.net"];
    match scheme {
        "s3" => Kind::S3,
        "gs" => Kind::Google,
        "az" | "azure" | "abfs" | "abfss" => Kind::Azure,
        // With a query it carries its own permission.
        "https" if azure.iter().any(|end| host.ends_with(end)) && !rest.contains('?') => Kind::Azure,
        _ => Kind::Open,
    }
}

/// The fields.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub url: RwSignal<String>,
    call_back: RwSignal<String>,
    region: RwSignal<String>,
    account: RwSignal<String>,
    /// Key id, secret and token of S3; the first is the key of Azure.
    secrets: [RwSignal<String>; 3],
    key_file: RwSignal<Option<File>, LocalStorage>,
}

impl Place {
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            url: text(),
            call_back: text(),
            region: text(),
            account: text(),
            secrets: [text(), text(), text()],
            key_file: RwSignal::new_local(None),
        }
    }

    pub fn clear(self) {
        for field in [self.url, self.call_back, self.region, self.account] {
            field.set(String::new());
        }
        self.forget();
    }

    /// Lets go of every key.
    pub fn forget(self) {
        for secret in self.secrets {
            secret.set(String::new());
        }
        self.key_file.set(None);
    }

    async fn credentials(self) -> Result<Option<DataSourceCredentials>, String> {
        let [id, secret, token] = self.secrets.map(|s| s.get_untracked().trim().to_owned());
        let mut credentials = DataSourceCredentials::default();
        match kind(&self.url.get_untracked()) {
            Kind::S3 if id.is_empty() != secret.is_empty() => {
                return Err("An access key has an id and a secret; leave both empty for a public bucket.".to_owned());
            }
            Kind::S3 if !id.is_empty() => {
                credentials.s3_creds = Some(AwsCreds {
                    region: self.region.get_untracked().trim().to_owned(),
                    id: Secret(id),
                    secret: Secret(secret),
                    token: Secret(token),
                });
            }
            Kind::S3 => {
                let region = self.region.get_untracked().trim().to_owned();
                credentials.s3_creds = (!region.is_empty()).then(|| AwsCreds { region, ..AwsCreds::default() });
            }
            Kind::Azure => {
                let account_name = self.account.get_untracked().trim().to_owned();
                if account_name.is_empty() && id.is_empty() {
                    return Ok(None);
                }
                credentials.azure_blob_creds = Some(AzureBlobCreds { account_name, account_key: Secret(id) });
            }
            Kind::Google => {
                if let Some(file) = self.key_file.get_untracked() {
                    let unreadable = "The key file cannot be read; choose it again.";
                    let text = JsFuture::from(file.text()).await.ok().and_then(|t| t.as_string()).ok_or(unreadable)?;
                    // The field holds bytes, and those are Base64 on the wire.
                    let coded = web_sys::window().and_then(|w| w.btoa(&text).ok()).ok_or(unreadable)?;
                    credentials.gcp_creds = Secret(coded);
                }
            }
            Kind::Open => {}
        }
        Ok(Some(credentials).filter(|c| *c != DataSourceCredentials::default()))
    }

    /// Begins it, and gives the add job.
    pub async fn send(self, context: Context, common: Common) -> Result<String, String> {
        let credentials = self.credentials().await?;
        let source = InputsDataSource {
            url: Some(DataSourceUrl { url: self.url.get_untracked().trim().to_owned(), credentials }),
            input_id_conflict_resolution: common.conflict(),
            input_template: common.template(),
            ..InputsDataSource::default()
        };
        let op = PostInputsDataSources {
            user_app_id: scope(context),
            data_sources: vec![source],
            call_back_url: self.call_back.get_untracked().trim().to_owned(),
            ..PostInputsDataSources::default()
        };
        self.forget();
        let reply = mutate(context, &op).await.map_err(|e| format!("{e} {}", e.advice()))?;
        Ok(reply.inputs_add_jobs.into_iter().next().unwrap_or_default().id)
    }

    pub fn view(self) -> AnyView {
        let kind = Memo::new(move |_| kind(&self.url.get()));
        let [first, second, third] = self.secrets;
        view! {
            <label class="field"><span>"Address"</span><input class="input mono" inputmode="url" autocomplete="off" spellcheck="false" placeholder="s3://bucket/prefix/" prop:value=self.url on:input=move |e| self.url.set(event_target_value(&e))/>
                <span class="hint">"s3://, gs:// and az:// add all below the prefix, file:// a folder that the server may read, https:// one file. Archives are taken apart."</span></label>
            {move || match kind.get() {
                Kind::S3 => view! { <fieldset class="stack-m"><legend class="vh">"Access to the bucket"</legend><div class="fields">
                    {line("Region", "eu-central-1", self.region)}{secret("Access key id", first)}{secret("Secret access key", second)}{secret("Session token", third)}</div></fieldset> }.into_any(),
                Kind::Azure => view! { <fieldset class="stack-m"><legend class="vh">"Access to the container"</legend><div class="fields">
                    {line("Account", "", self.account)}{secret("Account key", first)}</div></fieldset> }.into_any(),
                Kind::Google => view! { <label class="field"><span>"Key file of a service account"</span><input type="file" accept=".json,application/json" on:change=move |e| self.key_file.set(event_target::<web_sys::HtmlInputElement>(&e).files().and_then(|l| l.get(0)))/></label> }.into_any(),
                Kind::Open => ().into_any(),
            }}
            {move || (kind.get() != Kind::Open).then(|| view! { <p class="small muted">"Leave the keys empty for a public place. They are sent once, and kept neither in this page nor on the server."</p> })}
            <label class="field"><span>"Call-back address"</span><input class="input mono" inputmode="url" autocomplete="off" spellcheck="false" placeholder="https://…" prop:value=self.call_back on:input=move |e| self.call_back.set(event_target_value(&e))/>
                <span class="hint">"The server posts the job there when it is over. May be left out."</span></label>
        }
        .into_any()
    }
}

fn line(label: &'static str, placeholder: &'static str, value: RwSignal<String>) -> AnyView {
    view! { <label class="field"><span>{label}</span><input class="input" autocomplete="off" spellcheck="false" placeholder=placeholder prop:value=value on:input=move |e| value.set(event_target_value(&e))/></label> }.into_any()
}

fn secret(label: &'static str, value: RwSignal<String>) -> AnyView {
    view! { <label class="field"><span>{label}</span><input class="input" type="password" autocomplete="new-password" prop:value=value on:input=move |e| value.set(event_target_value(&e))/></label> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_which_keys_open_it() {
        let s3 = [kind("s3://bucket/a"), kind(" S3://b")];
        assert!(s3.iter().all(|k| *k == Kind::S3));
        assert!(kind("gs://bucket/a") == Kind::Google);
        assert!(kind("https://me.blob.core.windows.net/box/") == Kind::Azure && kind("az://me/box") == Kind::Azure);
        let open = [
            "https://me.blob.core.windows.net/box/x.zip?sig=1",
            "https://example.org/list",
            "file:///data",
            "",
            "https://example.org/x.blob.core.windows.net",
        ];
        assert!(open.iter().all(|u| kind(u) == Kind::Open));
    }
}
