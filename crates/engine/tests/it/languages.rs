use crate::relations::concepts;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;

pub fn named(id: &str, name: &str) -> ConceptLanguage {
    ConceptLanguage { id: id.into(), name: name.into(), ..Default::default() }
}

pub fn translate(w: &World, concept: &str, code: &str, name: &str) {
    let concept_languages = vec![named(code, name)];
    w.ok(&PostConceptLanguages { user_app_id: scope(), concept_id: concept.into(), concept_languages });
}

fn search(w: &World, name: &str, language: &str) -> Vec<(String, String)> {
    let concept_query = Some(ConceptQuery { name: name.into(), language: language.into(), ..Default::default() });
    let op = PostConceptsSearches { user_app_id: scope(), concept_query, ..Default::default() };
    w.ok(&op).concepts.into_iter().map(|c| (c.name, c.language)).collect()
}

#[test]
fn named_listed_changed() {
    let w = World::new();
    concepts(&w, &["dog"]);
    translate(&w, "dog", "ZH-hant", "狗");
    translate(&w, "dog", "de", "Hund");
    let list = |page| ListConceptLanguages { user_app_id: scope(), concept_id: "dog".into(), page, per_page: 2 };
    assert_eq!(w.ok(&list(1)).concept_languages, [named("en", "dog"), named("de", "Hund")]);
    assert_eq!(w.ok(&list(2)).concept_languages, [named("zh-Hant", "狗")]);
    let patch = |id: &str, name: &str, action: &str| PatchConceptLanguages {
        user_app_id: scope(),
        concept_id: "dog".into(),
        concept_languages: vec![named(id, name)],
        action: action.into(),
    };
    w.ok(&patch("DE", "Köter", "overwrite"));
    w.ok(&patch("en", "Hound", "overwrite"));
    assert_eq!(w.refused(&patch("fr", "chien", "overwrite")).0, 11101);
    assert_eq!(w.refused(&patch("de", "x", "merge")).0, 40003);
    let concept = w.ok(&GetConcept { user_app_id: scope(), concept_id: "dog".into() }).concept.unwrap();
    assert_eq!(concept.name, "Hound");
    let get = |language: &str| GetConceptLanguage {
        user_app_id: scope(),
        concept_id: "dog".into(),
        language: language.into(),
    };
    assert_eq!(w.ok(&get("de")).concept_language.unwrap().name, "Köter");
    assert_eq!(w.ok(&get("en")).concept_language.unwrap().name, "Hound");
    assert_eq!(w.refused(&get("fr")).0, 11101);
    for (id, name) in [("de", "x"), ("en", "x"), ("e", "x"), ("fr", " ")] {
        let op = PostConceptLanguages {
            user_app_id: scope(),
            concept_id: "dog".into(),
            concept_languages: vec![named("it", "cane"), named(id, name)],
        };
        let (code, details) = w.refused(&op);
        assert_eq!(code, 40003);
        assert!(details.contains("concept_languages[1]"), "{details}");
    }
    assert_eq!(w.refused(&get("it")).0, 11101);
}

#[test]
fn searched_in_any_script() {
    let w = World::new();
    concepts(&w, &["dog", "coffee"]);
    translate(&w, "dog", "zh", "狗狗");
    translate(&w, "dog", "ar", "كَلْب");
    translate(&w, "coffee", "fr", "Café crème");
    translate(&w, "coffee", "ja", "コーヒー");
    assert_eq!(search(&w, "狗*", "zh"), [("狗狗".into(), "zh".into())]);
    assert_eq!(search(&w, "كلب", "AR"), [("كَلْب".into(), "ar".into())]);
    assert_eq!(search(&w, "cafe*", "fr").len(), 1);
    assert_eq!(search(&w, "ＣＡＦＥ creme", "fr").len(), 1);
    assert_eq!(search(&w, "*rem*", "fr").len(), 1);
    assert_eq!(search(&w, "*", "ja"), [("コーヒー".into(), "ja".into())]);
    assert_eq!(search(&w, "cof*", "en-US"), [("coffee".into(), "en".into())]);
    assert!(search(&w, "dog", "zh").is_empty());
    let query = |concept_query| PostConceptsSearches {
        user_app_id: scope(),
        concept_query: Some(concept_query),
        ..Default::default()
    };
    let model = Some(Box::new(Model { id: "none".into(), ..Default::default() }));
    assert_eq!(w.refused(&query(ConceptQuery { model, ..Default::default() })).0, 21200);
    assert!(w.ok(&query(ConceptQuery { ignore_app_concepts: true, ..Default::default() })).concepts.is_empty());
    assert_eq!(w.refused(&query(ConceptQuery { language: "?".into(), ..Default::default() })).0, 40002);
}
