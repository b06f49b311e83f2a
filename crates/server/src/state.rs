//! What all handlers share.

use crate::auth::Auth;
use crate::cli::Config;
use crate::connections::Connections;
use crate::gateway::Client;
use crate::limits::RateLimit;
use crate::writer::{self, WriterQueue};
use crate::{hosting, jobs};
use anyhow::{Context, Result, bail};
use labelscope_engine::{Engine, Event, Reader, Writer};
use parking_lot::{FairMutex, Mutex};
use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Semaphore, broadcast};

/// Readers at the same time.
const READERS: usize = 8;

/// A server that runs. Clones are the same one.
#[derive(Clone)]
pub struct Server {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub config: Config,
    pub engine: Engine,
    pub writer: Arc<FairMutex<Writer>>,
    pub queue: WriterQueue,
    pub readers: Mutex<Vec<Reader>>,
    pub reading: Semaphore,
    pub thumbs: Semaphore,
    pub events: broadcast::Sender<Event>,
    pub auth: Auth,
    pub connections: Connections,
    pub gateway: Client,
    pub rate: Option<RateLimit>,
    pub workbench: Option<crate::workbench::Workbench>,
    pub stop: Arc<AtomicBool>,
    pub wake: Arc<jobs::Wake>,
    /// Held as long as the server lives.
    _lock: File,
}

/// Opens the data folder and starts the threads for writing and for jobs.
pub fn start(config: Config) -> Result<Server> {
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("the data folder {} cannot be made", config.data.display()))?;
    let lock = lock(&config.data.join("lock"))?;
    // Before any thread: what is wrong with the command line is said at once.
    let connections = Connections::open(&config)?;
    let gateway = Client::new(&config)?;
    let engine = Engine::open(&config.data, hosting::host(&config), hosting::SAMPLE)?;
    let writer = Arc::new(FairMutex::new(engine.writer()?));
    let (events, _) = broadcast::channel(1024);
    let stop = Arc::new(AtomicBool::new(false));
    let wake = Arc::new(jobs::Wake::default());
    let queue = writer::start(writer.clone(), events.clone(), wake.clone());
    jobs::start(&engine, &writer, &events, &wake, &stop);
    let auth = Auth::open(&config)?;
    let workbench = workbench_folder(&config).as_deref().map(crate::workbench::Workbench::open).transpose()?;
    let rate = config.rate_limit.map(RateLimit::new);
    let inner = Inner {
        config,
        engine,
        writer,
        queue,
        readers: Mutex::default(),
        reading: Semaphore::new(READERS),
        thumbs: Semaphore::new(2),
        events,
        auth,
        connections,
        gateway,
        rate,
        workbench,
        stop,
        wake,
        _lock: lock,
    };
    Ok(Server { inner: Arc::new(inner) })
}

fn lock(path: &std::path::Path) -> Result<File> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    if file.try_lock().is_err() {
        bail!(
            "another labelscope uses this data folder ({}); stop it first, or name another with --data",
            path.display()
        );
    }
    Ok(file)
}

fn workbench_folder(config: &Config) -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|p| p.parent().map(|d| d.join("dist")));
    let named = config.workbench.clone();
    named.into_iter().chain(beside).chain([PathBuf::from("dist")]).find(|p| p.join("index.html").is_file())
}

impl Server {
    /// Runs work with a reader on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut Reader) -> T + Send + 'static) -> Result<T> {
        let _permit = self.inner.reading.acquire().await?;
        let me = self.clone();
        tokio::task::spawn_blocking(move || {
            let idle = me.inner.readers.lock().pop();
            let mut reader = match idle {
                Some(reader) => reader,
                None => me.inner.engine.reader()?,
            };
            let out = f(&mut reader);
            me.inner.readers.lock().push(reader);
            Ok(out)
        })
        .await?
    }

    /// Asks jobs to stop between two steps, and waits until none runs.
    pub fn stop(&self) {
        self.inner.stop.store(true, Ordering::Relaxed);
        self.inner.wake.ring();
        self.inner.wake.wait_until_idle();
    }

    /// The link that signs a browser in, once.
    #[must_use]
    pub fn sign_in_link(&self, base: &str) -> String {
        self.inner.auth.link(base)
    }
}
