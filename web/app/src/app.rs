//! The shell around all pages: navigation, top bar, messages, help, palette.

use crate::components::{Dialog, Icon, Toasts};
use crate::data::{self, context, query, query_own, scope};
use crate::palette::Palette;
use crate::switch::ConnectionSwitch;
use crate::{appearance, format, lazy, pages, routes};
use labelscope_api::extensions::{GetAppCounts, ListConnections};
use labelscope_api::operations::ListApps;
use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::{query_signal, use_location, use_params_map};
use leptos_router::{Lazy, path};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// The whole workbench.
#[component]
pub fn App() -> impl IntoView {
    let context = data::provide();
    let close = Callback::new(move |id: u32| context.toasts.update(|t| t.retain(|t| t.id != id)));
    view! {
        <Router>
            <Routes fallback=|| view! { <pages::NotFound/> }>
                <Route path=path!("/sign-in") view=pages::SignIn/>
                <Route path=path!("/") view=|| view! { <pages::Home/> }/>
                <Route path=path!("/settings") view=|| view! { <pages::Home section="connections"/> }/>
                <ParentRoute path=path!("/via/:via") view=Through>
                    <Route path=path!("") view=pages::FirstApp/>
                    <ParentRoute path=path!(":app") view=Shell><InApp/></ParentRoute>
                </ParentRoute>
                <ParentRoute path=path!("/:app") view=Own><InApp/></ParentRoute>
            </Routes>
        </Router>
        <Toasts messages=context.toasts close=close/>
    }
}

/// The pages of an app, on the page's own server and on others.
#[component(transparent)]
fn InApp() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("") view=pages::Start/>
        <Route path=path!("concepts") view={Lazy::<lazy::Concepts>::new()}/>
        <Route path=path!("datasets") view={Lazy::<lazy::Datasets>::new()}/>
        <Route path=path!("datasets/:dataset") view={Lazy::<lazy::Dataset>::new()}/>
        <Route path=path!("datasets/:dataset/versions/:version") view={Lazy::<lazy::Version>::new()}/>
        <Route path=path!("inputs") view={Lazy::<lazy::Inputs>::new()}/>
        <Route path=path!("evaluations") view={Lazy::<lazy::Evaluations>::new()}/>
        <Route path=path!("evaluations/:evaluation") view={Lazy::<lazy::Evaluation>::new()}/>
        <Route path=path!("compare") view={Lazy::<lazy::Compare>::new()}/>
        <Route path=path!("predictions") view={Lazy::<lazy::Predictions>::new()}/>
        <Route path=path!("models") view={Lazy::<lazy::Models>::new()}/>
        <Route path=path!("models/:model") view={Lazy::<lazy::Model>::new()}/>
        <Route path=path!("apps") view=pages::ToApps/>
        <Route path=path!("settings/:section?") view={Lazy::<lazy::Settings>::new()}/>
        <Route path=path!("jobs") view={Lazy::<lazy::Jobs>::new()}/>
        <Route path=path!("import") view={Lazy::<lazy::Import>::new()}/>
        <Route path=path!("*any") view=pages::NotFound/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages of the page's own server.
#[component]
fn Own() -> impl IntoView {
    data::enter(None);
    view! { <Shell/> }
}

/// Pages of another server. They begin anew with another connection, since all that they show is another's.
#[component]
fn Through() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("via").unwrap_or_default());
    let listed = query_own(move || (!data::is_direct(&id.get())).then(ListConnections::default));
    let found = Memo::new(move |_| {
        let id = id.get();
        let all = data::direct().into_iter().chain(listed.value.get().into_iter().flat_map(|r| r.connections.clone()));
        let here = all.into_iter().find(|c| c.id == id);
        here.map(Some).or_else(|| (listed.value.get().is_some() || listed.error.get().is_some()).then_some(None))
    });
    move || match found.get() {
        None => view! { <main class="main" id="main" aria-busy="true"></main> }.into_any(),
        Some(None) => view! { <pages::NoConnection error=listed.error.get_untracked()/> }.into_any(),
        Some(here) => {
            data::enter(here);
            view! { <Outlet/> }.into_any()
        }
    }
}

#[component]
fn Shell() -> impl IntoView {
    let context = context();
    let params = use_params_map();
    let app = Memo::new(move |_| params.read().get("app").unwrap_or_default());
    Effect::new(move |_| context.app.set(app.get()));
    // Signals of the context are set before the pages below ask with them.
    context.app.set(app.get_untracked());
    data::listen(context);
    let help = RwSignal::new(false);
    let palette = RwSignal::new(false);
    keys(palette, help);
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="shell">
            <TopBar palette=palette help=help/>
            <Navigation/>
            <main class="main" id="main" tabindex="-1"><Outlet/></main>
        </div>
        <Help open=help/>
        <Palette open=palette/>
    }
}

/// Ctrl or ⌘ with K opens the palette, `?` the help; not while someone types.
fn keys(palette: RwSignal<bool>, help: RwSignal<bool>) {
    let handle = window_event_listener(leptos::ev::keydown, move |e| {
        if e.key() == "k" && (e.ctrl_key() || e.meta_key()) {
            e.prevent_default();
            palette.update(|open| *open = !*open);
            return;
        }
        let typing = e
            .target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|t| matches!(t.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        if e.key() == "?" && !typing {
            help.set(true);
        }
    });
    on_cleanup(move || handle.remove());
}

#[component]
fn TopBar(palette: RwSignal<bool>, help: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let log = RwSignal::new(false);
    view! {
        <header class="topbar">
            <a class="brand" href=move || routes::app(&context.app.get()) aria-label="Labelscope"><svg class="icon" width="20" height="20" aria-hidden="true"><use href="#i-logo"></use></svg><span>"Labelscope"</span></a>
            <AppSwitch/>
            <button type="button" class="searchbtn" aria-keyshortcuts="Control+K" on:click=move |_| palette.set(true)>
                <Icon name="search"/><span>"Search or run a command"</span><span class="keys" style="flex:none" aria-hidden="true"><kbd>"Ctrl"</kbd><kbd>"K"</kbd></span>
            </button>
            <ConnectionSwitch/>
            <button type="button" class="btn iconly quiet opt" aria-label="Messages" title="Messages" on:click=move |_| log.set(true)><Icon name="bell"/></button>
            <button type="button" class="btn iconly quiet opt" aria-label="Keyboard shortcuts" title="Keyboard shortcuts" on:click=move |_| help.set(true)><Icon name="help"/></button>
            <button type="button" class="btn iconly quiet" aria-label="Switch between light and dark" title="Light or dark" on:click=|_| appearance::switch_theme()><Icon name="theme"/></button>
        </header>
        <Dialog open=log title="Messages">
            <div class="body">
                {move || {
                    let all = context.log.get();
                    if all.is_empty() {
                        return view! { <p class="muted">"Nothing has been told yet."</p> }.into_any();
                    }
                    all.into_iter().map(|t| view! { <div><strong>{if t.good { "" } else { "Failed: " }}{t.title}</strong><p class="small muted">{t.detail}</p></div> }).collect_view().into_any()
                }}
            </div>
            <footer><button type="button" class="btn" on:click=move |_| log.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

#[component]
fn AppSwitch() -> impl IntoView {
    let context = context();
    let open = RwSignal::new(false);
    let place = || data::current().map_or_else(|| "local".to_owned(), |c| c.name.clone());
    let apps = query(move || {
        open.get().then(|| ListApps { user_app_id: scope(context), per_page: 100, ..ListApps::default() })
    });
    view! {
        <button type="button" class="btn quiet appswitch" aria-haspopup="dialog" aria-label=move || format!("App: {} / {}. Switch app", place(), context.app.get()) on:click=move |_| open.set(true)>
            <span class="truncate"><span class="faint hide-phone">{move || format!("{} / ", place())}</span>{move || context.app.get()}</span><Icon name="down"/>
        </button>
        <Dialog open=open title="Apps">
            <div class="body">
                <ul class="errors">
                    {move || apps.value.get().map(|r| r.apps.iter().map(|a| {
                        let id = a.id.clone();
                        view! { <li><a class="lk" href=routes::app(&id) aria-current=(id == context.app.get_untracked()).then_some("true") on:click=move |_| open.set(false)>{if a.name.is_empty() { id.clone() } else { a.name.clone() }}</a></li> }
                    }).collect_view())}
                </ul>
            </div>
            <footer><a class="btn" href=move || routes::apps(&context.app.get()) on:click=move |_| open.set(false)>"Manage apps"</a><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

#[component]
fn Navigation() -> impl IntoView {
    let context = context();
    let counts = query(move || {
        context.jobs.track();
        let _ = context.app.get();
        Some(GetAppCounts { user_app_id: scope(context) })
    });
    let number = move |f: fn(&labelscope_api::extensions::AppCounts) -> i64| {
        counts.value.get().and_then(|r| r.counts.as_ref().map(f)).map(format::count).unwrap_or_default()
    };
    let path = use_location().pathname;
    let link = move |to: fn(&str) -> String,
                     icon: &'static str,
                     word: &'static str,
                     f: fn(&labelscope_api::extensions::AppCounts) -> i64| {
        view! {
            <a href=move || to(&context.app.get()) aria-current=move || path.get().starts_with(&to(&context.app.get())).then_some("page")>
                <Icon name=icon/>{word}<span class="count">{move || number(f)}</span>
            </a>
        }
    };
    view! {
        <nav class="sidenav" aria-label="Main">
            {link(routes::concepts, "concepts", "Concepts", |c| c.concepts.0)}
            {link(routes::datasets, "datasets", "Datasets", |c| c.datasets.0)}
            {link(routes::inputs, "inputs", "Inputs", |c| c.inputs.0)}
            <a href=move || routes::evaluations(&context.app.get()) aria-current=move || { let (at, app) = (path.get(), context.app.get()); (at.starts_with(&routes::evaluations(&app)) || at.starts_with(&routes::models(&app))).then_some("page") }>
                <Icon name="evals"/>"Evaluations"</a>
            {link(routes::jobs, "jobs", "Jobs", |c| c.active_jobs.0)}
            <div class="foot"><a href=move || routes::settings(&context.app.get(), "connections") aria-current=move || path.get().starts_with(&routes::settings(&context.app.get(), "")).then_some("page")>
                <Icon name="sliders"/>"Settings"</a></div>
        </nav>
    }
}

#[component]
fn Help(open: RwSignal<bool>) -> impl IntoView {
    let keys = [
        ("Ctrl K", "Search or run a command"),
        ("?", "This help"),
        ("↑ ↓", "Move in a table"),
        ("Page ↑ ↓, Home, End", "Move further"),
        ("Enter", "Open the row"),
        ("Space", "Select the row"),
        ("Esc", "Close what is open"),
    ];
    view! {
        <Dialog open=open title="Keyboard shortcuts">
            <div class="body"><dl class="kv">{keys.into_iter().map(|(key, what)| view! { <dt><kbd>{key}</kbd></dt><dd>{what}</dd> }).collect_view()}</dl></div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

/// Sets the title of the browser's tab.
pub(crate) fn title(text: &str) {
    if let Some(document) = web_sys::window().and_then(|w| w.document()) {
        document.set_title(&if text.is_empty() { "Labelscope".to_owned() } else { format!("{text} · Labelscope") });
    }
}

/// Is the dialog that makes something open? `?new` in the address, where the palette leads to, opens it.
pub(crate) fn asked_for_new() -> RwSignal<bool> {
    let open = RwSignal::new(false);
    let (asked, forget) = query_signal::<String>("new");
    Effect::new(move |_| {
        if asked.get().is_some() {
            open.set(true);
            forget.set(None);
        }
    });
    open
}

/// Copies a text; a browser may refuse.
pub(crate) fn copy(text: &str) {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
        fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;
    }
    drop(write_text(text));
}
