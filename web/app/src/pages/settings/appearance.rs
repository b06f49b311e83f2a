//! Theme, and the language of numbers and dates.

use crate::appearance::{Theme, number_language, set_number_language, set_theme, theme};
use crate::components::Choice;
use crate::{format, languages};
use labelscope_api::wire::Timestamp;
use leptos::prelude::*;

const THEMES: [(Theme, &str, &str); 3] = [
    (Theme::System, "System", "As the system is set, and with it when it changes"),
    (Theme::Light, "Light", ""),
    (Theme::Dark, "Dark", ""),
];

/// The browser's own first, then those that differ by country where that matters most, then all others.
fn offered() -> Vec<(String, String)> {
    let mut all = languages::options("As the browser says");
    all.retain(|l| l.0 != "en");
    let english = [("en-GB", "English, United Kingdom"), ("en-US", "English, United States")];
    all.splice(1..1, english.map(|(code, name)| (code.to_owned(), name.to_owned())));
    all
}

#[component]
pub(super) fn Appearance() -> impl IntoView {
    let now = Timestamp(js_sys::Date::now() as i64 * 1000);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Appearance"><div class="page-body narrow">
            <section class="card" aria-labelledby="theme-head"><header><h2 id="theme-head">"Theme"</h2></header>
                <div class="body"><div class="stack-s" role="radiogroup" aria-labelledby="theme-head">
                    {THEMES.into_iter().map(|(value, word, about)| view! {
                        <label class="check"><input type="radio" name="theme" prop:checked=move || theme() == value on:change=move |_| set_theme(value)/><span>{word}</span>
                            {(!about.is_empty()).then(|| view! { <span class="small faint">{about}</span> })}</label> }).collect_view()}
                </div></div></section>
            <section class="card" aria-labelledby="numbers-head"><header><h2 id="numbers-head">"Numbers and dates"</h2></header>
                <div class="body stack">
                    <Choice label="Language" value=Signal::derive(number_language) options=Signal::derive(offered) change=Callback::new(|v: String| set_number_language(&v))/>
                    <dl class="kv" aria-label="Example">
                        <dt>"Count"</dt><dd class="num-start">{move || format::count(1_234_567)}</dd>
                        <dt>"Share"</dt><dd>{move || format::decimal(0.9375, 3)}</dd>
                        <dt>"Size"</dt><dd>{move || format::bytes(83_953)}</dd>
                        <dt>"Time"</dt><dd>{move || format::time(Some(now))}</dd>
                    </dl>
                </div>
                <footer>"Kept by this browser. The words of the workbench stay English."</footer></section>
        </div></div>
    }
}
