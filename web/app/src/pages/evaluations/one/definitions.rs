//! What each figure is called, how it is defined, and what happens where it divides by nothing.

/// A figure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub title: String,
    /// The formula in words.
    pub says: String,
    /// What it is where its divisor is 0.
    pub undefined: &'static str,
    /// Less is better.
    pub lower: bool,
    /// It may lie outside of 0 and 1.
    pub unbounded: bool,
}

const LEFT_OUT: &str = "0 / 0 is undefined; such a class is left out of the mean, and it is said how many are.";
const NOTHING: &str = "Undefined where there is nothing to divide by; never shown as 0.";

/// Of one class; means over classes are made of these.
fn single(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "precision" => ("precision", "TP / (TP + FP): of what was predicted, the share that is true"),
        "recall" => ("recall", "TP / (TP + FN): of what is true, the share that was predicted"),
        "f1" | "f1_score" => ("F1", "2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall"),
        "roc_auc" => (
            "ROC AUC",
            "The probability that something true has a higher score than something untrue, equal scores counting half; the class against the rest",
        ),
        "average_precision" | "ap" => (
            "AP",
            "Average precision: the sum over all scores of precision × the gain in recall, not interpolated; the class against the rest",
        ),
        _ => return None,
    })
}

fn own(name: &str) -> Option<Definition> {
    let known = |title: &str, says: &str, undefined, lower, unbounded| {
        Some(Definition { title: title.to_owned(), says: says.to_owned(), undefined, lower, unbounded })
    };
    match name {
        "accuracy" | "top_1" | "top_1_accuracy" | "top1_accuracy" => known(
            if name == "accuracy" { "Accuracy" } else { "Top-1 accuracy" },
            "Inputs whose highest score is their true class, over all inputs; on equal scores the first class wins. It does not depend on the threshold.",
            NOTHING,
            false,
            false,
        ),
        "top_5" | "top_5_accuracy" | "top5_accuracy" => known(
            "Top-5 accuracy",
            "Inputs whose true class is among their five highest scores, over all inputs; on equal scores the first classes win.",
            NOTHING,
            false,
            false,
        ),
        "top_3" | "top_3_accuracy" => known(
            "Top-3 accuracy",
            "Inputs whose true class is among their three highest scores, over all inputs; on equal scores the first classes win.",
            NOTHING,
            false,
            false,
        ),
        "balanced_accuracy" => known(
            "Balanced accuracy",
            "The mean over classes of the share of their inputs whose highest score is that class.",
            LEFT_OUT,
            false,
            false,
        ),
        "subset_accuracy" | "exact_match" => known(
            "Exact match",
            "Inputs on which exactly the true classes reach the threshold, over all inputs.",
            NOTHING,
            false,
            false,
        ),
        "hamming_loss" => known(
            "Hamming loss",
            "Pairs of input and class that are decided wrongly at the threshold, over all pairs. Lower is better.",
            NOTHING,
            true,
            false,
        ),
        "log_loss" => known(
            "Log loss",
            "The mean over inputs of −ln of the score that the true class got; scores of an input are first divided by their sum, and cut off near 0. Lower is better.",
            NOTHING,
            true,
            true,
        ),
        "brier" | "brier_score" | "brier_multiclass" => known(
            "Brier score",
            "The mean over inputs of the sum over classes of (score − truth)². Lower is better.",
            NOTHING,
            true,
            true,
        ),
        "matthews" | "mcc" | "matthews_correlation" => known(
            "Matthews correlation",
            "The correlation of true and predicted class over all inputs, from −1 to 1; 0 is no better than chance.",
            "Undefined where only one class is true or only one is predicted.",
            false,
            true,
        ),
        "cohen_kappa" | "kappa" => known(
            "Cohen's kappa",
            "(Agreement − agreement expected by chance) / (1 − agreement expected by chance), of true and predicted class.",
            "Undefined where chance alone agrees always.",
            false,
            true,
        ),
        "calibration_error" | "ece" | "expected_calibration_error" => known(
            "Calibration error",
            "Predictions are put into bins by score; the distance of mean score and share that is right in each bin, averaged by count. Lower is better.",
            NOTHING,
            true,
            false,
        ),
        "map" | "map_50_95" | "map_range" => known(
            "mAP@.5:.95",
            "COCO's average precision: precision read at 101 levels of recall, made non-increasing, averaged over them, over the overlaps .50, .55 … .95, and over the classes; at most 100 predictions an input, whatever the threshold.",
            "A class without objects is left out; one with objects and no prediction counts 0.",
            false,
            false,
        ),
        "map_50" => known(
            "mAP@.5",
            "COCO's average precision where a prediction counts from an overlap of .5 on: precision read at 101 levels of recall, averaged over them and over the classes, whatever the threshold.",
            "A class without objects is left out; one with objects and no prediction counts 0.",
            false,
            false,
        ),
        "map_75" => known(
            "mAP@.75",
            "The same as mAP@.5, where a prediction counts from an overlap of .75 on.",
            "A class without objects is left out; one with objects and no prediction counts 0.",
            false,
            false,
        ),
        "precision" | "recall" | "f1" => single(name).and_then(|(title, says)| {
            let mut title = title.to_owned();
            if let Some(first) = title.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            known(&title, &format!("{says}. All classes together, at the threshold."), NOTHING, false, false)
        }),
        "best_f1" => {
            known("Best F1", "The highest F1 that some threshold gives, all classes together.", NOTHING, false, false)
        }
        "best_threshold" => known(
            "Best threshold",
            "The threshold that gives the highest F1, all classes together.",
            NOTHING,
            false,
            false,
        ),
        "true_positives" => known("Right", "Predictions that are true, at the threshold.", NOTHING, false, true),
        "false_positives" => {
            known("False positives", "Predictions that are not true, at the threshold.", NOTHING, true, true)
        }
        "false_negatives" => {
            known("Missed", "What is true and was not predicted, at the threshold.", NOTHING, true, true)
        }
        _ => None,
    }
}

fn mean(name: &str) -> Option<Definition> {
    let (kind, rest) = name.split_once('_')?;
    let (title, says) = single(rest)?;
    let (word, how, undefined) = match kind {
        "macro" | "mean" => ("Macro", "The mean over classes, each counting the same.", LEFT_OUT),
        "micro" => ("Micro", "Counts of all classes are added up first.", NOTHING),
        "weighted" => ("Weighted", "The mean over classes, each by how many are true.", LEFT_OUT),
        "samples" => ("Per-input", "The mean over inputs.", LEFT_OUT),
        "hierarchical" => {
            ("Hierarchical", "Truth and prediction each count with all that is broader than they are.", NOTHING)
        }
        _ => return None,
    };
    let title = match (kind, rest) {
        ("macro" | "mean", "average_precision" | "ap") => "Mean AP".to_owned(),
        _ => format!("{word} {title}"),
    };
    let at = if matches!(rest, "roc_auc" | "average_precision" | "ap") {
        " It does not depend on the threshold."
    } else {
        " At the threshold."
    };
    Some(Definition { title, says: format!("{says}. {how}{at}"), undefined, lower: false, unbounded: false })
}

fn recall_of_detections(name: &str) -> Option<Definition> {
    let rest = name.strip_prefix("ar_").or_else(|| name.strip_prefix("average_recall_"))?;
    let (title, which) = match rest.parse::<u32>() {
        Ok(n) => (format!("AR@{n}"), format!("with at most {n} of the surest predictions an input")),
        Err(_) => (format!("AR {rest}"), format!("for {rest} objects only")),
    };
    Some(Definition {
        title,
        says: format!(
            "Average recall: the share of objects that are found, {which}, averaged over the overlaps .50 to .95 and over the classes."
        ),
        undefined: "A class without objects is left out.",
        lower: false,
        unbounded: false,
    })
}

/// A figure by the worker's name for it. One that is not known is shown by its name, which says so.
pub(super) fn definition(name: &str) -> Definition {
    let by_area = || {
        let area = name.strip_prefix("map_")?;
        let size = match area {
            "small" => "up to 32²",
            "medium" => "from 32² to 96²",
            "large" => "from 96² on",
            _ => return None,
        };
        Some(Definition {
            title: format!("mAP {area}"),
            says: format!("mAP@.5:.95 of objects of an area {size} pixels; others are ignored."),
            undefined: "Undefined where no object has such an area.",
            lower: false,
            unbounded: false,
        })
    };
    own(name).or_else(|| mean(name)).or_else(by_area).or_else(|| recall_of_detections(name)).unwrap_or_else(|| {
        let mut title = name.replace('_', " ");
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Definition {
            title,
            says: "As the server computed it.".to_owned(),
            undefined: NOTHING,
            lower: false,
            unbounded: true,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::definition;

    #[test]
    fn figures_have_titles_that_tell_them_apart() {
        let names = [
            "accuracy",
            "macro_f1",
            "micro_f1",
            "weighted_f1",
            "macro_roc_auc",
            "macro_average_precision",
            "log_loss",
            "map_50_95",
            "map_50",
            "map_75",
            "map_small",
            "ar_1",
            "ar_10",
            "ar_100",
            "ar_small",
            "precision",
            "macro_precision",
        ];
        let titles: Vec<String> = names.iter().map(|n| definition(n).title).collect();
        assert_eq!(
            titles[..7],
            ["Accuracy", "Macro F1", "Micro F1", "Weighted F1", "Macro ROC AUC", "Mean AP", "Log loss"]
        );
        assert_eq!(
            titles[7..],
            [
                "mAP@.5:.95",
                "mAP@.5",
                "mAP@.75",
                "mAP small",
                "AR@1",
                "AR@10",
                "AR@100",
                "AR small",
                "Precision",
                "Macro precision"
            ]
        );
        assert!(definition("log_loss").lower && !definition("accuracy").lower);
        assert_eq!(definition("some_thing").title, "Some thing");
    }
}
