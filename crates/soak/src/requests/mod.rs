//! Requests of every kind, one after the other, so that a seed finds the same again.
//!
//! A generator of our own and none from outside: it reads the same declarations as the server, learns ids from the replies, so
//! that calls go deep, and needs no network; twenty thousand requests are a matter of minutes.

mod check;
mod ground;
mod known;
mod make;
mod values;

use crate::database;
use crate::http::{Connection, Request};
use crate::options::Options;
use crate::process::{Process, TOKEN};
use anyhow::{Context, Result};
use fastrand::Rng;
use known::Known;
use labelscope_api::operations::Described;
use labelscope_api::{extensions, operations};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::time::Instant;

/// The server may hold so much memory at the end, in MB. It is a build for tests.
const MEMORY: u64 = 600;
/// After so many requests there is new ground.
const GROUND: u32 = 150;

/// True where all went well.
pub fn run(options: &Options, until: Option<Instant>) -> Result<bool> {
    let folder = options.folder.join("requests");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (data, log) = (folder.join("data"), folder.join("server.log"));
    let mut server = Process::start(&options.binary, &data, &log)?;
    let mut connection = Connection::new(&server.address);
    let mut rng = Rng::with_seed(options.seed);
    let mut known = Known::default();
    let all: Vec<&'static Described> = operations::DESCRIBED.iter().chain(extensions::DESCRIBED).collect();
    let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut failures: BTreeMap<String, (u32, String)> = BTreeMap::new();
    let mut refusals: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
    let mut recent: VecDeque<Request> = VecDeque::new();
    let (begun, mut slowest, mut sent) = (Instant::now(), (0, String::new()), 0);
    for number in 0..options.requests {
        if until.is_some_and(|until| Instant::now() > until) {
            break;
        }
        if number % GROUND == 0 {
            for request in ground::requests(u64::from(number)) {
                let answer = connection.send(&request, TOKEN).context("making the ground")?;
                if answer.status != 200 && !request.target.ends_with("/apps") {
                    let text = String::from_utf8_lossy(&answer.body).into_owned();
                    note(&mut failures, &format!("{} {}: {text}", request.method, request.target), &request, &server);
                }
            }
            ground::note(&mut known, u64::from(number));
        }
        let Some(operation) = all.get(rng.usize(..all.len())) else { break };
        let made = make::make(&mut rng, &known, operation, u64::from(number));
        recent.push_back(made.request.clone());
        if recent.len() > 100 {
            recent.pop_front();
        }
        let at = Instant::now();
        let problem = match connection.send(&made.request, TOKEN) {
            Ok(answer) => {
                *statuses.entry(answer.status).or_default() += 1;
                if let (Some(operation), 200) = (made.operation, answer.status) {
                    done.insert(operation.meta.name);
                    let reply = serde_json::from_slice(&answer.body).unwrap_or_default();
                    known.learn(&made.path, &(operation.reply)(), &reply, 0);
                } else if let Some(operation) = made.operation {
                    let reply: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                    let why = reply.pointer("/status/details").and_then(serde_json::Value::as_str).unwrap_or("");
                    let why = why.chars().filter(|c| !c.is_ascii_digit()).take(80).collect();
                    *refusals.entry(operation.meta.name).or_default().entry(why).or_default() += 1;
                }
                check::problem(&made, &answer).map(|p| (p, String::from_utf8_lossy(&answer.body).into_owned()))
            }
            Err(error) => {
                connection = Connection::new(&server.address);
                // What is no HTTP may be hung up on.
                (!made.raw).then(|| (format!("no answer: {error}"), String::new()))
            }
        };
        sent += 1;
        let took = at.elapsed().as_millis();
        if took > slowest.0 {
            slowest = (took, format!("{} {}", made.request.method, made.request.target));
        }
        if let Some((what, answer)) = problem {
            let name = made.operation.map_or("none", |o| o.meta.name);
            let answer: String = answer.chars().take(600).collect();
            note(&mut failures, &format!("{name}: {what}: {answer}"), &made.request, &server);
        }
        if !server.is_alive() {
            let lines: Vec<String> = recent.iter().map(|r| r.curl(&server.address, TOKEN)).collect();
            fs::write(folder.join("before-the-end.sh"), lines.join("\n"))?;
            note(&mut failures, "the server ended; before-the-end.sh has its last requests", &made.request, &server);
            server = Process::start(&options.binary, &data, &log)?;
            connection = Connection::new(&server.address);
        }
    }
    let took = begun.elapsed().as_secs_f64();
    for problem in database::problems(&data)? {
        failures.insert(format!("the database: {problem}"), (1, String::new()));
    }
    let memory = server.memory();
    if memory.is_some_and(|(now, _)| now > MEMORY) {
        failures.insert(format!("the server holds {memory:?} MB, more than {MEMORY}"), (1, String::new()));
    }
    println!(
        "requests: {sent} in {took:.0} s, by HTTP status {statuses:?}; slowest {} ms: {:.150}",
        slowest.0, slowest.1
    );
    if let Some((now, most)) = memory {
        println!("requests: the server holds {now} MB, at most {most} MB");
    }
    let never: Vec<&str> = all.iter().map(|o| o.meta.name).filter(|name| !done.contains(name)).collect();
    println!("requests: {} of {} operations have succeeded; not: {}", done.len(), all.len(), never.join(", "));
    fs::write(folder.join("refusals.txt"), format!("{refusals:#?}"))?;
    report(&folder.join("failures.sh"), &failures)?;
    Ok(failures.is_empty())
}

/// The same failure is noted once, with how often it came. What differs from call to call is no part of its name.
fn note(failures: &mut BTreeMap<String, (u32, String)>, what: &str, request: &Request, server: &Process) {
    let key: String =
        what.split("\"req_id\"").next().unwrap_or(what).chars().filter(|c| !c.is_ascii_digit()).take(200).collect();
    let entry =
        failures.entry(key).or_insert_with(|| (0, format!("# {what}\n{}", request.curl(&server.address, TOKEN))));
    entry.0 += 1;
}

fn report(file: &std::path::Path, failures: &BTreeMap<String, (u32, String)>) -> Result<()> {
    let mut text = String::new();
    for (what, (times, request)) in failures {
        let shown: String = request.chars().take(1500).collect();
        eprintln!("FAILED {times} times: {}\n", if shown.is_empty() { what } else { &shown });
        text.extend([request.as_str(), "\n\n"]);
    }
    if !failures.is_empty() {
        fs::write(file, text)?;
        eprintln!("{} failures; {} has the requests in full", failures.len(), file.display());
    }
    Ok(())
}
