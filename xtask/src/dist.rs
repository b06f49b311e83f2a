//! What is handed on: one binary with the workbench inside, the licences of its parts, sums, and all of it in one archive.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{build, licenses, paths, run};

/// The archive may weigh so much, in bytes. It holds the sample project's photographs.
const BUDGET: u64 = 40_000_000;

const README: &str = "\
Labelscope: a workbench for labels and datasets, and a local server for the Clarifai v2 data API.

  ./labelscope serve

keeps everything in ./data, and prints a link that signs your browser in. It needs no other file of this folder.
`./labelscope --help` lists its options. LICENSES.txt has the licences of its parts; the server has them at /licenses.txt.
SHA256SUMS is read by `sha256sum --check SHA256SUMS`.
";

/// Builds the workbench and packs it.
pub fn pack() -> Result<()> {
    build::workbench()?;
    let begun = Instant::now();
    let folder = pack_built()?;
    let archive = archive(&folder);
    let size = |path: &Path| fs::metadata(path).map(|file| file.len());
    println!("{}: {} bytes", folder.join(binary_name()).display(), size(&folder.join(binary_name()))?);
    println!("{}: {} bytes of at most {BUDGET}", archive.display(), size(&archive)?);
    println!("packed in {:.0} s, after the workbench was built", begun.elapsed().as_secs_f64());
    Ok(())
}

pub fn binary_name() -> String {
    format!("labelscope{}", std::env::consts::EXE_SUFFIX)
}

fn archive(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".tar.gz");
    name.into()
}

/// Packs the workbench that is in dist/, and gives the folder.
pub fn pack_built() -> Result<PathBuf> {
    run::check(&mut run::cargo(&[
        "build",
        "--release",
        "--package",
        "labelscope-server",
        "--features",
        "embed",
        "--quiet",
    ]))?;
    let name = format!("labelscope-{}-{}", env!("CARGO_PKG_VERSION"), licenses::host()?);
    let top = paths::target().join("dist");
    let folder = top.join(&name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let copy = |from: PathBuf, to: &str| {
        fs::copy(&from, folder.join(to)).map(drop).with_context(|| format!("there is no {}", from.display()))
    };
    copy(paths::server_binary(), &binary_name())?;
    copy(paths::dist().join(licenses::FILE), "LICENSES.txt")?;
    for name in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        copy(paths::root().join(name), name)?;
    }
    fs::write(folder.join("README.txt"), README)?;
    sums(&folder)?;
    run::check(run::command("tar").arg("-czf").arg(archive(&folder)).arg("-C").arg(&top).arg(&name))?;
    let size = fs::metadata(archive(&folder))?.len();
    if size > BUDGET {
        bail!("{} has {size} bytes, and {BUDGET} are allowed", archive(&folder).display());
    }
    Ok(folder)
}

/// The SHA-256 of each file, as `sha256sum` writes it.
fn sums(folder: &Path) -> Result<()> {
    const SCRIPT: &str = "const {readFileSync: r, readdirSync: d} = require('fs'), dir = process.argv[1]; \
        for (const f of d(dir).sort()) console.log(require('crypto').createHash('sha256').update(r(dir + '/' + f)).digest('hex') + '  ' + f)";
    let sums = run::output(run::command("node").args(["-e", SCRIPT]).arg(folder))?;
    Ok(fs::write(folder.join("SHA256SUMS"), sums)?)
}
