//! What concepts are called in other languages than the app's own.

use super::concept;
use crate::fault::Fault;
use crate::tx::{App, Tx, fold};
use labelscope_api::messages::ConceptLanguage;

/// The code of a language as it is usually written: `zh`, `zh-Hant`, `pt-BR`. `None` where it is no code.
pub(crate) fn canonical(code: &str) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    let mut free = false;
    for part in code.split(['-', '_']) {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        let low = part.to_ascii_lowercase();
        if out.is_empty() {
            if !letters || part.len() < 2 {
                return None;
            }
            out.push(low);
            continue;
        }
        // Behind a single letter or digit the parts have no shape of their own.
        free |= part.len() == 1;
        out.push(match part.len() {
            4 if letters && !free => {
                low.get(..1).unwrap_or_default().to_ascii_uppercase() + low.get(1..).unwrap_or_default()
            }
            2 if letters && !free => low.to_ascii_uppercase(),
            _ => low,
        });
    }
    let code = out.join("-");
    (code.len() <= 35).then_some(code)
}

pub(crate) struct LanguageRow {
    pub rev: i64,
    pub created_at: i64,
    pub message: ConceptLanguage,
}

pub(crate) fn find(tx: &Tx<'_>, concept: i64, language: &str) -> Result<Option<LanguageRow>, Fault> {
    tx.one(
        "SELECT rev, created_at, language, name, definition FROM concept_language WHERE concept = ?1 AND language = ?2 AND died IS NULL",
        (concept, language),
        |r| {
            let message = ConceptLanguage { id: r.get(2)?, name: r.get(3)?, definition: r.get(4)? };
            Ok(LanguageRow { rev: r.get(0)?, created_at: r.get(1)?, message })
        },
    )
}

/// All names of a concept: in the app's own language first, then by code.
pub(crate) fn list(
    tx: &Tx<'_>,
    app: &App,
    concept: i64,
    (offset, limit): (i64, i64),
) -> Result<Vec<ConceptLanguage>, Fault> {
    tx.all(
        "SELECT language, name, definition FROM
           (SELECT 0 AS place, ?2 AS language, name, definition FROM concept WHERE key = ?1 AND died IS NULL
            UNION ALL SELECT 1, language, name, definition FROM concept_language WHERE concept = ?1 AND language <> ?2 AND died IS NULL)
         ORDER BY place, language LIMIT ?3 OFFSET ?4",
        (concept, &app.language, limit, offset),
        |r| Ok(ConceptLanguage { id: r.get(0)?, name: r.get(1)?, definition: r.get(2)? }),
    )
}

/// Opens a row; `old` is the one that it follows.
pub(crate) fn write(
    tx: &Tx<'_>,
    app: &App,
    concept: i64,
    new: &ConceptLanguage,
    old: Option<&LanguageRow>,
) -> Result<(), Fault> {
    let seq = tx.seq(app)?;
    if let Some(old) = old {
        tx.exec("UPDATE concept_language SET died = ?2 WHERE rev = ?1", (old.rev, seq))?;
    }
    tx.exec(
        "INSERT INTO concept_language (app, concept, language, name, folded, definition, created_at, modified_at, born)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            app.key,
            concept,
            &new.id,
            &new.name,
            fold(&new.name),
            &new.definition,
            old.map_or(tx.now, |o| o.created_at),
            tx.now,
            seq,
        ),
    )?;
    Ok(())
}

/// Another language becomes the app's own. Concepts that have a name in it take that, and keep beside it the one they had;
/// what the others are called counts as in it from now on.
pub(crate) fn adopt(tx: &Tx<'_>, app: &App, language: &str) -> Result<(), Fault> {
    let named: Vec<i64> = tx.all(
        "SELECT concept FROM concept_language INDEXED BY concept_language_name WHERE app = ?1 AND language = ?2 AND died IS NULL",
        (app.key, language),
        |r| r.get(0),
    )?;
    let sql = format!("SELECT {} FROM concept WHERE key = ?1 AND died IS NULL", concept::COLUMNS);
    for key in named {
        let (Some(mut row), Some(new)) = (tx.one(&sql, [key], concept::row)?, find(tx, key, language)?) else {
            continue;
        };
        let LanguageRow { rev, message: ConceptLanguage { name, definition, .. }, .. } = new;
        let old = ConceptLanguage {
            id: app.language.clone(),
            name: std::mem::replace(&mut row.name, name),
            definition: std::mem::replace(&mut row.definition, definition),
        };
        tx.exec("UPDATE concept_language SET died = ?2 WHERE rev = ?1", (rev, tx.seq(app)?))?;
        write(tx, app, key, &old, find(tx, key, &app.language)?.as_ref())?;
        concept::replace(tx, app, &row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn codes_as_they_are_written() {
        for (code, wanted) in [
            ("ZH", "zh"),
            ("zh-hant", "zh-Hant"),
            ("pt-br", "pt-BR"),
            ("pt_br", "pt-BR"),
            ("SR-latn-rs", "sr-Latn-RS"),
            ("de-x-Ab", "de-x-ab"),
        ] {
            assert_eq!(canonical(code).as_deref(), Some(wanted));
        }
        for code in ["", "-", "e", "en-", "en_", "1a", "日本", "en-toolongpart", "a-b"] {
            assert_eq!(canonical(code), None, "{code:?}");
        }
    }
}
