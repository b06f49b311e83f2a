//! Test sets out of the test data, and a session that holds them.

use labelscope_explorer::{Problem, Session};
use labelscope_formats::test_set;
use labelscope_geometry::{PixelBox, Rle};
use labelscope_messages::evaluation::{
    Compared, Curves, Explore, Explored, Figures, Ledger, MatrixCells, Overview, Pairs, Settings,
};
use labelscope_metrics::{Content, Labels, NEGATIVE, Named, Objects, POSITIVE, Prediction, TestInput, TestSet, Truth};
use serde_json::Value;
use std::collections::HashMap;

pub fn json(path: &str) -> Value {
    let path = format!("{}/../../testdata/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))).unwrap()
}

pub fn named(id: &str) -> Named {
    Named { id: id.to_owned(), name: format!("the {id}") }
}

pub fn input(id: &str) -> TestInput {
    TestInput { id: id.to_owned(), width: 8, height: 8, predicted: true, ..TestInput::default() }
}

/// The digits that a classifier told.
pub fn digits(name: &str) -> TestSet {
    let file = json(&format!("digits/predictions_{name}.json"));
    let concepts: Vec<Named> = file["classes"].as_array().unwrap().iter().map(|c| named(c.as_str().unwrap())).collect();
    let mut labels = Labels::default();
    let mut inputs = Vec::new();
    for item in file["items"].as_array().unwrap() {
        inputs.push(input(item["id"].as_str().unwrap()));
        labels.scores.extend(item["scores"].as_array().unwrap().iter().map(|s| s.as_f64().unwrap()));
        let is = |c: &Named| if Some(c.id.as_str()) == item["true_label"].as_str() { POSITIVE } else { NEGATIVE };
        labels.truth.extend(concepts.iter().map(is));
    }
    TestSet { concepts, inputs, content: Content::Labels(labels) }
}

/// Detections beside their objects, out of files in COCO's formats.
pub fn coco(objects: &str, predictions: &str) -> TestSet {
    let (truth, said) = (json(objects), json(predictions));
    let id = |v: &Value, key: &str| v[key].as_i64().unwrap();
    let mut categories: Vec<&Value> = truth["categories"].as_array().unwrap().iter().collect();
    categories.sort_by_key(|c| id(c, "id"));
    let concepts: HashMap<i64, u32> = categories.iter().map(|c| id(c, "id")).zip(0..).collect();
    let mut images: Vec<&Value> = truth["images"].as_array().unwrap().iter().collect();
    images.sort_by_key(|i| id(i, "id"));
    let inputs: HashMap<i64, u32> = images.iter().map(|i| id(i, "id")).zip(0..).collect();
    let bbox = |v: &Value| {
        let at = |i: usize| v["bbox"][i].as_f64().unwrap();
        PixelBox { x: at(0), y: at(1), w: at(2), h: at(3) }
    };
    let mut out = Objects::default();
    for a in truth["annotations"].as_array().unwrap() {
        out.truth.push(Truth {
            input: inputs[&id(a, "image_id")],
            concept: concepts[&id(a, "category_id")],
            bbox: bbox(a),
            area: a["area"].as_f64().unwrap(),
            crowd: a["iscrowd"].as_i64() == Some(1),
            mask: None,
            id: format!("a{}", id(a, "id")),
        });
    }
    for p in said.as_array().unwrap() {
        out.predictions.push(Prediction {
            input: inputs[&id(p, "image_id")],
            concept: concepts[&id(p, "category_id")],
            bbox: bbox(p),
            score: p["score"].as_f64().unwrap(),
            ..Prediction::default()
        });
    }
    out.truth.sort_by_key(|t| t.input);
    out.predictions.sort_by_key(|p| p.input);
    TestSet {
        concepts: categories.iter().map(|c| named(c["name"].as_str().unwrap())).collect(),
        inputs: images.iter().map(|i| input(&format!("image_{:03}", id(i, "id")))).collect(),
        content: Content::Objects(out),
    }
}

pub fn indoor() -> TestSet {
    coco("indoor85/instances_gt.json", "indoor85/predictions.json")
}

/// The same detections less every third, and a little off: another detector.
pub fn worse_indoor() -> TestSet {
    let mut set = indoor();
    let Content::Objects(objects) = &mut set.content else { panic!() };
    let mut at = 0;
    objects.predictions.retain(|_| {
        at += 1;
        at % 3 != 0
    });
    set
}

/// Inputs with several labels: 60 inputs, five concepts, scores that mean something but not all.
pub fn several() -> TestSet {
    let concepts: Vec<Named> = ["sky", "tree", "road", "car", "dog"].into_iter().map(named).collect();
    let mut labels = Labels::default();
    let mut state = 12_345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65_536.0
    };
    for _ in 0..300 {
        let is = next() < 0.4;
        labels.truth.push(if is { POSITIVE } else { NEGATIVE });
        let score = if is { 0.3 + 0.7 * next() } else { 0.75 * next() };
        labels.scores.push((score * 20.0).round() / 20.0);
    }
    let inputs = (0..60).map(|i| input(&format!("street_{i:02}"))).collect();
    TestSet { concepts, inputs, content: Content::Labels(labels) }
}

/// One mask of each object, so that they can be measured.
pub fn masked() -> TestSet {
    let mut set = indoor();
    let Content::Objects(objects) = &mut set.content else { panic!() };
    let mask = |b: PixelBox| {
        let (r, l) = (b.x + b.w, b.y + b.h);
        Some(Box::new(Rle::from_polygon(400, 400, &[b.x, b.y, b.x, l, r, l, r, b.y])))
    };
    objects.truth.iter_mut().for_each(|t| t.mask = mask(t.bbox));
    objects.predictions.iter_mut().for_each(|p| p.mask = mask(p.bbox));
    set
}

/// A session that holds these runs.
pub fn session(runs: Vec<(&str, TestSet)>) -> Session {
    let mut session = Session::default();
    for (run, set) in runs {
        take(&mut session, run, &set);
    }
    session
}

pub fn take(session: &mut Session, run: &str, set: &TestSet) -> Overview {
    match session.take(run, &test_set::encode(set), true).unwrap() {
        Explored::Overview(overview) => overview,
        other => panic!("{other:?}"),
    }
}

pub fn at(threshold: f64) -> Settings {
    Settings { threshold, ..Settings::default() }
}

pub fn ask(session: &mut Session, explore: &Explore) -> Result<Explored, Problem> {
    session.answer(explore, &[])
}

/// Asks for one kind of answer.
macro_rules! asks {
    ($($name:ident -> $kind:ident),* $(,)?) => {
        $(pub fn $name(session: &mut Session, explore: Explore) -> $kind {
            match ask(session, &explore) {
                Ok(Explored::$kind(answer)) => answer,
                other => panic!("{explore:?}: {other:?}"),
            }
        })*
    };
}

asks! { figures -> Figures, curves -> Curves, pairs -> Pairs, compared -> Compared, ledger -> Ledger }

pub fn matrix(session: &mut Session, explore: Explore) -> MatrixCells {
    match ask(session, &explore) {
        Ok(Explored::Matrix(answer)) => answer,
        other => panic!("{explore:?}: {other:?}"),
    }
}

pub fn whole(figures: &Figures, name: &str) -> Option<f64> {
    figures.whole.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

pub fn near(ours: Option<f64>, theirs: &Value) {
    let theirs = theirs.as_f64().unwrap();
    assert!(ours.is_some_and(|ours| (ours - theirs).abs() < 1e-9), "{ours:?} is not {theirs}");
}
