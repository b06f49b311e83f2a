//! `docs/coverage.md`: every operation, and what there is of it. Made from the table of operations and from what the
//! sources say; `LABELSCOPE_BLESS=1` writes it anew. What tests call is held against the lists in `testdata/calls` by the
//! stages that run them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use labelscope_api::{Effect, operations};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Operations that have no place in a page, and why.
const NO_PLACE: &[(&str, &str)] = &[
    ("PostUploads", "a file that is only kept is of no use in the page; archives go by PostInputsUploads"),
    ("GetUser", "GetInfo tells who is signed in"),
    ("PostAnnotations", "labels of the whole input go by PatchInputs; shapes are not drawn in the page yet"),
    ("PatchAnnotations", "labels of the whole input go by PatchInputs; shapes are not moved in the page yet"),
    ("PostSearches", "the older form; the page sends PostInputsSearches"),
    ("PatchSearches", "the page changes searches where it finds them"),
    ("PatchAnnotationsSearches", "as PatchInputsSearches, for the same list"),
    ("GetInput", "the page has the input from its list or stream"),
    ("ListInputs", "the page takes the stream, which is as quick at the end as at the start"),
    ("GetDatasetInput", "the page has the members from their list"),
    ("GetAnnotation", "the page has the annotations of an input from their list"),
    ("GetModelOutputInfo", "GetModel says the same"),
    ("DeleteModels", "models go one by one, each confirmed"),
    ("GetModelVersion", "the page has the versions from their list"),
    ("GetModelType", "the page has the kinds from their list"),
    ("GetConceptLanguage", "the page has all languages of a concept from their list"),
    ("GetAnnotationFilter", "the page has the filters from their list"),
    ("GetSearch", "the page has the searches from their list"),
    ("ListModelVersionEvaluations", "ListEvaluations says the same of all models"),
    ("PostModelVersionEvaluations", "PostEvaluations does the same"),
    ("GetModelVersionEvaluation", "GetEvaluation says the same"),
    ("ListStatusCodes", "a failure comes with its words"),
    ("GetStatusCode", "a failure comes with its words"),
    ("PatchApp", "PatchApps does the same"),
    ("GetApp", "the page has the apps from their list"),
    ("DeleteInput", "the page deletes what is chosen in one call"),
    ("DeleteAnnotation", "the page deletes what is chosen in one call"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(part) && !text[at + word.len()..].chars().next().is_some_and(part)
    })
}

fn called(kind: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("testdata/calls").join(format!("{kind}.txt"))).unwrap_or_default();
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect()
}

/// The numbers that an operation has among the fifty of the reference.
fn numbers(name: &str) -> Vec<String> {
    let table = fs::read_to_string(root().join("testdata/reference.tsv")).unwrap();
    let rows = table.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[3] == name).map(|row| row[0].to_owned()).collect()
}

fn table() -> (String, Vec<String>) {
    let (client, page) = (rust_files("crates/client/src"), rust_files("web/app/src"));
    let dispatch = fs::read_to_string(root().join("crates/engine/src/dispatch.rs")).unwrap();
    let (browser, python, javascript) = (called("browser"), called("python"), called("javascript"));
    let (mut rows, mut problems, mut covered) = (String::new(), Vec::new(), 0);
    for meta in operations::ALL {
        let numbers = numbers(meta.name);
        covered += numbers.len();
        let path = meta
            .path()
            .replace("/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/", "/…/")
            .replace("user_app_id.", "");
        let tick = |there: bool| if there { "✓" } else { "–" };
        let in_client = client.iter().any(|(_, text)| has_word(text, meta.name));
        let in_engine = dispatch.contains(&format!("operations::{} =>", meta.name));
        if !in_client || !in_engine {
            problems.push(format!("{}: client {in_client}, engine {in_engine}", meta.name));
        }
        let mut pages: Vec<String> = page
            .iter()
            .filter(|(_, text)| has_word(text, meta.name))
            .map(|(path, _)| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        pages.sort();
        pages.dedup();
        let why = NO_PLACE.iter().find(|(name, _)| *name == meta.name).map(|(_, why)| *why);
        let in_page = match (pages.is_empty(), why) {
            (false, _) => pages.join(", "),
            (true, Some(why)) => format!("none: {why}"),
            (true, None) => {
                problems.push(format!("{}: in no page, and nothing says why", meta.name));
                "–".to_owned()
            }
        };
        let vendors: Vec<&str> = [("Python", &python), ("JavaScript", &javascript)]
            .into_iter()
            .filter(|(_, calls)| calls.contains(meta.name))
            .map(|(name, _)| name)
            .collect();
        let vendors = match (vendors.is_empty(), meta.name) {
            (false, _) => vendors.join(", "),
            (true, "PostConceptMappingJobs") => "none knows it any more".to_owned(),
            (true, _) => "–".to_owned(),
        };
        let effect = match meta.effect {
            Effect::Read => "reads",
            Effect::Idempotent | Effect::Once => "writes",
        };
        writeln!(
            rows,
            "| {} | {} | {} | `{path}` | {effect} | ✓ | {} | {} | {in_page} | ✓ | {} | {vendors} |",
            numbers.join(", "),
            meta.name,
            meta.method,
            tick(in_client),
            tick(in_engine),
            tick(browser.contains(meta.name)),
        )
        .unwrap();
    }
    let text = format!(
        "# Coverage

Every operation, and what there is of it. A test makes this table from the declarations in `crates/api` and compares it;
`LABELSCOPE_BLESS=1 cargo test -p labelscope-server --test coverage` writes it anew. Of the reference's 50 operations, {covered} are answered; `#` is
their number there.

- **api**: declared and typed. **client**: a method on a resource handle. **engine**: answered from the database.
- **page**: the modules of the workbench that call it, or why none does.
- **router test**: the server finds it under each of its paths (`crates/server/src/api.rs`).
- **browser test**: called by the workbench in Chromium while the end-to-end tests run.
- **vendor's client**: called by a client of the vendor's in our tests: the Python client's JSON channel, the older JavaScript client.

The last two are observed: the stages `python` and `e2e` fail if an operation that is ticked here was not called.

| # | operation | method | path | effect | api | client | engine | page | router test | browser test | vendor's client |
|---|---|---|---|---|---|---|---|---|---|---|---|
{rows}"
    );
    (text, problems)
}

#[test]
fn the_table_of_coverage_is_true() {
    let (text, problems) = table();
    let path = root().join("docs/coverage.md");
    if std::env::var_os("LABELSCOPE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == text,
        "docs/coverage.md is not what the sources say; LABELSCOPE_BLESS=1 cargo test -p labelscope-server --test coverage writes it"
    );
}
