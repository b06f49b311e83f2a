use crate::world::{World, scope};
use labelscope_api::messages::{
    Concept, ConceptQuery, Data, Gettable, Image, Input, KeypointEdge, KeypointInfo, Pagination, Visibility,
};
use labelscope_api::operations::{
    DeleteInput, GetConcept, GetConceptCounts, ListConcepts, PatchConcepts, PostConcepts, PostConceptsSearches,
    PostInputs,
};

fn named(id: &str, name: &str) -> Concept {
    Concept { id: id.into(), name: name.into(), ..Concept::default() }
}

fn post(w: &World, concepts: Vec<Concept>) {
    w.ok(&PostConcepts { user_app_id: scope(), concepts });
}

fn ids(concepts: &[Concept]) -> Vec<&str> {
    concepts.iter().map(|c| c.id.as_str()).collect()
}

#[test]
fn made_listed_changed() {
    let w = World::new();
    post(&w, vec![named("cat", ""), named("", "Dog"), named("bird", "Bird ü")]);
    let all = w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts;
    assert_eq!(all.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["cat", "Dog", "Bird ü"]);
    assert_eq!((all[0].user_id.as_str(), all[0].app_id.as_str(), all[0].language.as_str()), ("local", "demo", "en"));
    let page = w.ok(&ListConcepts { user_app_id: scope(), page: 2, per_page: 2, ..Default::default() }).concepts;
    assert_eq!(ids(&page), ["bird"]);
    assert!(
        w.ok(&ListConcepts { user_app_id: scope(), page: 3, per_page: 2, ..Default::default() }).concepts.is_empty()
    );
    let found = w.ok(&ListConcepts { user_app_id: scope(), id: "IR".into(), ..Default::default() }).concepts;
    assert_eq!(ids(&found), ["bird"]);
    let patch = PatchConcepts {
        user_app_id: scope(),
        action: "overwrite".into(),
        concepts: vec![Concept { definition: "a pet".into(), ..named("cat", "Cat") }],
    };
    assert_eq!(w.ok(&patch).concepts[0].definition, "a pet");
    let cat = w.ok(&GetConcept { user_app_id: scope(), concept_id: "cat".into() }).concept.unwrap();
    assert_eq!((cat.name.as_str(), cat.definition.as_str()), ("Cat", "a pet"));
}

#[test]
fn a_duplicate_fails_the_whole_call() {
    let w = World::new();
    post(&w, vec![named("cat", "")]);
    let (code, details) =
        w.refused(&PostConcepts { user_app_id: scope(), concepts: vec![named("new", ""), named("cat", "")] });
    assert_eq!(code, 40003);
    assert!(details.contains("concepts[1]") && details.contains("duplicate"), "{details}");
    assert_eq!(w.refused(&GetConcept { user_app_id: scope(), concept_id: "new".into() }).0, 11101);
}

#[test]
fn what_cannot_be_an_id_is_refused() {
    let w = World::new();
    for id in ["a/b", " a", "a\n", "..", &"x".repeat(200)] {
        assert_eq!(w.refused(&PostConcepts { user_app_id: scope(), concepts: vec![named(id, "")] }).0, 40003, "{id:?}");
    }
    assert_eq!(
        w.refused(&PatchConcepts {
            user_app_id: scope(),
            action: "overwrite".into(),
            concepts: vec![named("none", "x")]
        })
        .0,
        11101
    );
    assert_eq!(w.refused(&ListConcepts { user_app_id: scope(), per_page: 1001, ..Default::default() }).0, 11102);
    let elsewhere = labelscope_api::messages::UserAppIdSet { user_id: "me".into(), app_id: "none".into() };
    assert_eq!(w.refused(&ListConcepts { user_app_id: elsewhere, ..Default::default() }).0, 11101);
}

#[test]
fn names_are_found_whole_or_by_star() {
    let w = World::new();
    post(&w, vec![named("1", "Dog"), named("2", "dog house"), named("3", "hot dog"), named("4", "100% dog")]);
    let search = |name: &str| {
        let concept_query = Some(ConceptQuery { name: name.into(), ..Default::default() });
        let found = w.ok(&PostConceptsSearches {
            user_app_id: scope(),
            concept_query,
            pagination: Some(Pagination { page: 1, per_page: 10 }),
            ..Default::default()
        });
        found.concepts.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!(search("DOG"), ["1"]);
    assert_eq!(search("dog*"), ["1", "2"]);
    assert_eq!(search("*dog*"), ["4", "1", "2", "3"]);
    assert_eq!(search("100%*"), ["4"]);
    assert_eq!(search("_og"), Vec::<String>::new());
    assert_eq!(search("").len(), 4);
}

#[test]
fn a_star_anywhere_and_other_languages() {
    let w = World::new();
    post(&w, vec![named("1", "Straße"), named("2", "strand"), named("3", "STRANDKORB"), named("4", "狗")]);
    let search = |name: &str, language: &str, page: u32| {
        let concept_query = Some(ConceptQuery { name: name.into(), language: language.into(), ..Default::default() });
        let op = PostConceptsSearches {
            user_app_id: scope(),
            concept_query,
            pagination: Some(Pagination { page, per_page: 2 }),
            ..Default::default()
        };
        w.ok(&op).concepts.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!((search("str*", "", 1), search("str*", "en", 2)), (vec!["2".into(), "3".into()], vec!["1".into()]));
    assert_eq!(search("s*d", "", 1), ["2"]);
    assert_eq!(search("狗*", "", 1), ["4"]);
    assert_eq!(search("strand", "", 1), ["2"]);
    assert!(search("狗*", "zh", 1).is_empty(), "there are no names in other languages");
    let concept_query = Some(ConceptQuery { name: "x".repeat(2000), ..Default::default() });
    assert_eq!(w.refused(&PostConceptsSearches { user_app_id: scope(), concept_query, ..Default::default() }).0, 40002);
}

#[test]
fn a_name_whose_slug_is_taken_gets_another_id() {
    let w = World::new();
    post(&w, vec![named("dog", "Hund")]);
    let concepts = vec![named("", "Dog"), named("", "dog")];
    let image = Some(Image { url: "http://x/y.jpg".into(), ..Image::default() });
    let input = Input { data: Some(Box::new(Data { image, concepts, ..Data::default() })), ..Input::default() };
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![input], ..Default::default() });
    let all = w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts;
    assert_eq!(ids(&all), ["dog", "dog-2"]);
}

#[test]
fn counts_come_in_pages_and_follow_every_write_to_labels() {
    let w = World::new();
    post(&w, (0..5).map(|n| named(&format!("c{n}"), "")).collect());
    let counts = |page| {
        let op = GetConceptCounts { user_app_id: scope(), page, per_page: 2 };
        let list = w.ok(&op).concept_counts.into_iter();
        list.map(|c| (c.id, c.concept_type_count.unwrap().positive)).collect::<Vec<_>>()
    };
    assert_eq!((counts(1).len(), counts(3).len(), counts(4).len()), (2, 1, 0));
    let image = Some(Image { url: "http://x/y.jpg".into(), ..Image::default() });
    let concepts = vec![named("c0", "")];
    let data = Some(Box::new(Data { image, concepts, ..Data::default() }));
    let input = Input { id: "i".into(), data, ..Input::default() };
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![input], ..Default::default() });
    assert_eq!(counts(1)[0], ("c0".into(), 1));
    let rename =
        PatchConcepts { user_app_id: scope(), action: "overwrite".into(), concepts: vec![named("c0", "renamed")] };
    w.ok(&rename);
    assert_eq!(counts(1)[0], ("c0".into(), 1));
    w.ok(&DeleteInput { user_app_id: scope(), input_id: "i".into() });
    assert_eq!(counts(1)[0], ("c0".into(), 0));
}

#[test]
fn picture_keypoints_and_visibility_are_kept() {
    let w = World::new();
    let image = Some(Image { url: "http://x/a.png".into(), ..Image::default() });
    let skeleton = vec![KeypointEdge { k1: 0, k2: 1 }];
    let keypoint_info = Some(KeypointInfo { keypoint_names: vec!["nose".into(), "tail".into()], skeleton });
    let visibility = Some(Visibility { gettable: Gettable::PUBLIC });
    let sent = Concept {
        image: image.clone(),
        keypoint_info: keypoint_info.clone(),
        visibility: visibility.clone(),
        ..named("dog", "Dog")
    };
    post(&w, vec![sent, named("cat", "Cat")]);
    let get = |id: &str| w.ok(&GetConcept { user_app_id: scope(), concept_id: id.into() }).concept.unwrap();
    let patch = |c: Concept| {
        w.ok(&PatchConcepts { user_app_id: scope(), action: "overwrite".into(), concepts: vec![c] });
    };
    patch(named("dog", "Hound"));
    let dog = get("dog");
    assert_eq!(
        (dog.name.as_str(), &dog.image, &dog.keypoint_info, &dog.visibility),
        ("Hound", &image, &keypoint_info, &visibility)
    );
    let cat = get("cat");
    assert_eq!((&cat.image, &cat.keypoint_info), (&None, &None));
    assert_eq!(cat.visibility.unwrap().gettable, Gettable::PRIVATE);
    // Each can be given later, and changed alone.
    let other = Some(Image { url: "http://x/b.png".into(), ..Image::default() });
    patch(Concept { image: other.clone(), ..named("dog", "") });
    let dog = get("dog");
    assert_eq!((dog.name.as_str(), &dog.image, &dog.keypoint_info), ("Hound", &other, &keypoint_info));
    let listed = w.ok(&ListConcepts { user_app_id: scope(), ..Default::default() }).concepts;
    let found = w.ok(&search("hound")).concepts;
    assert_eq!((&listed[0].image, &found[0].image), (&other, &other));
}

fn search(name: &str) -> PostConceptsSearches {
    let concept_query = Some(ConceptQuery { name: name.into(), ..ConceptQuery::default() });
    PostConceptsSearches { user_app_id: scope(), concept_query, ..Default::default() }
}
