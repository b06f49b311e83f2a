//! Tokens for scripts and clients: made, shown once, revoked.

use super::Needs;
use crate::app::copy;
use crate::components::{Confirm, Dialog, ErrorPanel, Icon, TextField};
use crate::data::{Query, context, mutate_own, query_own};
use crate::format;
use labelscope_api::extensions::{DeleteToken, InfoReply, ListTokens, PostToken, Token};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

#[component]
pub(super) fn Tokens(info: Query<InfoReply>, making: RwSignal<bool>) -> impl IntoView {
    view! {
        <Needs info=info capability="tokens" without="It has one token, which stands on its command line or in its data folder.">
            <List making=making/>
        </Needs>
    }
}

#[component]
fn List(making: RwSignal<bool>) -> impl IntoView {
    let list = query_own(|| Some(ListTokens::default()));
    let revoking = RwSignal::new(None::<Token>);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Token list">
            {move || list.error.get().map(|e| view! { <ErrorPanel what="The tokens could not be listed" error=e/> })}
            {move || {
                let Some(reply) = list.value.get() else { return view! { <div class="page-body"><div class="skel" style="height:160px"></div></div> }.into_any() };
                if reply.tokens.is_empty() {
                    return view! { <div class="empty"><h2>"No tokens yet"</h2><p>"A script or a client signs its calls with a token. Give each its own, so that one can be revoked without the others."</p>
                        <div class="actions"><button type="button" class="btn primary" on:click=move |_| making.set(true)><Icon name="plus"/>"New token"</button></div></div> }.into_any();
                }
                let rows = reply.tokens.iter().map(|t| {
                    let revoke = t.clone();
                    let name = if t.name.is_empty() { t.id.clone() } else { t.name.clone() };
                    view! { <tr>
                        <th scope="row">{name.clone()}{t.fixed.then(|| view! { " "<span class="tag">"cannot be revoked"</span> })}</th>
                        <td class="mono faint">{(!t.ends_with.is_empty()).then(|| format!("…{}", t.ends_with))}</td>
                        <td class="num muted hide-phone">{format::time(t.created_at)}</td>
                        <td class="num muted hide-phone">{if t.last_used_at.is_some() || t.fixed { format::day(t.last_used_at) } else { "never".to_owned() }}</td>
                        <td class="num">{(!t.fixed).then(|| view! { <button type="button" class="btn s danger" aria-label=format!("Revoke {name}") on:click=move |_| revoking.set(Some(revoke.clone()))>"Revoke"</button> })}</td>
                    </tr> }
                }).collect_view();
                view! { <table class="table"><caption class="vh">"Tokens"</caption>
                    <thead><tr><th scope="col">"Token"</th><th scope="col">"Ends with"</th><th scope="col" class="num hide-phone">"Made"</th><th scope="col" class="num hide-phone">"Last used"</th><th scope="col" class="num"><span class="vh">"Actions"</span></th></tr></thead>
                    <tbody>{rows}</tbody></table> }.into_any()
            }}
        </div>
        <div class="statusbar"><span>{move || list.value.get().map(|r| format::of(r.tokens.len() as i64, "token", "tokens"))}</span>
            <span class="push faint hide-phone">"Calls carry one as "<code>"Authorization: Key …"</code></span></div>
        <Make open=making/>
        <Revoke token=revoking/>
    }
}

/// Asks for a name, then shows the token, which is gone from the page once the dialog is closed.
#[component]
fn Make(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let name = RwSignal::new(String::new());
    let secret = RwSignal::new(None::<String>);
    let copied = RwSignal::new(false);
    let failed = RwSignal::new(None);
    Effect::new(move |_| {
        if open.get() {
            name.set(String::new());
            failed.set(None);
            copied.set(false);
        } else {
            secret.set(None);
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let op = PostToken { name: name.get_untracked().trim().to_owned(), ..PostToken::default() };
        failed.set(None);
        spawn_local(async move {
            match mutate_own(context, &op).await {
                // Closed meanwhile, nobody would ever see it.
                Ok(reply) if open.try_get_untracked() == Some(true) => {
                    secret.try_set(Some(reply.secret.0));
                }
                Ok(_) => {}
                Err(error) => {
                    failed.try_set(Some(Arc::new(error)));
                }
            }
        });
    };
    view! {
        <Dialog open=open title="New token">
            {move || match secret.get() {
                None => view! {
                    <form id="new-token" class="body" on:submit=submit>
                        {move || failed.get().map(|e| view! { <ErrorPanel what="The token was not made" error=e/> })}
                        <TextField label="Name" value=name required=true placeholder="nightly export" hint="What it is for, so that you know which to revoke."/>
                    </form>
                    <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="new-token" class="btn primary">"Make token"</button></footer>
                }.into_any(),
                Some(text) => {
                    let whole = text.clone();
                    view! {
                        <div class="body">
                            <div class="banner" role="status"><Icon name="warn"/><div class="errors"><strong>"Copy it now"</strong><span>"This is the only time it is shown. The server keeps no copy that it could show again."</span></div></div>
                            <label class="field"><span>{format!("Token “{}”", name.get_untracked().trim())}</span>
                                <span class="row"><input class="input mono" readonly value=text on:focus=select/><button type="button" class="btn" on:click=move |_| { copy(&whole); copied.set(true); }><Icon name=Signal::derive(move || if copied.get() { "check" } else { "copy" })/>{move || if copied.get() { "Copied" } else { "Copy" }}</button></span></label>
                        </div>
                        <footer><button type="button" class="btn primary" on:click=move |_| open.set(false)>"Done"</button></footer>
                    }.into_any()
                }
            }}
        </Dialog>
    }
}

/// Whole, so that it can be copied by hand where the browser refuses.
fn select(e: web_sys::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&e).select();
}

#[component]
fn Revoke(token: RwSignal<Option<Token>>) -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if token.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            token.set(None);
        }
    });
    let name = move || token.get().map(|t| if t.name.is_empty() { t.id } else { t.name }).unwrap_or_default();
    let confirm = Callback::new(move |()| {
        let Some(gone) = token.get_untracked() else { return };
        spawn_local(async move {
            match mutate_own(context, &DeleteToken { token_id: gone.id, ..DeleteToken::default() }).await {
                Ok(_) => {
                    context.good(format!("Token {} revoked", gone.name));
                    open.try_set(false);
                }
                Err(error) => context.failed("The token was not revoked", &error),
            }
        });
    });
    view! {
        <Confirm open=open title=Signal::derive(move || format!("Revoke {}", name())) button="Revoke token" confirm=confirm>
            <p>"Calls with it are refused from now on. What it wrote stays. This cannot be undone."</p>
        </Confirm>
    }
}
