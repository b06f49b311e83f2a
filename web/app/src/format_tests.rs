//! What a browser makes of numbers and dates.

use super::*;
use crate::appearance::set_number_language;
use leptos::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn numbers_follow_the_language() {
    // 23 November 2026, noon in UTC: the same day everywhere.
    let at = Some(Timestamp(1_795_435_200_000_000));
    for (language, number, size, date) in [
        ("en-GB", "1,234,567", "83.9 kB", "23 Nov 2026"),
        ("de", "1.234.567", "83,9 kB", "23. Nov. 2026"),
        ("en-US", "1,234,567", "83.9 kB", "Nov 23, 2026"),
        // No language at all: as English has it, and no date.
        ("-", "1,234,567", "83.9 kB", ""),
    ] {
        set_number_language(language);
        assert_eq!([count(1_234_567), bytes(83_953), day(at)], [number, size, date], "{language}");
    }
    set_number_language("de");
    assert_eq!([decimal(0.5, 3), decimal(-0.25, 2)], ["0,500", "-0,25"]);
    set_number_language("");
    assert!(time(at).contains("2026"));
}

#[wasm_bindgen_test]
async fn what_is_shown_follows_a_change() {
    let owner = Owner::new();
    owner.set();
    set_number_language("en-GB");
    let shown = Memo::new(|_| count(1000));
    assert_eq!(shown.get_untracked(), "1,000");
    set_number_language("de");
    assert_eq!(shown.get_untracked(), "1.000");
    set_number_language("");
}
