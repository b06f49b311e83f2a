//! The peers in Python: the vendor's client against our server, pycocotools over our exports, scikit-learn beside our figures,
//! moto as a store to add inputs from.

use anyhow::{Result, bail};

use super::stage::Outcome;
use super::{calls, native, watched};
use crate::args::TestOptions;
use crate::server::{Options, Server, TEST_TOKEN};
use crate::{paths, run, tools};

/// Runs `testdata/python/*_test.py` against a server of their own.
pub fn tests(options: &TestOptions) -> Result<Outcome> {
    let Some(python) = tools::python::get()? else {
        if options.ci {
            bail!("there is no python3, and CI requires the tests with the vendor's client");
        }
        return Ok(Outcome::Skipped(
            "there is no python3: the vendor's client and pycocotools were NOT tried".to_owned(),
        ));
    };
    let binary = native::server()?;
    let reread = native::reread()?;
    let check_classification = native::example("labelscope-metrics", "check_classification")?;
    let server = Server::start(&Options { binary: &binary, name: "python", port: 0, allow_origin: &[] })?;
    let mut unittest = run::command(python);
    unittest.args([
        "-m",
        "unittest",
        "discover",
        "--verbose",
        "--start-directory",
        "testdata/python",
        "--pattern",
        "*_test.py",
    ]);
    unittest
        .env("LABELSCOPE_URL", server.url())
        .env("LABELSCOPE_TOKEN", TEST_TOKEN)
        .env("LABELSCOPE_REREAD", reread)
        .env("LABELSCOPE_CHECK_CLASSIFICATION", check_classification)
        // For tests that need a server with flags of their own.
        .env("LABELSCOPE_BINARY", &binary)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    // The vendor's client reads these.
    unittest.env("CLARIFAI_API_BASE", server.url()).env("CLARIFAI_PAT", TEST_TOKEN).env("CLARIFAI_USER_ID", "me");
    let called = paths::target().join("called-by-python.json");
    let _ = std::fs::remove_file(&called);
    let outcome = watched::run(unittest.env("LABELSCOPE_CALLED", &called))?;
    let names: std::collections::BTreeSet<String> = serde_json::from_slice(&std::fs::read(&called)?)?;
    calls::check("python", &names)?;
    Ok(outcome)
}
