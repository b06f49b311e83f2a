//! A port on loopback that nobody listens on.

use std::net::TcpListener;

use anyhow::{Context, Result};

/// The wished port if it is free, else any free one.
pub fn near(wished: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", wished))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
        .context("no port on 127.0.0.1 can be opened")?;
    Ok(listener.local_addr()?.port())
}
