//! Just enough HTTP/1.1 to drive our own server on loopback: a connection for one call, or one that is kept for many.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::server::{Server, TEST_TOKEN};

/// Sends JSON (or nothing) and reads the JSON answer; anything but 200 is an error with the body.
pub fn json(server: &Server, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let answer = send(server, method, path, body.len() as u64, &mut body.as_bytes(), &mut Vec::new());
    Ok(serde_json::from_slice(&good(answer, method, path)?)?)
}

/// A connection that is kept for many calls, one after the other.
pub struct Connection {
    reader: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    pub fn open(server: &Server) -> Result<Self> {
        let stream = TcpStream::connect(&server.address)?;
        stream.set_nodelay(true)?;
        Ok(Self { reader: BufReader::with_capacity(1 << 16, stream), address: server.address.clone() })
    }

    /// Sends JSON (or nothing) and reads the answer as it comes; anything but 200 is an error with the body.
    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Vec<u8>> {
        let body = body.map(Value::to_string).unwrap_or_default();
        // In one piece, so that the server wakes up once.
        let call = head(&self.address, method, path, body.len() as u64, "keep-alive") + &body;
        self.reader.get_mut().write_all(call.as_bytes())?;
        good(answer(&mut self.reader, &mut Vec::new()), method, path)
    }

    /// The same, with the answer read as JSON.
    pub fn json(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        Ok(serde_json::from_slice(&self.call(method, path, body)?)?)
    }
}

fn good(answer: Result<(u16, Vec<u8>)>, method: &str, path: &str) -> Result<Vec<u8>> {
    let (status, answer) = answer.with_context(|| format!("{method} {path}"))?;
    if status != 200 {
        bail!("{method} {path}: HTTP {status}: {}", String::from_utf8_lossy(&answer));
    }
    Ok(answer)
}

/// Sends a file as the body.
pub fn put_file(server: &Server, path: &str, file: &Path) -> Result<()> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    let (status, answer) = send(server, "PUT", path, length, &mut file, &mut Vec::new())?;
    if status != 200 {
        bail!("PUT {path}: HTTP {status}: {}", String::from_utf8_lossy(&answer));
    }
    Ok(())
}

/// Reads an answer to its end and gives its length.
pub fn download(server: &Server, path: &str) -> Result<u64> {
    let mut sink = Counter(0);
    let (status, _) = send(server, "GET", path, 0, &mut std::io::empty(), &mut sink)?;
    if status != 200 {
        bail!("GET {path}: HTTP {status}");
    }
    Ok(sink.0)
}

struct Counter(u64);

impl Sink for Counter {
    fn take(&mut self, bytes: &[u8]) {
        self.0 += bytes.len() as u64;
    }
    fn kept(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// Where an answer's body goes.
trait Sink {
    fn take(&mut self, bytes: &[u8]);
    fn kept(&mut self) -> Vec<u8>;
}

impl Sink for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
    fn kept(&mut self) -> Vec<u8> {
        std::mem::take(self)
    }
}

fn send(
    server: &Server,
    method: &str,
    path: &str,
    length: u64,
    body: &mut dyn Read,
    sink: &mut dyn Sink,
) -> Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(&server.address)?;
    stream.write_all(head(&server.address, method, path, length, "close").as_bytes())?;
    std::io::copy(body, &mut stream)?;
    stream.flush()?;
    answer(&mut BufReader::with_capacity(1 << 16, stream), sink)
}

fn head(address: &str, method: &str, path: &str, length: u64, connection: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Key {TEST_TOKEN}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: {connection}\r\n\r\n"
    )
}

/// Reads one answer, and not beyond it.
fn answer(reader: &mut BufReader<TcpStream>, sink: &mut dyn Sink) -> Result<(u16, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
    let (mut known, mut chunked) = (None, false);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end().to_ascii_lowercase();
        match header.split_once(':') {
            None => break,
            Some(("content-length", value)) => known = Some(value.trim().parse::<u64>()?),
            Some(("transfer-encoding", value)) => chunked = value.contains("chunked"),
            Some(_) => {}
        }
    }
    if chunked {
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).context("not a chunk")?;
            pour(&mut reader.take(size), sink)?;
            line.clear();
            reader.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else {
        pour(&mut reader.take(known.unwrap_or(u64::MAX)), sink)?;
    }
    Ok((status, sink.kept()))
}

fn pour(from: &mut dyn Read, to: &mut dyn Sink) -> Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            n => to.take(buffer.get(..n).unwrap_or_default()),
        }
    }
}
