//! The threads that run jobs: one for each lane, in which jobs go one after the other.

use crate::writer::publish;
use labelscope_engine::jobs::{self, Lane};
use labelscope_engine::{Engine, Event, Writer};
use parking_lot::{Condvar, FairMutex, Mutex};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;

/// Wakes the threads when there may be a job.
#[derive(Default)]
pub(crate) struct Wake {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// How often the bell has been rung.
    rung: u64,
    /// Threads that have a job, or have yet to answer the bell.
    busy: [bool; Lane::ALL.len()],
}

impl Wake {
    pub fn ring(&self) {
        let mut state = self.state.lock();
        state.rung += 1;
        state.busy = [true; Lane::ALL.len()];
        self.changed.notify_all();
    }

    /// Rests until the bell is rung again after `heard`.
    fn wait(&self, lane: usize, heard: &mut u64) {
        let mut state = self.state.lock();
        if state.rung == *heard
            && let Some(busy) = state.busy.get_mut(lane)
        {
            *busy = false;
            self.changed.notify_all();
        }
        while state.rung == *heard {
            self.changed.wait(&mut state);
        }
        *heard = state.rung;
    }

    pub fn wait_until_idle(&self) {
        let mut state = self.state.lock();
        while state.busy.contains(&true) {
            if self.changed.wait_for(&mut state, Duration::from_secs(20)).timed_out() {
                return;
            }
        }
    }
}

pub(crate) fn start(
    engine: &Engine,
    writer: &Arc<FairMutex<Writer>>,
    events: &broadcast::Sender<Event>,
    wake: &Arc<Wake>,
    stop: &Arc<AtomicBool>,
) {
    // Jobs of an earlier process may wait.
    wake.ring();
    for (number, lane) in Lane::ALL.into_iter().enumerate() {
        let (engine, writer, events) = (engine.clone(), writer.clone(), events.clone());
        let (wake, stop) = (wake.clone(), stop.clone());
        std::thread::spawn(move || {
            let mut heard = 0;
            loop {
                wake.wait(number, &mut heard);
                while !stop.load(Ordering::Relaxed) {
                    let next = writer.lock().next_job_in(lane);
                    let id = match next {
                        Ok(Some(id)) => id,
                        Ok(None) => break,
                        Err(error) => {
                            tracing::error!("jobs cannot be read: {error}");
                            break;
                        }
                    };
                    if !run(&engine, &writer, &events, &wake, &id, &stop) {
                        break;
                    }
                }
            }
        });
    }
}

/// Runs one job and tells its progress meanwhile. False where the thread should rest.
fn run(
    engine: &Engine,
    writer: &FairMutex<Writer>,
    events: &broadcast::Sender<Event>,
    wake: &Wake,
    id: &str,
    stop: &AtomicBool,
) -> bool {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let pump = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_millis(150));
                publish(&mut writer.lock(), events, wake);
            }
        });
        let outcome = match engine.reader() {
            Ok(mut reader) => jobs::run(engine, &mut reader, writer, id, stop).map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        over.store(true, Ordering::Relaxed);
        pump.thread().unpark();
        publish(&mut writer.lock(), events, wake);
        match outcome {
            Ok(jobs::Outcome::Finished) => true,
            Ok(jobs::Outcome::Stopped) => false,
            Err(error) => {
                tracing::error!(job = id, "the job could not be run: {error}");
                false
            }
        }
    })
}
