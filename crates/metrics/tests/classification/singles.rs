//! Inputs that have one class each.

use labelscope_metrics::classification::{
    Average, Scores, Share, SingleLabel, Ties, ZeroDivision, argmax, averages, of_scores, of_top_scores,
};
use labelscope_metrics::{NEGATIVE, POSITIVE, UNKNOWN};
use proptest::prelude::*;

use crate::tables::single_label_table;

const TIES: [Ties; 4] = [Ties::FirstIndex, Ties::LastIndex, Ties::TruthWins, Ties::TruthLoses];

proptest! {
    #[test]
    fn micro_f1_is_the_accuracy(table in single_label_table(), ties in prop::sample::select(TIES.to_vec())) {
        let single = SingleLabel::new(table.view(), &[]).unwrap();
        let confusion = single.confusion(ties);
        let micro = averages(&confusion.class_counts(), Average::Micro, ZeroDivision::LeftOut);
        prop_assert_eq!(confusion.accuracy(), single.top_k(1, ties).value());
        prop_assert!((micro.f1.value.unwrap() - confusion.accuracy().unwrap()).abs() < 1e-12);
        prop_assert_eq!(micro.precision, micro.recall);
    }

    #[test]
    fn more_places_find_more_and_ties_lie_between_best_and_worst(table in single_label_table()) {
        let single = SingleLabel::new(table.view(), &[]).unwrap();
        for k in 1..=table.classes {
            let right = |ties| single.top_k(k, ties).right;
            for ties in TIES {
                prop_assert!(single.top_k(k - 1, ties).right <= right(ties));
                prop_assert!(right(Ties::TruthLoses) <= right(ties) && right(ties) <= right(Ties::TruthWins));
            }
        }
        prop_assert!(TIES.iter().all(|ties| single.top_k(table.classes, *ties).value() == Some(1.0)));
        prop_assert!(TIES.iter().all(|ties| single.top_k(0, *ties).right == 0));
    }

    #[test]
    fn the_loss_of_the_whole_is_the_mean_of_the_inputs(table in single_label_table()) {
        let single = SingleLabel::new(table.view(), &[]).unwrap();
        let losses: Vec<f64> = single.losses().into_iter().map(Option::unwrap).collect();
        prop_assert!((single.log_loss().unwrap() - losses.iter().sum::<f64>() / losses.len() as f64).abs() < 1e-12);
        prop_assert!(losses.iter().all(|loss| (0.0..37.0).contains(loss)));
    }
}

#[test]
fn who_wins_where_scores_are_equal() {
    let row = [0.4, 0.4, 0.1, 0.4];
    assert_eq!(argmax(&row, Some(1), Ties::FirstIndex), Some(0));
    assert_eq!(argmax(&row, Some(1), Ties::LastIndex), Some(3));
    assert_eq!(argmax(&row, Some(1), Ties::TruthWins), Some(1));
    assert_eq!(argmax(&row, Some(0), Ties::TruthLoses), Some(1));
    assert_eq!(argmax(&row, Some(2), Ties::TruthWins), Some(0));
    // Where nothing is tied the rule does not matter.
    assert!(TIES.iter().all(|ties| argmax(&[0.1, 0.9], Some(0), *ties) == Some(1)));
    assert!(TIES.iter().all(|ties| argmax(&[0.1, f64::NAN], Some(1), *ties) == Some(0)));
    assert!(TIES.iter().all(|ties| argmax::<f64>(&[], Some(0), *ties).is_none()));
    assert_eq!(argmax(&[-0.0, 0.0], None, Ties::FirstIndex), Some(0));
}

#[test]
fn an_input_without_predictions_is_never_right() {
    let scores = [0.9, 0.1, 0.0, 0.0, 0.2, 0.8];
    let scores = Scores::new(&scores, &[1, 0, 1, 0, 0, 1], 2).unwrap();
    let single = SingleLabel::new(scores, &[true, false, true]).unwrap();
    assert_eq!(single.top_1(Ties::FirstIndex), [Some(0), None, Some(1)]);
    assert_eq!(single.top_k(1, Ties::TruthWins), Share { right: 2, of: 3 });
    assert_eq!(single.top_k(2, Ties::TruthWins), Share { right: 2, of: 3 });
    let confusion = single.confusion(Ties::FirstIndex);
    assert_eq!((confusion.at(Some(0), None), confusion.at(Some(0), Some(0)), confusion.pairs()), (1, 1, 3));
    // A score of 0, clipped to the machine epsilon.
    assert!((single.losses()[1].unwrap() + f64::EPSILON.ln()).abs() < 1e-12);
    assert!((single.brier().unwrap() - (0.02 + 1.0 + 0.08) / 3.0).abs() < 1e-12);
    assert_eq!(of_top_scores(&single, Ties::FirstIndex, 10).bins.iter().map(|bin| bin.count).sum::<u64>(), 2);
}

#[test]
fn a_loss_is_neither_nothing_nor_endless() {
    let scores = Scores::new(&[1.0, 0.0, 1.0, 0.0], &[1, 0, 0, 1], 2).unwrap();
    let losses = SingleLabel::new(scores, &[]).unwrap().losses();
    assert_eq!(losses, [Some(-(1.0 - f64::EPSILON).ln()), Some(-f64::EPSILON.ln())]);
    // In single precision the last bit is another.
    let scores = Scores::new(&[0.0_f32, 1.0], &[1, 0], 2).unwrap();
    assert_eq!(SingleLabel::new(scores, &[]).unwrap().log_loss(), Some(-f64::from(f32::EPSILON).ln()));
}

#[test]
fn inputs_without_just_one_class_are_no_single_labels() {
    let of = |truth: &[u8]| {
        SingleLabel::new(Scores::new(&vec![0.5; truth.len()], truth, 2)?, &[]).map(|s| s.truth().to_vec())
    };
    assert_eq!(of(&[NEGATIVE, POSITIVE, POSITIVE, NEGATIVE]), Some(vec![Some(1), Some(0)]));
    assert_eq!(of(&[POSITIVE, POSITIVE]), None);
    assert_eq!(of(&[NEGATIVE, NEGATIVE]), None);
    // Nobody can tell: left out, but the rest can be judged.
    assert_eq!(of(&[UNKNOWN, POSITIVE, POSITIVE, NEGATIVE]), Some(vec![None, Some(0)]));
    assert_eq!(of(&[UNKNOWN, POSITIVE]), None);
    assert_eq!(of(&[]), None);
}

#[test]
fn figures_leave_out_what_nobody_can_tell() {
    let scores = Scores::new(&[0.9, 0.1, 0.3, 0.7], &[POSITIVE, UNKNOWN, POSITIVE, NEGATIVE], 2).unwrap();
    let single = SingleLabel::new(scores, &[]).unwrap();
    assert_eq!(single.top_k(1, Ties::FirstIndex), Share { right: 0, of: 1 });
    assert_eq!(single.losses()[0], None);
    assert!((single.log_loss().unwrap() + 0.3_f64.ln()).abs() < 1e-12);
    assert_eq!(single.confusion(Ties::FirstIndex).pairs(), 1);
}

#[test]
fn known_errors_of_calibration() {
    // Three scores of 0.8 of which two are right, one of 0.25 that is wrong.
    let scores = Scores::new(&[0.8, 0.8, 0.8, 0.25, 1.5], &[1, 1, 0, 0, 1], 1).unwrap();
    let reliability = of_scores(&scores, Some(0), 4);
    assert_eq!(reliability.left_out, 1);
    let first = reliability.bins[0];
    // A border belongs to the bin below it.
    assert_eq!((first.count, first.right, first.mean_score, first.share()), (1, 0, Some(0.25), Some(0.0)));
    assert_eq!((reliability.bins[1].count, reliability.bins[1].mean_score, reliability.bins[1].gap()), (0, None, None));
    let gap = 0.8 - 2.0 / 3.0;
    assert!((reliability.bins[3].gap().unwrap() - gap).abs() < 1e-12);
    assert!((reliability.expected_error().unwrap() - (3.0 * gap + 0.25) / 4.0).abs() < 1e-12);
    assert!((reliability.largest_error().unwrap() - 0.25).abs() < 1e-12);
    assert_eq!(of_scores(&scores, None, 4), reliability);
    let nothing = of_scores(&Scores::new(&[0.5], &[UNKNOWN], 1).unwrap(), None, 4);
    assert_eq!((nothing.expected_error(), nothing.largest_error()), (None, None));
}
