//! The first page, sign-in, and the page for addresses that lead nowhere.

use crate::app::title;
use crate::components::{ErrorPanel, Icon, Progress};
use crate::data::{client, context, current, enter, is_own, mutate, own, query, query_own, scope, user};
use crate::{format, routes};
use labelscope_api::extensions::{GetAppCounts, GetInfo, GetJob, Job, JobState, PostSampleImport};
use labelscope_api::messages::UserAppIdSet;
use labelscope_api::operations::ListApps;
use labelscope_client::{Error, Poll, Poller, sleep_ms};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::sync::Arc;

/// `/` leads to the default app, or to a section of its settings.
#[component]
pub(crate) fn Home(#[prop(optional)] section: &'static str) -> impl IntoView {
    enter(None);
    let info = query_own(|| Some(GetInfo::default()));
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(app) = info.value.get().and_then(|r| r.info.as_ref().map(|i| i.default_app_id.clone())) {
            let to = if section.is_empty() { routes::app(&app) } else { routes::settings(&app, section) };
            navigate(&to, NavigateOptions { replace: true, ..Default::default() });
        }
    });
    view! {
        <main class="main">
            <h1 class="vh">"Labelscope"</h1>
            {move || info.error.get().map(|e| view! { <ErrorPanel what="The server did not answer" error=e/> })}
        </main>
    }
}

/// A connection's first page: it leads to the app that was named with it, else to the one that was changed last.
#[component]
pub(crate) fn FirstApp() -> impl IntoView {
    let named = current().map(|c| c.app_id.clone()).unwrap_or_default();
    let asks = named.is_empty();
    let apps = query(move || {
        let user_app_id = UserAppIdSet { user_id: user(), ..UserAppIdSet::default() };
        asks.then(|| ListApps { user_app_id, per_page: 1, ..ListApps::default() })
    });
    let navigate = use_navigate();
    Effect::new(move |_| {
        let found = apps.value.get().and_then(|r| r.apps.first().map(|a| a.id.clone()));
        if let Some(app) = found.or_else(|| Some(named.clone()).filter(|a| !a.is_empty())) {
            navigate(&routes::datasets(&app), NavigateOptions { replace: true, ..Default::default() });
        }
    });
    let name = current().map(|c| crate::switch::name(&c)).unwrap_or_default();
    view! {
        <main class="main" id="main">
            <h1 class="vh">{name}</h1>
            {move || apps.error.get().map(|e| view! { <div class="page-body"><ErrorPanel what="The apps could not be listed" error=e/><p><a class="btn" href="/settings">"Open settings"</a></p></div> })}
            {move || apps.value.get().is_some_and(|r| r.apps.is_empty()).then(|| view! { <div class="empty"><h2>"No app yet"</h2><p>"The user of this connection has no app. Make one there, or name an app of another user in the connection."</p>
                <div class="actions"><a class="btn primary" href="/settings">"Open settings"</a></div></div> })}
        </main>
    }
}

/// An address through a connection that is not there.
#[component]
pub(crate) fn NoConnection(error: Option<Arc<Error>>) -> impl IntoView {
    title("No such connection");
    view! {
        <main class="main" id="main">
            {error.map(|e| view! { <div class="page-body"><ErrorPanel what="The connections could not be listed" error=e/></div> })}
            <div class="empty">
                <h1>"There is no such connection"</h1>
                <p>"It may have been deleted. One that goes straight from the page ends when the page is loaded anew, and its token with it: add it again."</p>
                <div class="actions"><a class="btn primary" href="/settings">"Open connections"</a><a class="btn" href="/">"This server"</a></div>
            </div>
        </main>
    }
}

/// An app with nothing in it offers the ways to begin; any other leads to its datasets.
#[component]
pub(crate) fn Start() -> impl IntoView {
    let context = context();
    title("Start");
    let counts = query(move || {
        let _ = context.app.get();
        Some(GetAppCounts { user_app_id: scope(context) })
    });
    let navigate = StoredValue::new_local(use_navigate());
    let busy = RwSignal::new(None::<Job>);
    let failed = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if !is_own() {
            // Nobody counts there, and no sample comes with it.
            let options = NavigateOptions { replace: true, ..Default::default() };
            return navigate.with_value(|go| go(&routes::datasets(&context.app.get_untracked()), options));
        }
        let Some(counts) = counts.value.get().and_then(|r| r.counts.clone()) else { return };
        if busy.get_untracked().is_none() && counts.datasets.0 + counts.inputs.0 + counts.concepts.0 > 0 {
            let options = NavigateOptions { replace: true, ..Default::default() };
            navigate.with_value(|go| go(&routes::datasets(&context.app.get_untracked()), options));
        }
    });
    let sample = move |_| {
        failed.set(None);
        busy.set(Some(Job::default()));
        spawn_local(async move {
            let begun = match mutate(context, &PostSampleImport { user_app_id: scope(context) }).await {
                Ok(reply) => reply.job.unwrap_or_default(),
                Err(error) => {
                    busy.try_set(None);
                    failed.try_set(Some(error.to_string()));
                    return;
                }
            };
            match follow(context, &begun.id, busy).await {
                Ok(job) if job.state == JobState::DONE => {
                    context.good("The sample project is here: 85 photographs with 686 boxes");
                    navigate.with_value(|go| {
                        go(&routes::dataset(&context.app.get_untracked(), &job.dataset_id), NavigateOptions::default());
                    });
                }
                Ok(job) => {
                    busy.try_set(None);
                    failed.try_set(Some(job.error.map_or_else(|| "It was cancelled.".to_owned(), |e| e.message)));
                }
                Err(error) => {
                    busy.try_set(None);
                    failed.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Start" style="display:grid">
            {move || counts.error.get().map(|e| view! { <ErrorPanel what="The app could not be opened" error=e/> })}
            <div class="empty" style="max-width:560px">
                <Art/>
                <h1>"Nothing here yet"</h1>
                <p>"The sample project holds 85 photographs of rooms with 686 boxes in 38 concepts, and what a detector found in them. It comes with the server and takes a few seconds."</p>
                {move || failed.get().map(|why| view! { <p class="why" role="alert">{format!("The sample project was not opened. {why}")}</p> })}
                {move || match busy.get() {
                    Some(job) => view! { <div style="width:100%;margin-top:16px"><JobProgress job=job/></div> }.into_any(),
                    None => view! {
                        <div class="actions">
                            <button type="button" class="btn primary" on:click=sample><Icon name="play"/>"Open the sample project"</button>
                            <a class="btn" href=move || routes::datasets(&context.app.get())>"Start empty"</a>
                        </div>
                    }.into_any(),
                }}
                <ul class="start-doors">
                    <li><a class="row" href=move || routes::import(&context.app.get(), "")><Icon name="folder"/>
                        <span><span class="strong" style="color:var(--text)">"Import a dataset"</span><br/><span class="small">"A COCO file and, if at hand, its pictures"</span></span><span class="push faint"><Icon name="right"/></span></a></li>
                    <li><a class="row" href=move || routes::concepts(&context.app.get())><Icon name="concepts"/>
                        <span><span class="strong" style="color:var(--text)">"Make concepts"</span><br/><span class="small">"Labels, one by one"</span></span><span class="push faint"><Icon name="right"/></span></a></li>
                </ul>
            </div>
        </div>
    }
}

/// A picture in a frame, a label and a small tree: what the workbench is about.
#[component]
fn Art() -> impl IntoView {
    view! {
        <svg class="art" width="136" height="88" viewBox="0 0 136 88" fill="none" aria-hidden="true">
            <rect x=".5" y="8.5" width="88" height="66" rx="6" fill="var(--bg-sunken)" stroke="var(--border-strong)"></rect>
            <path d="m1 62 22-22 15 12 22-25 28 30" stroke="var(--border-control)"></path><circle cx="22" cy="26" r="5" stroke="var(--border-control)"></circle>
            <path d="M52 32v-6h6M82 26h6v6M88 58v6h-6M58 64h-6v-6" stroke="var(--accent)" stroke-width="2"></path>
            <rect x="84" y="16" width="38" height="15" rx="4" fill="var(--accent-solid)"></rect><rect x="91" y="22" width="24" height="3" rx="1.5" fill="#fff"></rect>
            <path d="M104 44v12M104 50h14M118 50v6" stroke="var(--border-control)"></path>
            <rect x="96.5" y="56.5" width="15" height="11" rx="3" fill="var(--bg)" stroke="var(--border-control)"></rect><rect x="115.5" y="56.5" width="15" height="11" rx="3" fill="var(--bg)" stroke="var(--border-control)"></rect>
        </svg>
    }
}

/// Looks at a job until it is over.
pub(crate) async fn follow(
    context: crate::data::Context,
    id: &str,
    shown: RwSignal<Option<Job>>,
) -> Result<Job, String> {
    let op = GetJob { user_app_id: scope(context), job_id: id.to_owned() };
    let look = || async {
        let job = client().send(&op).await?.job.unwrap_or_default();
        let over = matches!(job.state, JobState::DONE | JobState::FAILED | JobState::CANCELLED);
        Ok(if over { Poll::Done(job) } else { Poll::InProgress(job) })
    };
    let outcome = Poller { first_ms: 150, max_ms: 1000, ..Poller::default() }
        .until_done(look, |job| shown.try_set(Some(job)).is_none(), sleep_ms)
        .await;
    context.revision.try_update(|n| *n += 1);
    outcome.map_err(|e| e.to_string())
}

/// How far a job in work is: the step, the numbers in words, done and total.
pub(crate) fn job_progress(job: &Job) -> (String, String, f64, f64) {
    let phase = if job.phase.is_empty() {
        "waiting".to_owned()
    } else {
        format!("{} of {} · {}", job.phase_number.max(1), job.phase_count, job.phase)
    };
    let bytes = job.phase_number == 1 && job.kind == labelscope_api::extensions::JobKind::IMPORT;
    let number = move |n: i64| if bytes { format::bytes(n) } else { format::count(n) };
    let detail =
        if job.total.0 > 0 { format!("{} of {}", number(job.done.0), number(job.total.0)) } else { String::new() };
    (phase, detail, job.done.0 as f64, job.total.0 as f64)
}

/// The bar of a job in work.
#[component]
pub(crate) fn JobProgress(job: Job) -> impl IntoView {
    let (phase, detail, done, total) = job_progress(&job);
    view! { <Progress label=phase detail=detail done=done total=total/> }
}

/// Asks for the token where the browser has no session.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    title("Sign in");
    let token = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let search = use_location().search;
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let given = token.get_untracked();
        spawn_local(async move {
            let body = serde_json::json!({"token": given}).to_string();
            let request = http::Request::builder()
                .method("POST")
                .uri(format!("{}/labelscope/v1/sign-in", own().base()))
                .header("content-type", "application/json")
                .body(bytes::Bytes::from(body));
            let Ok(request) = request else { return };
            match own().send_raw(request, labelscope_api::Effect::Once).await {
                Ok(reply) if reply.status == 200 => {
                    if let Some(window) = web_sys::window() {
                        let _ = window.location().set_href("/");
                    }
                }
                Ok(_) => wrong.set(Some("This is not the token of this server.".to_owned())),
                Err(error) => wrong.set(Some(format!("{error} {}", error.advice()))),
            }
        });
    };
    view! {
        <main class="main" id="main" style="min-height:100vh;display:grid">
            <form class="empty" on:submit=submit>
                <svg class="icon" width="32" height="32" style="width:32px;height:32px;color:var(--accent)" aria-hidden="true"><use href="#i-logo"></use></svg>
                <h1>"Sign in to Labelscope"</h1>
                {move || search.get().contains("used").then(|| view! { <p>"That link was used before. Each link signs in once."</p> })}
                <p>"Open the link that the server printed when it started, or enter its token. The token is in the file "<code>"token"</code>" of the data folder."</p>
                <label class="field" style="width:100%;text-align:start"><span>"Token"</span>
                    <input class="input" type="password" autocomplete="current-password" required prop:value=token on:input=move |e| token.set(event_target_value(&e)) aria-invalid=move || wrong.get().is_some().to_string()/>
                </label>
                {move || wrong.get().map(|why| view! { <p class="why" role="alert">{why}</p> })}
                <div class="actions"><button type="submit" class="btn primary">"Sign in"</button></div>
            </form>
        </main>
    }
}

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    title("Not found");
    view! {
        <div class="empty">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or what it named was deleted."</p>
            <div class="actions"><a class="btn primary" href="/">"Go to the start"</a></div>
        </div>
    }
}
