//! The server is killed at any moment while clients write, started again, and asked for what it had acknowledged.

mod client;
mod model;
mod verify;

use crate::database;
use crate::http::Connection;
use crate::options::Options;
use crate::process::Process;
use anyhow::{Result, bail};
use client::Client;
use fastrand::Rng;
use model::{APP, call};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 4;
/// After so many kills everything is looked at, and not only what was written of late.
const ALL: u32 = 50;
/// So many failures are enough to look into.
const ENOUGH: usize = 10;

/// True where all went well.
pub fn run(options: &Options, until: Option<Instant>) -> Result<bool> {
    let folder = options.folder.join("kills");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let (data, log) = (folder.join("data"), folder.join("server.log"));
    let mut rng = Rng::with_seed(options.seed ^ 0x6b69_6c6c);
    let mut clients: Vec<Client> = (1..=CLIENTS).map(|n| Client::new(n, rng.u64(..))).collect();
    let mut failures: Vec<String> = Vec::new();
    let (begun, mut looked, mut slowest, mut kills) = (Instant::now(), 0, Duration::ZERO, 0);
    let mut server = Process::start(&options.binary, &data, &log)?;
    probe(&server, &mut clients)?;
    while kills < options.kills && failures.len() < ENOUGH && until.is_none_or(|until| Instant::now() < until) {
        let after = Duration::from_millis(rng.u64(20..300));
        let address = server.address.clone();
        thread::scope(|scope| -> Result<()> {
            for client in &mut clients {
                let address = &address;
                scope.spawn(move || client.work(address));
            }
            thread::sleep(after);
            if !server.is_alive() {
                bail!("the server ended by itself; its log is {}", log.display());
            }
            server.kill()
        })?;
        kills += 1;
        server = Process::start(&options.binary, &data, &log)?;
        slowest = slowest.max(server.took);
        let all = kills % ALL == 0 || kills == options.kills;
        looked += look(&server, &mut clients, &mut rng, all)?;
        for problem in database::problems(&data)? {
            failures.push(format!("the database: {problem}"));
        }
        for client in &mut clients {
            failures.extend(client.failures.drain(..).map(|failure| format!("after {kills} kills: {failure}")));
        }
    }
    let ended = verify::jobs(&clients, &mut Connection::new(&server.address))?;
    let acknowledged: u64 = clients.iter().map(|client| client.acknowledged).sum();
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for (key, state) in clients.iter().flat_map(|client| &client.facts) {
        *there.entry(format!("{:?}", key.0)).or_default() += usize::from(state.is_some());
    }
    println!(
        "kills: {kills} in {:.0} s; {acknowledged} writes acknowledged, {looked} looked at again, {ended} jobs ended; there are {there:?}; slowest start {} ms",
        begun.elapsed().as_secs_f64(),
        slowest.as_millis()
    );
    for failure in &failures {
        eprintln!("FAILED {failure}");
    }
    Ok(failures.is_empty())
}

/// Looks at a server that has just been started; gives how much was looked at.
fn look(server: &Process, clients: &mut [Client], rng: &mut Rng, all: bool) -> Result<u64> {
    let mut connection = Connection::new(&server.address);
    let mut looked = 0;
    for client in clients {
        verify::pending(client, &mut connection)?;
        looked += verify::facts(client, &mut connection, rng, all)?;
        verify::versions(client, &mut connection, rng, all)?;
    }
    Ok(looked)
}

/// Which of the later operations this server has.
fn probe(server: &Process, clients: &mut [Client]) -> Result<()> {
    let mut connection = Connection::new(&server.address);
    let upload = json!({"uploads": [{"id": "probe", "content_name": "a.bin", "content_length": "10"}]});
    let uploads = call(&mut connection, "POST", &format!("{APP}/uploads"), &upload)?.0 == 200;
    let bulk = call(&mut connection, "GET", &format!("{APP}/bulk_operations"), &serde_json::Value::Null)?.0 == 200;
    for client in clients {
        (client.uploads, client.bulk) = (uploads, bulk);
    }
    if !(uploads && bulk) {
        println!("kills: without what this server lacks: uploads {uploads}, bulk operations {bulk}");
    }
    Ok(())
}
