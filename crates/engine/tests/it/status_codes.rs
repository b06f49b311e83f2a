//! Status codes with their words.

use crate::world::World;
use labelscope_api::messages::StatusCode;
use labelscope_api::operations::{GetStatusCode, ListStatusCodes};

#[test]
fn every_code_has_words_and_is_found_by_number_and_by_name() {
    let w = World::new();
    let all = w.ok(&ListStatusCodes::default()).statuses;
    assert!(all.len() > 300 && all.is_sorted_by_key(|s| s.code));
    assert!(all.iter().all(|s| !s.description.is_empty() && s.code != StatusCode::ZERO));
    let get = |id: &str| GetStatusCode { status_code_id: id.into(), ..Default::default() };
    for id in ["30002", "INPUT_FAILED", "input_failed"] {
        let status = w.ok(&get(id)).status.unwrap();
        assert_eq!((status.code.0, status.description.as_str()), (30002, "Input failed"), "{id}");
    }
    // A code of failure as an answer is no failure of the call.
    assert_eq!(w.ok(&get("11101")).status.unwrap().description, "Resource does not exist");
    for id in ["12345", "0", "NONE", "-1", "99999999999999"] {
        assert_eq!(w.refused(&get(id)).0, 11101, "{id}");
    }
}
