//! The page's address holds all that is chosen on it, so that a link shows the same.

use labelscope_api::wire::encode_segment;
use labelscope_messages::evaluation::{Area, PairFilter, PairKind, Settings};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::location::Location;
use leptos_router::params::ParamsMap;
use percent_encoding::percent_decode_str;

/// A slider moves the page at once, and the address when it has come to rest.
const REST_MS: u64 = 300;

/// Parts of the address that say which pairs are looked at.
const OF_PAIRS: [&str; 10] =
    ["truth", "predicted", "outcome", "concept", "error", "from", "to", "input", "words", "page"];

/// "None" of a matrix, which is no concept. Ids that begin alike get the mark twice.
const NONE: &str = "!none";

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// What is chosen, and how to choose something else.
#[derive(Clone, Copy)]
pub(in super::super) struct Address {
    query: Memo<ParamsMap>,
    location: StoredValue<Location>,
    navigate: StoredValue<Navigate, LocalStorage>,
    /// What all views depend on, as it is this moment.
    pub at: RwSignal<Settings>,
    /// What holds where the address says nothing: as the evaluation was asked for.
    usual: RwSignal<Settings>,
}

impl Address {
    pub fn new() -> Self {
        let (query, navigate) = (use_query_map(), use_navigate());
        let usual = RwSignal::new(Settings::default());
        let at = RwSignal::new(read(&query.get_untracked(), Settings::default()));
        let address = Self {
            query,
            location: StoredValue::new(use_location()),
            navigate: StoredValue::new_local(Box::new(navigate) as Navigate),
            at,
            usual,
        };
        let written = StoredValue::new(at.get_untracked());
        let told = Memo::new(move |_| read(&query.read(), usual.get()));
        // Somebody went back, or followed a link.
        Effect::new(move |_| {
            let told = told.get();
            if told != written.get_value() {
                written.set_value(told);
                if at.get_untracked() != told {
                    at.set(told);
                }
            }
        });
        let moves = StoredValue::new(0u32);
        Effect::new(move |_| {
            let now = at.get();
            if now == told.get_untracked() {
                return;
            }
            moves.update_value(|n| *n += 1);
            let own = moves.get_value();
            spawn_local(async move {
                labelscope_client::sleep_ms(REST_MS).await;
                if moves.try_get_value() == Some(own) {
                    written.set_value(now);
                    address.go(&[], true);
                }
            });
        });
        address
    }

    /// Settings of the evaluation itself hold where the address says nothing else.
    pub fn set_usual(self, usual: Settings) {
        if self.usual.get_untracked() != usual {
            self.usual.set(usual);
        }
    }

    /// A part of the address.
    pub fn get(self, name: &str) -> Option<String> {
        self.query.read().get(name)
    }

    /// A part that follows its place.
    pub fn part(self, name: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| self.get(name))
    }

    /// The address with some parts changed; a part without a value goes.
    pub fn with(self, changes: &[(&str, Option<String>)]) -> String {
        let (query, at, usual) = (self.query.get(), self.at.get(), self.usual.get());
        self.made(query, at, usual, changes)
    }

    fn made(self, mut query: ParamsMap, at: Settings, usual: Settings, changes: &[(&str, Option<String>)]) -> String {
        for (name, value) in write(at, usual).iter().chain(changes) {
            query.remove(name);
            if let Some(value) = value {
                query.insert((*name).to_owned(), value.clone());
            }
        }
        let path = self.location.with_value(|l| l.pathname.get_untracked());
        format!("{path}{}", query.to_query_string())
    }

    fn go(self, changes: &[(&str, Option<String>)], replace: bool) {
        let (Some(query), Some(at)) = (self.query.try_get_untracked(), self.at.try_get_untracked()) else { return };
        let to = self.made(query, at, self.usual.get_untracked(), changes);
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        self.navigate.with_value(|go| go(&to, options));
    }

    /// Chooses something; the browser's Back undoes it.
    pub fn set(self, changes: &[(&str, Option<String>)]) {
        self.go(changes, false);
    }

    /// The same for what is typed, without a step for Back at each letter.
    pub fn replace(self, changes: &[(&str, Option<String>)]) {
        self.go(changes, true);
    }

    /// The address of another view, without what belongs to pairs.
    pub fn view(self, name: &str) -> String {
        let mut changes: Vec<_> = OF_PAIRS.iter().map(|p| (*p, None)).collect();
        changes.push(("view", Some(name.to_owned()).filter(|n| !n.is_empty())));
        self.with(&changes)
    }
}

/// One of the words, or the first.
fn one_of<T: Copy>(text: Option<String>, words: &[(&str, T)], usual: T) -> T {
    text.and_then(|t| words.iter().find(|w| w.0 == t).map(|w| w.1)).unwrap_or(usual)
}

pub(super) const AREAS: [(&str, Area); 4] =
    [("all", Area::All), ("small", Area::Small), ("medium", Area::Medium), ("large", Area::Large)];

fn read(query: &ParamsMap, usual: Settings) -> Settings {
    let number = |name: &str, usual: f64| {
        query.get(name).and_then(|t| t.parse::<f64>().ok()).filter(|n| (0.0..=1.0).contains(n)).unwrap_or(usual)
    };
    let flag = |name: &str, usual: bool| one_of(query.get(name), &[("1", true), ("0", false)], usual);
    Settings {
        threshold: number("t", usual.threshold),
        inclusive: flag("inclusive", usual.inclusive),
        iou: number("iou", usual.iou),
        masks: flag("masks", usual.masks),
        across: one_of(query.get("matching"), &[("across", true), ("within", false)], usual.across),
        area: one_of(query.get("area"), &AREAS, usual.area),
    }
}

fn write(at: Settings, usual: Settings) -> [(&'static str, Option<String>); 6] {
    let number =
        |now: f64, usual: f64| (now.to_bits() != usual.to_bits()).then(|| format!("{}", (now * 1e4).round() / 1e4));
    let flag = |now: bool, usual: bool| (now != usual).then(|| if now { "1" } else { "0" }.to_owned());
    let area = AREAS.iter().find(|a| a.1 == at.area).map_or("all", |a| a.0);
    [
        ("t", number(at.threshold, usual.threshold)),
        ("inclusive", flag(at.inclusive, usual.inclusive)),
        ("iou", number(at.iou, usual.iou)),
        ("masks", flag(at.masks, usual.masks)),
        ("matching", (at.across != usual.across).then(|| if at.across { "across" } else { "within" }.to_owned())),
        ("area", (at.area != usual.area).then(|| area.to_owned())),
    ]
}

/// Words for what became of a pair.
pub(super) const KINDS: [(&str, PairKind); 5] = [
    ("tp", PairKind::TruePositive),
    ("fp", PairKind::FalsePositive),
    ("fn", PairKind::FalseNegative),
    ("tn", PairKind::TrueNegative),
    ("ignored", PairKind::Ignored),
];

/// Several values in one part.
pub(in super::super) fn list(values: impl IntoIterator<Item = String>) -> Option<String> {
    let text: Vec<String> = values.into_iter().map(|v| encode_segment(&v).replace(',', "%2C")).collect();
    Some(text.join(",")).filter(|t| !t.is_empty())
}

/// They are read again.
pub(in super::super) fn listed(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').filter(|v| !v.is_empty()).map(|v| percent_decode_str(v).decode_utf8_lossy().into_owned()).collect()
}

/// A row or a column of a matrix: an id, or none.
pub(super) fn side(id: Option<&str>) -> String {
    match id {
        None => NONE.to_owned(),
        Some(id) if id.starts_with('!') => format!("!{id}"),
        Some(id) => id.to_owned(),
    }
}

#[expect(clippy::option_option, reason = "nothing is asked, none is asked for, or a concept: as the filter has it")]
fn read_side(text: &str, index: impl Fn(&str) -> Option<u32>) -> Option<Option<u32>> {
    if text == NONE {
        return Some(None);
    }
    index(text.strip_prefix('!').unwrap_or(text)).map(Some)
}

/// The filter of pairs as the address has it; `index` finds concepts by id.
pub(super) fn read_filter(get: impl Fn(&str) -> Option<String>, index: impl Fn(&str) -> Option<u32>) -> PairFilter {
    let outcomes = listed(get("outcome"));
    let score = |name: &str| get(name).and_then(|t| t.parse::<f64>().ok());
    let (from, to) = (score("from"), score("to"));
    PairFilter {
        truth: get("truth").and_then(|t| read_side(&t, &index)),
        predicted: get("predicted").and_then(|t| read_side(&t, &index)),
        kinds: KINDS.iter().filter(|k| outcomes.iter().any(|o| o == k.0)).map(|k| k.1).collect(),
        concept: get("concept").and_then(|id| index(&id)),
        error: get("error"),
        scores: (from.is_some() || to.is_some()).then(|| (from.unwrap_or(0.0), to.unwrap_or(1.0))),
        input: get("input").and_then(|n| n.parse().ok()),
        words: get("words").unwrap_or_default(),
    }
}

/// The parts of the address that make this filter, and none of another.
pub(super) fn write_filter(filter: &PairFilter, id: impl Fn(u32) -> String) -> Vec<(&'static str, Option<String>)> {
    let one_side = |s: Option<Option<u32>>| s.map(|s| side(s.map(&id).as_deref()));
    let outcomes = KINDS.iter().filter(|k| filter.kinds.contains(&k.1)).map(|k| k.0.to_owned());
    vec![
        ("truth", one_side(filter.truth)),
        ("predicted", one_side(filter.predicted)),
        ("outcome", list(outcomes)),
        ("concept", filter.concept.map(&id)),
        ("error", filter.error.clone()),
        ("from", filter.scores.map(|s| s.0.to_string())),
        ("to", filter.scores.map(|s| s.1.to_string())),
        ("input", filter.input.map(|i| i.to_string())),
        ("words", Some(filter.words.clone()).filter(|w| !w.is_empty())),
        ("page", None),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    const IDS: [&str; 4] = ["chair", "!none", "a,b", "none"];

    fn index(id: &str) -> Option<u32> {
        IDS.iter().position(|i| *i == id).map(|i| i as u32)
    }

    #[test]
    fn a_filter_survives_the_address() {
        let filters = [
            PairFilter::default(),
            PairFilter { truth: Some(Some(1)), predicted: Some(None), ..PairFilter::default() },
            PairFilter {
                kinds: vec![PairKind::FalsePositive, PairKind::FalseNegative],
                concept: Some(2),
                error: Some("background".into()),
                scores: Some((0.1, 0.25)),
                input: Some(7),
                words: "room 1".into(),
                ..PairFilter::default()
            },
            PairFilter { truth: Some(Some(3)), predicted: Some(Some(2)), ..PairFilter::default() },
        ];
        for filter in filters {
            let said = write_filter(&filter, |i| IDS[i as usize].to_owned());
            let said: HashMap<&str, String> = said.into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
            assert_eq!(read_filter(|n| said.get(n).cloned(), index), filter, "{said:?}");
        }
    }

    #[test]
    fn settings_stand_in_the_address_where_they_are_not_the_usual_ones() {
        let usual = Settings { threshold: 0.3, ..Settings::default() };
        assert!(write(usual, usual).iter().all(|p| p.1.is_none()));
        let now =
            Settings { threshold: 0.5, inclusive: true, across: false, area: Area::Small, iou: 0.75, masks: true };
        let mut map = ParamsMap::new();
        for (name, value) in write(now, usual) {
            if let Some(value) = value {
                map.insert(name.to_owned(), value);
            }
        }
        assert_eq!(read(&map, usual), now);
        map.replace("t".to_owned(), "12".to_owned());
        assert!((read(&map, usual).threshold - 0.3).abs() < 1e-9, "what is no threshold is not taken");
    }

    #[test]
    fn lists_keep_commas() {
        let values = ["a,b".to_owned(), "c d".to_owned(), "%2C".to_owned()];
        assert_eq!(listed(list(values.clone())), values);
        assert_eq!(list([]), None);
    }
}
