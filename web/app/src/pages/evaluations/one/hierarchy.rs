//! What the app says of narrower and broader concepts, and the figures that know it.

use super::definitions::definition;
use super::page::{Page, answer};
use super::tiles::{Defined, value};
use super::trouble::Trouble;
use crate::components::ErrorPanel;
use crate::data::{Context, client, query, scope};
use crate::explore::asked;
use crate::format;
use labelscope_api::messages::ConceptRelation;
use labelscope_api::operations::ListConceptRelations;
use labelscope_client::Error;
use labelscope_messages::evaluation::{Explore, Explored};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Relations of a page of the list.
const PAGE: u32 = 1000;

/// Pairs of narrower and broader concept, by id.
pub(super) type Pairs = Arc<Vec<(String, String)>>;

/// The hierarchy of the app's concepts.
#[derive(Clone, Copy)]
pub(super) struct Broader {
    /// Is there any?
    pub any: Memo<bool>,
    pairs: RwSignal<Option<Pairs>>,
    error: RwSignal<Option<Arc<Error>>>,
    begun: StoredValue<bool>,
    context: Context,
}

impl Broader {
    pub fn new(context: Context) -> Self {
        let one = |predicate: &'static str| {
            query(move || {
                Some(ListConceptRelations {
                    user_app_id: scope(context),
                    predicate: predicate.to_owned(),
                    per_page: 1,
                    ..ListConceptRelations::default()
                })
            })
        };
        let found = ["hyponym", "hypernym"].map(one);
        let any = Memo::new(move |_| {
            found.iter().any(|q| q.value.with(|r| r.as_ref().is_some_and(|r| !r.concept_relations.is_empty())))
        });
        Self { any, pairs: RwSignal::new(None), error: RwSignal::new(None), begun: StoredValue::new(false), context }
    }

    /// The pairs, which are fetched when somebody first asks.
    pub fn get(self) -> Option<Pairs> {
        if !self.begun.get_value() {
            self.begun.set_value(true);
            spawn_local(async move {
                match all(self.context).await {
                    Ok(pairs) => drop(self.pairs.try_set(Some(Arc::new(pairs)))),
                    Err(error) => drop(self.error.try_set(Some(Arc::new(error)))),
                }
            });
        }
        self.pairs.get()
    }

    /// Concepts so that relatives stand together: by the path from the broadest.
    pub fn order(self, page: Page) -> Option<Vec<u32>> {
        let pairs = self.get()?;
        let up: HashMap<&str, &str> = pairs.iter().map(|(n, b)| (n.as_str(), b.as_str())).collect();
        let count = page.about().concepts.len() as u32;
        let mut order: Vec<(Vec<String>, u32)> = (0..count).map(|c| (path(&up, &page.id(c)), c)).collect();
        order.sort();
        Some(order.into_iter().map(|o| o.1).collect())
    }
}

/// From the broadest to the concept itself. A circle ends where it closes.
fn path(up: &HashMap<&str, &str>, id: &str) -> Vec<String> {
    let (mut out, mut seen, mut at) = (vec![id.to_owned()], HashSet::new(), id);
    while let Some(next) = up.get(at).filter(|n| seen.insert(**n)) {
        out.push((*next).to_owned());
        at = next;
    }
    out.reverse();
    out
}

fn pair(relation: &ConceptRelation) -> Option<(String, String)> {
    let (subject, object) =
        (relation.subject_concept.as_ref()?.id.clone(), relation.object_concept.as_ref()?.id.clone());
    match relation.predicate.as_str() {
        "hyponym" => Some((subject, object)),
        "hypernym" => Some((object, subject)),
        _ => None,
    }
}

async fn all(context: Context) -> Result<Vec<(String, String)>, Error> {
    let mut out = Vec::new();
    for page in 1.. {
        let op = ListConceptRelations {
            user_app_id: scope(context),
            page,
            per_page: PAGE,
            ..ListConceptRelations::default()
        };
        let got = client().send(&op).await?.concept_relations;
        out.extend(got.iter().filter_map(pair));
        if got.len() < PAGE as usize {
            break;
        }
    }
    out.sort();
    out.dedup();
    Ok(out)
}

#[component]
pub(super) fn Hierarchy(page: Page) -> impl IntoView {
    let broader = page.broader;
    let asked = asked(move || {
        let pairs = broader.get()?;
        Some(Explore::Hierarchy { run: page.run(), at: page.at(), broader: pairs.to_vec() })
    });
    let figures = answer(asked, |e| if let Explored::Figures(f) = e { Some(f) } else { None });
    view! {
        <section class="card" aria-labelledby="hierarchy"><header><h2 id="hierarchy">"Figures that know the hierarchy"</h2>
            <span class="small faint">{move || broader.pairs.get().map(|p| format::of(p.len() as i64, "relation to a broader concept", "relations to broader concepts"))}</span></header>
            <div class="body"><p class="muted">"Truth and prediction count together with everything that is broader than they are in this app's relations. So a chair taken for an armchair is half right, and one taken for a lamp is not. Synonyms count as one."</p></div>
            {move || broader.error.get().map(|e| view! { <ErrorPanel what="The relations could not be listed" error=e/> })}
            <Trouble asked=asked what="The figures could not be computed"/>
            {move || match figures.get() {
                None => view! { <div class="body"><span class="skel" style="height:96px"></span></div> }.into_any(),
                Some(f) => view! { <table class="table"><caption class="vh">"Figures that know the hierarchy"</caption><thead><tr><th scope="col">"Figure"</th><th scope="col" class="num">"Value"</th></tr></thead>
                    <tbody>{f.whole.iter().map(|w| { let d = definition(&w.name, page.about().single_label); view! { <tr><th scope="row"><span class="row">{d.title.clone()}<Defined definition=d.clone()/></span></th>
                        <td class="num">{value(w)}</td></tr> } }).collect_view()}</tbody></table> }.into_any(),
            }}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::path;
    use std::collections::HashMap;

    #[test]
    fn a_path_begins_with_the_broadest_and_a_circle_ends() {
        let up = HashMap::from([("chair", "seat"), ("seat", "furniture"), ("a", "b"), ("b", "a")]);
        assert_eq!(path(&up, "chair"), ["furniture", "seat", "chair"]);
        assert_eq!(path(&up, "lamp"), ["lamp"]);
        assert_eq!(path(&up, "a").first().map(String::as_str), Some("a"));
    }
}
