//! What the workbench and its server are.

use crate::components::ErrorPanel;
use crate::data::Query;
use labelscope_api::extensions::InfoReply;
use leptos::prelude::*;

/// What each flag of the server is for.
fn said(capability: &str) -> &'static str {
    match capability {
        "info" => "Says what it is",
        "counts" => "Counts in the navigation",
        "dataset_summary" => "Facts of datasets as they are now",
        "stars" => "Stars can be set",
        "imports" => "Datasets are read from files",
        "jobs" => "Long work is listed, and can be cancelled",
        "connections" => "Calls are passed on to other servers",
        "tokens" => "Tokens are made and revoked",
        "purge" => "Inputs are deleted with their past",
        "events" => "Tells what was written",
        "media" => "Keeps files",
        "export_files" => "Keeps finished archives",
        "openapi" => "Describes itself as OpenAPI 3.1",
        _ => "",
    }
}

#[component]
pub(super) fn About(info: Query<InfoReply>) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="About"><div class="page-body narrow">
            {move || info.error.get().map(|e| view! { <ErrorPanel what="The server did not answer" error=e/> })}
            {move || info.value.get().and_then(|r| r.info.clone()).map(|i| {
                let mode = match i.mode.as_str() {
                    "local" => "Local engine".to_owned(),
                    "gateway" => "Gateway to another server".to_owned(),
                    other => other.to_owned(),
                };
                let server = if i.version.is_empty() { i.server.clone() } else { format!("{} {}", i.server, i.version) };
                let other = i.version != env!("CARGO_PKG_VERSION") && i.server == "labelscope";
                view! {
                    <section class="card" aria-labelledby="what-head"><header><h2 id="what-head">"Labelscope"</h2></header>
                        <div class="body stack">
                            {other.then(|| view! { <div class="banner" role="status">"Workbench and server are of different releases. Load the page anew."</div> })}
                            <dl class="kv">
                                <dt>"Server"</dt><dd>{server}</dd>
                                <dt>"Workbench"</dt><dd>{env!("CARGO_PKG_VERSION")}</dd>
                                <dt>"API"</dt><dd>"Clarifai v2, data: "<a href="/labelscope/v1/openapi.json" rel="external" target="_blank">"OpenAPI description"</a></dd>
                                <dt>"Data from"</dt><dd>{mode}</dd>
                                <dt>"Signed in as"</dt><dd>{i.user_id.clone()}</dd>
                                <dt>"First app"</dt><dd>{i.default_app_id.clone()}</dd>
                            </dl></div>
                        <footer><p>"Licence: "<a href="/LICENSE-MIT" rel="external" target="_blank">"MIT"</a>" or "<a href="/LICENSE-APACHE" rel="external" target="_blank">"Apache-2.0"</a>", at your option. "<a href="/licenses.txt" rel="external" target="_blank">"Licences of its parts"</a></p></footer></section>
                    <section class="card" aria-labelledby="can-head"><header><h2 id="can-head">"Capabilities"</h2></header>
                        <table class="table"><caption class="vh">"What this server can do beyond the API"</caption>
                            <thead><tr><th scope="col">"Flag"</th><th scope="col">"What it is for"</th></tr></thead>
                            <tbody>{i.capabilities.iter().map(|c| view! { <tr><th scope="row" class="mono">{c.clone()}</th><td class="muted" style="white-space:normal">{said(c)}</td></tr> }).collect_view()}</tbody></table></section>
                }
            })}
        </div></div>
    }
}
