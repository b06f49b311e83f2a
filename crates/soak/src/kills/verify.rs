//! After a restart: what was acknowledged is there, what was on its way is there whole or not at all, and what was begun
//! comes to an end.

use super::client::Client;
use super::model::{APP, EXTENSIONS, Key, Kind, call};
use crate::database::digest;
use crate::http::{Connection, Request};
use crate::process::TOKEN;
use anyhow::{Context, Result, bail};
use fastrand::Rng;
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What was begun must have ended after this time.
const END: Duration = Duration::from_mins(2);

/// The write that was on its way has happened whole or not at all; from here on its client knows which.
pub fn pending(client: &mut Client, connection: &mut Connection) -> Result<()> {
    let Some(write) = client.pending.take() else { return Ok(()) };
    let (mut done, mut undone) = (Vec::new(), Vec::new());
    for (key, new) in write.changes {
        let old = client.facts.get(&key).cloned().flatten();
        let found = key.read(connection)?;
        if found != old && found != new {
            let seen =
                format!("{}: {found:?} is neither what it was ({old:?}) nor what was sent ({new:?})", key.path());
            client.failures.push(seen);
        } else if old != new {
            if found == new { done.push(key.path()) } else { undone.push(key.path()) }
        }
        client.note(key, found);
    }
    if !done.is_empty() && !undone.is_empty() {
        let (method, target) = (&write.request.method, &write.request.target);
        client.failures.push(format!("{method} {target} happened by halves: {done:?} and not {undone:?}"));
    }
    Ok(())
}

/// What was written of late and some of the rest, or all, is as it was acknowledged.
pub fn facts(client: &mut Client, connection: &mut Connection, rng: &mut Rng, all: bool) -> Result<u64> {
    let touched = std::mem::take(&mut client.touched);
    let mut keys: Vec<Key> = touched.into_iter().collect();
    let known: Vec<&Key> = client.facts.keys().collect();
    if all {
        keys = known.into_iter().cloned().collect();
    } else {
        keys.extend((0..25).filter_map(|_| known.get(rng.usize(..known.len().max(1))).map(|key| (*key).clone())));
    }
    for key in &keys {
        let (found, want) = (key.read(connection)?, client.facts.get(key).cloned().flatten());
        if found != want {
            client.failures.push(format!("{}: {found:?} is there, and {want:?} was acknowledged", key.path()));
        }
    }
    Ok(keys.len() as u64)
}

/// Versions become ready with what they froze, and ordered archives are whole.
pub fn versions(client: &mut Client, connection: &mut Connection, rng: &mut Rng, all: bool) -> Result<()> {
    let mut frozen: Vec<(Key, u64)> = client.frozen.iter().map(|(key, count)| (key.clone(), *count)).collect();
    let mut ordered: Vec<Key> = client.ordered.iter().cloned().collect();
    if !all {
        rng.shuffle(&mut frozen);
        frozen.truncate(3);
        rng.shuffle(&mut ordered);
        ordered.truncate(2);
    }
    for (key, count) in frozen {
        let ready = until(&key.path(), || {
            let (status, reply) = call(connection, "GET", &key.path(), &Value::Null)?;
            let code = reply.pointer("/dataset_version/status/code").and_then(Value::as_i64);
            Ok((status != 200 || !matches!(code, Some(64005 | 64010 | 64016))).then_some(reply))
        })?;
        let counted = ready.pointer("/dataset_version/metrics/~1/inputs_count").and_then(Value::as_str).unwrap_or("0");
        if counted != count.to_string() {
            client
                .failures
                .push(format!("{} holds {counted} inputs, and {count} were there: {ready:.300}", key.path()));
        }
    }
    for key in ordered {
        if let Some(problem) = archive(&key, connection)? {
            client.failures.push(problem);
        }
    }
    Ok(())
}

/// An archive that was ordered is made, and what is served is what its tag says.
fn archive(version: &Key, connection: &mut Connection) -> Result<Option<String>> {
    let path = format!("{APP}/datasets/{}/versions/{}/exports", version.1, version.2);
    let export = until(&path, || {
        let (status, reply) = call(connection, "PUT", &path, &json!({"exports": [{"format": 2}]}))?;
        if status != 200 {
            bail!("PUT {path}: HTTP {status}: {reply}");
        }
        let export = reply.pointer("/exports/0").cloned().unwrap_or_default();
        let code = export.pointer("/status/code").and_then(Value::as_i64);
        Ok((!matches!(code, Some(64201 | 64203))).then_some(export))
    })?;
    let Some(url) = export.get("url").and_then(Value::as_str) else {
        return Ok(Some(format!("{path}: the archive failed: {export}")));
    };
    // The address in it may be of the process before.
    let target = url.find("/labelscope/").and_then(|at| url.get(at..)).context("an odd address")?;
    let request =
        Request { method: "GET".to_owned(), target: target.to_owned(), kind: String::new(), body: Vec::new() };
    let answer = connection.send(&request, TOKEN)?;
    let sound =
        answer.status == 200 && answer.etag.trim_matches('"') == digest(&answer.body) && answer.body.starts_with(b"PK");
    Ok((!sound).then(|| format!("{target}: HTTP {}, {} bytes, {}", answer.status, answer.body.len(), answer.etag)))
}

/// Every job and every change to many inputs comes to an end.
pub fn jobs(clients: &[Client], connection: &mut Connection) -> Result<u64> {
    let mut ended = 0;
    for page in 1.. {
        let path = format!("{EXTENSIONS}/jobs?page={page}&per_page=100");
        let count = until(&path, || {
            let (status, reply) = call(connection, "GET", &path, &Value::Null)?;
            let jobs = reply.get("jobs").and_then(Value::as_array).cloned().unwrap_or_default();
            if status != 200 {
                bail!("GET {path}: HTTP {status}: {reply}");
            }
            // 2 is queued, 3 runs.
            let open = jobs.iter().any(|job| matches!(job.get("state").and_then(Value::as_i64), Some(2 | 3)));
            Ok((!open).then_some(jobs.len()))
        })?;
        ended += count as u64;
        if count < 100 {
            break;
        }
    }
    for key in clients.iter().flat_map(|client| client.facts.keys()).filter(|key| key.0 == Kind::Bulk) {
        until(&key.path(), || {
            let (_, reply) = call(connection, "GET", &key.path(), &Value::Null)?;
            let code = reply.pointer("/bulk_operation/status/code").and_then(Value::as_i64);
            Ok((!matches!(code, Some(25401 | 25402))).then_some(()))
        })?;
    }
    Ok(ended)
}

/// Asks until there is something, which must be soon enough.
fn until<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = ask()? {
            return Ok(found);
        }
        if begun.elapsed() > END {
            bail!("{what} has not come to an end after {} s", END.as_secs());
        }
        sleep(Duration::from_millis(10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kills::model::{Write, request};
    use std::io::{BufRead, BufReader, Write as _};
    use std::net::TcpListener;

    /// A server that has one concept alone, and has lost all others.
    fn forgetful() -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                loop {
                    let (mut first, mut line) = (String::new(), String::new());
                    if reader.read_line(&mut first).unwrap_or(0) == 0 {
                        break;
                    }
                    while line != "\r\n" {
                        line.clear();
                        reader.read_line(&mut line).unwrap();
                    }
                    let (status, body) = if first.contains("/concepts/a ") {
                        ("200 OK", r#"{"status":{"code":10000},"concept":{"id":"a","name":"new"}}"#)
                    } else {
                        ("404 Not Found", r#"{"status":{"code":11101}}"#)
                    };
                    write!(reader.get_mut(), "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                        .unwrap();
                }
            }
        });
        Connection::new(&address)
    }

    fn concept(id: &str) -> Key {
        Key(Kind::Concept, String::new(), id.to_owned())
    }

    fn sent(changes: &[(&str, &str)]) -> Client {
        let mut client = Client::new(1, 1);
        let changes = changes.iter().map(|(id, name)| (concept(id), Some((*name).to_owned()))).collect();
        client.pending = Some(Write { request: request("POST", "/concepts", &Value::Null), changes });
        client
    }

    #[test]
    fn half_a_write_is_noticed_and_a_whole_one_or_none_is_not() {
        let mut half = sent(&[("a", "new"), ("b", "new")]);
        pending(&mut half, &mut forgetful()).unwrap();
        assert!(half.failures.iter().any(|f| f.contains("by halves")), "{:?}", half.failures);
        for changes in [&[("a", "new")][..], &[("b", "new"), ("c", "new")]] {
            let mut sound = sent(changes);
            pending(&mut sound, &mut forgetful()).unwrap();
            assert_eq!(sound.failures, Vec::<String>::new());
        }
        let mut other = sent(&[("a", "newer")]);
        pending(&mut other, &mut forgetful()).unwrap();
        assert!(other.failures.iter().any(|f| f.contains("neither")), "{:?}", other.failures);
    }

    #[test]
    fn what_was_acknowledged_and_is_gone_or_another_is_noticed() {
        let mut client = Client::new(1, 1);
        client.note(concept("a"), Some("new".to_owned()));
        facts(&mut client, &mut forgetful(), &mut Rng::with_seed(1), true).unwrap();
        assert_eq!(client.failures, Vec::<String>::new());
        client.note(concept("a"), Some("old".to_owned()));
        client.note(concept("lost"), Some("x".to_owned()));
        facts(&mut client, &mut forgetful(), &mut Rng::with_seed(1), true).unwrap();
        assert_eq!(client.failures.len(), 2, "{:?}", client.failures);
    }
}
