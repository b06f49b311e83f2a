//! Files that came in parts, or are on their way.

use super::add_job::{ROWS, delete_upload};
use super::standing::{goes_on, standing, why};
use super::{Line, table};
use crate::components::ErrorPanel;
use crate::data::{context, query, scope, tick_while};
use crate::format;
use labelscope_api::messages::Upload;
use labelscope_api::operations::ListUploads;
use leptos::prelude::*;

fn line(upload: &Upload) -> Line {
    let percent = upload.status.as_ref().map_or(0, |s| s.percent_completed);
    let size = format::bytes(upload.content_length.0.cast_signed());
    let runs = goes_on(upload.status.as_ref());
    let why = why(upload.status.as_ref());
    let until = match upload.expires_at {
        Some(at) if runs => format!("Kept until {}; choose the file again to go on.", format::time(Some(at))),
        _ => String::new(),
    };
    Line {
        id: upload.id.clone(),
        icon: "upload",
        title: if upload.content_name.is_empty() { upload.id.clone() } else { upload.content_name.clone() },
        to: None,
        about: size,
        standing: standing(upload.status.as_ref()),
        far: runs.then(|| (until.clone(), format!("{percent} %"), f64::from(percent), 100.0)),
        outcome: if why.is_empty() { until } else { why },
        at: upload.created_at,
        took: String::new(),
        download: String::new(),
        verbs: vec!["Delete"],
    }
}

#[component]
pub(super) fn List() -> impl IntoView {
    let context = context();
    let tick = RwSignal::new(0);
    let list = query(move || {
        tick.track();
        let _ = context.app.get();
        Some(ListUploads { user_app_id: scope(context), page: 1, per_page: ROWS })
    });
    tick_while(tick, move || {
        list.value.with(|r| r.as_ref().is_some_and(|r| r.uploads.iter().any(|u| goes_on(u.status.as_ref()))))
    });
    let lines = Memo::new(move |_| list.value.get().map(|r| r.uploads.iter().map(line).collect::<Vec<_>>()));
    table(
        lines,
        move || {
            let error = list.error.get();
            error.map(|e| view! { <ErrorPanel what="The uploads could not be listed" error=e/> }.into_any())
        },
        ("No uploads", "Archives that are sent show here while they arrive and after."),
        "Uploads, newest first",
        Callback::new(move |(_, id)| delete_upload(context, id)),
    )
}
