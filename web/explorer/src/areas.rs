//! Figures by area.

use crate::Problem;
use crate::run::{Measured, Run};
use labelscope_messages::evaluation::{Area, AreaRow, Areas, Settings};

pub(crate) fn areas(run: &Run, at: &Settings) -> Result<Areas, Problem> {
    let Measured::Objects(run) = &run.measured else { return Err(Problem::Detections("figures by area")) };
    let evaluation = run.evaluation(at.masks);
    let last = evaluation.params().max_detections.len().saturating_sub(1);
    let rows = [Area::All, Area::Small, Area::Medium, Area::Large].into_iter().filter_map(|area| {
        let place = evaluation.area_index(crate::objects::area(area).name)?;
        let at = |iou: f64| evaluation.mean_average_precision(Some(evaluation.iou_index(iou)?), place, last);
        Some(AreaRow {
            area,
            objects: (0..evaluation.class_count()).map(|class| evaluation.positives(class, place)).sum(),
            average_precision: evaluation.mean_average_precision(None, place, last),
            average_precision_50: at(0.5),
            average_precision_75: at(0.75),
            average_recall: evaluation.mean_recall(None, place, last),
        })
    });
    Ok(Areas { rows: rows.collect() })
}
