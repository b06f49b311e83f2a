use crate::fault::Fault;
use crate::store::concept::{self, ConceptRow};
use crate::store::language::{self, canonical};
use crate::tx::{App, Tx, page};
use labelscope_api::messages::{
    ConceptLanguage, MultiConceptLanguageResponse, SingleConceptLanguageResponse, StatusCode,
};
use labelscope_api::operations::{
    GetConceptLanguage, ListConceptLanguages, PatchConceptLanguages, PostConceptLanguages,
};

/// At most so many languages in one call.
const BATCH: usize = 1000;

fn refused(details: impl Into<String>) -> Fault {
    Fault::refused(StatusCode::CONCEPTS_INVALID_REQUEST, details)
}

fn find_concept(tx: &Tx<'_>, app: &App, id: &str) -> Result<ConceptRow, Fault> {
    concept::find(tx, app, id)?.ok_or_else(|| Fault::not_found("concept", id))
}

fn check_count(count: usize) -> Result<(), Fault> {
    if (1..=BATCH).contains(&count) {
        return Ok(());
    }
    Err(refused(format!("concept_languages holds {count}; a call takes 1 to {BATCH}")))
}

fn code(place: &str, text: &str) -> Result<String, Fault> {
    canonical(text).ok_or_else(|| {
        refused(format!("{place} is {text:?}; it takes the code of a language, such as `ja` or `pt-BR`"))
    })
}

fn own(app: &App, row: ConceptRow) -> ConceptLanguage {
    ConceptLanguage { id: app.language.clone(), name: row.name, definition: row.definition }
}

pub(crate) fn list(tx: &Tx<'_>, op: ListConceptLanguages) -> Result<MultiConceptLanguageResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let pages = page(op.page, op.per_page)?;
    let concept = find_concept(tx, &app, &op.concept_id)?;
    let concept_languages = language::list(tx, &app, concept.key, pages)?;
    Ok(MultiConceptLanguageResponse { concept_languages, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetConceptLanguage) -> Result<SingleConceptLanguageResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let concept = find_concept(tx, &app, &op.concept_id)?;
    let code = code("language", &op.language)?;
    let found = if code == app.language {
        own(&app, concept)
    } else {
        language::find(tx, concept.key, &code)?.ok_or_else(|| Fault::not_found("language", &code))?.message
    };
    Ok(SingleConceptLanguageResponse { concept_language: Some(found), ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostConceptLanguages) -> Result<MultiConceptLanguageResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_count(op.concept_languages.len())?;
    let concept = find_concept(tx, &app, &op.concept_id)?;
    let mut concept_languages = op.concept_languages;
    for (index, new) in concept_languages.iter_mut().enumerate() {
        let place = format!("concept_languages[{index}]");
        new.id = code(&format!("{place}.id"), &new.id)?;
        if new.name.trim().is_empty() {
            return Err(refused(format!("{place}.name is empty; say what the concept is called in \"{}\"", new.id)));
        }
        if new.id == app.language || language::find(tx, concept.key, &new.id)?.is_some() {
            let details = format!(
                "{place}: the concept has a name in \"{}\" already (duplicate language); change it with PATCH",
                new.id
            );
            return Err(refused(details));
        }
        language::write(tx, &app, concept.key, new, None)?;
    }
    Ok(MultiConceptLanguageResponse { concept_languages, ..Default::default() })
}

pub(crate) fn patch(tx: &Tx<'_>, op: PatchConceptLanguages) -> Result<MultiConceptLanguageResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    check_count(op.concept_languages.len())?;
    if op.action != "overwrite" {
        return Err(refused(format!("action is \"{}\"; languages are changed with \"overwrite\"", op.action)));
    }
    let mut concept_languages = Vec::with_capacity(op.concept_languages.len());
    for (index, sent) in op.concept_languages.iter().enumerate() {
        let place = format!("concept_languages[{index}]");
        let code = code(&format!("{place}.id"), &sent.id)?;
        // A field that is not sent stays as it is.
        let change = |mut to: ConceptLanguage| {
            if !sent.name.trim().is_empty() {
                to.name.clone_from(&sent.name);
            }
            if !sent.definition.is_empty() {
                to.definition.clone_from(&sent.definition);
            }
            to
        };
        let mut concept = find_concept(tx, &app, &op.concept_id)?;
        if code == app.language {
            let ConceptLanguage { name, definition, .. } =
                change(ConceptLanguage { id: code.clone(), name: concept.name, definition: concept.definition });
            (concept.name, concept.definition) = (name, definition);
            concept::replace(tx, &app, &concept)?;
            concept_languages.push(own(&app, concept));
        } else {
            let old = language::find(tx, concept.key, &code)?
                .ok_or_else(|| Fault::not_found(&format!("{place}: language"), &code))?;
            let new = change(old.message.clone());
            language::write(tx, &app, concept.key, &new, Some(&old))?;
            concept_languages.push(new);
        }
    }
    Ok(MultiConceptLanguageResponse { concept_languages, ..Default::default() })
}
