//! Are scores what they say?

use crate::Problem;
use crate::labels::BINS;
use crate::run::{Measured, Run};
use labelscope_messages::evaluation::{Bin, Calibration};

/// Bins that make sense.
const MOST: u32 = 100;

/// Of the surest scores where each input has one label, otherwise of all scores.
pub(crate) fn calibration(run: &Run, bins: u32) -> Result<Calibration, Problem> {
    let Measured::Labels(run) = &run.measured else { return Err(Problem::Labels("calibration curves")) };
    let bins = if bins == 0 { BINS } else { bins.min(MOST) as usize };
    let Some(reliability) = run.reliability(bins) else { return Ok(Calibration::default()) };
    Ok(Calibration {
        bins: reliability
            .bins
            .iter()
            .map(|bin| Bin {
                low: bin.low,
                high: bin.high,
                count: bin.count as u32,
                mean_score: bin.mean_score,
                right: bin.share(),
            })
            .collect(),
        error: reliability.expected_error(),
        largest: reliability.largest_error(),
    })
}
