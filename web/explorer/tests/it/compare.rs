//! Runs beside each other.

use crate::data::{
    ask, at, compared, digits, figures, indoor, input, ledger, matrix, named, session, several, whole, worse_indoor,
};
use labelscope_messages::evaluation::{
    CompareView, Explore, MatrixView, Outcome, Pick, RunAgainstRun, Settings, Verdict,
};
use labelscope_metrics::{Content, Labels, NEGATIVE, POSITIVE, TestSet};

fn runs(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn view() -> CompareView {
    CompareView { draws: 1000, seed: 7, ..CompareView::default() }
}

fn both() -> labelscope_explorer::Session {
    session(vec![("knn10", digits("knn10")), ("logreg", digits("logreg"))])
}

#[test]
fn digits_are_compared_as_the_design_shows_them() {
    let mut session = both();
    let all = compared(&mut session, Explore::Compare { runs: runs(&["knn10", "logreg"]), at: at(0.5), view: view() });
    assert_eq!((all.inputs, all.left_out, all.same_truth, all.draws), (899, 0, true, 1000));
    let [line] = all.differences.as_slice() else { panic!() };
    let of = |name: &str| line.iter().find(|d| d.name == name).unwrap();
    let four = |v: Option<f64>| format!("{:.4}", v.unwrap());
    let accuracy = of("accuracy");
    assert_eq!([accuracy.reference, accuracy.value, accuracy.difference].map(four), ["0.9110", "0.9399", "0.0289"]);
    assert_eq!(four(of("macro_f1").difference), "0.0308");
    assert_eq!(four(of("log_loss").difference), "-0.2795");
    assert!(of("log_loss").lower_is_better && of("brier").lower_is_better);
    assert_eq!(
        ["accuracy", "macro_f1", "log_loss", "brier"].map(|n| of(n).verdict),
        [Verdict::Better, Verdict::Better, Verdict::Better, Verdict::NotDistinguishable]
    );
    let [RunAgainstRun { both_right, fixed, broken, both_wrong, p }] = all.against.as_slice() else { panic!() };
    assert_eq!((*both_right, *broken, *fixed, *both_wrong), (790, 29, 55, 25));
    assert_eq!(four(*p), "0.0060");
    // By the surest class, so 8 has gained most.
    let f1 = |run: usize| all.classes[run][8].f1.unwrap();
    assert!((f1(1) - f1(0) - 0.102).abs() < 5e-4);
    assert_eq!(all.curves.curves.len(), 2);
    assert!(all.skipped.is_empty());
    // What is compared is what each page says by itself.
    for run in ["knn10", "logreg"] {
        let alone = figures(&mut session, Explore::Figures { run: run.to_owned(), at: at(0.5) });
        for d in line {
            let value = if run == "knn10" { d.reference } else { d.value };
            assert!((whole(&alone, &d.name).unwrap() - value.unwrap()).abs() < 1e-12, "{}", d.name);
        }
    }
}

#[test]
fn a_run_does_not_differ_from_itself_and_turning_round_turns_signs() {
    let mut session = both();
    let mut ask = |names: &[&str]| {
        compared(&mut session, Explore::Compare { runs: runs(names), at: at(0.5), view: view() }).differences.remove(0)
    };
    for d in ask(&["knn10", "knn10"]) {
        assert_eq!((d.difference, d.interval, d.verdict), (Some(0.0), Some((0.0, 0.0)), Verdict::NotDistinguishable));
    }
    let there = ask(&["knn10", "logreg"]);
    assert_eq!(there, ask(&["knn10", "logreg"]));
    for (a, b) in there.into_iter().zip(ask(&["logreg", "knn10"])) {
        assert!((a.difference.unwrap() + b.difference.unwrap()).abs() < 1e-12);
        let ((low, high), (l, h)) = (a.interval.unwrap(), b.interval.unwrap());
        assert!((low + h).abs() < 1e-12 && (high + l).abs() < 1e-12);
    }
}

#[test]
fn the_ledger_counts_what_the_comparison_counts() {
    for (sets, threshold) in [
        (vec![("a", digits("knn10")), ("b", digits("logreg"))], 0.5),
        (vec![("a", indoor()), ("b", worse_indoor())], 0.3),
    ] {
        let mut session = session(sets);
        let all = compared(&mut session, Explore::Compare { runs: runs(&["a", "b"]), at: at(threshold), view: view() });
        let mut book = |outcomes: Vec<Outcome>| {
            let pick = Some(Pick { outcomes, ..Pick::default() });
            ledger(
                &mut session,
                Explore::Ledger { runs: runs(&["a", "b"]), at: at(threshold), pick, offset: 0, limit: 1000 },
            )
        };
        let against = &all.against[0];
        let expected = [against.fixed, against.broken, against.both_wrong, against.both_right];
        let whole = book(Vec::new());
        assert_eq!((whole.counts, whole.total), (expected, all.inputs));
        for (outcome, count) in
            [Outcome::Fixed, Outcome::Broken, Outcome::StillWrong, Outcome::StillRight].into_iter().zip(expected)
        {
            let lines = book(vec![outcome]);
            assert_eq!((lines.total as usize, lines.lines.len()), (count as usize, count as usize));
            assert!(lines.lines.iter().all(|l| l.outcomes == [outcome]));
        }
    }
}

#[test]
fn a_line_of_the_ledger_says_what_either_said() {
    let mut session = both();
    let pick = Some(Pick { words: "digit_0037".to_owned(), ..Pick::default() });
    let explore = |pick| Explore::Ledger { runs: runs(&["knn10", "logreg"]), at: at(0.5), pick, offset: 0, limit: 10 };
    let found = ledger(&mut session, explore(pick));
    let [line] = found.lines.as_slice() else { panic!("{found:?}") };
    assert_eq!((line.truth.as_str(), line.outcomes.as_slice()), ("the 9", [Outcome::Fixed].as_slice()));
    let [(three, half, false), (nine, _, true)] = line.said.as_slice() else { panic!() };
    assert_eq!((three.as_str(), nine.as_str(), *half), ("the 3", "the 9", Some(0.5)));
    // Where 3 is true or was said.
    let threes = ledger(&mut session, explore(Some(Pick { concept: Some("3".to_owned()), ..Pick::default() })));
    assert!((92..130).contains(&threes.total), "{}", threes.total);
}

#[test]
fn detections_are_compared_with_intervals() {
    let mut session = session(vec![("a", indoor()), ("b", worse_indoor())]);
    let settings = Settings { iou: 0.6, ..at(0.3) };
    let all = compared(&mut session, Explore::Compare { runs: runs(&["a", "b"]), at: settings, view: view() });
    let names: Vec<&str> = all.differences[0].iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["map_50_95", "map_50", "map_75", "map_at_iou", "precision", "recall", "f1", "macro_f1"]);
    let recall = &all.differences[0][5];
    assert_eq!(recall.verdict, Verdict::Worse);
    assert!(recall.interval.is_some_and(|(low, high)| low <= recall.difference.unwrap() && high < 0.0));
    assert_eq!(all.against[0].p, None);
    let alone = figures(&mut session, Explore::Figures { run: "a".to_owned(), at: settings });
    for d in all.differences[0].iter().filter(|d| d.name != "map_at_iou") {
        assert!((whole(&alone, &d.name).unwrap() - d.reference.unwrap()).abs() < 1e-9, "{}", d.name);
    }
}

/// Three inputs with one label each, of which a run got so many right.
fn tiny(ids: [&str; 3], concepts: &[&str], said: [usize; 3]) -> TestSet {
    let width = concepts.len();
    let mut labels = Labels { scores: vec![0.0; 3 * width], truth: vec![NEGATIVE; 3 * width] };
    for (row, said) in said.into_iter().enumerate() {
        labels.truth[row * width] = POSITIVE;
        labels.scores[row * width + said] = 0.9;
    }
    TestSet {
        concepts: concepts.iter().map(|c| named(c)).collect(),
        inputs: ids.into_iter().map(input).collect(),
        content: Content::Labels(labels),
    }
}

#[test]
fn only_inputs_that_all_share_are_compared_and_concepts_of_all() {
    let mut session = session(vec![
        ("a", tiny(["x", "y", "z"], &["cat", "dog"], [0, 1, 0])),
        ("b", tiny(["z", "x", "w"], &["cat", "bird"], [0, 1, 1])),
    ]);
    let all = compared(&mut session, Explore::Compare { runs: runs(&["a", "b"]), at: at(0.5), view: view() });
    assert_eq!((all.inputs, all.left_out, all.same_truth), (2, 2, true));
    assert_eq!(all.concepts.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["cat", "dog", "bird"]);
    let against = &all.against[0];
    assert_eq!((against.both_right, against.broken, against.fixed), (1, 1, 0));
}

#[test]
fn a_matrix_less_another_shows_what_moved() {
    let mut session = both();
    let explore = Explore::MatrixDifference {
        run: "logreg".to_owned(),
        against: "knn10".to_owned(),
        at: at(0.5),
        view: MatrixView::default(),
    };
    let cells = matrix(&mut session, explore);
    assert_eq!((cells.on, cells.off), (26.0, -26.0));
    assert_eq!(cells.cells.read().iter().sum::<f32>(), 0.0);
}

#[test]
fn what_cannot_be_compared_is_said_plainly() {
    let mut session = session(vec![("digits", digits("knn10")), ("indoor", indoor()), ("several", several())]);
    let mut why = |names: &[&str]| {
        ask(&mut session, &Explore::Compare { runs: runs(names), at: at(0.5), view: view() }).unwrap_err().to_string()
    };
    assert!(why(&["digits", "indoor"]).contains("labels and of detections"));
    assert!(why(&["digits", "several"]).contains("share no input"));
    assert!(why(&["digits"]).contains("another evaluation"));
    assert!(why(&[]).contains("choose"));
    assert!(why(&["digits"; 6]).contains("at most five"));
    assert!(why(&["digits", "gone"]).contains("\"gone\" is not here"));
}
