//! Pages by groups. In the release build each group but the first is a piece of wasm of its own, loaded when a page of it is
//! first opened; otherwise they are in the one wasm, as the tool that takes it apart is not at hand.

use crate::pages;
use leptos::prelude::*;
use leptos_router::LazyRoute;

/// A page whose piece did not come.
struct Missing;

#[cfg(labelscope_split)]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

fn missing() -> AnyView {
    let reload = |_| {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    };
    view! {
        <section class="empty" role="alert">
            <h1>"This page could not be loaded"</h1>
            <p>"The server did not answer, or has been updated meanwhile. Reload the workbench."</p>
            <button type="button" class="btn primary" on:click=reload>"Reload"</button>
        </section>
    }
    .into_any()
}

macro_rules! pages {
    ($($group:ident { $($name:ident as $function:ident),* $(,)? })*) => {$($(
        pub(crate) struct $name;

        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            async fn view(_this: Self) -> AnyView {
                #[cfg(labelscope_split)]
                #[leptos::wasm_split::wasm_split($group, wasm_split_path = leptos::wasm_split, fallible)]
                fn $function() -> Result<AnyView, Missing> {
                    Ok(view! { <pages::$name/> }.into_any())
                }
                #[cfg(not(labelscope_split))]
                async fn $function() -> Result<AnyView, Missing> {
                    Ok(view! { <pages::$name/> }.into_any())
                }
                $function().await.unwrap_or_else(|Missing| missing())
            }
        }
    )*)*};
}

pages! {
    concepts { Concepts as concepts }
    data { Datasets as datasets, Dataset as dataset, Version as version, Inputs as inputs, Import as import }
    evaluations { Evaluations as evaluations, Evaluation as evaluation, Compare as compare, Predictions as predictions }
    models { Models as models, Model as model, Jobs as jobs, Settings as settings }
}
