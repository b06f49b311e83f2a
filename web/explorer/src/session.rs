//! Test sets that are held, and questions about them.

use crate::align::Aligned;
use crate::run::Run;
use crate::{Problem, areas, calibration, compare, curves, errors, figures, hierarchy, ledger, matrix, pairs, reply};
use crate::{second_opinion, together};
use labelscope_formats::test_set;
use labelscope_messages::evaluation::{Explore, Explored};
use labelscope_metrics::TestSet;
use std::collections::HashMap;
use std::rc::Rc;

/// Test sets by the ids of their evaluations.
#[derive(Default)]
pub struct Session {
    runs: HashMap<String, Rc<Run>>,
    /// Those of which pieces are missing.
    coming: HashMap<String, TestSet>,
    /// The last runs that were compared, on the inputs that they share.
    aligned: Option<(Vec<String>, Rc<Aligned>)>,
}

impl Session {
    /// Answers a question. `beside` are the bytes that come with it: a piece of a test set, or a reply of GetEvaluation.
    pub fn answer(&mut self, explore: &Explore, beside: &[u8]) -> Result<Explored, Problem> {
        Ok(match explore {
            Explore::Take { run, last } => self.take(run, beside, *last)?,
            Explore::TakeReply { run } => self.take_reply(run, beside)?,
            Explore::Forget { run } => {
                self.forget(run);
                Explored::Held
            }
            Explore::Figures { run, at } => Explored::Figures(figures::figures(&*self.run(run)?, at)),
            Explore::Matrix { run, at, view } => Explored::Matrix(matrix::cells(&*self.run(run)?, at, view)?),
            Explore::MatrixDifference { run, against, at, view } => {
                let aligned = self.aligned(&[against.clone(), run.clone()])?;
                Explored::Matrix(matrix::difference(&aligned, &*self.run(run)?, at, view)?)
            }
            Explore::Curves { run, at, kind, concepts, all } => {
                Explored::Curves(curves::curves(&*self.run(run)?, at, *kind, concepts, *all)?)
            }
            Explore::Calibration { run, bins, .. } => {
                Explored::Calibration(calibration::calibration(&*self.run(run)?, *bins)?)
            }
            Explore::Errors { run, at } => Explored::Errors(errors::errors(&*self.run(run)?, at)?),
            Explore::Areas { run, at } => Explored::Areas(areas::areas(&*self.run(run)?, at)?),
            Explore::Together { run } => Explored::Together(together::together(&*self.run(run)?)),
            Explore::Pairs { run, at, filter, order, offset, limit } => {
                let page = pairs::Page { order: *order, offset: *offset, limit: *limit };
                Explored::Pairs(pairs::pairs(&*self.run(run)?, at, filter, page)?)
            }
            Explore::Hierarchy { run, at, broader } => {
                Explored::Figures(hierarchy::figures(&*self.run(run)?, at, broader)?)
            }
            Explore::SecondOpinion { run, at } => {
                Explored::SecondOpinion(second_opinion::second_opinion(&*self.run(run)?, at, beside)?)
            }
            Explore::Compare { runs, at, view } => {
                Explored::Compared(compare::compare(&*self.aligned(runs)?, at, view)?)
            }
            Explore::Ledger { runs, at, pick, offset, limit } => {
                Explored::Ledger(ledger::ledger(&*self.aligned(runs)?, at, pick.as_ref(), (*offset, *limit)))
            }
        })
    }

    /// Takes a piece of a test set, in order. After the last the run can be asked about.
    pub fn take(&mut self, run: &str, bytes: &[u8], last: bool) -> Result<Explored, Problem> {
        let piece = test_set::decode(bytes)?;
        let whole = match self.coming.remove(run) {
            None => piece,
            Some(mut set) => {
                if !set.append(piece) {
                    return Err(Problem::Pieces(run.to_owned()));
                }
                set
            }
        };
        if last {
            return Ok(self.hold(run, whole));
        }
        self.coming.insert(run.to_owned(), whole);
        Ok(Explored::Held)
    }

    /// Takes a test set out of a reply of GetEvaluation.
    pub fn take_reply(&mut self, run: &str, json: &[u8]) -> Result<Explored, Problem> {
        let set = reply::test_set(json)?;
        Ok(self.hold(run, set))
    }

    fn hold(&mut self, run: &str, set: TestSet) -> Explored {
        self.forget(run);
        let held = Run::new(set);
        let overview = held.overview();
        self.runs.insert(run.to_owned(), Rc::new(held));
        Explored::Overview(overview)
    }

    fn forget(&mut self, run: &str) {
        self.runs.remove(run);
        self.coming.remove(run);
        self.aligned.take_if(|(runs, _)| runs.iter().any(|r| r == run));
    }

    fn run(&self, run: &str) -> Result<Rc<Run>, Problem> {
        self.runs.get(run).cloned().ok_or_else(|| Problem::NotHeld(run.to_owned()))
    }

    /// Runs on the inputs that they share, the first being the reference. Made once for the same runs.
    fn aligned(&mut self, runs: &[String]) -> Result<Rc<Aligned>, Problem> {
        if let Some((held, aligned)) = &self.aligned
            && held == runs
        {
            return Ok(Rc::clone(aligned));
        }
        let all = runs.iter().map(|run| self.run(run)).collect::<Result<Vec<_>, _>>()?;
        let aligned = Rc::new(Aligned::new(&all)?);
        self.aligned = Some((runs.to_vec(), Rc::clone(&aligned)));
        Ok(aligned)
    }
}
