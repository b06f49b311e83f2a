//! Which test sets the worker holds, and who waits for which.

use super::Opening;
use labelscope_messages::evaluation::{Explore, Overview};
use leptos::prelude::*;
use std::collections::HashMap;

/// Test sets that are kept while nobody looks at them.
const KEPT: usize = 8;

/// A test set that a worker lost so often is what it breaks down over.
const LOSSES: u32 = 2;

#[derive(Default)]
pub(super) struct Held {
    runs: HashMap<String, Run>,
    /// How often a worker broke down that held it, by run and stamp.
    losses: HashMap<(String, String), u32>,
    lost: u32,
    opened: u64,
}

struct Run {
    /// Whose evaluation it is, and as of when.
    stamp: String,
    state: Opening,
    /// Raised whenever it is asked for.
    opened: u64,
    watchers: Vec<RwSignal<Opening>>,
}

/// What is to be done for somebody who wants a test set.
#[derive(Debug, PartialEq)]
pub(super) enum Begun {
    /// It is there.
    Open(Overview),
    /// It is on its way; they will be told.
    Waiting,
    /// It has to be brought, after these have been forgotten.
    New { forget: Vec<String> },
    /// The worker breaks down over it.
    Never,
}

impl Held {
    /// Are all test sets there that a question is about?
    pub fn has_all(&self, explore: &Explore) -> bool {
        let has = |run: &String| self.runs.get(run).is_some_and(|r| matches!(r.state, Opening::Open(_)));
        match explore {
            Explore::Compare { runs, .. } | Explore::Ledger { runs, .. } => runs.iter().all(has),
            Explore::MatrixDifference { run, against, .. } => has(run) && has(against),
            Explore::Figures { run, .. }
            | Explore::Matrix { run, .. }
            | Explore::Curves { run, .. }
            | Explore::Calibration { run, .. }
            | Explore::Errors { run, .. }
            | Explore::Areas { run, .. }
            | Explore::Together { run }
            | Explore::Pairs { run, .. }
            | Explore::Hierarchy { run, .. }
            | Explore::SecondOpinion { run, .. } => has(run),
            Explore::Take { .. } | Explore::TakeReply { .. } | Explore::Forget { .. } => true,
        }
    }

    /// Somebody wants a test set.
    pub fn begin(&mut self, run: &str, stamp: &str, watcher: RwSignal<Opening>) -> Begun {
        self.opened += 1;
        if let Some(held) = self.runs.get_mut(run)
            && held.stamp == stamp
        {
            held.opened = self.opened;
            match &held.state {
                Opening::Open(overview) => {
                    let overview = overview.clone();
                    watch(&mut held.watchers, watcher);
                    return Begun::Open(overview);
                }
                Opening::Coming(done, all) => {
                    let _ = watcher.try_set(Opening::Coming(*done, *all));
                    watch(&mut held.watchers, watcher);
                    return Begun::Waiting;
                }
                Opening::Failed(_) => {}
            }
        }
        if self.losses.get(&(run.to_owned(), stamp.to_owned())).is_some_and(|n| *n >= LOSSES) {
            return Begun::Never;
        }
        let mut forget = vec![run.to_owned()];
        self.runs.remove(run);
        while self.runs.len() >= KEPT {
            let idle = self.runs.iter_mut().filter_map(|(id, held)| {
                held.watchers.retain(is_there);
                held.watchers.is_empty().then(|| (held.opened, id.clone()))
            });
            let Some((_, oldest)) = idle.min() else { break };
            self.runs.remove(&oldest);
            forget.push(oldest);
        }
        let state = Opening::Coming(0, 0);
        let _ = watcher.try_set(state.clone());
        let held = Run { stamp: stamp.to_owned(), state, opened: self.opened, watchers: vec![watcher] };
        self.runs.insert(run.to_owned(), held);
        Begun::New { forget }
    }

    /// So much of it is here. False where nobody waits any more.
    pub fn progress(&mut self, run: &str, done: u32, all: u32) -> bool {
        let Some(held) = self.runs.get_mut(run) else { return false };
        held.tell(Opening::Coming(done, all));
        !held.watchers.is_empty()
    }

    /// It is there, or it did not come.
    pub fn end(&mut self, run: &str, state: Opening) {
        if let Some(held) = self.runs.get_mut(run) {
            held.tell(state);
        }
        self.runs.retain(|_, held| !matches!(held.state, Opening::Failed(_)));
    }

    /// Somebody wants another test set, or none.
    pub fn leave(&mut self, watcher: RwSignal<Opening>) {
        self.runs.values_mut().for_each(|held| held.watchers.retain(|w| *w != watcher));
    }

    /// How many workers have broken down.
    pub fn losses(&self) -> u32 {
        self.lost
    }

    /// The worker broke down, and all that was there is gone.
    pub fn lost(&mut self) {
        self.lost += 1;
        for (id, held) in &self.runs {
            *self.losses.entry((id.clone(), held.stamp.clone())).or_default() += 1;
        }
        // Who brings what is on its way sees to it.
        self.runs.retain(|_, held| matches!(held.state, Opening::Coming(..)));
    }
}

impl Run {
    fn tell(&mut self, state: Opening) {
        self.watchers.retain(is_there);
        for watcher in &self.watchers {
            let _ = watcher.try_set(state.clone());
        }
        self.state = state;
    }
}

/// Is the page still there that waits?
fn is_there(watcher: &RwSignal<Opening>) -> bool {
    watcher.try_with_untracked(|_| ()).is_some()
}

fn watch(watchers: &mut Vec<RwSignal<Opening>>, watcher: RwSignal<Opening>) {
    watchers.retain(is_there);
    if !watchers.contains(&watcher) {
        watchers.push(watcher);
    }
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
