//! How something of the API that takes time stands, in words.

use crate::components::Tone;
use crate::format;
use labelscope_api::messages::{
    BulkOperation, InputsAddJob, InputsAddJobProgress, InputsExtractionJobProgress, Status, StatusCode,
};

/// The pill: its tone and its word.
pub(crate) fn standing(status: Option<&Status>) -> (Tone, &'static str) {
    use StatusCode as C;
    match status.map(|s| s.code).unwrap_or_default() {
        C::ZERO | C::JOB_QUEUED | C::BULK_OPERATION_PENDING | C::APP_DUPLICATION_PENDING => (Tone::Idle, "Queued"),
        C::JOB_RUNNING | C::BULK_OPERATION_IN_PROGRESS | C::APP_DUPLICATION_IN_PROGRESS => (Tone::Run, "Running"),
        C::UPLOAD_IN_PROGRESS => (Tone::Run, "Arriving"),
        C::JOB_COMPLETED | C::BULK_OPERATION_SUCCESS | C::APP_DUPLICATION_SUCCESS | C::UPLOAD_DONE | C::SUCCESS => {
            (Tone::Ok, "Done")
        }
        C::JOB_CANCELLED | C::BULK_OPERATION_CANCELLED | C::UPLOAD_CANCELED => (Tone::Idle, "Cancelled"),
        C::UPLOAD_EXPIRED => (Tone::Idle, "Expired"),
        C::JOB_PAUSED => (Tone::Idle, "Paused"),
        C::MIXED_STATUS => (Tone::Warn, "In part"),
        _ => (Tone::Bad, "Failed"),
    }
}

/// The pill of an add job: done is in part where some inputs failed.
pub(crate) fn standing_of(job: &InputsAddJob) -> (Tone, &'static str) {
    let failed = job.progress.as_ref().is_some_and(|p| p.failed_count.0 > 0);
    match standing(job.status.as_ref()) {
        (Tone::Ok, _) if failed => (Tone::Warn, "In part"),
        other => other,
    }
}

/// Does more come of it?
pub(crate) fn goes_on(status: Option<&Status>) -> bool {
    matches!(standing(status).1, "Queued" | "Running" | "Arriving")
}

/// Can it be begun anew with a better outcome?
pub(crate) fn ended_early(status: Option<&Status>) -> bool {
    matches!(standing(status).1, "Failed" | "Cancelled" | "Expired")
}

/// Why it did not go well; nothing where it did.
pub(crate) fn why(status: Option<&Status>) -> String {
    match status {
        Some(s) if matches!(standing(status).0, Tone::Bad | Tone::Warn) => {
            let words = if s.details.is_empty() { &s.description } else { &s.details };
            sentence(words.trim_end_matches('.'), s.code)
        }
        _ => String::new(),
    }
}

/// What the server says of something that went well: files that it left out, a call-back that did not get there.
pub(crate) fn note(status: Option<&Status>) -> String {
    match status {
        Some(s) if standing(status).0 == Tone::Ok => s.details.clone(),
        _ => String::new(),
    }
}

/// The server's words begin small, as they stand behind a place; a name or an address that comes first stays as it is.
fn sentence(words: &str, code: StatusCode) -> String {
    let plain = words.split(' ').next().is_some_and(|w| w.chars().all(char::is_alphabetic));
    let mut letters = words.chars();
    match letters.next().filter(|_| plain) {
        Some(first) => format!("{}{} (code {})", first.to_uppercase(), letters.as_str(), code.0),
        None => format!("{words} (code {})", code.0),
    }
}

/// `80 images, 2 texts`: those that there are, else nothing.
fn named(counts: &[(u64, &str, &str)]) -> String {
    let parts = counts.iter().filter(|c| c.0 > 0).map(|(n, one, many)| format::of(n.cast_signed(), one, many));
    parts.collect::<Vec<_>>().join(", ")
}

/// What an extraction has found.
pub(crate) fn found(progress: Option<&InputsExtractionJobProgress>) -> String {
    let p = progress.cloned().unwrap_or_default();
    let inputs = named(&[
        (p.image_inputs_count.0, "image", "images"),
        (p.video_inputs_count.0, "video", "videos"),
        (p.audio_inputs_count.0, "recording", "recordings"),
        (p.text_inputs_count.0, "text", "texts"),
    ]);
    let archives = [
        (p.pending_archives_count.0, "waiting"),
        (p.in_progress_archives_count.0, "in work"),
        (p.completed_archives_count.0, "done"),
        (p.failed_archives_count.0, "failed"),
    ];
    let total: u64 = archives.iter().map(|a| a.0).sum();
    let archives: Vec<String> = archives
        .iter()
        .filter(|a| a.0 > 0)
        .map(|(n, word)| format!("{} {word}", format::count(n.cast_signed())))
        .collect();
    let archives = if total == 0 {
        String::new()
    } else {
        format!("{}: {}", if total == 1 { "archive" } else { "archives" }, archives.join(", "))
    };
    [inputs, archives].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// How many inputs of an add job are where: those that are over, and all that are known.
pub(crate) fn added(p: &InputsAddJobProgress) -> (f64, f64) {
    let over = p.success_count.0 + p.failed_count.0;
    (over as f64, (over + p.pending_count.0 + p.in_progress_count.0) as f64)
}

/// `80 added, 3 failed`.
pub(crate) fn tally(p: &InputsAddJobProgress) -> String {
    let parts = [
        (p.success_count.0, "added"),
        (p.failed_count.0, "failed"),
        (p.in_progress_count.0, "in work"),
        (p.pending_count.0, "waiting"),
    ];
    let parts = parts.iter().filter(|p| p.0 > 0).map(|(n, word)| format!("{} {word}", format::count(n.cast_signed())));
    parts.collect::<Vec<_>>().join(", ")
}

/// What a bulk operation does, in a sentence without its end.
pub(crate) fn change(op: &BulkOperation) -> String {
    let Some(kind) = &op.operation else { return "Change inputs".to_owned() };
    let listed = |concepts: &[labelscope_api::messages::Concept]| {
        let names: Vec<&str> =
            concepts.iter().take(3).map(|c| if c.name.is_empty() { c.id.as_str() } else { c.name.as_str() }).collect();
        let more = concepts.len().saturating_sub(names.len());
        if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
    };
    let keys = |metadata: &Option<labelscope_api::wire::Struct>| {
        metadata.as_ref().map(|m| m.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
    };
    if let Some(o) = &kind.add_concepts {
        format!("Add {}", listed(&o.concepts))
    } else if let Some(o) = &kind.delete_concepts {
        format!("Remove {}", listed(&o.concepts))
    } else if let Some(o) = &kind.add_metadata {
        format!("Set metadata {}", keys(&o.metadata))
    } else if let Some(o) = &kind.delete_metadata {
        format!("Remove metadata {}", keys(&o.metadata))
    } else if kind.overwrite_geo.is_some() {
        "Set the place".to_owned()
    } else if kind.delete_geo.is_some() {
        "Remove the place".to_owned()
    } else if let Some(o) = &kind.add_to_dataset {
        format!("Add to dataset {}", o.dataset_id)
    } else if let Some(o) = &kind.delete_from_dataset {
        format!("Remove from dataset {}", o.dataset_id)
    } else if let Some(o) = &kind.split_into_datasets {
        let parts: Vec<String> = o
            .dataset_splits
            .iter()
            .map(|s| format!("{} {} %", s.dataset.as_ref().map_or("", |d| d.id.as_str()), s.percentage))
            .collect();
        format!("Split into {}", parts.join(", "))
    } else if kind.delete_annotations.is_some() {
        "Delete annotations".to_owned()
    } else {
        "Change inputs".to_owned()
    }
}

/// Which inputs a bulk operation is about.
pub(crate) fn about(op: &BulkOperation) -> String {
    if let Some(ids) = &op.input_ids {
        format::of(ids.input_ids.len() as i64, "picked input", "picked inputs")
    } else if let Some(dataset) = &op.dataset {
        format!("dataset {}", dataset.id)
    } else if let Some(search) = op.search.as_ref().or(op.annotation_search.as_ref()) {
        let conditions = search.query.as_ref().map_or(0, |q| q.filters.len() + q.ranks.len());
        if conditions == 0 { "all inputs".to_owned() } else { "what a search finds".to_owned() }
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use labelscope_api::wire::UInt64;

    fn status(code: StatusCode, details: &str) -> Status {
        Status { code, details: details.to_owned(), ..Status::default() }
    }

    #[test]
    fn codes_have_a_word_and_failures_a_reason() {
        let failed = status(StatusCode::ARCHIVE_EXTRACT_FAILED, "the archive holds more than it may.");
        assert_eq!(standing(Some(&failed)).1, "Failed");
        assert_eq!(why(Some(&failed)), "The archive holds more than it may (code 67000)");
        let address = status(StatusCode::LIST_OBJECTS_FAILED, "file:///x cannot be listed");
        assert_eq!(why(Some(&address)), "file:///x cannot be listed (code 66000)");
        let done = status(StatusCode::JOB_COMPLETED, "");
        assert_eq!((why(Some(&done)), goes_on(Some(&done)), goes_on(None)), (String::new(), false, true));
        assert!(ended_early(Some(&status(StatusCode::UPLOAD_EXPIRED, ""))));
    }

    #[test]
    fn counts_name_only_what_there_is() {
        let p = InputsExtractionJobProgress {
            image_inputs_count: UInt64(80),
            text_inputs_count: UInt64(1),
            failed_archives_count: UInt64(1),
            ..InputsExtractionJobProgress::default()
        };
        assert_eq!(found(Some(&p)), "80 images, 1 text · archive: 1 failed");
        assert_eq!(found(None), "");
        let p = InputsAddJobProgress {
            success_count: UInt64(1200),
            failed_count: UInt64(3),
            ..InputsAddJobProgress::default()
        };
        assert_eq!((tally(&p), added(&p)), ("1,200 added, 3 failed".to_owned(), (1203.0, 1203.0)));
    }
}
