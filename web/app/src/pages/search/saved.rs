//! Saved searches: the list, saving, renaming, deleting.

use super::{Asked, words};
use crate::components::{Dialog, ErrorPanel, Icon};
use crate::data::{Context, context, mutate, query, scope};
use crate::format;
use labelscope_api::messages::Search;
use labelscope_api::operations::{
    DeleteSearch, ListSearches, PatchInputsSearches, PostAnnotationsSearches, PostInputsSearches,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The name of a saved search, or its id.
fn name(search: &Search) -> String {
    if search.name.is_empty() { search.id.clone() } else { search.name.clone() }
}

async fn overwrite(context: Context, search: Search) -> Result<(), labelscope_client::Error> {
    let op =
        PatchInputsSearches { user_app_id: scope(context), searches: vec![search], action: "overwrite".to_owned() };
    mutate(context, &op).await.map(drop)
}

/// Keeps a search under a name: a new one, or in place of the one that is open.
#[component]
pub(crate) fn Save(
    open: RwSignal<bool>,
    #[prop(into)] asked: Signal<Asked>,
    /// All conditions must hold on one annotation.
    #[prop(into)]
    same: Signal<bool>,
    /// The id of the saved search that is open; empty for none.
    #[prop(into)]
    current: Signal<String>,
    done: Callback<String>,
) -> impl IntoView {
    let context = context();
    let (title, replace) = (RwSignal::new(String::new()), RwSignal::new(false));
    Effect::new(move |_| {
        if open.get() {
            replace.set(!current.get_untracked().is_empty());
        }
    });
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let (wanted, id) = (title.get_untracked().trim().to_owned(), current.get_untracked());
        let mut search = Search { name: wanted.clone(), ..asked.get_untracked().search() };
        let same = same.get_untracked();
        let replace = replace.get_untracked() && !id.is_empty();
        spawn_local(async move {
            let outcome = if replace {
                search.id.clone_from(&id);
                overwrite(context, search).await.map(|()| id)
            } else {
                search.save = true;
                let (user_app_id, searches) = (scope(context), vec![search]);
                let reply = if same {
                    let op = PostAnnotationsSearches { user_app_id, searches, ..PostAnnotationsSearches::default() };
                    mutate(context, &op).await
                } else {
                    let op = PostInputsSearches { user_app_id, searches, ..PostInputsSearches::default() };
                    mutate(context, &op).await
                };
                reply.map(|r| r.searches.into_iter().next().map_or(r.id, |s| s.id))
            };
            match outcome {
                Ok(id) => {
                    context.good("Search saved");
                    title.try_set(String::new());
                    open.try_set(false);
                    done.run(id);
                }
                Err(error) => context.failed("The search was not saved", &error),
            }
        });
    };
    view! {
        <Dialog open=open title="Save search">
            <form id="save-search" class="body" on:submit=submit>
                <label class="field"><span>"Name"</span><input class="input" required maxlength="256" autocomplete="off" prop:value=title on:input=move |e| title.set(event_target_value(&e))/></label>
                {move || (!current.get().is_empty()).then(|| view! { <label class="check"><input type="checkbox" prop:checked=replace on:change=move |e| replace.set(event_target_checked(&e))/>"In place of the saved search that is open"</label> })}
                <p class="small muted">"A saved search finds what is there when it is opened. It can fill a dataset."</p>
            </form>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button><button type="submit" form="save-search" class="btn primary">"Save search"</button></footer>
        </Dialog>
    }
}

/// The list of saved searches.
#[component]
pub(crate) fn Saved(open: RwSignal<bool>, choose: Callback<Search>, gone: Callback<String>) -> impl IntoView {
    let context = context();
    let list = query(move || {
        open.get().then(|| ListSearches { user_app_id: scope(context), per_page: 200, ..ListSearches::default() })
    });
    let naming = RwSignal::new(None::<Search>);
    let text = RwSignal::new(String::new());
    let sure = RwSignal::new(String::new());
    let rename = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let Some(old) = naming.get_untracked() else { return };
        let search = Search { name: text.get_untracked().trim().to_owned(), ..old };
        spawn_local(async move {
            match overwrite(context, search).await {
                Ok(()) => {
                    naming.try_set(None);
                }
                Err(error) => context.failed("The search was not renamed", &error),
            }
        });
    };
    let delete = Callback::new(move |id: String| {
        spawn_local(async move {
            // The page that shows what the search finds goes on with its conditions alone: news of the deletion may come
            // before its reply does, and must not make it ask for the search once more.
            gone.run(id.clone());
            labelscope_client::sleep_ms(0).await;
            match mutate(context, &DeleteSearch { user_app_id: scope(context), id }).await {
                Ok(_) => context.good("Search deleted; what it found stays"),
                Err(error) => context.failed("The search was not deleted", &error),
            }
        });
    });
    view! {
        <Dialog open=open title="Saved searches">
            <div class="body">
                {move || list.error.get().map(|e| view! { <ErrorPanel what="The saved searches could not be listed" error=e/> })}
                {move || list.value.get().map(|r| {
                    if r.searches.is_empty() {
                        return view! { <p class="muted">"None yet. Add conditions on the Inputs page and save them under a name."</p> }.into_any();
                    }
                    r.searches.iter().map(|s| {
                        let (search, again, id) = (s.clone(), s.clone(), s.id.clone());
                        let (asked_first, doomed) = (id.clone(), id.clone());
                        let said = s.query.iter().flat_map(|q| &q.filters).map(|f| format!("{}{}", if f.negate { "not " } else { "" }, words(f))).collect::<Vec<_>>().join(" · ");
                        let title = name(s);
                        let delete_label = format!("Delete {title}");
                        view! { <div class="saved">
                            {move || if naming.get().is_some_and(|n| n.id == search.id) {
                                view! { <form class="row" on:submit=rename><label class="field" style="flex:1"><span class="vh">"New name"</span><input class="input" required prop:value=text on:input=move |e| text.set(event_target_value(&e))/></label><button type="submit" class="btn">"Rename"</button></form> }.into_any()
                            } else {
                                let (search, title) = (search.clone(), title.clone());
                                view! { <button type="button" class="link lk strong" on:click=move |_| { open.set(false); choose.run(search.clone()); }>{title}</button> }.into_any()
                            }}
                            <p class="small muted">{if said.is_empty() { "All inputs".to_owned() } else { said }}</p>
                            <div class="row"><span class="small faint">{format::time(s.modified_at.or(s.created_at))}</span>
                                <span class="push row">
                                    <button type="button" class="btn iconly quiet s" aria-label=format!("Rename {}", name(s)) title="Rename" on:click=move |_| { text.set(name(&again)); naming.set(Some(again.clone())); }><Icon name="edit"/></button>
                                    {move || if sure.get() == asked_first {
                                        let doomed = doomed.clone();
                                        view! { <button type="button" class="btn danger s" on:click=move |_| delete.run(doomed.clone())>"Delete for good"</button> }.into_any()
                                    } else {
                                        let (id, label) = (id.clone(), delete_label.clone());
                                        view! { <button type="button" class="btn iconly quiet s" aria-label=label title="Delete" on:click=move |_| sure.set(id.clone())><Icon name="trash"/></button> }.into_any()
                                    }}
                                </span></div>
                        </div> }
                    }).collect_view().into_any()
                })}
            </div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}
