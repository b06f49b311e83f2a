//! What must always hold.

use labelscope_metrics::classification::{
    Average, ClassFigures, Confusion, Ranked, Reliability, Scores, ZeroDivision, averages, class_counts, class_figures,
    cooccurrence, grid, spread_confusion, whole_inputs,
};
use labelscope_metrics::{Cut, NEGATIVE, POSITIVE, Threshold, UNKNOWN};
use proptest::prelude::*;

use crate::tables::table;

const NEAR: f64 = 1e-12;

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= NEAR,
        (a, b) => a == b,
    }
}

fn same(a: &ClassFigures, b: &ClassFigures) -> bool {
    near(a.average_precision, b.average_precision) && near(a.roc_auc, b.roc_auc) && a.best_f1 == b.best_f1
}

fn is_share(value: Option<f64>) -> bool {
    value.is_none_or(|value| (0.0..=1.0 + NEAR).contains(&value))
}

proptest! {
    #[test]
    fn the_order_of_inputs_and_classes_is_nothing(table in table(), turn in 0..25_usize) {
        let at = Threshold::default();
        let figures = class_figures(&table.view(), at.into());
        let inputs = table.view().inputs();
        let turned = table.of_inputs((0..inputs).map(|i| (i + turn) % inputs).rev());
        for (a, b) in figures.iter().zip(class_figures(&turned.view(), at.into())) {
            prop_assert!(same(a, &b) && a.counts == b.counts);
        }
        let order: Vec<usize> = (0..table.classes).map(|c| (c + turn) % table.classes).collect();
        let renamed = table.of_classes(&order);
        for (figures_now, class) in class_figures(&renamed.view(), at.into()).iter().zip(&order) {
            prop_assert_eq!(figures_now, &figures[*class]);
        }
        let (before, after) = (spread_confusion(&table.view(), at.into()), spread_confusion(&renamed.view(), at.into()));
        let place = |i: usize| order.get(i).copied().unwrap_or(table.classes);
        for row in 0..=table.classes {
            for column in 0..=table.classes {
                prop_assert!((after.at(row, column) - before.at(place(row), place(column))).abs() <= 1e-9);
            }
        }
    }

    #[test]
    fn twice_the_inputs_are_the_same_ratios(table in table()) {
        let at = Threshold::default();
        let inputs = table.view().inputs();
        let twice = table.of_inputs((0..inputs).chain(0..inputs));
        let (once, twice) = (class_figures(&table.view(), at.into()), class_figures(&twice.view(), at.into()));
        for (a, b) in once.iter().zip(&twice) {
            prop_assert!(same(a, b));
            prop_assert!(near(a.counts.precision(), b.counts.precision()));
            prop_assert!(near(a.counts.recall(), b.counts.recall()));
            prop_assert_eq!(2 * a.counts.true_negatives, b.counts.true_negatives);
        }
    }

    #[test]
    fn ratios_are_between_0_and_1_and_f1_between_its_two(table in table()) {
        for figures in class_figures(&table.view(), Threshold::default().into()) {
            let counts = figures.counts;
            let (precision, recall) = (counts.precision(), counts.recall());
            let all = [
                precision, recall, counts.f1(), counts.false_positive_rate(), counts.accuracy(),
                figures.average_precision, figures.roc_auc, figures.best_f1.map(|best| best.f1),
            ];
            prop_assert!(all.into_iter().all(is_share), "{all:?}");
            if let (Some(p), Some(r), Some(f1)) = (precision, recall, counts.f1()) {
                prop_assert!(f1 <= p.max(r) + NEAR && f1 >= p.min(r) - NEAR);
                prop_assert!(figures.best_f1.is_some_and(|best| best.f1 >= f1 - NEAR));
            }
            prop_assert_eq!(figures.average_precision.is_some(), figures.positives > 0);
            prop_assert_eq!(figures.roc_auc.is_some(), figures.positives > 0 && figures.negatives > 0);
        }
    }

    #[test]
    fn unknown_pairs_are_as_good_as_absent(table in table(), noise in -2.0..2.0_f64) {
        let mut other = table.clone();
        for (score, truth) in other.scores.iter_mut().zip(&table.truth) {
            if *truth == UNKNOWN {
                *score = noise;
            }
        }
        let at = Threshold::default().into();
        prop_assert_eq!(class_figures(&table.view(), at), class_figures(&other.view(), at));
        prop_assert_eq!(spread_confusion(&table.view(), at), spread_confusion(&other.view(), at));
        let whole = |t: &crate::tables::Table| { let w = whole_inputs(&t.view(), at); (w.exact, w.wrong_pairs) };
        prop_assert_eq!(whole(&table), whole(&other));
    }

    #[test]
    fn any_rising_scale_ranks_alike_and_turned_labels_turn_the_area(table in table()) {
        let scaled: Vec<f64> = table.scores.iter().map(|s| (s * 1.5).exp()).collect();
        let turned: Vec<u8> = table.truth.iter().map(|t| match *t {
            NEGATIVE => POSITIVE,
            POSITIVE => NEGATIVE,
            other => other,
        }).collect();
        let at = Threshold::default().into();
        let figures = class_figures(&table.view(), at);
        let scaled = class_figures(&Scores::new(&scaled, &table.truth, table.classes).unwrap(), at);
        let turned = class_figures(&Scores::new(&table.scores, &turned, table.classes).unwrap(), at);
        for ((ours, scaled), turned) in figures.iter().zip(&scaled).zip(&turned) {
            prop_assert!(near(ours.roc_auc, scaled.roc_auc) && near(ours.average_precision, scaled.average_precision));
            prop_assert!(near(ours.roc_auc, turned.roc_auc.map(|area| 1.0 - area)));
        }
    }

    #[test]
    fn curves_go_one_way_and_hold_their_figures(table in table()) {
        for class in 0..table.classes {
            let ranked = Ranked::class(&table.view(), class);
            let figures = ranked.figures(Threshold::default());
            let pr = ranked.pr_curve();
            prop_assert_eq!(pr.is_some(), figures.average_precision.is_some());
            if let Some(pr) = pr {
                prop_assert!(pr.recall.is_sorted_by(|a, b| a >= b) && pr.thresholds.is_sorted_by(|a, b| a < b));
                prop_assert_eq!((pr.recall.len(), pr.precision.len()), (pr.thresholds.len() + 1, pr.thresholds.len() + 1));
                prop_assert_eq!((pr.recall[0], pr.recall.last(), pr.precision.last()), (1.0, Some(&0.0), Some(&1.0)));
                let steps = pr.recall.windows(2).zip(&pr.precision);
                let sum: f64 = steps.map(|(r, p)| (r[0] - r[1]) * p).sum();
                prop_assert!(near(Some(sum), figures.average_precision));
            }
            if let Some(roc) = ranked.roc_curve() {
                let (x, y) = (&roc.false_positive_rate, &roc.true_positive_rate);
                prop_assert!(x.is_sorted() && y.is_sorted() && roc.thresholds.is_sorted_by(|a, b| a > b));
                prop_assert_eq!((x[0], y[0], x.last(), y.last()), (0.0, 0.0, Some(&1.0), Some(&1.0)));
                prop_assert!(near(Some(roc.area()), figures.roc_auc));
            }
            if let Some(f1) = ranked.f1_curve() {
                let highest = f1.f1.iter().copied().reduce(f64::max);
                prop_assert!(near(highest, figures.best_f1.map(|best| best.f1)));
                prop_assert_eq!(f1.f1.len(), f1.thresholds.len());
            }
        }
    }

    #[test]
    fn on_a_grid_all_classes_are_equally_long_and_recall_falls(table in table()) {
        let grid = grid(100);
        for cut in [Cut::Above, Cut::AtOrAbove] {
            for class in 0..table.classes {
                let ranked = Ranked::class(&table.view(), class);
                let counts = ranked.counts_on(&grid, cut);
                prop_assert_eq!(counts.len(), 101);
                prop_assert!(counts.is_sorted_by(|a, b| a.true_positives >= b.true_positives));
                prop_assert!(counts.is_sorted_by(|a, b| a.false_positives >= b.false_positives));
                let sums = counts.iter().map(|c| (c.positives(), c.negatives()));
                prop_assert!(sums.into_iter().all(|sums| sums == (ranked.positives(), ranked.negatives())));
            }
        }
    }

    #[test]
    fn no_count_is_lost_or_made_up(table in table(), cut in prop::sample::select(vec![Cut::Above, Cut::AtOrAbove])) {
        let at = Threshold { value: 0.4, cut }.into();
        let matrix = spread_confusion(&table.view(), at);
        let counts = class_counts(&table.view(), at);
        prop_assert_eq!(matrix.size(), table.classes + 1);
        prop_assert_eq!(matrix.at(table.classes, table.classes), 0.0);
        let (rows, columns) = (matrix.row_sums(), matrix.column_sums());
        for (class, counts) in counts.iter().enumerate() {
            prop_assert!((rows[class] - counts.positives() as f64).abs() <= 1e-9);
            prop_assert!((columns[class] - counts.predicted() as f64).abs() <= 1e-9);
            prop_assert_eq!(matrix.at(class, class), counts.true_positives as f64);
        }
        prop_assert!(matrix.values().iter().all(|cell| *cell >= 0.0));
        for shares in [matrix.by_row().row_sums(), matrix.by_column().column_sums()] {
            prop_assert!(shares.iter().all(|sum| sum.is_nan() || (sum - 1.0).abs() <= 1e-9));
        }
    }

    #[test]
    fn pairs_stand_in_one_cell_each(
        pairs in prop::collection::vec((prop::option::of(0..4_u32), prop::option::of(0..4_u32)), 0..60),
    ) {
        let confusion = Confusion::new(4, pairs.iter().copied());
        let none = pairs.iter().filter(|pair| **pair == (None, None)).count() as u64;
        prop_assert_eq!(confusion.pairs(), pairs.len() as u64 - none);
        prop_assert_eq!(confusion.at(None, None), 0);
        for (class, counts) in confusion.class_counts().iter().enumerate() {
            let class = class as u32;
            prop_assert_eq!(*counts, confusion.counts(class));
            let there = pairs.iter().filter(|(truth, _)| *truth == Some(class)).count() as u64;
            let found = pairs.iter().filter(|(_, prediction)| *prediction == Some(class)).count() as u64;
            prop_assert_eq!((counts.positives(), counts.predicted()), (there, found));
            prop_assert_eq!(counts.positives() + counts.negatives(), confusion.pairs());
        }
        prop_assert!(is_share(confusion.accuracy()) && is_share(confusion.balanced_accuracy()));
        prop_assert!(confusion.kappa().is_none_or(|k| (-1.0 - NEAR..=1.0 + NEAR).contains(&k)));
        prop_assert!(confusion.matthews().is_none_or(|k| (-1.0 - NEAR..=1.0 + NEAR).contains(&k)));
        prop_assert_eq!(confusion.matrix(true).values().iter().sum::<f64>(), confusion.pairs() as f64);
    }

    #[test]
    fn together_is_symmetric(table in table()) {
        let together = cooccurrence(&table.truth, table.classes);
        for a in 0..table.classes {
            for b in 0..table.classes {
                prop_assert_eq!(together.count(a, b), together.count(b, a));
                prop_assert!(together.count(a, b) <= together.count(a, a));
                prop_assert!(is_share(together.jaccard(a, b)));
            }
        }
    }

    #[test]
    fn averages_lie_between_the_classes(table in table()) {
        let counts = class_counts(&table.view(), Threshold::default().into());
        for average in [Average::Macro, Average::Weighted] {
            let mean = averages(&counts, average, ZeroDivision::LeftOut).f1;
            let defined: Vec<f64> = counts.iter().filter_map(|c| c.f1()).collect();
            prop_assert_eq!(mean.left_out + defined.len(), table.classes);
            if let Some(value) = mean.value {
                let (low, high) = defined.iter().fold((1.0_f64, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
                prop_assert!(value >= low - NEAR && value <= high + NEAR);
            }
        }
    }

    #[test]
    fn bins_hold_all_that_is_a_probability(
        items in prop::collection::vec((-0.2..1.2_f64, any::<bool>()), 0..80), bins in 1..20_usize,
    ) {
        let reliability = Reliability::new(items.iter().copied(), bins);
        let held: u64 = reliability.bins.iter().map(|bin| bin.count).sum();
        prop_assert_eq!(held + reliability.left_out, items.len() as u64);
        prop_assert_eq!(reliability.bins.len(), bins);
        for bin in &reliability.bins {
            prop_assert!(bin.mean_score.is_none_or(|mean| mean >= bin.low - NEAR && mean <= bin.high + NEAR));
        }
        prop_assert_eq!(reliability.expected_error().is_some(), held > 0);
        prop_assert!(reliability.expected_error().unwrap_or(0.0) <= reliability.largest_error().unwrap_or(0.0) + NEAR);
    }
}
