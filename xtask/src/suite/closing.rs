//! The lines by which test runners close: "12 passed, 0 failed" in their many ways.

/// The line without colours and margins, if it closes a run.
pub fn line(text: &str) -> Option<String> {
    let plain = without_colours(text);
    let plain = plain.trim();
    let counted = |word: &str| {
        plain.split_once(' ').is_some_and(|(count, rest)| count.parse::<u32>().is_ok() && rest.starts_with(word))
    };
    let closes = plain.starts_with("test result:")                       // libtest, wasm-bindgen-test
        || plain.starts_with("Summary [")                                // nextest
        || plain.starts_with("advisories ok") || plain.starts_with("bans ok")  // cargo-deny
        || plain.starts_with("Ran ") && plain.contains(" test")          // unittest
        || plain.starts_with("ℹ pass ") || plain.starts_with("ℹ fail ")  // node:test
        || plain == "OK" || plain.starts_with("OK (") || plain.starts_with("FAILED (")
        || ["passed", "failed", "flaky", "skipped", "did not run"].iter().any(|word| counted(word)); // Playwright
    closes.then(|| plain.to_owned())
}

/// Twenty results of doc tests are one line: the sums.
pub fn summed(lines: Vec<String>) -> Vec<String> {
    let (results, mut others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.starts_with("test result:"));
    if results.len() < 2 {
        others.extend(results);
        return others;
    }
    let sum = |word: &str| -> u64 { results.iter().filter_map(|line| count_before(line, word)).sum() };
    others.push(format!(
        "{} passed, {} failed, {} ignored in {} binaries",
        sum("passed"),
        sum("failed"),
        sum("ignored"),
        results.len()
    ));
    others
}

fn count_before(line: &str, word: &str) -> Option<u64> {
    line.split(['.', ';']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_recognised() {
        for text in [
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "     Summary [   0.012s] 4 tests run: 4 passed, 0 skipped",
            "Ran 5 tests in 0.300s",
            "ℹ pass 7",
            "OK",
            "FAILED (failures=1)",
            "  12 passed (3.2s)",
            "  \u{1b}[31m1 failed\u{1b}[39m",
        ] {
            assert!(line(text).is_some(), "{text}");
        }
        for text in ["test encode ... ok", "OKAY", "passed by", "Running 12 tests using 1 worker", "3 warnings"] {
            assert!(line(text).is_none(), "{text}");
        }
    }

    #[test]
    fn many_results_are_summed() {
        let lines = [
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured",
        ];
        assert_eq!(summed(lines.map(str::to_owned).to_vec()), ["5 passed, 1 failed, 1 ignored in 2 binaries"]);
    }
}
