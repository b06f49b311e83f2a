//! Listening, and stopping in good order.

use crate::{Config, router, start};
use anyhow::{Context, Result};
use std::io::Write;

/// Serves until it is told to stop.
pub fn serve(config: Config) -> Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(4).max_blocking_threads(16).build()?;
    runtime.block_on(async {
        let listen = config.listen;
        let public = config.public_url.clone();
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}; is another server there?"))?;
        let server = start(config)?;
        let base = public.unwrap_or_else(|| format!("http://{}", listener.local_addr().unwrap_or(listen)));
        // The link is for a person at the terminal; logs go to stderr.
        let mut out = std::io::stdout();
        // Nobody may be reading any more; the server serves all the same.
        let _ = writeln!(out, "Labelscope is at {base}\nSign in once with {}", server.sign_in_link(&base));
        let _ = out.flush();
        let stopping = server.clone();
        axum::serve(listener, router(server.clone())).with_graceful_shutdown(signal(stopping)).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

async fn signal(server: crate::Server) {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => drop(s.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping: replies are finished, jobs rest at their next step");
    let _ = tokio::task::spawn_blocking(move || server.stop()).await;
    // Streams of events have no end of their own: after a moment the process ends all the same.
    tokio::spawn(async {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        std::process::exit(0);
    });
}
