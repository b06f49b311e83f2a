//! Behind every number are as many pairs as it says.

use crate::data::{ask, at, digits, figures, indoor, matrix, pairs, session, several};
use labelscope_explorer::Session;
use labelscope_messages::evaluation::{
    Area, Explore, Explored, MatrixView, PairFilter, PairKind, PairOrder, Pairs, Settings,
};
use labelscope_metrics::TestSet;

fn run() -> String {
    "run".to_owned()
}

fn behind(session: &mut Session, at: Settings, filter: PairFilter) -> Pairs {
    pairs(session, Explore::Pairs { run: run(), at, filter, order: PairOrder::Score, offset: 0, limit: 20 })
}

fn every_cell(set: TestSet, settings: Settings, whole: bool) {
    let mut session = session(vec![("run", set)]);
    let cells = matrix(&mut session, Explore::Matrix { run: run(), at: settings, view: MatrixView::default() });
    let sides: Vec<Option<u32>> = cells.concepts.iter().copied().map(Some).chain(cells.none.then_some(None)).collect();
    let values = cells.cells.read();
    for (row, truth) in values.chunks(sides.len()).zip(&sides) {
        for (cell, predicted) in row.iter().zip(&sides) {
            let filter = PairFilter { truth: Some(*truth), predicted: Some(*predicted), ..PairFilter::default() };
            let found = behind(&mut session, settings, filter);
            assert!((found.sum - f64::from(*cell)).abs() < 1e-5, "{truth:?} {predicted:?}");
            if whole {
                assert_eq!(found.total as f32, *cell, "{truth:?} {predicted:?}");
            }
        }
    }
}

#[test]
fn behind_every_cell_are_its_pairs() {
    every_cell(digits("knn10"), at(0.5), true);
    every_cell(several(), at(0.5), false);
    every_cell(indoor(), at(0.3), true);
    every_cell(indoor(), Settings { across: false, iou: 0.6, ..at(0.2) }, true);
    every_cell(indoor(), Settings { area: Area::Large, ..at(0.3) }, true);
}

#[test]
fn behind_every_row_of_figures_are_its_counts() {
    for (set, threshold) in [(digits("knn10"), 0.5), (several(), 0.5), (indoor(), 0.3)] {
        let mut session = session(vec![("run", set)]);
        let all = figures(&mut session, Explore::Figures { run: run(), at: at(threshold) });
        for row in &all.classes {
            for (kind, count) in [
                (PairKind::TruePositive, row.true_positives),
                (PairKind::FalsePositive, row.false_positives),
                (PairKind::FalseNegative, row.false_negatives),
            ] {
                let filter = PairFilter { kinds: vec![kind], concept: Some(row.concept), ..PairFilter::default() };
                let found = behind(&mut session, at(threshold), filter);
                assert_eq!((found.total, found.sum), (count, f64::from(count)), "{kind:?} of {}", row.concept);
                assert!(found.pairs.iter().all(|p| p.kind == kind));
            }
        }
    }
}

#[test]
fn behind_every_kind_of_error_are_its_mistakes() {
    let mut session = session(vec![("run", indoor())]);
    let Ok(Explored::Errors(errors)) = ask(&mut session, &Explore::Errors { run: run(), at: at(0.3) }) else {
        panic!()
    };
    for kind in errors.kinds {
        let filter = PairFilter { error: Some(kind.name.clone()), ..PairFilter::default() };
        assert_eq!(behind(&mut session, at(0.3), filter).total, kind.count, "{}", kind.name);
    }
}

#[test]
fn behind_every_bin_of_calibration_are_its_inputs() {
    let mut session = session(vec![("run", digits("knn10"))]);
    let Ok(Explored::Calibration(all)) = ask(&mut session, &Explore::Calibration { run: run(), at: at(0.5), bins: 10 })
    else {
        panic!()
    };
    for bin in all.bins {
        let filter = PairFilter { scores: Some((bin.low, bin.high)), ..PairFilter::default() };
        assert_eq!(behind(&mut session, at(0.5), filter).total, bin.count, "{}", bin.low);
    }
}

#[test]
fn wrong_inputs_are_all_that_are_wrong() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let kinds = vec![PairKind::FalsePositive, PairKind::FalseNegative];
    let wrong = behind(&mut session, at(0.5), PairFilter { kinds, ..PairFilter::default() });
    assert_eq!((wrong.total, wrong.inputs, wrong.pairs.len()), (54, 54, 20));
    // Seen as missing they are the same inputs.
    let kinds = vec![PairKind::FalseNegative];
    let missed = behind(&mut session, at(0.5), PairFilter { kinds, ..PairFilter::default() });
    assert_eq!(missed.total, 54);
    assert!(missed.pairs.iter().all(|p| p.kind == PairKind::FalseNegative));
}

#[test]
fn pairs_come_in_the_order_that_is_asked_for_and_page_by_page() {
    let mut session = session(vec![("run", indoor())]);
    let ask = |session: &mut Session, order, offset| {
        let filter = PairFilter { words: "IMAGE_0".to_owned(), ..PairFilter::default() };
        pairs(session, Explore::Pairs { run: run(), at: at(0.3), filter, order, offset, limit: 50 })
    };
    let score = |p: &labelscope_messages::evaluation::Pair| p.prediction.as_ref().and_then(|p| p.score);
    let surest = ask(&mut session, PairOrder::Score, 0);
    assert!(surest.pairs.iter().filter_map(score).is_sorted_by(|a, b| a >= b));
    let least = ask(&mut session, PairOrder::ScoreUp, 0);
    assert!(least.pairs.iter().filter_map(score).is_sorted());
    let overlap = ask(&mut session, PairOrder::Overlap, 0);
    assert!(overlap.pairs.iter().filter_map(|p| p.iou).is_sorted_by(|a, b| a >= b));
    let loss = ask(&mut session, PairOrder::Loss, 0);
    assert!(loss.pairs.iter().map(|p| p.loss).is_sorted_by(|a, b| a >= b));
    let input = ask(&mut session, PairOrder::Input, 0);
    assert!(input.pairs.iter().map(|p| p.input).is_sorted());
    let next = ask(&mut session, PairOrder::Input, 50);
    assert!(next.pairs[0].input >= input.pairs[49].input && next.total == input.total);
    let one = pairs(
        &mut session,
        Explore::Pairs {
            run: run(),
            at: at(0.3),
            filter: PairFilter { input: Some(3), ..PairFilter::default() },
            order: PairOrder::Input,
            offset: 0,
            limit: 1000,
        },
    );
    assert!(one.inputs == 1 && one.pairs.iter().all(|p| p.input == 3 && p.input_id == "image_004"));
    assert!(one.pairs.iter().filter_map(|p| p.truth.as_ref()).all(|t| t.annotation.starts_with('a')));
}

#[test]
fn looked_at_alone_an_input_with_labels_tells_every_concept() {
    let mut session = session(vec![("run", digits("logreg"))]);
    let found = behind(&mut session, at(0.5), PairFilter { input: Some(0), ..PairFilter::default() });
    assert_eq!((found.total, found.inputs), (10, 1));
    assert_eq!(found.pairs.iter().filter(|p| p.kind == PairKind::TrueNegative).count(), 9);
    assert!(found.pairs.iter().all(|p| p.prediction.as_ref().is_some_and(|p| p.score.is_some())));
}
