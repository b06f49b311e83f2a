//! The quick ways give what the definitions say.

use labelscope_metrics::classification::{
    Ranked, Scores, Thresholds, class_counts, class_figures, cooccurrence, mean_scores, pooled_figures,
    spread_confusion,
};
use labelscope_metrics::{Counts, Cut, POSITIVE, Threshold, UNKNOWN};
use proptest::prelude::*;

use crate::tables::{Table, table};

const NEAR: f64 = 1e-12;

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= NEAR,
        (a, b) => a == b,
    }
}

/// The chance that a positive input scores above a negative one: all pairs are looked at.
fn area(items: &[(f64, bool)]) -> Option<f64> {
    let of = |wanted: bool| items.iter().filter(move |(_, positive)| *positive == wanted).map(|(score, _)| *score);
    let pairs = of(true).count() * of(false).count();
    let won: f64 = of(true)
        .flat_map(|up| of(false).map(move |down| if up > down { 1.0 } else { f64::from(u8::from(up == down)) / 2.0 }))
        .sum();
    (pairs > 0).then(|| won / pairs as f64)
}

fn at(items: &[(f64, bool)], threshold: f64) -> Counts {
    let mut counts = Counts::default();
    for (score, positive) in items {
        match (*score >= threshold, *positive) {
            (true, true) => counts.true_positives += 1,
            (true, false) => counts.false_positives += 1,
            (false, true) => counts.false_negatives += 1,
            (false, false) => counts.true_negatives += 1,
        }
    }
    counts
}

/// Distinct scores, highest first.
fn thresholds(items: &[(f64, bool)]) -> Vec<f64> {
    let mut all: Vec<f64> = items.iter().map(|(score, _)| score + 0.0).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all.dedup();
    all
}

fn average_precision(items: &[(f64, bool)]) -> Option<f64> {
    let mut before = 0.0;
    let mut sum = 0.0;
    for threshold in thresholds(items) {
        let counts = at(items, threshold);
        sum += (counts.recall()? - before) * counts.precision()?;
        before = counts.recall()?;
    }
    (!items.is_empty()).then_some(sum)
}

fn pairs(table: &Table, class: usize) -> Vec<(f64, bool)> {
    table.view().class(class).collect()
}

proptest! {
    #[test]
    fn figures_of_a_class(table in table(), cut in prop::sample::select(vec![Cut::Above, Cut::AtOrAbove])) {
        let threshold = Threshold { value: 0.5, cut };
        let figures = class_figures(&table.view(), threshold.into());
        let counts = class_counts(&table.view(), threshold.into());
        prop_assert_eq!(figures.len(), table.classes);
        for (class, ours) in figures.iter().enumerate() {
            let items = pairs(&table, class);
            let positives = items.iter().filter(|(_, positive)| *positive).count() as u64;
            prop_assert_eq!((ours.positives, ours.negatives), (positives, items.len() as u64 - positives));
            prop_assert!(near(ours.roc_auc, area(&items)));
            prop_assert!(near(ours.average_precision, average_precision(&items).filter(|_| positives > 0)));
            prop_assert_eq!(ours.counts, counts[class]);
            let wanted = if cut == Cut::AtOrAbove { at(&items, 0.5) } else { at(&items, 0.5_f64.next_up()) };
            prop_assert_eq!(ours.counts, wanted);
            prop_assert_eq!(&Ranked::class(&table.view(), class).figures(threshold), ours);
        }
        let all: Vec<(f64, bool)> = table.view().pairs().collect();
        let pooled = pooled_figures(&table.view(), threshold.into());
        prop_assert!(near(pooled.roc_auc, area(&all)));
        prop_assert_eq!(pooled.counts, counts.into_iter().sum::<Counts>());
    }

    #[test]
    fn best_f1_is_the_best_and_its_threshold_gives_it(table in table()) {
        for class in 0..table.classes {
            let (items, ranked) = (pairs(&table, class), Ranked::class(&table.view(), class));
            let best = ranked.figures(Threshold::default()).best_f1;
            prop_assert_eq!(best.is_some(), ranked.positives() > 0);
            let Some(best) = best else { continue };
            let mut all = thresholds(&items).into_iter().map(|threshold| (threshold, at(&items, threshold).f1().unwrap()));
            let highest = all.clone().map(|(_, f1)| f1).fold(0.0, f64::max);
            prop_assert!((best.f1 - highest).abs() <= NEAR);
            // The lowest of those that are as good.
            let lowest = all.rfind(|(_, f1)| (f1 - highest).abs() <= NEAR).unwrap().0;
            prop_assert_eq!(best.threshold, lowest);
            for cut in [Cut::Above, Cut::AtOrAbove] {
                prop_assert!((ranked.counts(best.threshold(cut)).f1().unwrap() - best.f1).abs() <= NEAR);
            }
        }
    }

    #[test]
    fn single_precision_gives_the_same(table in table()) {
        // Eighths are the same in both.
        let eighths: Vec<f64> = table.scores.iter().map(|s| (s * 8.0).round() / 8.0).collect();
        let narrow: Vec<f32> = eighths.iter().map(|s| *s as f32).collect();
        let wide = Scores::new(&eighths, &table.truth, table.classes).unwrap();
        let narrow = Scores::new(&narrow, &table.truth, table.classes).unwrap();
        let at = Threshold::default().into();
        prop_assert_eq!(class_figures(&wide, at), class_figures(&narrow, at));
        prop_assert_eq!(spread_confusion(&wide, at), spread_confusion(&narrow, at));
    }

    #[test]
    fn matrices(table in table()) {
        let scores = table.view();
        let together = cooccurrence(&table.truth, table.classes);
        let mean = mean_scores(&scores);
        for a in 0..table.classes {
            for b in 0..table.classes {
                let both = scores.rows().filter(|(_, truth)| truth[a] == POSITIVE && truth[b] == POSITIVE).count();
                prop_assert_eq!(together.count(a, b) as usize, both);
                let on_a: Vec<f64> = scores.rows().filter(|(_, t)| t[a] == POSITIVE).map(|(row, _)| row[b]).collect();
                let wanted = on_a.iter().sum::<f64>() / on_a.len() as f64;
                prop_assert!((mean.at(a, b) - wanted).abs() <= NEAR || (wanted.is_nan() && mean.at(a, b).is_nan()));
                let either = together.count(a, a) + together.count(b, b) - together.count(a, b);
                prop_assert!(near(together.jaccard(a, b), (either > 0).then(|| both as f64 / f64::from(either))));
                prop_assert_eq!(together.lift(a, b).is_some(), together.count(a, a) > 0 && together.count(b, b) > 0);
            }
        }
        prop_assert_eq!(together.label_counts().len(), table.classes);
    }
}

#[test]
fn many_inputs_and_classes_that_fill_no_whole_block() {
    // More inputs than are compared one by one, more classes than are read at a time.
    let (inputs, classes) = (4001, 21);
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state >> 33
    };
    let scores: Vec<f32> = (0..inputs * classes).map(|_| (next() % 4096) as f32 / 2048.0 - 1.0).collect();
    let truth: Vec<u8> = (0..inputs * classes).map(|_| (next() % 3) as u8).collect();
    let narrow = Scores::new(&scores, &truth, classes).unwrap();
    let wide: Vec<f64> = scores.iter().map(|s| f64::from(*s)).collect();
    let wide = Scores::new(&wide, &truth, classes).unwrap();
    let at = [Threshold { value: 0.25, cut: Cut::AtOrAbove }; 21];
    let figures = class_figures(&narrow, Thresholds::Each(&at));
    assert_eq!(figures, class_figures(&wide, Thresholds::Each(&at)));
    let ranked = Ranked::all(&narrow);
    assert_eq!(ranked.len(), classes);
    for (class, figures) in figures.iter().enumerate() {
        assert_eq!(*figures, Ranked::class(&narrow, class).figures(at[class]));
        assert_eq!(ranked[class].figures(at[class]), *figures);
        assert_eq!(ranked[class].roc_curve(), Ranked::class(&narrow, class).roc_curve());
        let items: Vec<(f64, bool)> = wide.class(class).collect();
        assert_eq!(figures.counts, self::at(&items, 0.25));
    }
    let last: Vec<(f64, bool)> = wide.class(classes - 1).collect();
    assert!(near(figures[classes - 1].roc_auc, area(&last)));
}

#[test]
fn a_score_that_is_not_a_number_is_never_predicted_and_leaves_no_order() {
    let scores = [f64::NAN, 0.9, 0.8, f64::NAN, 0.3, 0.1];
    let scores = Scores::new(&scores, &[1, 1, 0, 1, 0, UNKNOWN], 2).unwrap();
    let figures = class_figures(&scores, Threshold::default().into());
    let first = figures[0];
    assert_eq!((first.average_precision, first.roc_auc, first.best_f1), (None, None, None));
    assert_eq!((first.counts.false_negatives, first.counts.false_positives, first.positives), (1, 1, 1));
    assert_eq!(figures[1].counts.true_positives, 1);
    assert_eq!(figures[1].average_precision, None);
    let ranked = Ranked::class(&scores, 0);
    assert!(ranked.pr_curve().is_none() && ranked.roc_curve().is_none() && ranked.f1_curve().is_none());
}
