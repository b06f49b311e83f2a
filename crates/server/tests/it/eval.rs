//! `labelscope eval` as a process, on real predictions and their reference figures.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

fn testdata(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name).to_str().unwrap().to_owned()
}

/// The exit code, what was printed, and what was complained about.
fn eval(args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_labelscope")).arg("eval").args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// The number in the column, of the line of that name.
fn column(table: &str, name: &str, column: usize) -> String {
    let line =
        table.lines().find(|l| l.split("  ").next() == Some(name)).unwrap_or_else(|| panic!("{name} in\n{table}"));
    line[name.len()..].split_whitespace().nth(column).unwrap().to_owned()
}

#[test]
fn reference_figures_are_reached_and_their_files_found() {
    for (golden, name, figures) in [
        ("indoor85/reference/reference_bbox.json", "AP", 12 + 38 * 12),
        ("coco100/reference/reference_bbox.json", "person.APsmall", 12 + 80 * 12),
        ("coco100/reference/reference_segm.json", "ARlarge", 12 + 80 * 12),
        ("digits/reference/reference_logreg.json", "aggregate_prf.weighted.f1", 0),
        ("digits/reference/reference_knn10.json", "top_k_accuracy.1.ties_lower_index_first", 0),
    ] {
        let (code, table, said) = eval(&["check", "--golden", &testdata(golden)]);
        assert_eq!(code, 0, "{golden}: {said}{}", &table[table.len().saturating_sub(2000)..]);
        assert_eq!(column(&table, name, 0), column(&table, name, 1));
        let last = table.lines().last().unwrap();
        assert!(last.starts_with("all ") && last.ends_with("figures agree within 1e-9"), "{last}");
        let count: usize = last.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(count > 60 && (figures == 0 || count == figures), "{golden}: {count}");
    }
}

fn written(dir: &tempfile::TempDir, name: &str, content: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn plain_figures_within_a_tolerance_and_past_it() {
    let dir = tempfile::tempdir().unwrap();
    let (truth, predictions) = (testdata("indoor85/instances_gt.json"), testdata("indoor85/predictions.json"));
    let golden =
        written(&dir, "golden.json", &json!({"AP50": 0.312, "bed.AP75": 0.5898, "backpack.APsmall": null}).to_string());
    let args = |tolerance| {
        [
            "check",
            "--golden",
            golden.to_str().unwrap(),
            "--truth",
            &truth,
            "--predictions",
            &predictions,
            "--tolerance",
            tolerance,
        ]
        .map(str::to_owned)
    };
    let run = |tolerance| eval(&args(tolerance).each_ref().map(String::as_str));
    let (code, table, _) = run("1e-4");
    assert_eq!((code, table.lines().count()), (0, 5), "{table}");
    assert_eq!(
        (column(&table, "backpack.APsmall", 0), column(&table, "backpack.APsmall", 1)),
        ("undefined".into(), "undefined".into())
    );
    let (code, table, _) = run("4e-5");
    assert_eq!(code, 1);
    assert!(table.lines().any(|l| l.starts_with("AP50 ") && l.ends_with('!')), "{table}");
    assert!(table.contains("1 of 3 figures differ by more than 4e-5"), "{table}");
    // Undefined is no number: it agrees with undefined alone.
    written(&dir, "golden.json", r#"{"backpack.APsmall": 0}"#);
    assert_eq!(run("1").0, 1);
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let (truth, predictions) = (testdata("indoor85/instances_gt.json"), testdata("indoor85/predictions.json"));
    let golden = testdata("indoor85/reference/reference_bbox.json");
    let file = |name: &str, content: &str| written(&dir, name, content).to_str().unwrap().to_owned();
    let broken = file("broken.json", "[{\"image_id\": 1,\n \"category_id\": 35}]");
    let stranger = file("stranger.json", r#"[{"image_id": 1, "category_id": 99, "bbox": [0, 0, 1, 1], "score": 1}]"#);
    let nothing = file("nothing.json", r#"[{"image_id": 1, "category_id": 1, "score": 1}]"#);
    let short =
        file("short.json", r#"{"classes": ["a", "b"], "items": [{"id": "x", "true_label": "a", "scores": [1]}]}"#);
    let other = file("other.json", r#"{"classes": ["a"], "items": [{"id": "x", "true_label": "b", "scores": [1]}]}"#);
    let unknown = file("unknown.json", r#"{"AP50": 0.3, "AP51": 0.3}"#);
    let words = file("words.json", r#"{"AP50": "high"}"#);
    let empty = file("empty.json", "{}");
    for (args, place) in [
        (vec!["check", "--golden", "no/such.json"], "no/such.json"),
        (vec!["check", "--golden", &golden, "--predictions", &broken], "broken.json: line 2, column 19"),
        (vec!["check", "--golden", &golden, "--predictions", &stranger], "[0].category_id: is 99"),
        (vec!["check", "--golden", &golden, "--predictions", &nothing], "[0]: has neither bbox nor segmentation"),
        (vec!["check", "--golden", &golden, "--truth", &predictions], "predictions.json: "),
        (vec!["run", "--predictions", &short], "items[0].scores: has 1 numbers for 2 classes"),
        (vec!["run", "--predictions", &other], "items[0].true_label: is \"b\""),
        (vec!["check", "--golden", &unknown, "--truth", &truth, "--predictions", &predictions], "AP51 is no figure"),
        (vec!["check", "--golden", &words, "--truth", &truth, "--predictions", &predictions], "AP50 is no number"),
        (
            vec!["check", "--golden", &empty, "--truth", &truth, "--predictions", &predictions],
            "there is no figure in it",
        ),
        (vec!["check", "--golden", &unknown], "say where they are with --predictions"),
        (vec!["check"], "--golden FILE"),
        (vec!["run"], "--predictions FILE"),
        (vec!["guess"], "eval check"),
        (vec!["check", "--golden", &golden, "--tolerance", "-1"], "--tolerance -1"),
        (vec!["check", "--much", "1"], "--much"),
    ] {
        let (code, table, said) = eval(&args);
        assert_eq!(code, 2, "{args:?}: {said}{table}");
        assert!(said.contains(place), "{args:?}: {said}");
    }
}

#[test]
fn without_other_figures_ours_are_printed() {
    let (truth, predictions) = (testdata("coco100/instances_gt.json"), testdata("coco100/predictions_segm.json"));
    let ap = |masks: &[&str]| {
        let args = [&["run", "--truth", &truth, "--predictions", &predictions], masks].concat();
        let (code, printed, said) = eval(&args);
        assert_eq!(code, 0, "{said}");
        serde_json::from_str::<Value>(&printed).unwrap()["AP"].as_f64().unwrap()
    };
    assert!((ap(&["--masks"]) - 0.319_545_275_9).abs() < 1e-9);
    assert!((ap(&[]) - 0.319_545_275_9).abs() > 1e-3);
    let (code, printed, _) = eval(&["run", "--predictions", &testdata("digits/predictions_knn10.json")]);
    let figures: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, figures["n_items"].as_f64()), (0, Some(899.0)));
}
