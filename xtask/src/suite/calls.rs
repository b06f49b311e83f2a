//! Which operations the tests called, held against what `docs/coverage.md` says of them.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::paths;

/// The operation that a request means, by the table in `docs/coverage.md`: literal segments beat parameters.
fn operation<'t>(table: &'t [(String, String, String)], method: &str, path: &str) -> Option<&'t str> {
    let fits = |template: &str| {
        let (mut literal, mut want, mut have) = (0, template.split('/'), path.trim_end_matches('/').split('/'));
        loop {
            match (want.next(), have.next()) {
                (None, None) => return Some(literal),
                (Some(w), Some(h)) if w == h => literal += 1,
                (Some(w), Some(h)) if w.starts_with('{') && !h.is_empty() => {}
                _ => return None,
            }
        }
    };
    let rows = table.iter().filter(|(_, m, _)| m == method);
    rows.filter_map(|(name, _, template)| Some((fits(template)?, name))).max().map(|(_, name)| name.as_str())
}

/// Name, method and path template of every operation.
fn table() -> Result<Vec<(String, String, String)>> {
    let path = paths::root().join("docs/coverage.md");
    let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let template = cells.get(4)?.strip_prefix('`')?.strip_suffix('`')?;
        let scope = "/users/{user_id}/apps/{app_id}/";
        let [_, _, name, method, ..] = cells.as_slice() else { return None };
        Some(((*name).to_owned(), (*method).to_owned(), template.replace("/…/", scope)))
    });
    Ok(rows.collect())
}

/// Reads lines of `METHOD /path` and gives the names of the operations.
pub fn names(lines: &str) -> Result<BTreeSet<String>> {
    let table = table()?;
    let found = lines.lines().filter_map(|line| {
        let (method, path) = line.split_once(' ')?;
        operation(&table, method, path).map(str::to_owned)
    });
    Ok(found.collect())
}

/// Fails if an operation of `testdata/calls/KIND.txt` was not called. `LABELSCOPE_BLESS=1` writes the list anew.
pub fn check(kind: &str, called: &BTreeSet<String>) -> Result<()> {
    let path = paths::root().join("testdata/calls").join(format!("{kind}.txt"));
    if std::env::var_os("LABELSCOPE_BLESS").is_some() {
        let names: Vec<&str> = called.iter().map(String::as_str).collect();
        fs::write(
            &path,
            format!("# Operations that the {kind} tests call; docs/coverage.md tells them.\n{}\n", names.join("\n")),
        )?;
        return Ok(());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let missing: Vec<&str> =
        text.lines().filter(|l| !l.is_empty() && !l.starts_with('#') && !called.contains(*l)).collect();
    if !missing.is_empty() {
        bail!("docs/coverage.md says that the {kind} tests call {}, but they did not", missing.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_path_beat_parameters() {
        let row = |n: &str, p: &str| (n.to_owned(), "GET".to_owned(), p.to_owned());
        let table = [row("GetInput", "/v2/inputs/{input_id}"), row("StreamInputs", "/v2/inputs/stream")];
        assert_eq!(operation(&table, "GET", "/v2/inputs/stream"), Some("StreamInputs"));
        assert_eq!(operation(&table, "GET", "/v2/inputs/x/"), Some("GetInput"));
        assert_eq!(operation(&table, "POST", "/v2/inputs/x"), None);
        assert_eq!(operation(&table, "GET", "/v2/inputs"), None);
    }
}
