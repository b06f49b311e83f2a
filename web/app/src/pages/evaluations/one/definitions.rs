//! What each figure is called, how it is defined, and what happens where it divides by nothing.

/// A figure in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Definition {
    pub title: String,
    /// The formula in words.
    pub says: String,
    /// What it is where its divisor is 0.
    pub undefined: &'static str,
    /// Less is better.
    pub lower: bool,
}

const LEFT_OUT: &str =
    "0 / 0 is undefined. A class for which it is so is left out of the mean, and it is said how many are.";
const NOTHING: &str = "Undefined where there is nothing to divide by; never shown as 0.";
const OBJECTS: &str = "A class without objects is left out of the mean; one with objects and no prediction counts 0.";

/// Of one class; means over classes are made of these.
fn single(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "precision" => ("precision", "TP / (TP + FP): of what was predicted, the share that is true"),
        "recall" => ("recall", "TP / (TP + FN): of what is true, the share that was predicted"),
        "f1" => ("F1", "2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall"),
        "roc_auc" => (
            "ROC AUC",
            "The chance that something true has a higher score than something untrue, equal scores counting half",
        ),
        "positives" => ("positives", "How often the class is true"),
        "average_precision" => (
            "AP",
            "Average precision: over all scores, the gain in recall times the precision, added up and not interpolated",
        ),
        _ => return None,
    })
}

fn first_large(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Figures that stand for themselves: title, definition, what is undefined, and whether less is better.
fn own(name: &str) -> Option<(&'static str, &'static str, &'static str, bool)> {
    Some(match name {
        "accuracy" => (
            "Accuracy",
            "Inputs whose highest score is their true class, over all inputs; on equal scores the class whose id comes first wins. The threshold does not bear on it.",
            NOTHING,
            false,
        ),
        "top_5" => (
            "Top-5 accuracy",
            "Inputs whose true class is among their five highest scores, over all inputs; on equal scores those whose ids come first win. The threshold does not bear on it.",
            NOTHING,
            false,
        ),
        "log_loss" => (
            "Log loss",
            "The mean over inputs of −ln of the score that the true class was given; scores are cut off just above 0. Lower is better.",
            NOTHING,
            true,
        ),
        "brier" => (
            "Brier score",
            "The squared distance of score and truth (1 or 0): where each input has one class the sum over classes, else the mean over pairs of input and class; then the mean. Lower is better.",
            NOTHING,
            true,
        ),
        "ece" => (
            "Calibration error",
            "Expected calibration error: scores are put into ten bins; the distance of mean score and share that is right in each bin, averaged by how many are in it. Lower is better.",
            NOTHING,
            true,
        ),
        "mean_average_precision" => (
            "Mean AP",
            "Average precision of each class against the rest (over all scores, the gain in recall times the precision, added up and not interpolated); then the mean over classes. The threshold does not bear on it.",
            LEFT_OUT,
            false,
        ),
        "average_precision" => (
            "mAP",
            "COCO's mean average precision at one overlap, of objects in one range of areas. The threshold does not bear on it.",
            OBJECTS,
            false,
        ),
        "map_50_95" => (
            "mAP@.5:.95",
            "COCO's mean average precision: precision read at 101 levels of recall, made non-increasing, averaged over them, over the overlaps .50, .55 … .95 and over the classes; at most 100 predictions an input. The threshold does not bear on it.",
            OBJECTS,
            false,
        ),
        "map_50" => (
            "mAP@.5",
            "COCO's mean average precision at one overlap: a prediction may match from an overlap of .5 on. The threshold does not bear on it.",
            OBJECTS,
            false,
        ),
        "map_75" => (
            "mAP@.75",
            "COCO's mean average precision at one overlap: a prediction may match from an overlap of .75 on. The threshold does not bear on it.",
            OBJECTS,
            false,
        ),
        "map_at_iou" => (
            "mAP at the overlap",
            "COCO's mean average precision at the chosen overlap alone. The threshold does not bear on it.",
            OBJECTS,
            false,
        ),
        "ap_small" => {
            ("mAP small", "mAP@.5:.95 of objects with an area up to 32² pixels; others are ignored.", OBJECTS, false)
        }
        "ap_medium" => (
            "mAP medium",
            "mAP@.5:.95 of objects with an area from 32² to 96² pixels; others are ignored.",
            OBJECTS,
            false,
        ),
        "ap_large" => {
            ("mAP large", "mAP@.5:.95 of objects with an area from 96² pixels on; others are ignored.", OBJECTS, false)
        }
        "distance_weighted_accuracy" => (
            "Accuracy, near misses in part",
            "Like accuracy, where a class that is near the true one in the hierarchy earns a part: the fewer steps over their common broader concept, the more.",
            NOTHING,
            false,
        ),
        "distance_weighted_f1" => (
            "F1, near misses in part",
            "Like F1, where a class that is near the true one in the hierarchy earns a part: the fewer steps over their common broader concept, the more.",
            NOTHING,
            false,
        ),
        "hierarchical_precision" => (
            "Hierarchical precision",
            "Precision over sets: what was predicted and what is true each stand with all that is broader.",
            NOTHING,
            false,
        ),
        "hierarchical_recall" => (
            "Hierarchical recall",
            "Recall over sets: what was predicted and what is true each stand with all that is broader.",
            NOTHING,
            false,
        ),
        "hierarchical_f1" => {
            ("Hierarchical F1", "The harmonic mean of hierarchical precision and hierarchical recall.", NOTHING, false)
        }
        _ => return None,
    })
}

/// Means of figures of the classes. `surest`: each input has one class, and its highest score decides.
fn mean(name: &str, surest: bool) -> Option<Definition> {
    let (kind, rest) = name.split_once('_')?;
    let (title, says) = single(rest)?;
    let (word, how, undefined) = match kind {
        "macro" => ("Macro", "The mean over classes, each counting the same.", LEFT_OUT),
        "micro" => ("Micro", "Counts of all classes are added up first.", NOTHING),
        "weighted" => ("Weighted", "The mean over classes, each by how often it is true.", LEFT_OUT),
        _ => return None,
    };
    let when = match (rest, surest) {
        ("roc_auc" | "average_precision", _) => "Each class against the rest. The threshold does not bear on it.",
        (_, true) => "The highest score of an input is its prediction; the threshold does not bear on it.",
        (_, false) => "At the threshold.",
    };
    Some(Definition {
        title: format!("{word} {title}"),
        says: format!("{says}. {how} {when}"),
        undefined,
        lower: false,
    })
}

/// Figures with a number in their name.
fn numbered(name: &str) -> Option<Definition> {
    let of = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse::<u32>().ok());
    if let Some(most) = of("ar_") {
        return Some(Definition {
            title: format!("AR@{most}"),
            says: format!(
                "COCO's average recall: the share of objects that are found with the {most} surest predictions an input, averaged over the overlaps .50 to .95 and over the classes."
            ),
            undefined: "A class without objects is left out of the mean.",
            lower: false,
        });
    }
    of("correct_at_level_").map(|level| Definition {
        title: format!("Right at level {level}"),
        says: format!("The share that is right if only concepts of depth {level} of the hierarchy are told apart, the broadest being level 1."),
        undefined: NOTHING,
        lower: false,
    })
}

/// A figure by the worker's name for it. `surest`: each input has one class. One that is not known is shown by its name.
pub(in super::super) fn definition(name: &str, surest: bool) -> Definition {
    let together = || {
        let (title, says) = single(name)?;
        let says = format!("{says}. All classes together, at the threshold.");
        Some(Definition { title: first_large(title), says, undefined: NOTHING, lower: false })
    };
    let spread = || {
        let mean = mean(name.strip_suffix("_deviation")?, surest)?;
        let says =
            format!("The standard deviation over the classes of what {} is the mean of. {}", mean.title, mean.says);
        Some(Definition { title: format!("{}, spread", mean.title), says, ..mean })
    };
    own(name)
        .map(|(title, says, undefined, lower)| Definition {
            title: title.to_owned(),
            says: says.to_owned(),
            undefined,
            lower,
        })
        .or_else(spread)
        .or_else(|| mean(name, surest))
        .or_else(|| numbered(name))
        .or_else(together)
        .unwrap_or_else(|| Definition {
            title: first_large(&name.replace('_', " ")),
            says: "A figure without a definition of its own here.".to_owned(),
            undefined: NOTHING,
            lower: false,
        })
}

/// A figure of one class.
pub(super) fn of_class(name: &str) -> Definition {
    let found = single(name).map(|(title, says)| (first_large(title), format!("{says}; the class against the rest.")));
    let (title, says) = found.unwrap_or_else(|| (first_large(&name.replace('_', " ")), String::new()));
    Definition { title, says, undefined: NOTHING, lower: false }
}

#[cfg(test)]
mod tests {
    use super::{definition, of_class};

    #[test]
    fn figures_have_titles_that_tell_them_apart() {
        let labels =
            ["accuracy", "macro_f1", "micro_f1", "weighted_f1", "macro_roc_auc", "mean_average_precision", "log_loss"];
        let titles = labels.map(|n| definition(n, true).title);
        assert_eq!(titles, ["Accuracy", "Macro F1", "Micro F1", "Weighted F1", "Macro ROC AUC", "Mean AP", "Log loss"]);
        let objects = ["map_50_95", "map_50", "map_75", "ap_small", "ar_1", "ar_100", "precision", "macro_f1"];
        let titles = objects.map(|n| definition(n, false).title);
        assert_eq!(titles, ["mAP@.5:.95", "mAP@.5", "mAP@.75", "mAP small", "AR@1", "AR@100", "Precision", "Macro F1"]);
        assert_eq!(definition("correct_at_level_2", true).title, "Right at level 2");
        assert_eq!(definition("some_thing", true).title, "Some thing");
        assert_eq!(definition("macro_f1_deviation", false).title, "Macro F1, spread");
        assert_eq!(of_class("roc_auc").title, "ROC AUC");
    }

    #[test]
    fn a_mean_says_what_decides() {
        assert!(definition("macro_f1", true).says.contains("highest score"));
        assert!(definition("macro_f1", false).says.contains("At the threshold"));
        assert!(definition("log_loss", true).lower && !definition("accuracy", true).lower);
    }
}
