//! `crates/soak` against the server: it knows the API, and xtask knows none of ours. And many random cases of our figures
//! beside those of scikit-learn and pycocotools.

use std::env;

use anyhow::Result;

use crate::suite::native;
use crate::{paths, run, tools};

/// Cases of each kind, unless LABELSCOPE_CASES says another number. The tests take 200.
const CASES: &str = "5000";

/// The server, then the figures.
pub fn all(words: &[String]) -> Result<()> {
    run(words)?;
    figures()
}

/// Builds both and starts it, with these options. The server is the one that tests use: it checks itself while it works.
pub fn run(words: &[String]) -> Result<()> {
    let binary = native::server()?;
    run::check(&mut run::cargo(&["build", "--quiet", "--package", "labelscope-soak"]))?;
    let soak = paths::target().join("debug").join(format!("labelscope-soak{}", env::consts::EXE_SUFFIX));
    let mut command = run::command(soak);
    command.arg("--binary").arg(binary).arg("--folder").arg(paths::target().join("soak"));
    run::check(command.args(words))
}

fn figures() -> Result<()> {
    let Some(python) = tools::python::get()? else {
        println!("there is no python3: scikit-learn and pycocotools were NOT asked");
        return Ok(());
    };
    let folder = paths::root().join("testdata/python");
    for subject in ["classification", "detection"] {
        let test = format!("{subject}_test.py");
        if !folder.join(&test).is_file() {
            continue;
        }
        let check = native::example("labelscope-metrics", &format!("check_{subject}"))?;
        let mut unittest = run::command(&python);
        unittest.args(["-m", "unittest", "discover", "--start-directory"]).arg(&folder).args(["--pattern", &test]);
        unittest.env(format!("LABELSCOPE_CHECK_{}", subject.to_uppercase()), check);
        unittest.env("PYTHONDONTWRITEBYTECODE", "1");
        if env::var_os("LABELSCOPE_CASES").is_none() {
            unittest.env("LABELSCOPE_CASES", CASES);
        }
        run::check(&mut unittest)?;
    }
    Ok(())
}
