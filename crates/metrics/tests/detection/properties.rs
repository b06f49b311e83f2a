//! What holds whatever the data.

use crate::{found, truth};
use labelscope_metrics::detection::{
    Area, Matching, Met, Outcome, Overlap, Params, Ranking, Rule, confusion, counts, counts_by_input, errors, evaluate,
    froc, matches, overlaps, rankings,
};
use labelscope_metrics::{Counts, Cut, Objects, Prediction, Threshold, Truth};
use proptest::prelude::*;

const INPUTS: u32 = 4;
const CLASSES: usize = 3;

/// Boxes on a coarse grid, so that equal overlaps and areas on bounds happen.
fn boxes() -> impl Strategy<Value = [f64; 4]> {
    (0..8u32, 0..8u32, 1..8u32, 1..8u32).prop_map(|(x, y, w, h)| [x, y, w, h].map(|v| f64::from(v) * 16.0))
}

fn truths(crowds: bool) -> impl Strategy<Value = Vec<Truth>> {
    let one = (0..INPUTS, 0..CLASSES as u32, boxes(), prop::bool::weighted(if crowds { 0.15 } else { 0.0 }));
    prop::collection::vec(one, 0..16).prop_map(|all| {
        let mut all: Vec<Truth> = all.into_iter().map(|(i, c, b, crowd)| Truth { crowd, ..truth(i, c, b) }).collect();
        all.sort_by_key(|t| t.input);
        all
    })
}

fn predictions(scores: u32) -> impl Strategy<Value = Vec<Prediction>> {
    let one = (0..INPUTS, 0..CLASSES as u32, boxes(), 0..=scores);
    prop::collection::vec(one, 0..24).prop_map(move |all| {
        let score = |s: u32| f64::from(s) / f64::from(scores);
        let mut all: Vec<Prediction> = all.into_iter().map(|(i, c, b, s)| found(i, c, b, score(s))).collect();
        all.sort_by_key(|p| p.input);
        all
    })
}

/// Scores with ties.
fn objects() -> impl Strategy<Value = Objects> {
    (truths(true), predictions(10)).prop_map(|(truth, predictions)| Objects { truth, predictions })
}

/// Scores without.
fn distinct(crowds: bool) -> impl Strategy<Value = Objects> {
    (truths(crowds), predictions(10)).prop_map(|(truth, mut predictions)| {
        for (prediction, at) in predictions.iter_mut().zip(1..) {
            prediction.score += f64::from(at) / 1e6;
        }
        Objects { truth, predictions }
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    let matching = prop_oneof![Just(Matching::Within), Just(Matching::Across)];
    let area = prop_oneof![Just(Area::ALL), Just(Area::SMALL), Just(Area::MEDIUM)];
    (1..20u32, matching, area, prop_oneof![Just(100usize), Just(2)]).prop_map(
        |(iou, matching, area, max_detections)| Rule { iou: f64::from(iou) / 20.0, matching, area, max_detections },
    )
}

fn threshold() -> impl Strategy<Value = Threshold> {
    (0..=11u32, any::<bool>()).prop_map(|(value, above)| Threshold {
        value: f64::from(value) / 10.0,
        cut: if above { Cut::Above } else { Cut::AtOrAbove },
    })
}

fn every_figure(objects: &Objects) -> Vec<Option<f64>> {
    let laid = overlaps(objects, Overlap::Boxes);
    let all = evaluate(objects, CLASSES, &laid, &Params::default());
    let params = all.params().clone();
    let mut figures = all.summary().values.to_vec();
    for class in 0..CLASSES {
        for area in 0..params.areas.len() {
            for most in 0..params.max_detections.len() {
                for iou in 0..params.ious.len() {
                    figures.push(all.average_precision(class, iou, area, most));
                    figures.push(all.recall(class, iou, area, most));
                }
            }
        }
    }
    figures
}

/// The same with each input so many times.
fn repeated(objects: &Objects, times: [u32; INPUTS as usize]) -> Objects {
    let mut all = Objects::default();
    let mut to = 0;
    for (input, times) in (0..INPUTS).zip(times) {
        for _ in 0..times {
            let here = objects.truth.iter().filter(|t| t.input == input);
            all.truth.extend(here.map(|t| Truth { input: to, ..t.clone() }));
            let here = objects.predictions.iter().filter(|p| p.input == input);
            all.predictions.extend(here.map(|p| Prediction { input: to, ..p.clone() }));
            to += 1;
        }
    }
    all
}

proptest! {
    #[test]
    fn figures_are_between_0_and_1_and_absent_without_objects(objects in objects()) {
        for figure in every_figure(&objects).into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&figure), "{figure}");
        }
        let laid = overlaps(&objects, Overlap::Boxes);
        for (class, figures) in evaluate(&objects, CLASSES, &laid, &Params::default()).classes().iter().enumerate() {
            let there = objects.truth.iter().filter(|t| t.concept as usize == class && !t.crowd).count();
            prop_assert_eq!(figures.objects as usize, there);
            prop_assert_eq!(figures.ap.is_some(), there > 0);
        }
    }

    /// One overlap at a time gives what all at once give.
    #[test]
    fn matches_agree_with_the_evaluation(objects in objects(), iou in 0..10usize) {
        let laid = overlaps(&objects, Overlap::Boxes);
        let params = Params::default();
        let all = evaluate(&objects, CLASSES, &laid, &params);
        for (area_at, area) in params.areas.iter().enumerate() {
            for (most_at, most) in params.max_detections.iter().enumerate() {
                let rule = Rule { iou: params.ious[iou], area: *area, max_detections: *most, ..Rule::default() };
                let met = matches(&objects, &laid, &rule);
                for (class, ranking) in rankings(&met, &objects, CLASSES).iter().enumerate() {
                    let ap = all.average_precision(class, iou, area_at, most_at);
                    prop_assert_eq!(ranking.average_precision(), ap);
                    let every = Threshold { value: f64::NEG_INFINITY, cut: Cut::Above };
                    let recall = all.recall(class, iou, area_at, most_at);
                    prop_assert_eq!(ranking.at(every).recall(), recall);
                }
            }
        }
    }

    /// More overlaps than a word has bits.
    #[test]
    fn a_hundred_overlaps(objects in objects()) {
        let laid = overlaps(&objects, Overlap::Boxes);
        let ious: Vec<f64> = (1..=100).map(|iou| f64::from(iou) / 100.0).collect();
        let params = Params { ious: ious.clone(), areas: vec![Area::ALL], max_detections: vec![100] };
        let all = evaluate(&objects, CLASSES, &laid, &params);
        for at in [0, 9, 49, 63, 64, 65, 99] {
            let met = matches(&objects, &laid, &Rule { iou: ious[at], ..Rule::default() });
            for (class, ranking) in rankings(&met, &objects, CLASSES).iter().enumerate() {
                prop_assert_eq!(ranking.average_precision(), all.average_precision(class, at, 0, 0));
            }
        }
    }

    #[test]
    fn inputs_twice_change_nothing(objects in distinct(true)) {
        // A pair stands together in the ranking, and the higher precision after it is the one that counts.
        let twice = repeated(&objects, [2; INPUTS as usize]);
        for (one, two) in every_figure(&objects).into_iter().zip(every_figure(&twice)) {
            match (one, two) {
                (Some(one), Some(two)) => prop_assert!((one - two).abs() < 1e-9, "{one} {two}"),
                (one, two) => prop_assert_eq!(one, two),
            }
        }
    }

    /// A ranking knows what a draw with replacement would give.
    #[test]
    fn inputs_count_as_often_as_they_are_drawn(
        objects in distinct(true), times in prop::array::uniform4(0..3u32), rule in rule(), threshold in threshold()
    ) {
        let all = |objects: &Objects| {
            let met = matches(objects, &overlaps(objects, Overlap::Boxes), &rule);
            rankings(&met, objects, CLASSES)
        };
        let (ours, drawn) = (all(&objects), all(&repeated(&objects, times)));
        for (ours, drawn) in ours.iter().zip(&drawn) {
            prop_assert_eq!(ours.average_precision_of(&times), drawn.average_precision());
            prop_assert_eq!(ours.at_of(threshold, &times), drawn.at(threshold));
        }
        let (ours, drawn) = (Ranking::pooled(&ours), Ranking::pooled(&drawn));
        prop_assert_eq!(ours.at_of(threshold, &times), drawn.at(threshold));
    }

    #[test]
    fn order_of_inputs_and_names_of_concepts_do_not_matter(objects in distinct(true)) {
        let mut moved = objects.clone();
        let (input, concept) = (|i: u32| INPUTS - 1 - i, |c: u32| (c + 1) % CLASSES as u32);
        for t in &mut moved.truth {
            (t.input, t.concept) = (input(t.input), concept(t.concept));
        }
        for p in &mut moved.predictions {
            (p.input, p.concept) = (input(p.input), concept(p.concept));
        }
        moved.truth.sort_by_key(|t| t.input);
        moved.predictions.sort_by_key(|p| p.input);
        let (laid, laid_moved) = (overlaps(&objects, Overlap::Boxes), overlaps(&moved, Overlap::Boxes));
        let (one, two) = (
            evaluate(&objects, CLASSES, &laid, &Params::default()),
            evaluate(&moved, CLASSES, &laid_moved, &Params::default()),
        );
        for (class, figures) in one.classes().iter().enumerate() {
            prop_assert_eq!(*figures, two.classes()[concept(class as u32) as usize]);
        }
        let rule = Rule { matching: Matching::Across, ..Rule::default() };
        let figures = |objects: &Objects, laid| {
            let threshold = Threshold { value: 0.5, cut: Cut::Above };
            counts(&matches(objects, laid, &rule), objects, CLASSES, threshold)
        };
        let (one, two) = (figures(&objects, &laid), figures(&moved, &laid_moved));
        for (class, counts) in one.iter().enumerate() {
            prop_assert_eq!(*counts, two[concept(class as u32) as usize]);
        }
    }

    /// Not so with crowds: pycocotools shows the same.
    #[test]
    fn average_precision_does_not_rise_with_the_overlap(objects in distinct(false)) {
        let laid = overlaps(&objects, Overlap::Boxes);
        let params = Params { areas: vec![Area::ALL], ..Params::default() };
        let all = evaluate(&objects, CLASSES, &laid, &params);
        for class in 0..CLASSES {
            let aps: Vec<f64> = (0..10).filter_map(|iou| all.average_precision(class, iou, 0, 2)).collect();
            prop_assert!(aps.windows(2).all(|pair| pair[0] >= pair[1] - 1e-12), "{aps:?}");
        }
    }

    #[test]
    fn everything_is_somewhere_in_the_matrix(objects in objects(), rule in rule(), threshold in threshold()) {
        let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
        let matrix = confusion(&met, &objects, CLASSES, threshold);
        let counts = counts(&met, &objects, CLASSES, threshold);
        for (class, c) in counts.iter().enumerate() {
            let there = objects.truth.iter().filter(|t| {
                t.concept as usize == class && !t.crowd && rule.area.holds(t.area)
            });
            let row: f64 = matrix.row(class).iter().sum();
            prop_assert_eq!(row as usize, there.count());
            let kept = objects.predictions.iter().zip(&met.predictions).filter(|(p, met)| {
                p.concept as usize == class && threshold.passes(p.score) && met.outcome != Outcome::Ignored
            });
            let column: f64 = (0..=CLASSES).map(|row| matrix.at(row, class)).sum();
            prop_assert_eq!(column as usize, kept.count());
            let right = matrix.at(class, class) as u64;
            prop_assert_eq!(right, c.true_positives);
            prop_assert_eq!(row as u64, right + c.false_negatives);
            prop_assert_eq!(column as u64, right + c.false_positives);
        }
        prop_assert_eq!(matrix.at(CLASSES, CLASSES) as u64, 0);
        if rule.matching == Matching::Within {
            for (row, column) in (0..CLASSES).flat_map(|r| (0..CLASSES).map(move |c| (r, c))).filter(|(r, c)| r != c) {
                prop_assert_eq!(matrix.at(row, column) as u64, 0);
            }
        }
        let by_input = counts_by_input(&met, &objects, INPUTS as usize, threshold);
        let sums = |all: &[Counts]| {
            all.iter().fold([0; 3], |[tp, fp, missed], c| {
                [tp + c.true_positives, fp + c.false_positives, missed + c.false_negatives]
            })
        };
        prop_assert_eq!(sums(&by_input), sums(&counts));
    }

    /// A threshold changes no match of what passes it: one match serves all.
    #[test]
    fn what_is_below_a_threshold_changes_nothing_above(objects in objects(), rule in rule(), threshold in threshold()) {
        let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
        let mut above = objects.clone();
        above.predictions.retain(|p| threshold.passes(p.score));
        let alone = matches(&above, &overlaps(&above, Overlap::Boxes), &rule);
        let kept = objects.predictions.iter().zip(&met.predictions).filter(|(p, _)| threshold.passes(p.score));
        prop_assert!(kept.map(|(_, met)| met).eq(&alone.predictions));
        for (at, (met_alone, truth)) in alone.truths.iter().zip(&objects.truth).enumerate() {
            let here = met.truth_at(&objects, at, threshold);
            prop_assert_eq!((here.outcome, here.partner.is_some()), (met_alone.outcome, met_alone.partner.is_some()));
            prop_assert!((here.iou - met_alone.iou).abs() < 1e-15, "{truth:?}");
        }
        let every = Threshold { value: f64::NEG_INFINITY, cut: Cut::Above };
        prop_assert_eq!(counts(&met, &objects, CLASSES, threshold), counts(&alone, &above, CLASSES, every));
        prop_assert_eq!(met.at(&objects, threshold).len(), alone.at(&above, every).len());
    }

    /// Across concepts is as if there were one: so pycocotools has it with `useCats=0`.
    #[test]
    fn across_concepts_is_within_one(
        truth in prop::collection::vec((0..CLASSES as u32, prop::array::uniform4(1f64..60.0)), 0..12),
        predicted in prop::collection::vec((0..CLASSES as u32, prop::array::uniform4(1f64..60.0), 0f64..1.0), 0..20),
        iou in 1..15u32,
    ) {
        let objects = Objects {
            truth: truth.into_iter().map(|(concept, b)| crate::truth(0, concept, b)).collect(),
            predictions: predicted.into_iter().map(|(concept, b, score)| found(0, concept, b, score)).collect(),
        };
        let mut one = objects.clone();
        one.truth.iter_mut().for_each(|t| t.concept = 0);
        one.predictions.iter_mut().for_each(|p| p.concept = 0);
        let rule = Rule { iou: f64::from(iou) / 20.0, matching: Matching::Across, ..Rule::default() };
        let across = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
        let rule = Rule { matching: Matching::Within, ..rule };
        let within = matches(&one, &overlaps(&one, Overlap::Boxes), &rule);
        let partners = |all: &[Met]| all.iter().map(|met| met.partner).collect::<Vec<_>>();
        prop_assert_eq!(partners(&across.predictions), partners(&within.predictions));
        prop_assert_eq!(partners(&across.truths), partners(&within.truths));
        for (prediction, met) in objects.predictions.iter().zip(&across.predictions) {
            let same = met.partner.map(|at| objects.truth[at as usize].concept == prediction.concept);
            let wanted = match same {
                Some(true) => Outcome::TruePositive,
                Some(false) => Outcome::Confused,
                None => Outcome::FalsePositive,
            };
            prop_assert_eq!(met.outcome, wanted);
        }
    }

    #[test]
    fn curves_go_one_way(objects in objects(), rule in rule()) {
        let met = matches(&objects, &overlaps(&objects, Overlap::Boxes), &rule);
        let each = rankings(&met, &objects, CLASSES);
        for ranking in each.iter().chain([&Ranking::pooled(&each)]) {
            let points: Vec<_> = ranking.points().collect();
            for pair in points.windows(2) {
                prop_assert!(pair[0].score > pair[1].score);
                prop_assert!(pair[0].counts.true_positives <= pair[1].counts.true_positives);
                prop_assert!(pair[0].counts.false_positives <= pair[1].counts.false_positives);
            }
            for point in &points {
                prop_assert_eq!(ranking.at(Threshold { value: point.score, cut: Cut::AtOrAbove }), point.counts);
            }
            if let Some((score, f1)) = ranking.best_f1() {
                prop_assert!(points.iter().all(|p| p.counts.f1().is_none_or(|other| other <= f1)));
                prop_assert_eq!(ranking.at(Threshold { value: score, cut: Cut::AtOrAbove }).f1(), Some(f1));
            }
            let curve = froc(ranking, INPUTS as usize);
            prop_assert_eq!(curve.len(), if ranking.positives() > 0 { points.len() } else { 0 });
            for (froc, point) in curve.iter().zip(&points) {
                prop_assert_eq!(Some(froc.sensitivity), point.counts.recall());
                let per_input = point.counts.false_positives as f64 / f64::from(INPUTS);
                prop_assert!((froc.per_input - per_input).abs() < 1e-12);
                let per_object = per_input * f64::from(INPUTS) / ranking.positives() as f64;
                prop_assert!((froc.per_object - per_object).abs() < 1e-12);
            }
        }
    }

    /// Each false positive is of one kind, and nothing that is mended costs anything.
    #[test]
    fn errors_are_all_that_is_wrong(objects in objects(), threshold in threshold()) {
        let laid = overlaps(&objects, Overlap::Boxes);
        let all = errors(&objects, CLASSES, &laid, &labelscope_metrics::detection::ErrorRule::default());
        let met = matches(&objects, &laid, &Rule::default());
        let wrong: u64 = counts(&met, &objects, CLASSES, threshold).iter().map(|c| c.false_positives).sum();
        let mistakes = all.at(&objects, threshold);
        prop_assert_eq!(mistakes.iter().filter(|m| m.prediction.is_some()).count() as u64, wrong);
        prop_assert_eq!(all.counts(&objects, threshold).iter().sum::<u32>() as usize, mistakes.len());
        let there = objects.truth.iter().any(|t| !t.crowd);
        let costs = all.costs.into_iter().chain([all.false_positives_cost, all.false_negatives_cost]);
        for cost in costs {
            prop_assert_eq!(cost.is_some(), there);
            prop_assert!(cost.is_none_or(|cost| (0.0..=1.0).contains(&cost)));
        }
    }
}
