//! Jobs that are stopped after an exact number of steps.

use crate::world::{World, host};
use labelscope_engine::jobs::{self, Outcome};
use labelscope_engine::{Clock, Host};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// A clock that stops the job once it has been read so often. Each step reads it once.
struct Fuse {
    ticks: AtomicI64,
    left: AtomicI64,
    stop: AtomicBool,
}

impl Clock for Fuse {
    fn now(&self) -> i64 {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.stop.store(true, Ordering::Relaxed);
        }
        1_700_000_000_000_000 + self.ticks.fetch_add(1000, Ordering::Relaxed)
    }
}

/// A world whose process can be killed.
pub struct Mortal {
    pub w: World,
    fuse: Arc<Fuse>,
    lives: u64,
}

impl Mortal {
    pub fn new() -> Self {
        Self::at(Arc::new(tempfile::tempdir().unwrap()), 0)
    }

    fn at(dir: Arc<tempfile::TempDir>, lives: u64) -> Self {
        let fuse = Arc::new(Fuse {
            // Each life begins later than the one before.
            ticks: AtomicI64::new(i64::try_from(lives).unwrap() * 1_000_000_000),
            left: AtomicI64::new(i64::MAX),
            stop: AtomicBool::new(false),
        });
        // And its random numbers are others.
        let host = Host { clock: fuse.clone(), ..host(1 + lives * 100_000) };
        Self { w: World::hosted(dir, host), fuse, lives }
    }

    /// Runs the next job for so many steps.
    pub fn run(&self, steps: i64) -> Outcome {
        let id = self.w.writer.lock().next_job().unwrap().unwrap();
        let mut reader = self.w.engine.reader().unwrap();
        self.fuse.stop.store(false, Ordering::Relaxed);
        // Beginning reads the clock too.
        self.fuse.left.store(steps, Ordering::Relaxed);
        let outcome = jobs::run(&self.w.engine, &mut reader, &self.w.writer, &id, &self.fuse.stop).unwrap();
        self.fuse.left.store(i64::MAX, Ordering::Relaxed);
        outcome
    }

    /// The process is killed just before it can note that the job is done.
    pub fn unnoted(self, job: &str) -> Self {
        let dir = self.w.dir();
        let conn = rusqlite::Connection::open(dir.path().join("labelscope.db")).unwrap();
        let running = labelscope_api::extensions::JobState::RUNNING.0;
        conn.execute("UPDATE job SET state = ?2, finished_at = NULL WHERE id = ?1", (job, running)).unwrap();
        self.killed()
    }

    /// The process is gone and started again: connections close, nothing else is told.
    pub fn killed(self) -> Self {
        let (dir, lives) = (self.w.dir(), self.lives + 1);
        assert!(lives < 100, "the job gets no further");
        drop(self.w);
        Self::at(dir, lives)
    }
}
