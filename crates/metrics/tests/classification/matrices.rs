//! Matrices by example.

use labelscope_metrics::classification::{
    Average, Confusion, Scores, Share, Thresholds, ZeroDivision, averages, class_counts, cooccurrence, grid,
    mean_scores, spread_confusion, whole_inputs,
};
use labelscope_metrics::{Counts, Cut, Matrix, POSITIVE, Threshold, UNKNOWN};

#[test]
fn what_was_missed_is_spread_over_what_was_wrong() {
    // Classes 0, 1 are true, 2 is predicted: each of the two was taken for it by one half, and half of each by nothing.
    let scores = Scores::new(&[0.1, 0.2, 0.9], &[1, 1, 0], 3).unwrap();
    let matrix = spread_confusion(&scores, Threshold::default().into());
    assert_eq!(matrix.row(0), [0.0, 0.0, 0.5, 0.5]);
    assert_eq!(matrix.row(1), [0.0, 0.0, 0.5, 0.5]);
    assert_eq!(matrix.row(2), [0.0; 4]);
    assert_eq!(matrix.row(3), [0.0; 4]);
    // Class 0 is true, 1 and 2 are predicted.
    let scores = Scores::new(&[0.1, 0.8, 0.9], &[1, 0, 0], 3).unwrap();
    let matrix = spread_confusion(&scores, Threshold::default().into());
    assert_eq!(matrix.row(0), [0.0, 0.5, 0.5, 0.0]);
    assert_eq!(matrix.row(3), [0.0, 0.5, 0.5, 0.0]);
    // One for one is an ordinary confusion; nothing predicted, nothing true stand under none.
    let scores = Scores::new(&[0.1, 0.9, 0.1, 0.2, 0.9, 0.1], &[1, 0, 0, 1, 0, 0], 2).unwrap();
    let matrix = spread_confusion(&scores, Threshold::default().into());
    assert_eq!(matrix.values(), [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn pairs_with_none_and_pairs_of_no_class() {
    let pairs =
        [(Some(0), Some(0)), (Some(1), None), (None, Some(1)), (None, None), (Some(2), Some(0)), (Some(0), Some(2))];
    let confusion = Confusion::new(2, pairs);
    assert_eq!(confusion.cells(), [1, 0, 0, 0, 0, 1, 0, 1, 0]);
    assert_eq!((confusion.pairs(), confusion.right()), (3, 1));
    assert_eq!(confusion.at(Some(2), Some(0)), 0);
    assert_eq!(confusion.counts(2), Counts::default());
    assert_eq!(confusion.matrix(true).size(), 3);
    assert_eq!(confusion.matrix(false).values(), [1.0, 0.0, 0.0, 0.0]);
}

#[test]
fn what_is_0_to_0_in_a_matrix_is_no_number() {
    let empty = Confusion::new(2, []);
    assert_eq!(
        (empty.accuracy(), empty.balanced_accuracy(), empty.kappa(), empty.matthews()),
        (None, None, None, None)
    );
    let only_one = Confusion::new(2, [(Some(0), Some(0))]);
    assert_eq!((only_one.accuracy(), only_one.kappa(), only_one.matthews()), (Some(1.0), None, None));
    let shares = Matrix::from_rows(2, vec![1.0, 3.0, 0.0, 0.0]).unwrap();
    assert_eq!(shares.by_row().row(0), [0.25, 0.75]);
    assert!(shares.by_row().row(1).iter().all(|cell| cell.is_nan()));
    assert_eq!(shares.by_column().values(), [1.0, 1.0, 0.0, 0.0]);
}

#[test]
fn mean_scores_of_classes_that_are_nowhere_are_no_numbers() {
    let scores = Scores::new(&[0.2, 0.6, 0.4, 0.8], &[POSITIVE, 0, POSITIVE, UNKNOWN], 2).unwrap();
    let matrix = mean_scores(&scores);
    assert!((matrix.at(0, 0) - 0.3).abs() < 1e-15 && (matrix.at(0, 1) - 0.7).abs() < 1e-15);
    assert!(matrix.row(1).iter().all(|cell| cell.is_nan()));
}

#[test]
fn labels_that_stand_together() {
    let together = cooccurrence(&[1, 1, 0, 1, 0, 0, 0, 1, 0, 1, UNKNOWN, 0], 3);
    assert_eq!(together.cells(), [3, 1, 0, 1, 2, 0, 0, 0, 0]);
    assert_eq!(together.label_counts(), [3, 2, 0]);
    assert_eq!(together.jaccard(0, 1), Some(0.25));
    assert_eq!(together.lift(0, 1), Some(4.0 / 6.0));
    assert_eq!((together.jaccard(2, 2), together.lift(0, 2), together.count(0, 3)), (None, None, 0));
}

#[test]
fn a_threshold_of_each_class() {
    let scores = Scores::new(&[0.3, 0.5, 0.3, 0.5], &[1, 1, 0, 0], 2).unwrap();
    let low = Threshold { value: 0.3, cut: Cut::AtOrAbove };
    let counts = class_counts(&scores, Thresholds::Each(&[low]));
    assert_eq!((counts[0].true_positives, counts[0].false_positives), (1, 1));
    // The second class has the usual one: above one half.
    assert_eq!((counts[1].false_negatives, counts[1].true_negatives), (1, 1));
}

#[test]
fn inputs_as_wholes() {
    let scores =
        Scores::new(&[0.9, 0.1, 0.9, 0.9, 0.1, 0.2, 0.8, 0.8], &[1, 0, 1, 0, 0, 1, UNKNOWN, UNKNOWN], 2).unwrap();
    let whole = whole_inputs(&scores, Threshold::default().into());
    assert_eq!(whole.exact, Share { right: 1, of: 3 });
    assert_eq!(whole.wrong_pairs, Share { right: 2, of: 6 });
    assert_eq!(whole.without_prediction, 1);
}

#[test]
fn the_usual_grid_holds_two_decimals() {
    let grid = grid(100);
    assert_eq!((grid.len(), grid[0], grid[50], grid[7], grid[100]), (101, 0.0, 0.5, 0.07, 1.0));
}

#[test]
fn averages_without_any_class_or_support() {
    let none = averages(&[], Average::Macro, ZeroDivision::Zero);
    assert_eq!((none.precision.value, none.f1.left_out), (None, 0));
    let wrong_only = [Counts { false_positives: 3, ..Counts::default() }];
    assert_eq!(averages(&wrong_only, Average::Weighted, ZeroDivision::Zero).precision.value, None);
    assert_eq!(averages(&wrong_only, Average::Micro, ZeroDivision::LeftOut).recall.value, None);
    assert_eq!(averages(&wrong_only, Average::Micro, ZeroDivision::One).recall.value, Some(1.0));
}
