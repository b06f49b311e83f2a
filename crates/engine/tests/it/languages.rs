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
    translate(&w, "dog", "he", "כֶּלֶב");
    translate(&w, "coffee", "fr", "Café crème");
    translate(&w, "coffee", "ja", "コーヒー");
    assert_eq!(search(&w, "狗*", "zh"), [("狗狗".into(), "zh".into())]);
    assert_eq!(search(&w, "كلب", "AR"), [("كَلْب".into(), "ar".into())]);
    assert_eq!(search(&w, "כלב", "he"), [("כֶּלֶב".into(), "he".into())]);
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

fn set_language(w: &World, language: &str) -> App {
    let apps = vec![App { id: "demo".into(), default_language: language.into(), ..App::default() }];
    let op = PatchApps { user_app_id: scope(), action: "overwrite".into(), apps, ..Default::default() };
    w.ok(&op).apps.remove(0)
}

fn codes(w: &World, concept: &str) -> Vec<(String, String)> {
    let op = ListConceptLanguages { user_app_id: scope(), concept_id: concept.into(), ..Default::default() };
    w.ok(&op).concept_languages.into_iter().map(|l| (l.id, l.name)).collect()
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.into(), b.into())
}

#[test]
fn an_app_with_another_language() {
    let w = World::new();
    // Kept as it is usually written, whatever was sent.
    assert_eq!(set_language(&w, "PT_br").default_language, "pt-BR");
    w.ok(&PostConcepts { user_app_id: scope(), concepts: vec![Concept { name: "Cão".into(), ..made("dog") }] });
    translate(&w, "dog", "en", "dog");
    assert_eq!(codes(&w, "dog"), [pair("pt-BR", "Cão"), pair("en", "dog")]);
    let concept = w.ok(&GetConcept { user_app_id: scope(), concept_id: "dog".into() }).concept.unwrap();
    assert_eq!(concept.language, "pt-BR");
    for language in ["", "pt-br", "pt", "pt-PT"] {
        assert_eq!(search(&w, "cao", language), [pair("Cão", "pt-BR")], "{language}");
    }
    assert_eq!(search(&w, "DOG", "en"), [pair("dog", "en")]);
    assert!(search(&w, "dog", "").is_empty());
    let own = PostConceptLanguages {
        user_app_id: scope(),
        concept_id: "dog".into(),
        concept_languages: vec![named("pt-BR", "x")],
    };
    assert!(w.refused(&own).1.contains("duplicate"));
    let apps = vec![App { id: "demo".into(), default_language: "e".into(), ..App::default() }];
    assert_eq!(w.refused(&PatchApps { user_app_id: scope(), apps, ..Default::default() }).0, 11102);
}

#[test]
fn an_app_that_changes_its_language_loses_no_name() {
    let w = World::new();
    concepts(&w, &["dog", "cat"]);
    let concept_languages = vec![ConceptLanguage { definition: "Tier".into(), ..named("de", "Hund") }];
    w.ok(&PostConceptLanguages { user_app_id: scope(), concept_id: "dog".into(), concept_languages });
    set_language(&w, "DE");
    assert_eq!(codes(&w, "dog"), [pair("de", "Hund"), pair("en", "dog")]);
    let dog = w.ok(&GetConcept { user_app_id: scope(), concept_id: "dog".into() }).concept.unwrap();
    assert_eq!((dog.name.as_str(), dog.definition.as_str(), dog.language.as_str()), ("Hund", "Tier", "de"));
    // Nobody knows what the cat is called in it.
    assert_eq!(codes(&w, "cat"), [pair("de", "cat")]);
    assert_eq!(search(&w, "*", ""), [pair("Hund", "de"), pair("cat", "de")]);
    assert_eq!(search(&w, "dog", "en"), [pair("dog", "en")]);
    set_language(&w, "en");
    assert_eq!(codes(&w, "dog"), [pair("en", "dog"), pair("de", "Hund")]);
    assert_eq!(search(&w, "cat", ""), [pair("cat", "en")]);
}

#[test]
fn a_concept_is_named_in_a_language_once_and_in_a_thousand_a_call() {
    let w = World::new();
    concepts(&w, &["dog"]);
    let post =
        |concept_languages| PostConceptLanguages { user_app_id: scope(), concept_id: "dog".into(), concept_languages };
    let (code, details) = w.refused(&post(vec![named("de", "Hund"), named("DE", "Köter")]));
    assert!(code == 40003 && details.contains("concept_languages[1]") && details.contains("duplicate"), "{details}");
    assert_eq!(w.refused(&post(vec![])).0, 40003);
    assert!(w.refused(&post(vec![named("de", "Hund"); 1001])).1.contains("holds 1001"));
    assert_eq!(codes(&w, "dog"), [pair("en", "dog")]);
}

#[test]
fn a_sign_of_the_database_is_only_itself() {
    let w = World::new();
    let names = ["100%", "100 percent", "a_b", "axb", "c\\d", "Straße"];
    let all = names.iter().enumerate().map(|(n, name)| Concept { name: (*name).into(), ..made(&n.to_string()) });
    w.ok(&PostConcepts { user_app_id: scope(), concepts: all.collect() });
    let found = |name: &str| search(&w, name, "").into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(found("100%"), ["100%"]);
    assert_eq!(found("100*"), ["100 percent", "100%"]);
    assert_eq!(found("%"), [""; 0]);
    assert_eq!(found("a_b"), ["a_b"]);
    assert_eq!(found("*_*"), ["a_b"]);
    assert_eq!(found("c\\*"), ["c\\d"]);
    assert_eq!(found("STRASSE"), ["Straße"]);
    assert_eq!(found("a"), [""; 0]);
    assert_eq!(found("*a*e"), ["Straße"]);
    assert_eq!(found("*").len(), 6);
}

fn made(id: &str) -> Concept {
    Concept { id: id.into(), ..Concept::default() }
}
