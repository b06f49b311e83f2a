//! Another server on loopback, which answers by its table and counts who asks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

pub enum Answer {
    /// A whole reply's body.
    File(Vec<u8>),
    /// A status line's end, such as `404 Not Found`.
    Status(&'static str),
    Redirect(String),
    /// Promises many bytes and sends few, then nothing.
    Stuck,
    /// Sends bytes without saying how many, for ever.
    Endless,
}

type Table = Box<dyn Fn(&str) -> Answer + Send + Sync>;

pub struct Other {
    pub port: u16,
    asked: Mutex<Receiver<String>>,
    sent: Mutex<Receiver<Sent>>,
}

/// Method, media type and body of a request that had a body.
type Sent = (String, String, Vec<u8>);

impl Other {
    /// The path is what the table is asked for.
    pub fn start(table: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, asked) = channel();
        let (give, sent) = channel();
        let table: Arc<Table> = Arc::new(Box::new(table));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tell, give, table) = (tell.clone(), give.clone(), table.clone());
                std::thread::spawn(move || answer(stream, &tell, &give, &table));
            }
        });
        Self { port, asked: Mutex::new(asked), sent: Mutex::new(sent) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits until someone asks, and gives the path.
    pub fn next(&self) -> String {
        self.asked.lock().unwrap().recv().unwrap()
    }

    /// The next request that had a body.
    pub fn sent(&self) -> Sent {
        self.sent.lock().unwrap().recv().unwrap()
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().try_iter().collect()
    }
}

fn answer(mut stream: TcpStream, tell: &Sender<String>, give: &Sender<Sent>, table: &Table) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let method = line.split(' ').next().unwrap_or("").to_owned();
    let path = line.split(' ').nth(1).unwrap_or("").to_owned();
    let (mut kind, mut length) = (String::new(), 0);
    // The rest of the head.
    line.clear();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        let lower = line.to_lowercase();
        assert!(!lower.contains("authorization"), "no secret goes out");
        match lower.trim().split_once(": ") {
            Some(("content-type", value)) => value.clone_into(&mut kind),
            Some(("content-length", value)) => length = value.parse().unwrap(),
            _ => {}
        }
        line.clear();
    }
    let mut body = vec![0; length];
    if length > 0 && reader.read_exact(&mut body).is_ok() {
        let _ = give.send((method, kind, body));
    }
    let _ = tell.send(path.clone());
    let head = |status: &str, length: usize, more: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n")
    };
    let _ = match table(&path) {
        Answer::File(bytes) => {
            stream.write_all(head("200 OK", bytes.len(), "").as_bytes()).and_then(|()| stream.write_all(&bytes))
        }
        Answer::Status(status) => stream.write_all(head(status, 0, "").as_bytes()),
        Answer::Redirect(to) => stream.write_all(head("302 Found", 0, &format!("Location: {to}\r\n")).as_bytes()),
        Answer::Stuck => {
            let _ = stream.write_all(head("200 OK", 1000, "").as_bytes());
            // Until the other side has had enough.
            let mut rest = String::new();
            reader.read_line(&mut rest).map(drop)
        }
        Answer::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            let piece = vec![b'a'; 1 << 16];
            while stream.write_all(&piece).is_ok() {}
            Ok(())
        }
    };
}
