//! Files that came in parts, or are on their way.

use super::Line;
use super::add_job::delete_upload;
use super::followed::{Kind, followed};
use super::standing::{goes_on, standing, why};
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
    followed::<ListUploads>(Kind {
        failed: "The uploads could not be listed",
        none: ("No uploads", "Archives that are sent show here while they arrive and after."),
        caption: "Uploads, newest first",
        goes_on: |upload| goes_on(upload.status.as_ref()),
        line: |_, upload| line(upload),
        act: |context, _, upload| delete_upload(context, upload.id),
    })
}
