//! Annotation filters: which annotations a version holds.

use super::pick::ConceptField;
use super::search::words;
use crate::components::{Dialog, ErrorPanel, Icon};
use crate::data::{Context, Query, context, mutate, query, scope};
use labelscope_api::messages::{
    Annotation, AnnotationFilter, Concept, Data, Filter, MultiAnnotationFilterResponse, Query as Asked, Search,
};
use labelscope_api::operations::{
    DeleteAnnotationFilters, ListAnnotationFilters, PatchAnnotationFilters, PostAnnotationFilters,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The filters of the app, while `open` is set.
pub(crate) fn list(open: impl Fn() -> bool + 'static) -> Query<MultiAnnotationFilterResponse> {
    let context = context();
    query(move || {
        open().then(|| ListAnnotationFilters {
            user_app_id: scope(context),
            per_page: 500,
            ..ListAnnotationFilters::default()
        })
    })
}

/// What a filter keeps, in words.
pub(crate) fn said(filter: &AnnotationFilter) -> String {
    let filters =
        filter.search.as_ref().and_then(|s| s.query.as_ref()).map(|q| q.filters.as_slice()).unwrap_or_default();
    if filters.is_empty() {
        return "keeps everything".to_owned();
    }
    let all: Vec<String> =
        filters.iter().map(|f| format!("{}{}", if f.negate { "not " } else { "" }, words(f))).collect();
    format!("keeps {}", all.join(" and "))
}

/// A filter that is being chosen: any of some concepts, by one user.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    pub id: RwSignal<String>,
    pub concepts: RwSignal<Vec<(String, String)>>,
    pub leave_out: RwSignal<bool>,
    pub user: RwSignal<String>,
}

impl Draft {
    pub fn new() -> Self {
        Self {
            id: RwSignal::new(String::new()),
            concepts: RwSignal::new(Vec::new()),
            leave_out: RwSignal::new(false),
            user: RwSignal::new(String::new()),
        }
    }

    pub fn clear(self) {
        self.id.set(String::new());
        self.concepts.set(Vec::new());
        self.leave_out.set(false);
        self.user.set(String::new());
    }

    /// Takes over what this form can show of a filter.
    fn load(self, filter: &AnnotationFilter) {
        self.clear();
        self.id.set(filter.id.clone());
        for f in filter.search.iter().filter_map(|s| s.query.as_ref()).flat_map(|q| &q.filters) {
            let Some(a) = &f.annotation else { continue };
            if !a.user_id.is_empty() {
                self.user.set(a.user_id.clone());
            }
            let name = |c: &Concept| (c.id.clone(), if c.name.is_empty() { c.id.clone() } else { c.name.clone() });
            let list: Vec<_> = a.data.iter().flat_map(|d| &d.concepts).map(name).collect();
            if !list.is_empty() {
                self.concepts.set(list);
                self.leave_out.set(f.negate);
            }
        }
    }

    /// The conditions; none where nothing is chosen.
    pub fn filters(self) -> Vec<Filter> {
        let (concepts, user, negate) = (self.concepts.get(), self.user.get().trim().to_owned(), self.leave_out.get());
        let filter = |annotation: Annotation, negate: bool| Filter {
            annotation: Some(Box::new(annotation)),
            negate,
            ..Filter::default()
        };
        let concepts: Vec<Concept> =
            concepts.into_iter().map(|(id, name)| Concept { id, name, ..Concept::default() }).collect();
        let mut out = Vec::new();
        let carries = Annotation {
            data: (!concepts.is_empty()).then(|| Box::new(Data { concepts, ..Data::default() })),
            ..Annotation::default()
        };
        // Both in one condition, as both are said of one annotation; a sign would turn round both.
        if negate && carries.data.is_some() {
            out.push(filter(carries, true));
            if !user.is_empty() {
                out.push(filter(Annotation { user_id: user, ..Annotation::default() }, false));
            }
        } else if carries.data.is_some() || !user.is_empty() {
            out.push(filter(Annotation { user_id: user, ..carries }, false));
        }
        out
    }

    fn whole(self) -> AnnotationFilter {
        let query = Some(Asked { filters: self.filters(), ..Asked::default() });
        AnnotationFilter {
            id: self.id.get().trim().to_owned(),
            search: Some(Box::new(Search { query, ..Search::default() })),
            ..AnnotationFilter::default()
        }
    }

    /// Keeps it under its id.
    pub async fn save(self, context: Context) -> Result<AnnotationFilter, labelscope_client::Error> {
        let wanted = untrack(|| self.whole());
        let op = PostAnnotationFilters { user_app_id: scope(context), annotation_filters: vec![wanted.clone()] };
        mutate(context, &op).await.map(|r| r.annotation_filters.into_iter().next().unwrap_or(wanted))
    }
}

/// The fields of a draft.
#[component]
pub(crate) fn Fields(draft: Draft, #[prop(optional)] fixed: bool) -> impl IntoView {
    let picked = RwSignal::new(None);
    let take = Callback::new(move |c: (String, String)| {
        draft.concepts.update(|list| {
            if !list.contains(&c) {
                list.push(c);
            }
        });
    });
    view! {
        <label class="field"><span>"Name of the filter"</span><input class="input" maxlength="128" autocomplete="off" placeholder="without-people" disabled=fixed prop:value=draft.id on:input=move |e| draft.id.set(event_target_value(&e))/></label>
        <ConceptField picked=picked label="Concepts, any of them" take=take/>
        <p class="row wrap" hidden=move || draft.concepts.with(Vec::is_empty)>{move || draft.concepts.get().into_iter().map(|(id, name)| view! { <span class="chip">{name.clone()}<button type="button" class="x" aria-label=format!("Remove {name}") on:click=move |_| draft.concepts.update(|l| l.retain(|c| c.0 != id))><Icon name="x"/></button></span> }).collect_view()}</p>
        <label class="check"><input type="checkbox" prop:checked=draft.leave_out on:change=move |e| draft.leave_out.set(event_target_checked(&e))/>"Leave these concepts out"</label>
        <label class="field"><span>"Annotated by the user"</span><input class="input" autocomplete="off" placeholder="anyone" prop:value=draft.user on:input=move |e| draft.user.set(event_target_value(&e))/></label>
    }
}

/// All annotation filters: change and delete.
#[component]
pub(crate) fn Filters(open: RwSignal<bool>) -> impl IntoView {
    let context = context();
    let list = list(move || open.get());
    let draft = Draft::new();
    let (editing, sure) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let changed = untrack(|| draft.whole());
        spawn_local(async move {
            let op = PatchAnnotationFilters {
                user_app_id: scope(context),
                annotation_filters: vec![changed],
                action: "overwrite".to_owned(),
            };
            match mutate(context, &op).await {
                Ok(_) => {
                    context.good("Filter changed; versions that are frozen keep the old one");
                    editing.try_set(String::new());
                }
                Err(error) => context.failed("The filter was not changed", &error),
            }
        });
    };
    let delete = Callback::new(move |id: String| {
        spawn_local(async move {
            let op = DeleteAnnotationFilters { user_app_id: scope(context), annotation_filter_ids: vec![id.clone()] };
            match mutate(context, &op).await {
                Ok(_) => context.good(format!("Filter {id} deleted")),
                Err(error) => context.failed("The filter was not deleted", &error),
            }
        });
    });
    view! {
        <Dialog open=open title="Annotation filters">
            <div class="body">
                {move || list.error.get().map(|e| view! { <ErrorPanel what="The filters could not be listed" error=e/> })}
                {move || list.value.get().map(|r| {
                    if r.annotation_filters.is_empty() {
                        return view! { <p class="muted">"None yet. Choose concepts or a user in the New version dialog and they are kept under a name."</p> }.into_any();
                    }
                    r.annotation_filters.iter().map(|f| {
                        let (id, own, whole) = (f.id.clone(), f.id.clone(), f.clone());
                        let (gone, name) = (f.id.clone(), f.id.clone());
                        view! { <div class="saved">
                            <div class="row"><strong class="truncate">{f.id.clone()}</strong><span class="push row">
                                <button type="button" class="btn iconly quiet s" aria-label=format!("Change {id}") title="Change" on:click=move |_| { draft.load(&whole); editing.set(whole.id.clone()); }><Icon name="edit"/></button>
                                {move || if sure.get() == gone {
                                    let gone = gone.clone();
                                    view! { <button type="button" class="btn danger s" on:click=move |_| delete.run(gone.clone())>"Delete for good"</button> }.into_any()
                                } else {
                                    let name = name.clone();
                                    view! { <button type="button" class="btn iconly quiet s" aria-label=format!("Delete {name}") title="Delete" on:click=move |_| sure.set(name.clone())><Icon name="trash"/></button> }.into_any()
                                }}</span></div>
                            <p class="small muted">{said(f)}</p>
                            {move || (editing.get() == own).then(|| view! { <form class="stack-m" on:submit=save><Fields draft=draft fixed=true/><div class="row"><button type="submit" class="btn">"Save filter"</button><button type="button" class="btn quiet" on:click=move |_| editing.set(String::new())>"Cancel"</button></div></form> })}
                        </div> }
                    }).collect_view().into_any()
                })}
            </div>
            <footer><button type="button" class="btn" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}
