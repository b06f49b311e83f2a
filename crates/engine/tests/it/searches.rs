use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Ids and scores of what a search over inputs finds.
#[allow(clippy::needless_pass_by_value)]
fn inputs(w: &World, filters: Value, more: &Value) -> Vec<(String, f32)> {
    let mut search = json!({"query": {"filters": filters}});
    for (key, value) in more.as_object().into_iter().flatten() {
        if key == "ranks" { search["query"]["ranks"] = value.clone() } else { search[key] = value.clone() }
    }
    let hits = w.ok(&post(search)).hits;
    hits.into_iter().map(|h| (h.input.unwrap().id, h.score)).collect()
}

fn post(search: Value) -> PostInputsSearches {
    let searches = vec![serde_json::from_value(search).unwrap()];
    let pagination = Some(Pagination { page: 1, per_page: 1000 });
    PostInputsSearches { user_app_id: scope(), searches, pagination, ..Default::default() }
}

fn found(w: &World, filters: Value) -> Vec<String> {
    inputs(w, filters, &json!({})).into_iter().map(|h| h.0).collect()
}

#[allow(clippy::needless_pass_by_value)]
fn annotations(w: &World, filters: Value) -> Vec<String> {
    let searches = vec![serde_json::from_value(json!({"query": {"filters": filters}})).unwrap()];
    let op = PostAnnotationsSearches { user_app_id: scope(), searches, ..Default::default() };
    w.ok(&op).hits.into_iter().map(|h| h.annotation.unwrap().id).collect()
}

fn put(w: &World, sent: Value) {
    let inputs = serde_json::from_value(sent).unwrap();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
}

fn say(w: &World, sent: Value) {
    let annotations = serde_json::from_value(sent).unwrap();
    w.ok(&PostAnnotations { user_app_id: scope(), annotations });
}

fn world() -> World {
    let w = World::new();
    put(
        &w,
        json!([
            {"id": "a", "data": {"image": {"url": "http://x/a.jpg"}, "metadata": {"k": {"n": 1}, "t": [1, 2]}, "geo": {"geo_point": {"longitude": 44, "latitude": 55}},
                "embeddings": [{"vector": [1, 0]}], "concepts": [{"id": "cat"}]}},
            {"id": "b", "data": {"image": {"url": "http://x/b.jpg"}, "embeddings": [{"vector": [0, 1]}], "concepts": [{"id": "dog"}, {"id": "cat", "value": 0}]}},
            {"id": "c", "data": {"text": {"raw": "A Café by night"}}},
        ]),
    );
    let boxed = json!({"region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.1, "bottom_row": 0.4, "right_col": 0.4}}, "data": {"concepts": [{"id": "dog"}]}});
    say(
        &w,
        json!([
            {"id": "r", "input_id": "a", "data": {"regions": [boxed]}},
            {"id": "p", "input_id": "c", "model_version_id": "m1", "data": {"concepts": [{"id": "cat", "value": 0.8}]}},
        ]),
    );
    w
}

fn concept(id: &str, value: f32) -> Value {
    json!({"annotation": {"data": {"concepts": [{"id": id, "value": value}]}}})
}

#[test]
fn filters_hold_together_across_an_input_and_negate_turns_one_round() {
    let w = world();
    assert_eq!(found(&w, json!([])), ["c", "b", "a"]);
    assert_eq!(found(&w, json!([{"annotation": {}}])), ["c", "b", "a"]);
    assert_eq!(found(&w, json!([concept("cat", 1.0)])), ["a"]);
    assert_eq!(found(&w, json!([concept("cat", 0.0)])), ["b"]);
    assert_eq!(found(&w, json!([concept("dog", 1.0)])), ["b", "a"]);
    assert_eq!(found(&w, json!([concept("cat", 1.0), concept("dog", 1.0)])), ["a"]);
    let mut not = concept("cat", 1.0);
    not["negate"] = true.into();
    assert_eq!(found(&w, json!([not])), ["c", "b"]);
    let by_model = json!([{"annotation": {"model_version_id": "m1", "data": {"concepts": [{"name": "CAT"}]}}}]);
    assert_eq!(found(&w, by_model), ["c"]);
    assert_eq!(found(&w, json!([{"input": {"data": {"text": {"raw": "CAFE"}}}}])), ["c"]);
    assert_eq!(found(&w, json!([{"input": {"data": {"image": {}, "text": {}}}}])).len(), 3);
    assert_eq!(found(&w, json!([{"input": {"data": {"image": {}}}}])), ["b", "a"]);
    assert_eq!(found(&w, json!([{"annotation": {"input_id": "b"}}])), ["b"]);
}

#[test]
fn metadata_matches_by_one_key_and_places_lie_on_a_globe() {
    let w = world();
    let metadata = |m: Value| found(&w, json!([{"annotation": {"data": {"metadata": m}}}]));
    assert_eq!(metadata(json!({"k": {"n": 1.0}})), ["a"]);
    assert_eq!(metadata(json!({"nothing": 1, "t": 2})), ["a"]);
    assert!(metadata(json!({"k": {"n": 2}})).is_empty());
    let around = |kind: &str, value: f64| {
        let geo = json!({"geo_point": {"longitude": 44, "latitude": 56}, "geo_limit": {"type": kind, "value": value}});
        !found(&w, json!([{"annotation": {"data": {"geo": geo}}}])).is_empty()
    };
    // A degree of latitude is 111.195 km, 69.09 miles.
    for (kind, less, more) in [
        ("withinKilometers", 111.0, 111.4),
        ("withinMiles", 69.0, 69.2),
        ("withinDegrees", 0.99, 1.01),
        ("withinRadians", 0.0174, 0.0175),
    ] {
        assert_eq!((around(kind, less), around(kind, more)), (false, true), "{kind}");
    }
    let corners = |x: f64| json!({"geo_box": [{"geo_point": {"longitude": x, "latitude": 54}}, {"geo_point": {"longitude": 45, "latitude": 56}}]});
    assert_eq!(found(&w, json!([{"input": {"data": {"geo": corners(43.0)}}}])), ["a"]);
    assert!(found(&w, json!([{"input": {"data": {"geo": corners(44.5)}}}])).is_empty());
}

#[test]
fn filters_of_annotations_hold_on_one_and_the_same() {
    let w = world();
    assert_eq!(annotations(&w, json!([concept("dog", 1.0)])).len(), 2);
    assert!(annotations(&w, json!([concept("cat", 1.0), concept("dog", 1.0)])).is_empty());
    assert_eq!(
        annotations(&w, json!([{"annotation": {"data": {"regions": [{"region_info": {"bounding_box": {}}}]}}}])),
        ["r"]
    );
    assert!(
        annotations(&w, json!([{"annotation": {"data": {"regions": [{"region_info": {"mask": {}}}]}}}])).is_empty()
    );
    assert!(!annotations(&w, json!([{"annotation": {"data": {}}}])).contains(&"r".to_owned()));
    assert_eq!(annotations(&w, json!([{"annotation": {"input_id": "c"}}])), ["p"]);
    assert!(!annotations(&w, json!([{"annotation": {"trusted": true}}])).contains(&"p".to_owned()));
    let hits = w.ok(&PostAnnotationsSearches {
        user_app_id: scope(),
        searches: vec![Search::default()],
        ..Default::default()
    });
    assert_eq!(hits.hits[0].input.as_ref().unwrap().id, "c");
}

#[test]
fn ranks_order_and_cut() {
    let w = world();
    let like = json!([{"annotation": {"data": {"embeddings": [{"vector": [2, 0]}]}}}]);
    let cosine = inputs(&w, json!([]), &json!({"ranks": like, "metric": "COSINE_DISTANCE"}));
    assert_eq!(cosine, [("a".to_owned(), 1.0), ("b".to_owned(), 0.5)]);
    let euclid = inputs(&w, json!([]), &json!({"ranks": like}));
    assert_eq!(euclid[0], ("a".to_owned(), 0.5));
    assert_eq!(inputs(&w, json!([]), &json!({"ranks": like, "min_value": 0.4})).len(), 1);
    let self_like = inputs(&w, json!([]), &json!({"ranks": [{"annotation": {"input_id": "b"}}]}));
    assert_eq!(self_like[0], ("b".to_owned(), 1.0));
    let by_concept = inputs(&w, json!([]), &json!({"ranks": [concept("cat", 1.0)]}));
    assert_eq!(by_concept.iter().map(|h| h.0.as_str()).collect::<Vec<_>>(), ["a", "c", "b"]);
    let off = inputs(&w, json!([]), &json!({"ranks": [concept("cat", 0.0)]}));
    assert_eq!(off.iter().map(|h| h.0.as_str()).collect::<Vec<_>>(), ["b", "c", "a"]);
}

#[test]
fn what_cannot_be_done_is_said() {
    let w = world();
    let refused = |search: Value| w.refused(&post(search));
    let (code, details) = refused(json!({"query": {"filters": [concept("nobody", 1.0)]}}));
    assert_eq!(code, 40002);
    assert!(details.contains("query.filters[0].annotation.data.concepts[0] \"nobody\""), "{details}");
    assert_eq!(
        refused(json!({"query": {"ranks": [{"annotation": {"data": {"image": {"url": "http://x"}}}}]}})).0,
        10040
    );
    assert_eq!(refused(json!({"query": {"ranks": [{"annotation": {"input_id": "c"}}]}})).0, 43004);
    assert_eq!(refused(json!({"query": {"filters": [{"annotation": {"embed_model_version_id": "t"}}]}})).0, 10040);
    assert_eq!(refused(json!({"algorithm": "magic"})).0, 40002);
    assert_eq!(refused(json!({"query": {"filters": [{"input": {"dataset_ids": ["none"]}}]}})).0, 11101);
    let far = PostInputsSearches { pagination: Some(Pagination { page: 1002, per_page: 1000 }), ..post(json!({})) };
    assert!(w.refused(&far).1.contains("page * perPage cannot exceed"));
    assert_eq!(w.refused(&PostInputsSearches { user_app_id: scope(), ..Default::default() }).0, 40002);
}

#[test]
fn counts_the_past_and_saved_searches() {
    let w = world();
    let counted =
        w.ok(&PostInputsSearches { only_count: true, ..post(json!({"query": {"filters": [concept("dog", 1.0)]}})) });
    assert_eq!((counted.hit_counts[0].estimated_total.0, counted.hits.len()), (2, 0));
    let made = w.ok(&GetInput { user_app_id: scope(), input_id: "c".into() }).input.unwrap().created_at.unwrap();
    w.ok(&DeleteInput { user_app_id: scope(), input_id: "a".into() });
    assert_eq!(found(&w, json!([])), ["c", "b"]);
    assert_eq!(inputs(&w, json!([concept("cat", 1.0)]), &json!({"as_of": made})).len(), 1);
    let saved = post(json!({"id": "s", "save": true, "query": {"filters": [concept("dog", 1.0)]}}));
    let reply = w.ok(&saved);
    assert_eq!((reply.searches[0].id.as_str(), reply.hits.len()), ("s", 0));
    assert!(w.refused(&saved).1.contains("duplicate"));
    let run = PostSearchesByID { user_app_id: scope(), id: "s".into(), ..Default::default() };
    assert_eq!(w.ok(&run).hits.len(), 1);
    let change = Search { id: "s".into(), query: Some(Query::default()), ..Search::default() };
    let patch = |id: &str, action: &str| PatchInputsSearches {
        user_app_id: scope(),
        action: action.into(),
        searches: vec![Search { id: id.into(), ..change.clone() }],
    };
    w.ok(&patch("s", "overwrite"));
    assert_eq!(w.ok(&run).hits.len(), 2);
    assert_eq!((w.refused(&patch("x", "overwrite")).0, w.refused(&patch("s", "merge")).0), (11101, 11102));
    w.ok(&DeleteSearch { user_app_id: scope(), id: "s".into() });
    assert_eq!(w.refused(&run).0, 11101);
    assert!(w.ok(&ListSearches { user_app_id: scope(), ..Default::default() }).searches.is_empty());
}

#[test]
fn the_older_form_is_understood() {
    let w = world();
    let older = |ands: Value| {
        let query = Some(serde_json::from_value(json!({"ands": ands})).unwrap());
        let hits = w.ok(&PostSearches { user_app_id: scope(), query, ..Default::default() }).hits;
        hits.into_iter().map(|h| h.input.unwrap().id).collect::<Vec<_>>()
    };
    assert_eq!(older(json!([{"input": {"data": {"concepts": [{"id": "cat", "value": 1}]}}}])), ["a"]);
    assert_eq!(older(json!([{"output": {"data": {"concepts": [{"name": "cat"}]}}}])), ["a", "c", "b"]);
    assert_eq!(older(json!([{"negate": true, "input": {"data": {"metadata": {"t": 1}}}}])), ["c", "b"]);
    assert_eq!(older(json!([{"input": {"data": {"image": {"url": "http://x/b.jpg"}}}}])), ["b"]);
}

/// One input of a small world: labels with values, a number in its metadata, a place.
#[derive(Debug, Clone)]
struct Small {
    labels: Vec<(usize, bool)>,
    number: u8,
    longitude: f32,
}

fn smalls() -> impl Strategy<Value = Vec<Small>> {
    let one = (prop::collection::vec((0..3usize, any::<bool>()), 0..3), 0..3u8, -3..3i8);
    prop::collection::vec(one.prop_map(|(labels, number, x)| Small { labels, number, longitude: f32::from(x) }), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn answers_are_those_of_a_plain_reading(all in smalls(), filters in prop::collection::vec((0..3u8, 0..3usize, any::<bool>(), any::<bool>()), 0..3)) {
        let w = World::new();
        let names = ["x", "y", "z"];
        w.ok(&PostConcepts { user_app_id: scope(), concepts: names.iter().map(|n| Concept { id: (*n).into(), ..Concept::default() }).collect() });
        put(&w, all.iter().enumerate().map(|(i, s)| json!({"id": format!("i{i}"), "data": {"image": {"url": format!("http://x/{i}")},
            "metadata": {"n": s.number}, "geo": {"geo_point": {"longitude": s.longitude, "latitude": 0}}}})).collect());
        for (i, s) in all.iter().enumerate() {
            for (concept, on) in &s.labels {
                say(&w, json!([{"input_id": format!("i{i}"), "data": {"concepts": [{"id": names[*concept], "value": u8::from(*on)}]}}]));
            }
        }
        let sent: Vec<Value> = filters.iter().map(|(kind, n, on, negate)| {
            let data = match kind {
                0 => json!({"concepts": [{"id": names[*n], "value": u8::from(*on)}]}),
                1 => json!({"metadata": {"n": n}}),
                _ => json!({"geo": {"geo_point": {"longitude": 0, "latitude": 0}, "geo_limit": {"type": "withinDegrees", "value": *n as f64 + 0.5}}}),
            };
            json!({"negate": negate, "annotation": {"data": data}})
        }).collect();
        let want: Vec<String> = all.iter().enumerate().rev().filter(|(_, s)| filters.iter().all(|(kind, n, on, negate)| {
            negate ^ match kind {
                0 => s.labels.contains(&(*n, *on)),
                1 => usize::from(s.number) == *n,
                _ => s.longitude.abs() <= *n as f32 + 0.5,
            }
        })).map(|(i, _)| format!("i{i}")).collect();
        prop_assert_eq!(found(&w, Value::Array(sent)), want);
    }
}
