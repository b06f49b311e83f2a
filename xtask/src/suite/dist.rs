//! The packed binary as its users meet it: alone in an empty folder, with nothing beside it to be served.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Result, bail, ensure};

use super::stage::Outcome;
use crate::args::TestOptions;
use crate::server::{Options, Server, TEST_TOKEN};
use crate::{dist, paths};

/// The head and the body of an answer.
fn get(server: &Server, path: &str) -> Result<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(&server.address)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Key {TEST_TOKEN}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n",
        server.address
    )?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let Some(at) = all.windows(4).position(|w| w == b"\r\n\r\n") else { bail!("{path}: no answer") };
    let body = all.split_off(at + 4);
    Ok((String::from_utf8_lossy(&all).to_lowercase(), body))
}

/// The name of a file of the workbench that ends so.
fn named(ending: &str) -> Result<String> {
    let names =
        fs::read_dir(paths::dist())?.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut found = names.filter(|name| name.starts_with("labelscope-app") && name.ends_with(ending));
    match found.next() {
        Some(name) => Ok(name),
        None => bail!("dist/ has no labelscope-app*{ending}"),
    }
}

pub fn tests(_: &TestOptions) -> Result<Outcome> {
    let folder = dist::pack_built()?;
    let alone = paths::target().join("dist-test");
    let _ = fs::remove_dir_all(&alone);
    fs::create_dir_all(&alone)?;
    let binary = alone.join(dist::binary_name());
    fs::copy(folder.join(dist::binary_name()), &binary)?;
    let server = Server::start_in(&Options { binary: &binary, name: "dist", port: 0, allow_origin: &[] }, &alone)?;
    let wasm = format!("/{}", named(".wasm")?);
    for (path, what) in [
        ("/", "content-type: text/html"),
        ("/datasets", "content-type: text/html"),
        (wasm.as_str(), "content-type: application/wasm"),
        (wasm.as_str(), "content-encoding: br"),
        ("/licenses.txt", "content-type: text/plain"),
        ("/v2/users/me/apps/demo/concepts", "content-type: application/json"),
    ] {
        let (head, body) = get(&server, path)?;
        ensure!(head.starts_with("http/1.1 200") && head.contains(what), "GET {path}: not {what}:\n{head}");
        ensure!(!body.is_empty(), "GET {path}: empty");
    }
    let (_, page) = get(&server, &wasm)?;
    let travelling = fs::metadata(paths::dist().join(format!("{}.br", &wasm[1..])))?.len();
    ensure!(page.len() as u64 == travelling, "{wasm} travels as {} bytes, and {travelling} were built", page.len());
    let archive = fs::metadata(format!("{}.tar.gz", folder.display()))?.len();
    Ok(Outcome::Done(vec![format!("the archive has {archive} bytes, the binary {}", fs::metadata(&binary)?.len())]))
}
