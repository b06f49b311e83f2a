//! The lines of a ledger, a block at a time as they come into view.

use crate::explore::ask;
use crate::worker::WorkerError;
use labelscope_messages::evaluation::{Explore, Explored, LedgerLine, Pick, Settings};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Lines of a block.
const BLOCK: usize = 200;

/// Runs, settings and filter.
pub(super) type Question = (Vec<String>, Settings, Pick);

#[derive(Clone, Copy)]
pub(super) struct Pages {
    question: Memo<Option<Question>>,
    blocks: RwSignal<HashMap<usize, Arc<Vec<LedgerLine>>>>,
    /// Blocks of the present question that have been asked for.
    asked: StoredValue<HashSet<usize>>,
    /// How often the question has changed: answers to an earlier one are dropped.
    turn: StoredValue<u32>,
    window: StoredValue<(usize, usize)>,
    /// None until the first answer.
    pub total: RwSignal<Option<usize>>,
    /// Fixed, broken, still wrong, still right, before filtering.
    pub counts: RwSignal<Vec<u32>>,
    pub error: RwSignal<Option<WorkerError>>,
}

impl Pages {
    pub fn new(question: impl Fn() -> Option<Question> + Send + Sync + 'static) -> Self {
        let pages = Self {
            question: Memo::new(move |_| question()),
            blocks: RwSignal::new(HashMap::new()),
            asked: StoredValue::new(HashSet::new()),
            turn: StoredValue::new(0),
            window: StoredValue::new((0, 1)),
            total: RwSignal::new(None),
            counts: RwSignal::new(Vec::new()),
            error: RwSignal::new(None),
        };
        Effect::new(move |_| {
            if pages.question.with(Option::is_some) {
                // What is shown stays until the new lines are here.
                pages.turn.update_value(|t| *t += 1);
                pages.asked.update_value(HashSet::clear);
                pages.see(pages.window.get_value());
            }
        });
        pages
    }

    /// The line at a place, once it is here.
    pub fn at(self, i: usize) -> Option<LedgerLine> {
        self.blocks.with(|b| b.get(&(i / BLOCK)).and_then(|lines| lines.get(i % BLOCK).cloned()))
    }

    pub fn question(self) -> Option<Question> {
        self.question.get_untracked()
    }

    /// These lines are in view: the first, and how many.
    pub fn see(self, (first, count): (usize, usize)) {
        self.window.set_value((first, count));
        let last = first + count.max(1) - 1;
        for block in first / BLOCK..=last / BLOCK {
            let is_new = self.asked.try_update_value(|a| a.insert(block)).unwrap_or_default();
            if is_new {
                self.fetch(block);
            }
        }
    }

    fn fetch(self, block: usize) {
        let Some((runs, at, pick)) = self.question() else { return };
        let turn = self.turn.get_value();
        spawn_local(async move {
            let (offset, limit) = ((block * BLOCK) as u32, BLOCK as u32);
            let answer = ask(Explore::Ledger { runs, at, pick: Some(pick), offset, limit }).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(Explored::Ledger(ledger)) => {
                    // The first answer to a question takes the place of all lines of the one before.
                    let first = self.asked.with_value(HashSet::len) == 1;
                    self.blocks.update(|b| {
                        if first {
                            b.clear();
                        }
                        b.insert(block, Arc::new(ledger.lines));
                    });
                    self.total.set(Some(ledger.total as usize));
                    self.counts.set(ledger.counts.to_vec());
                    self.error.set(None);
                }
                Ok(_) => {}
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
