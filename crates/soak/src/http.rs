//! HTTP/1.1 by hand: what is sent is sent as it is, however odd.

use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer that takes longer than this does not count.
pub const LIMIT: Duration = Duration::from_secs(30);

#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub etag: String,
    pub body: Vec<u8>,
}

/// A connection that is kept while it can be.
pub struct Connection {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

/// A request, to be sent and to be shown.
#[derive(Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub kind: String,
    pub body: Vec<u8>,
}

impl Request {
    /// As a command that sends the same.
    pub fn curl(&self, address: &str, token: &str) -> String {
        let quote = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut out = format!("curl -g -X {} -H 'Authorization: Key {token}'", self.method);
        if !self.body.is_empty() {
            out = format!("{out} -H {}", quote(&format!("Content-Type: {}", self.kind)));
            match std::str::from_utf8(&self.body) {
                Ok(text) if !text.contains('\0') => out = format!("{out} --data-raw {}", quote(text)),
                _ => {
                    let octal: Vec<String> = self.body.iter().map(|b| format!("\\{b:03o}")).collect();
                    let octal = octal.concat();
                    out = format!("printf '{octal}' | {out} --data-binary @-");
                }
            }
        }
        out + " " + &quote(&format!("http://{address}{}", self.target))
    }
}

impl Connection {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None }
    }

    pub fn send(&mut self, request: &Request, token: &str) -> io::Result<Answer> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(LIMIT))?;
            stream.set_write_timeout(Some(LIMIT))?;
            BufReader::new(stream)
        };
        let Request { method, target, kind, body } = request;
        let mut bytes = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nAuthorization: Key {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        stream.get_mut().write_all(&bytes)?;
        let (answer, keep) = read(&mut stream, method)?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn read(stream: &mut BufReader<TcpStream>, method: &str) -> io::Result<(Answer, bool)> {
    let mut line = String::new();
    let wrong = |what: &str| Error::new(ErrorKind::InvalidData, what.to_owned());
    if stream.read_line(&mut line)? == 0 {
        return Err(Error::new(ErrorKind::UnexpectedEof, "the connection was closed without an answer"));
    }
    let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| wrong("no status line"))?;
    let mut answer = Answer { status, ..Answer::default() };
    let (mut length, mut chunked, mut keep) = (None, false, true);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse::<u64>().ok(),
            "transfer-encoding" => chunked = value.contains("chunked"),
            "connection" => keep = !value.eq_ignore_ascii_case("close"),
            "content-type" => value.clone_into(&mut answer.kind),
            "etag" => value.clone_into(&mut answer.etag),
            _ => {}
        }
    }
    // What could not be read as HTTP ends the connection, though nothing says so.
    keep &= !(matches!(status, 414 | 431) || status == 400 && length.unwrap_or(0) == 0);
    if method == "HEAD" || matches!(status, 204 | 304) {
        return Ok((answer, keep));
    }
    if chunked {
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).map_err(|_| wrong("not a chunk"))?;
            stream.take(size).read_to_end(&mut answer.body)?;
            line.clear();
            stream.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = length {
        stream.take(length).read_to_end(&mut answer.body)?;
        if answer.body.len() as u64 != length {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the answer ends in its middle"));
        }
    } else {
        stream.read_to_end(&mut answer.body)?;
        keep = false;
    }
    Ok((answer, keep))
}
