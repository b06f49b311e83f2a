//! Every question has an answer, or a reason why not.

use crate::data::{ask, at, digits, indoor, session, several};
use labelscope_explorer::Session;
use labelscope_formats::test_set;
use labelscope_messages::evaluation::{
    CompareView, CurveKind, Explore, Explored, MatrixKind, MatrixView, PairFilter, PairOrder, Settings,
};
use labelscope_metrics::{Content, Labels, Objects, TestSet};

/// Every question about a run, beside another of its kind.
fn questions(at: Settings) -> Vec<Explore> {
    let (run, other) = ("run".to_owned(), "other".to_owned());
    let runs = vec![other.clone(), run.clone()];
    let mut all = vec![
        Explore::Figures { run: run.clone(), at },
        Explore::MatrixDifference { run: run.clone(), against: other, at, view: MatrixView::default() },
        Explore::Calibration { run: run.clone(), at, bins: 0 },
        Explore::Errors { run: run.clone(), at },
        Explore::Areas { run: run.clone(), at },
        Explore::Together { run: run.clone() },
        Explore::Hierarchy { run: run.clone(), at, broader: Vec::new() },
        Explore::Compare { runs: runs.clone(), at, view: CompareView::default() },
        Explore::Ledger { runs, at, pick: None, offset: 0, limit: 5 },
        Explore::Pairs {
            run: run.clone(),
            at,
            filter: PairFilter::default(),
            order: PairOrder::Loss,
            offset: 0,
            limit: 5,
        },
    ];
    for kind in [MatrixKind::Counts, MatrixKind::Rows, MatrixKind::Columns, MatrixKind::MeanScore] {
        let view = MatrixView { kind, ..MatrixView::default() };
        all.push(Explore::Matrix { run: run.clone(), at, view });
    }
    for kind in [CurveKind::Pr, CurveKind::Roc, CurveKind::Froc, CurveKind::F1] {
        all.push(Explore::Curves { run: run.clone(), at, kind, concepts: Vec::new(), all: true });
    }
    all
}

fn refused(set: &TestSet, at: Settings) -> Vec<String> {
    refused_of(set, questions(at))
}

fn refused_of(set: &TestSet, questions: Vec<Explore>) -> Vec<String> {
    let mut session = session(vec![("run", set.clone()), ("other", set.clone())]);
    questions.iter().filter_map(|q| ask(&mut session, q).err()).map(|p| p.to_string()).collect()
}

#[test]
fn both_kinds_are_answered_and_what_means_nothing_is_said() {
    for set in [digits("logreg"), several()] {
        let no = refused(&set, at(0.5));
        assert_eq!(no.len(), 3, "{no:?}");
        assert!(no.iter().all(|no| no.contains("are about detections; this evaluation is about labels")), "{no:?}");
    }
    let no = refused(&indoor(), at(0.5));
    assert_eq!(no.len(), 3, "{no:?}");
    assert!(no.iter().all(|no| no.contains("are about labels of inputs as wholes")), "{no:?}");
}

#[test]
fn odd_settings_and_empty_test_sets_break_nothing() {
    let odd = Settings { threshold: f64::NAN, iou: f64::NAN, masks: true, ..Settings::default() };
    let far = Settings { threshold: -1.0, iou: 7.0, inclusive: true, ..Settings::default() };
    let nothing = |content| TestSet { concepts: Vec::new(), inputs: Vec::new(), content };
    let empty = [nothing(Content::Labels(Labels::default())), nothing(Content::Objects(Objects::default()))];
    for settings in [odd, far, at(0.5)] {
        refused(&several(), settings);
        // Draws of many detections take a while without optimisation, and meet the same numbers.
        let mut quick = questions(settings);
        quick.retain(|q| !matches!(q, Explore::Compare { .. }));
        refused_of(&indoor(), quick);
        empty.iter().for_each(|set| drop(refused(set, settings)));
    }
}

/// A test set in pieces of so many inputs.
fn cut(set: &TestSet, each: usize) -> Vec<Vec<u8>> {
    let Content::Labels(labels) = &set.content else { panic!() };
    let width = set.concepts.len();
    let inputs = set.inputs.chunks(each);
    let scores = labels.scores.chunks(each * width).zip(labels.truth.chunks(each * width));
    let pieces = inputs.zip(scores).map(|(inputs, (scores, truth))| TestSet {
        concepts: set.concepts.clone(),
        inputs: inputs.to_vec(),
        content: Content::Labels(Labels { scores: scores.to_vec(), truth: truth.to_vec() }),
    });
    pieces.map(|piece| test_set::encode(&piece)).collect()
}

#[test]
fn a_test_set_in_pieces_is_whole_after_the_last() {
    let set = digits("logreg");
    let mut session = Session::default();
    let pieces = cut(&set, 250);
    let figures = Explore::Figures { run: "run".to_owned(), at: at(0.5) };
    for (i, piece) in pieces.iter().enumerate() {
        assert!(ask(&mut session, &figures).unwrap_err().to_string().contains("is not here"));
        let explore = Explore::Take { run: "run".to_owned(), last: i + 1 == pieces.len() };
        let told = session.answer(&explore, piece).unwrap();
        match told {
            Explored::Held => assert!(i + 1 < pieces.len()),
            Explored::Overview(about) => assert_eq!((about.inputs, about.positives, about.unpredicted), (899, 899, 0)),
            other => panic!("{other:?}"),
        }
    }
    let whole = ask(&mut session, &figures).unwrap();
    let mut other = crate::data::session(vec![("run", set)]);
    assert_eq!(whole, ask(&mut other, &figures).unwrap());
}

#[test]
fn pieces_that_do_not_belong_together_are_refused_and_what_is_forgotten_is_gone() {
    let mut session = Session::default();
    let take = |session: &mut Session, bytes: &[u8], last| session.take("run", bytes, last).map(drop);
    take(&mut session, &cut(&digits("logreg"), 500)[0], false).unwrap();
    let why = take(&mut session, &cut(&several(), 500)[0], true).unwrap_err().to_string();
    assert!(why.contains("do not belong together"), "{why}");
    assert!(take(&mut session, b"something else", true).unwrap_err().to_string().contains("no test set"));
    // Begun anew it is whole again.
    take(&mut session, &test_set::encode(&several()), true).unwrap();
    let together = Explore::Together { run: "run".to_owned() };
    ask(&mut session, &together).unwrap();
    assert_eq!(ask(&mut session, &Explore::Forget { run: "run".to_owned() }).unwrap(), Explored::Held);
    assert!(ask(&mut session, &together).is_err());
}

#[test]
fn a_concept_that_is_not_there_is_told() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let explore =
        Explore::Curves { run: "run".to_owned(), at: at(0.5), kind: CurveKind::Pr, concepts: vec![10], all: false };
    assert!(ask(&mut session, &explore).unwrap_err().to_string().contains("no concept 10"));
}
