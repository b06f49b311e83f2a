//! Figures of labels on a draw of inputs.

use crate::{Counts, Labels, NEGATIVE, POSITIVE, Threshold, UNKNOWN, mean};

/// Scores that are no probability are taken for this much, and for 1 less it, as scikit-learn clips them before a logarithm.
const LEAST: f64 = f64::EPSILON;

/// A figure of labels. Each is that of [`crate::classification`], with every input as often as it was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelFigure {
    /// Share of inputs whose surest concept is true. Single-label.
    Accuracy,
    /// Mean over the concepts for which precision is defined.
    MacroPrecision,
    /// Mean over the concepts for which recall is defined.
    MacroRecall,
    /// Mean over the concepts for which F1 is defined.
    MacroF1,
    /// F1 of the counts of all concepts.
    MicroF1,
    /// F1 of the concepts, each by how often it is true.
    WeightedF1,
    /// Mean area under the curve, over the concepts for which it is defined.
    MacroRocAuc,
    /// Mean average precision, not interpolated, over the concepts for which it is defined.
    MeanAveragePrecision,
    /// Mean of −ln of the score of what is true; lower is better. Single-label.
    LogLoss,
    /// Mean squared distance of score and truth, summed over the concepts where there is a single label; lower is better.
    Brier,
}

impl LabelFigure {
    /// In the order in which they are measured.
    pub const ALL: [Self; 10] = [
        Self::Accuracy,
        Self::MacroF1,
        Self::LogLoss,
        Self::Brier,
        Self::MacroPrecision,
        Self::MacroRecall,
        Self::MicroF1,
        Self::WeightedF1,
        Self::MacroRocAuc,
        Self::MeanAveragePrecision,
    ];

    /// Is less better?
    #[must_use]
    pub fn lower_is_better(self) -> bool {
        matches!(self, Self::LogLoss | Self::Brier)
    }

    /// Does it mean something only where each input has exactly one concept?
    #[must_use]
    pub fn single_label_only(self) -> bool {
        matches!(self, Self::Accuracy | Self::LogLoss)
    }

    /// Does it come from the order of scores, and take time accordingly?
    #[must_use]
    pub fn ranks(self) -> bool {
        matches!(self, Self::MacroRocAuc | Self::MeanAveragePrecision)
    }
}

/// What a pair of input and concept is at the threshold, or by the surest concept.
#[derive(Clone, Copy)]
enum Mark {
    TruePositive,
    FalsePositive,
    FalseNegative,
}

/// A concept's pairs, surest first. The pairs of the lowest score cross the threshold last and together, so of them only
/// those that are true are listed: where most pairs have the score 0, most need not be looked at.
#[derive(Default)]
struct Ranking {
    /// Input, whether it is true, and whether the next has another score.
    above: Vec<(u32, bool, bool)>,
    lowest: Vec<u32>,
    unknown: Vec<u32>,
}

/// What figures of a run are measured from, made once. See [`LabelStatistics::measure`].
pub struct LabelStatistics {
    concepts: usize,
    marks: Vec<(u32, u32, Mark)>,
    right: Vec<bool>,
    log_loss: Vec<f64>,
    brier: Vec<(f64, u32)>,
    rankings: Vec<Ranking>,
    figures: Vec<LabelFigure>,
}

impl LabelStatistics {
    /// Of `labels` over so many concepts. `said` is what counts as predicted: for single labels the surest concept of each input, if
    /// there is one; otherwise what passes the threshold.
    #[must_use]
    pub fn new(labels: &Labels, concepts: usize, said: Said<'_>, figures: &[LabelFigure]) -> Self {
        let columns = concepts.max(1);
        let rows = labels.scores.chunks(columns).zip(labels.truth.chunks(columns));
        let (mut marks, mut right, mut log_loss, mut brier) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (input, (scores, truth)) in rows.enumerate() {
            // Of an input with one label, of which one is not known, nobody can say whether it is right.
            let judged_whole = !(matches!(said, Said::Surest(_)) && truth.contains(&UNKNOWN));
            let mut all_right = judged_whole;
            let (mut loss, mut squares, mut judged) = (0.0, 0.0, 0);
            for (concept, (score, truth)) in scores.iter().zip(truth).enumerate() {
                if *truth == UNKNOWN || !judged_whole {
                    continue;
                }
                judged += 1;
                let mark = match (said.is(input, concept, *score), *truth == POSITIVE) {
                    (true, true) => Some(Mark::TruePositive),
                    (true, false) => Some(Mark::FalsePositive),
                    (false, true) => Some(Mark::FalseNegative),
                    (false, false) => None,
                };
                all_right &= matches!(mark, None | Some(Mark::TruePositive));
                marks.extend(mark.map(|mark| (input as u32, concept as u32, mark)));
                let is = f64::from(u8::from(*truth == POSITIVE));
                squares += (score - is).powi(2);
                if *truth == POSITIVE {
                    loss -= score.clamp(LEAST, 1.0 - LEAST).ln();
                }
            }
            right.push(all_right);
            log_loss.push(loss);
            let pairs = if matches!(said, Said::Surest(_)) { u32::from(judged_whole) } else { judged };
            brier.push((squares, pairs));
        }
        let ranks = figures.iter().any(|f| f.ranks());
        let rankings = (0..if ranks { concepts } else { 0 }).map(|concept| ranking(labels, columns, concept)).collect();
        Self { concepts, marks, right, log_loss, brier, rankings, figures: figures.to_vec() }
    }

    /// For each input: is all right that is said of it?
    #[must_use]
    pub fn right(&self) -> &[bool] {
        &self.right
    }

    /// Steps that figures from the order of scores take, each time.
    #[must_use]
    pub fn steps(labels: &Labels) -> usize {
        labels.scores.iter().zip(&labels.truth).filter(|(score, truth)| **score > 0.0 || **truth != NEGATIVE).count()
    }

    /// The figures where each input counts as often as its weight says. 0 of 0 is undefined.
    pub fn measure(&self, weights: &[u32], out: &mut Vec<Option<f64>>) {
        let weight = |input: u32| weights.get(input as usize).copied().unwrap_or(0);
        let total: f64 = weights.iter().map(|w| f64::from(*w)).sum();
        // Inputs that are judged as wholes.
        let judged =
            || self.brier.iter().zip(weights).filter(|((_, pairs), _)| *pairs > 0).map(|(_, w)| f64::from(*w)).sum();
        let mut counts = vec![Counts::default(); self.concepts];
        for (input, concept, mark) in &self.marks {
            let Some(counts) = counts.get_mut(*concept as usize) else { continue };
            *match mark {
                Mark::TruePositive => &mut counts.true_positives,
                Mark::FalsePositive => &mut counts.false_positives,
                Mark::FalseNegative => &mut counts.false_negatives,
            } += u64::from(weight(*input));
        }
        let over = |sum: f64, of: f64| (of > 0.0).then(|| sum / of);
        let mut ranked: Option<(Option<f64>, Option<f64>)> = None;
        for figure in &self.figures {
            out.push(match figure {
                LabelFigure::Accuracy => {
                    let right = self.right.iter().zip(weights).filter(|(right, _)| **right);
                    over(right.map(|(_, w)| f64::from(*w)).sum(), judged())
                }
                LabelFigure::MacroPrecision => mean::plain(counts.iter().filter_map(|c| c.precision())),
                LabelFigure::MacroRecall => mean::plain(counts.iter().filter_map(|c| c.recall())),
                LabelFigure::MacroF1 => mean::plain(counts.iter().filter_map(|c| c.f1())),
                LabelFigure::MicroF1 => counts.iter().copied().sum::<Counts>().f1(),
                LabelFigure::WeightedF1 => {
                    let support = |c: &Counts| (c.true_positives + c.false_negatives) as f64;
                    let sum = counts.iter().map(|c| support(c) * c.f1().unwrap_or(0.0)).sum();
                    over(sum, counts.iter().map(support).sum())
                }
                LabelFigure::LogLoss => {
                    over(self.log_loss.iter().zip(weights).map(|(loss, w)| loss * f64::from(*w)).sum(), judged())
                }
                LabelFigure::Brier => {
                    let pairs = self.brier.iter().zip(weights);
                    let (sum, of) = pairs.fold((0.0, 0.0), |(sum, of), ((squares, pairs), w)| {
                        (sum + squares * f64::from(*w), of + f64::from(*pairs) * f64::from(*w))
                    });
                    over(sum, of)
                }
                LabelFigure::MacroRocAuc | LabelFigure::MeanAveragePrecision => {
                    let (area, precision) = *ranked.get_or_insert_with(|| self.ranked(weights, total));
                    if *figure == LabelFigure::MacroRocAuc { area } else { precision }
                }
            });
        }
    }

    /// Mean area under the curve, and mean average precision.
    fn ranked(&self, weights: &[u32], total: f64) -> (Option<f64>, Option<f64>) {
        let both: Vec<_> = self.rankings.iter().map(|ranking| ranking.areas(weights, total)).collect();
        (mean::plain(both.iter().filter_map(|b| b.0)), mean::plain(both.iter().filter_map(|b| b.1)))
    }
}

/// What counts as predicted.
#[derive(Clone, Copy)]
pub enum Said<'a> {
    /// The surest concept of each input, where one is predicted.
    Surest(&'a [Option<u32>]),
    /// What passes.
    Passing(Threshold),
}

impl Said<'_> {
    fn is(self, input: usize, concept: usize, score: f64) -> bool {
        match self {
            Self::Surest(surest) => surest.get(input).copied().flatten() == Some(concept as u32),
            Self::Passing(threshold) => threshold.passes(score),
        }
    }
}

fn ranking(labels: &Labels, columns: usize, concept: usize) -> Ranking {
    let scores = labels.scores.iter().skip(concept).step_by(columns);
    let truth = labels.truth.iter().skip(concept).step_by(columns);
    let mut pairs: Vec<(f64, u32, bool)> = Vec::new();
    let mut ranking = Ranking::default();
    for (input, (score, truth)) in scores.zip(truth).enumerate() {
        match *truth {
            UNKNOWN => ranking.unknown.push(input as u32),
            truth => pairs.push((*score, input as u32, truth == POSITIVE)),
        }
    }
    let lowest = pairs.iter().map(|p| p.0).min_by(f64::total_cmp).unwrap_or(0.0);
    let (last, mut above): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|p| p.0.total_cmp(&lowest).is_eq());
    ranking.lowest = last.into_iter().filter(|p| p.2).map(|p| p.1).collect();
    above.sort_by(|a, b| b.0.total_cmp(&a.0));
    for tied in above.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let end = tied.len() - 1;
        ranking.above.extend(tied.iter().enumerate().map(|(i, (_, input, positive))| (*input, *positive, i == end)));
    }
    ranking
}

impl Ranking {
    /// Area under the receiver operating characteristic, and average precision.
    fn areas(&self, weights: &[u32], total: f64) -> (Option<f64>, Option<f64>) {
        let weight = |input: u32| weights.get(input as usize).copied().unwrap_or(0);
        let sum = |inputs: &[u32]| inputs.iter().map(|i| f64::from(weight(*i))).sum::<f64>();
        let found: u32 = self.above.iter().filter(|item| item.1).map(|item| weight(item.0)).sum();
        let positives = f64::from(found) + sum(&self.lowest);
        let negatives = total - sum(&self.unknown) - positives;
        let (mut tp, mut fp, mut won, mut precision) = (0.0, 0.0, 0.0, 0.0);
        let mut cross = |up: f64, down: f64| {
            won += down * (tp + up / 2.0);
            tp += up;
            fp += down;
            if up > 0.0 {
                precision += up * tp / (tp + fp);
            }
        };
        let (mut up, mut down) = (0, 0);
        for (input, positive, ends) in &self.above {
            let side = if *positive { &mut up } else { &mut down };
            *side += weight(*input);
            if *ends {
                cross(f64::from(up), f64::from(down));
                (up, down) = (0, 0);
            }
        }
        let above = f64::from(found);
        let (lowest_up, seen_down) = (positives - above, self.seen_negatives(weights));
        cross(lowest_up, negatives - seen_down);
        let area = (positives > 0.0 && negatives > 0.0).then(|| won / (positives * negatives));
        (area, (positives > 0.0).then(|| precision / positives))
    }

    fn seen_negatives(&self, weights: &[u32]) -> f64 {
        let seen = self.above.iter().filter(|item| !item.1);
        seen.map(|item| f64::from(weights.get(item.0 as usize).copied().unwrap_or(0))).sum()
    }
}
