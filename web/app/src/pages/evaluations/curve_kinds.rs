//! Kinds of curves: their words in the address and on the page.

use labelscope_messages::evaluation::CurveKind;

/// In the address, and what it is called; x and y.
const KINDS: [(&str, CurveKind, &str, &str, &str); 4] = [
    ("", CurveKind::Pr, "PR curve", "Recall", "Precision"),
    ("roc", CurveKind::Roc, "ROC curve", "False positive rate", "True positive rate"),
    ("froc", CurveKind::Froc, "FROC curve", "False positives an input", "Recall"),
    ("f1", CurveKind::F1, "F1 by threshold", "Threshold", "F1"),
];

/// The kind of a word in the address; a word that means none is the usual kind.
pub(super) fn kind_of(word: &str) -> CurveKind {
    KINDS.iter().find(|k| k.0 == word).map_or(CurveKind::Pr, |k| k.1)
}

/// The word of a kind in the address.
pub(super) fn word_of(kind: CurveKind) -> String {
    KINDS.iter().find(|k| k.1 == kind).map_or("", |k| k.0).to_owned()
}

/// What a kind is called; x and y.
pub(super) fn said(kind: CurveKind) -> (&'static str, &'static str, &'static str) {
    KINDS.iter().find(|k| k.1 == kind).map_or(("PR curve", "Recall", "Precision"), |k| (k.2, k.3, k.4))
}

/// Words and names of the kinds that there are of detections, or of labels.
pub(super) fn choices(detection: bool) -> Vec<(String, String)> {
    let without = if detection { CurveKind::Roc } else { CurveKind::Froc };
    KINDS.iter().filter(|k| k.1 != without).map(|k| (k.0.to_owned(), k.2.to_owned())).collect()
}
