//! `docs/API.md` and the tables of operations say the same.

use labelscope_api::{Effect, Meta, extensions, operations};

fn row(meta: &Meta, last: &str) -> String {
    let path = meta
        .path()
        .replace("/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/", "/…/")
        .replace("user_app_id.", "");
    let again = match meta.effect {
        Effect::Read => "reads",
        Effect::Idempotent => "writes, may be repeated",
        Effect::Once => "writes, once",
    };
    format!("| {} | {} | `{path}` | {again} |{last}", meta.name, meta.method)
}

#[test]
fn the_page_on_the_api_lists_every_operation() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/API.md")).unwrap();
    let mut want: Vec<String> = operations::ALL.iter().map(|meta| row(meta, "")).collect();
    want.extend(extensions::ALL.iter().map(|e| row(&e.meta, &format!(" `{}` | {} |", e.capability, e.fallback))));
    let have: Vec<&str> =
        page.lines().filter(|l| want.iter().any(|w| w.split('|').nth(1) == l.split('|').nth(1))).collect();
    assert_eq!(have.join("\n"), want.join("\n"), "the tables in docs/API.md should read:\n{}\n", want.join("\n"));
}
