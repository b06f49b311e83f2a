//! The thread that writes: calls queue up, and those that are there at the same time share one wait for the disk.

use crate::jobs::Wake;
use labelscope_engine::{Answer, Call, Caller, Event, Writer};
use parking_lot::FairMutex;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Calls that wait at most; further ones wait before they are let in.
const QUEUE: usize = 256;
/// Calls that share a transaction at most.
const GROUP: usize = 64;

/// A call that owns what it needs.
pub(crate) struct Owned {
    pub name: &'static str,
    pub path: Vec<(&'static str, String)>,
    pub query: String,
    pub body: bytes::Bytes,
    pub caller: Caller,
    pub base_url: String,
    pub req_id: String,
}

impl Owned {
    pub fn call(&self) -> Call<'_> {
        Call {
            name: self.name,
            path: self.path.clone(),
            query: &self.query,
            body: &self.body,
            caller: &self.caller,
            base_url: &self.base_url,
            req_id: &self.req_id,
        }
    }
}

type Item = (Owned, oneshot::Sender<Answer>);

/// Where calls that write are handed in.
#[derive(Clone)]
pub(crate) struct WriterQueue(mpsc::Sender<Item>);

impl WriterQueue {
    /// Calls that wait.
    pub fn len(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// Waits for the answer; `None` when the server ends.
    pub async fn execute(&self, call: Owned) -> Option<Answer> {
        let (tell, told) = oneshot::channel();
        self.0.send((call, tell)).await.ok()?;
        told.await.ok()
    }
}

pub(crate) fn start(writer: Arc<FairMutex<Writer>>, events: broadcast::Sender<Event>, wake: Arc<Wake>) -> WriterQueue {
    let (send, mut receive) = mpsc::channel::<Item>(QUEUE);
    std::thread::spawn(move || {
        while let Some(first) = receive.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = receive.try_recv()
            {
                group.push(next);
            }
            let mut writer = writer.lock();
            let calls: Vec<Call<'_>> = group.iter().map(|(call, _)| call.call()).collect();
            let answers = writer.execute_group(&calls);
            drop(calls);
            publish(&mut writer, &events, &wake);
            drop(writer);
            for ((_, tell), answer) in group.into_iter().zip(answers) {
                // Who asked may be gone; the write stands.
                let _ = tell.send(answer);
            }
        }
    });
    WriterQueue(send)
}

/// Tells what has happened to whoever listens.
pub(crate) fn publish(writer: &mut Writer, events: &broadcast::Sender<Event>, wake: &Wake) {
    for event in writer.take_events() {
        let _ = events.send(event);
    }
    if writer.take_wake() {
        wake.ring();
    }
}
