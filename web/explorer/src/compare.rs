//! Runs beside each other.

use crate::align::Aligned;
use crate::curves;
use crate::figures::{label_rows, object_rows};
use crate::labels::LabelRun;
use crate::objects::ObjectRun;
use crate::run::{Measured, Run, threshold};
use crate::{Problem, objects};
use labelscope_messages::evaluation::{
    self as messages, ClassRow, CompareView, Compared, Curves, Difference, RunAgainstRun, Settings,
};
use labelscope_metrics::Counts;
use labelscope_metrics::comparison::{
    Bootstrap, LabelFigure, LabelStatistics, ObjectFigure, ObjectStatistics, Ranked, RankedClass, Said, Tally, Verdict,
};
use labelscope_metrics::detection::{self, Outcome, Rule, coco_ious};

/// Draws of a bootstrap.
const DRAWS: std::ops::RangeInclusive<u32> = 1_000..=10_000;
/// Steps that intervals may take: about half a second. Figures that need more have none.
const STEPS: usize = 150_000_000;

pub(crate) fn compare(aligned: &Aligned, at: &Settings, view: &CompareView) -> Result<Compared, Problem> {
    let runs = aligned.runs();
    let Some((first, others)) = runs.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(Problem::Runs("choose another evaluation to compare with"));
    };
    let draws = view.draws.clamp(*DRAWS.start(), *DRAWS.end());
    let bootstrap = Bootstrap { inputs: first.inputs.len() as u32, draws, seed: view.seed };
    let mut compared = Compared {
        concepts: first.named(),
        inputs: first.inputs.len() as u32,
        left_out: aligned.left_out,
        same_truth: aligned.same_truth,
        curves: curves_of(runs, at, view)?,
        draws,
        ..Compared::default()
    };
    let labels: Vec<&LabelRun> = runs.iter().filter_map(|run| labels(run)).collect();
    let objects: Vec<&ObjectRun> = runs.iter().filter_map(|run| of_objects(run)).collect();
    if labels.is_empty() {
        of_detections(&mut compared, &objects, at, bootstrap);
    } else {
        of_labels(&mut compared, &labels, at, bootstrap);
    }
    let right: Vec<Vec<bool>> = runs.iter().map(|run| right(run, at)).collect();
    let reference = right.first().map(Vec::as_slice).unwrap_or_default();
    compared.against = right
        .iter()
        .skip(1)
        .map(|right| {
            let tally = Tally::of(reference, right);
            RunAgainstRun {
                both_right: tally.still_right,
                fixed: tally.fixed,
                broken: tally.broken,
                both_wrong: tally.still_wrong,
                p: (!labels.is_empty()).then(|| tally.p()),
            }
        })
        .collect();
    debug_assert_eq!(compared.against.len(), others.len());
    Ok(compared)
}

fn labels(run: &Run) -> Option<&LabelRun> {
    if let Measured::Labels(labels) = &run.measured { Some(labels) } else { None }
}

fn of_objects(run: &Run) -> Option<&ObjectRun> {
    if let Measured::Objects(objects) = &run.measured { Some(objects) } else { None }
}

/// For each input: is all right that is said of it? With one label the surest concept, with several all that pass the threshold;
/// of detections nothing is wrong and nothing is missed.
pub(crate) fn right(run: &Run, at: &Settings) -> Vec<bool> {
    match &run.measured {
        Measured::Labels(run) => match run.single() {
            Some(single) => {
                single.truth.iter().zip(&single.top).map(|(truth, top)| truth.is_some() && truth == top).collect()
            }
            None => statistics(run, at, &[]).right().to_vec(),
        },
        Measured::Objects(run) => {
            by_input(run, at).iter().map(|c| c.false_positives == 0 && c.false_negatives == 0).collect()
        }
    }
}

/// Counts of each input, matched within concepts.
pub(crate) fn by_input(run: &ObjectRun, at: &Settings) -> Vec<Counts> {
    detection::counts_by_input(&run.matches(at, false), run.objects(), run.inputs(), threshold(at))
}

fn statistics(run: &LabelRun, at: &Settings, figures: &[LabelFigure]) -> LabelStatistics {
    let said = run.single().map_or(Said::Passing(threshold(at)), |single| Said::Surest(&single.top));
    LabelStatistics::new(run.labels(), run.concepts(), said, figures)
}

fn curves_of(runs: &[std::rc::Rc<Run>], at: &Settings, view: &CompareView) -> Result<Curves, Problem> {
    let mut all = Curves::default();
    for run in runs {
        let concept = match &view.concept {
            Some(id) => Some(run.concept(id).ok_or_else(|| {
                Problem::Setting(format!("concept \"{id}\" is in none of the evaluations; choose another"))
            })?),
            None => None,
        };
        let made = curves::curves(run, at, view.curves, concept.as_slice(), concept.is_none())?;
        all.x.high = all.x.high.max(made.x.high);
        all.y = made.y;
        all.curves.extend(made.curves);
    }
    Ok(all)
}

/// A figure in all runs: the value of each, and for each but the first the interval of its difference.
struct Line {
    name: &'static str,
    lower_is_better: bool,
    values: Vec<Option<f64>>,
    intervals: Vec<Option<(f64, f64)>>,
}

fn tell(compared: &mut Compared, lines: &[Line]) {
    let runs = lines.first().map_or(0, |line| line.values.len());
    let differences = (1..runs).map(|run| {
        let of = |line: &Line| {
            let (reference, value) = (line.values.first().copied().flatten(), line.values.get(run).copied().flatten());
            let interval = line.intervals.get(run - 1).copied().flatten();
            Difference {
                name: line.name.to_owned(),
                lower_is_better: line.lower_is_better,
                reference,
                value,
                difference: value.zip(reference).map(|(v, r)| v - r),
                interval,
                verdict: match Verdict::of(interval, line.lower_is_better) {
                    Verdict::Better => messages::Verdict::Better,
                    Verdict::Worse => messages::Verdict::Worse,
                    Verdict::NotDistinguishable => messages::Verdict::NotDistinguishable,
                    Verdict::Undefined => messages::Verdict::Undefined,
                },
            }
        };
        lines.iter().map(of).collect()
    });
    compared.differences = differences.collect();
}

/// Lines of figures that were measured on the whole and on draws. `drawn` are the figures that have intervals.
fn lines<F: Copy + PartialEq>(
    figures: &[F],
    drawn: &[F],
    whole: &[Vec<Option<f64>>],
    intervals: &[Vec<Option<(f64, f64)>>],
    called: impl Fn(F) -> (&'static str, bool),
) -> Vec<Line> {
    let of = |(at, figure): (usize, &F)| {
        let (name, lower_is_better) = called(*figure);
        let place = drawn.iter().position(|d| d == figure);
        Line {
            name,
            lower_is_better,
            values: whole.iter().map(|run| run.get(at).copied().flatten()).collect(),
            intervals: intervals.iter().map(|run| run.get(place?).copied().flatten()).collect(),
        }
    };
    figures.iter().enumerate().map(of).collect()
}

fn name_of_label(figure: LabelFigure) -> (&'static str, bool) {
    let name = match figure {
        LabelFigure::Accuracy => "accuracy",
        LabelFigure::MacroPrecision => "macro_precision",
        LabelFigure::MacroRecall => "macro_recall",
        LabelFigure::MacroF1 => "macro_f1",
        LabelFigure::MicroF1 => "micro_f1",
        LabelFigure::WeightedF1 => "weighted_f1",
        LabelFigure::MacroRocAuc => "macro_roc_auc",
        LabelFigure::MeanAveragePrecision => "mean_average_precision",
        LabelFigure::LogLoss => "log_loss",
        LabelFigure::Brier => "brier",
    };
    (name, figure.lower_is_better())
}

fn of_labels(compared: &mut Compared, runs: &[&LabelRun], at: &Settings, bootstrap: Bootstrap) {
    let single = runs.iter().all(|run| run.single().is_some());
    let figures: Vec<LabelFigure> = LabelFigure::ALL.into_iter().filter(|f| single || !f.single_label_only()).collect();
    let steps: usize = runs.iter().map(|run| LabelStatistics::steps(run.labels())).sum();
    let ranks = steps.saturating_mul(bootstrap.draws as usize) <= STEPS;
    let drawn: Vec<LabelFigure> = figures.iter().copied().filter(|f| ranks || !f.ranks()).collect();
    let whole: Vec<Vec<Option<f64>>> = runs
        .iter()
        .map(|run| {
            let mut out = Vec::new();
            statistics(run, at, &figures).measure(&vec![1; bootstrap.inputs as usize], &mut out);
            out
        })
        .collect();
    let all: Vec<LabelStatistics> = runs.iter().map(|run| statistics(run, at, &drawn)).collect();
    let intervals = bootstrap.intervals(runs.len(), drawn.len(), |weights, out| {
        all.iter().zip(out).for_each(|(statistics, out)| statistics.measure(weights, out));
    });
    tell(compared, &lines(&figures, &drawn, &whole, &intervals, name_of_label));
    compared.skipped = figures.iter().filter(|f| !drawn.contains(f)).map(|f| name_of_label(*f).0.to_owned()).collect();
    compared.classes = runs.iter().map(|run| rows_of_labels(run, at)).collect();
}

/// By the surest concept where each input has one label, otherwise at the threshold.
fn rows_of_labels(run: &LabelRun, at: &Settings) -> Vec<ClassRow> {
    let counts = match run.single() {
        Some(single) => (0..run.concepts() as u32).map(|class| single.confusion.counts(class)).collect(),
        None => run.counts(threshold(at)),
    };
    label_rows(run, &counts)
}

fn of_detections(compared: &mut Compared, runs: &[&ObjectRun], at: &Settings, bootstrap: Bootstrap) {
    let ious = coco_ious();
    let chosen = objects::iou(at);
    let place = |iou: f64| ious.iter().position(|its| (its - iou).abs() < 1e-9);
    let (fifty, seventy_five) = (place(0.5), place(0.75));
    let mut figures = vec![ObjectFigure::MeanAveragePrecisionRange];
    figures.extend([fifty, seventy_five].into_iter().flatten().map(ObjectFigure::MeanAveragePrecision));
    let extra = place(chosen).is_none_or(|at| Some(at) != fifty && Some(at) != seventy_five);
    // The chosen overlap comes after those of the range.
    figures.extend(extra.then_some(ObjectFigure::MeanAveragePrecision(ious.len())));
    figures.extend([ObjectFigure::Precision, ObjectFigure::Recall, ObjectFigure::F1, ObjectFigure::MacroF1]);
    let called = |figure: ObjectFigure| {
        let name = match figure {
            ObjectFigure::MeanAveragePrecisionRange => "map_50_95",
            ObjectFigure::MeanAveragePrecision(at) if Some(at) == fifty => "map_50",
            ObjectFigure::MeanAveragePrecision(at) if Some(at) == seventy_five => "map_75",
            ObjectFigure::MeanAveragePrecision(_) => "map_at_iou",
            ObjectFigure::Precision => "precision",
            ObjectFigure::Recall => "recall",
            ObjectFigure::F1 => "f1",
            ObjectFigure::MacroF1 => "macro_f1",
        };
        (name, false)
    };
    let mut all: Vec<ObjectStatistics> = runs
        .iter()
        .map(|run| {
            let mut range: Vec<_> = ious.iter().map(|iou| classes(run, at, *iou)).collect();
            range.extend(extra.then(|| classes(run, at, chosen)));
            ObjectStatistics { ious: ious.len(), range, chosen: classes(run, at, chosen), figures: figures.clone() }
        })
        .collect();
    let ones = vec![1; bootstrap.inputs as usize];
    let whole: Vec<Vec<Option<f64>>> = all
        .iter()
        .map(|statistics| {
            let mut out = Vec::new();
            statistics.measure(&ones, &mut out);
            out
        })
        .collect();
    let fits = |all: &[ObjectStatistics]| {
        all.iter().map(ObjectStatistics::steps).sum::<usize>().saturating_mul(bootstrap.draws as usize) <= STEPS
    };
    let mut drawn = figures.clone();
    let ranged = |f: &ObjectFigure| matches!(f, ObjectFigure::MeanAveragePrecisionRange);
    for leave in [ranged as fn(&ObjectFigure) -> bool, |f| matches!(f, ObjectFigure::MeanAveragePrecision(_))] {
        if !fits(&all) {
            drawn.retain(|f| !leave(f));
            all.iter_mut().for_each(|statistics| statistics.only(&drawn));
        }
    }
    let intervals = bootstrap.intervals(runs.len(), drawn.len(), |weights, out| {
        all.iter().zip(out).for_each(|(statistics, out)| statistics.measure(weights, out));
    });
    tell(compared, &lines(&figures, &drawn, &whole, &intervals, called));
    compared.skipped = figures.iter().filter(|f| !drawn.contains(f)).map(|f| called(*f).0.to_owned()).collect();
    compared.classes = runs.iter().map(|run| object_rows(run, at)).collect();
}

/// Each concept's predictions at an overlap, surest first, and its objects.
fn classes(run: &ObjectRun, at: &Settings, iou: f64) -> Vec<RankedClass> {
    let all = run.objects();
    let rule = Rule { iou, ..ObjectRun::rule(at, false) };
    let matches = detection::matches(all, run.overlaps(at.masks), &rule);
    let threshold = threshold(at);
    let rankings = detection::rankings(&matches, all, run.concepts());
    let mut classes: Vec<RankedClass> = rankings
        .iter()
        .map(|ranking| RankedClass {
            ranked: ranking.predictions().map(|(_, input, right)| Ranked { input, right }).collect(),
            passing: ranking.predictions().filter(|(score, ..)| threshold.passes(*score)).count(),
            objects: Vec::new(),
        })
        .collect();
    for (truth, met) in all.truth.iter().zip(&matches.truths) {
        if met.outcome != Outcome::Ignored
            && let Some(class) = classes.get_mut(truth.concept as usize)
        {
            class.objects.push(truth.input);
        }
    }
    classes
}
