//! Where calls and addresses go when another server is worked on.

use super::*;
use crate::routes;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

fn connection(name: &str) -> Connection {
    Connection {
        name: name.into(),
        base_url: "https://h.example".into(),
        user_id: "kim".into(),
        ..Connection::default()
    }
}

#[wasm_bindgen_test]
fn calls_and_addresses_follow_the_connection() {
    assert_eq!(client().base(), origin());
    assert_eq!([routes::home(), routes::jobs("a b")], ["/", "/a%20b/jobs"]);
    assert_eq!(crate::data::user(), "me");

    enter(Some(Connection { id: "far".into(), ..connection("Far") }));
    assert_eq!(client().base(), format!("{}{GATEWAY_PATH}/far", origin()));
    assert_eq!(own().base(), origin());
    assert_eq!([routes::home(), routes::jobs("a b")], ["/via/far", "/via/far/a%20b/jobs"]);
    assert_eq!(crate::data::user(), "kim");
    assert!(media("https://h.example/p").is_some_and(|m| m.starts_with("/labelscope/v1/gateway/far/media?url=")));
    enter(None);
    assert!(is_own());
}

#[wasm_bindgen_test]
fn a_token_of_a_straight_connection_is_in_its_client_alone() {
    let [one, two] = ["one", "two"].map(|name| add_direct(connection(name), "s3cr3t-of-kim".to_owned()));
    assert_eq!([one.as_str(), two.as_str()], ["direct.1", "direct.2"]);
    assert!(is_direct(&one));
    let all = direct();
    assert!(!format!("{all:?} {:?}", client_of(all.first().unwrap())).contains("s3cr3t"));
    assert_eq!(client_of(all.first().unwrap()).base(), "https://h.example");
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    for i in 0..storage.length().unwrap() {
        let key = storage.key(i).unwrap().unwrap();
        assert!(!storage.get_item(&key).unwrap().unwrap().contains("s3cr3t"), "{key}");
    }
    forget(&one);
    assert!(!is_direct(&one) && is_direct(&two));
    // Ids are not given again while another has a higher one.
    assert_eq!(add_direct(connection("three"), String::new()), "direct.3");
}
