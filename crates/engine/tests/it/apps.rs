use crate::world::{World, scope};
use labelscope_api::messages::{App, Concept, UserAppIdSet};
use labelscope_api::operations::{GetApp, GetUser, ListApps, ListConcepts, PostApps, PostConcepts};
use labelscope_engine::{Call, Caller};
use serde_json::json;

fn user(id: &str) -> UserAppIdSet {
    UserAppIdSet { user_id: id.into(), ..UserAppIdSet::default() }
}

#[test]
fn me_is_the_caller() {
    let w = World::new();
    for id in ["me", "local"] {
        assert_eq!(w.ok(&GetUser { user_app_id: user(id), ..Default::default() }).user.unwrap().id, "local");
    }
    assert_eq!(w.refused(&GetUser { user_app_id: user("somebody"), ..Default::default() }).0, 11101);
}

#[test]
fn apps_are_made_listed_and_kept_apart() {
    let w = World::new();
    let app = |id: &str, name: &str| App {
        id: id.into(),
        name: name.into(),
        metadata: json!({"stage": "draft"}).as_object().cloned(),
        ..App::default()
    };
    let made = w.ok(&PostApps { user_app_id: user("me"), apps: vec![app("rooms", "Rooms"), app("", "No id")] }).apps;
    assert_eq!((made[0].user_id.as_str(), made[0].default_language.as_str()), ("local", "en"));
    assert_eq!(made[1].id.len(), 32);
    let sorted =
        w.ok(&ListApps { user_app_id: user("me"), sort_by_name: true, sort_ascending: true, ..Default::default() });
    assert_eq!(sorted.apps.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["No id", "Rooms", "demo"]);
    let found = w.ok(&ListApps { user_app_id: user("me"), search: "roo".into(), ..Default::default() }).apps;
    assert_eq!(found.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["rooms"]);
    let rooms = UserAppIdSet { user_id: "me".into(), app_id: "rooms".into() };
    let one = w.ok(&GetApp { user_app_id: rooms.clone(), ..Default::default() }).app.unwrap();
    assert_eq!((one.name.as_str(), one.metadata), ("Rooms", json!({"stage": "draft"}).as_object().cloned()));
    let concept = || vec![Concept { id: "cat".into(), ..Concept::default() }];
    w.ok(&PostConcepts { user_app_id: rooms.clone(), concepts: concept() });
    assert!(w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts.is_empty());
    w.ok(&PostConcepts { user_app_id: scope(), concepts: concept() });
    // The short paths mean the default app.
    let caller = Caller { user_id: "local".into() };
    let short =
        Call { name: "ListConcepts", path: vec![], query: "", body: b"", caller: &caller, base_url: "", req_id: "r" };
    let answer = w.reader.lock().unwrap().execute(&short);
    let reply: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(reply["concepts"][0]["app_id"], "demo", "{reply}");
    let nobody = UserAppIdSet { user_id: "other".into(), app_id: "demo".into() };
    assert_eq!(w.refused(&GetApp { user_app_id: nobody, ..Default::default() }).0, 11101);
}
