//! Evaluations from their posting to their numbers, and what stands in their way.

use crate::models::{add, model, register, version};
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, JobKind, JobState, ListJobs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

pub fn concept(id: &str, value: f32) -> Concept {
    Concept { id: id.into(), value: ConceptValue(value), ..Concept::default() }
}

fn said(id: &str, input: &str, model_version_id: &str, concepts: Vec<Concept>) -> Annotation {
    Annotation {
        id: id.into(),
        input_id: input.into(),
        model_version_id: model_version_id.into(),
        data: Some(Box::new(Data { concepts, ..Data::default() })),
        ..Annotation::default()
    }
}

fn annotate(w: &World, annotations: Vec<Annotation>) {
    w.ok(&PostAnnotations { user_app_id: scope(), annotations });
}

/// Four inputs: two cats (`a`, `b`), a dog (`c`), and one that is said to be no cat (`d`).
pub fn world() -> World {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "pets".into(), ..Dataset::default() }] });
    let input = |id: &str, concepts: Vec<Concept>| {
        let image = Some(Image { url: format!("http://x/{id}.jpg"), ..Image::default() });
        let data = Some(Box::new(Data { image, concepts, ..Data::default() }));
        Input { id: id.into(), data, dataset_ids: vec!["pets".into()], ..Input::default() }
    };
    let inputs = vec![
        input("a", vec![concept("cat", 1.0)]),
        input("b", vec![concept("cat", 1.0)]),
        input("c", vec![concept("dog", 1.0)]),
        input("d", vec![concept("cat", 0.0)]),
    ];
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    register(&w, model("m", "visual-classifier"));
    add(&w, "m", vec![version("mv1")]);
    w
}

pub fn predict(w: &World) {
    let p = |input: &str, concepts| said(&format!("p-{input}"), input, "mv1", concepts);
    annotate(
        w,
        vec![
            p("a", vec![concept("cat", 0.9), concept("dog", 0.2)]),
            p("b", vec![concept("cat", 0.4), concept("dog", 0.6)]),
            p("c", vec![concept("cat", 0.6), concept("dog", 0.8), concept("bird", 0.1)]),
        ],
    );
}

pub fn asked(id: &str, dataset: Dataset) -> EvalMetrics {
    let model_version = Some(Box::new(version("mv1")));
    EvalMetrics {
        id: id.into(),
        model: Some(Box::new(Model { model_version, ..model("m", "") })),
        ground_truth_dataset: Some(Box::new(dataset)),
        ..EvalMetrics::default()
    }
}

pub fn pets() -> Dataset {
    Dataset { id: "pets".into(), ..Dataset::default() }
}

pub fn post(w: &World, sent: EvalMetrics) -> EvalMetrics {
    w.ok(&PostEvaluations { user_app_id: scope(), eval_metrics: vec![sent] }).eval_metrics.remove(0)
}

pub fn get(w: &World, id: &str, fields: FieldsValue) -> EvalMetrics {
    let op = GetEvaluation { user_app_id: scope(), evaluation_id: id.into(), fields: Some(fields) };
    w.ok(&op).eval_metrics.unwrap()
}

pub fn all() -> FieldsValue {
    FieldsValue { label_counts: true, binary_metrics: true, test_set: true, ..FieldsValue::default() }
}

pub fn code(e: &EvalMetrics) -> i32 {
    e.status.as_ref().unwrap().code.0
}

fn list(w: &World, f: impl FnOnce(&mut ListEvaluations)) -> Vec<String> {
    let mut op = ListEvaluations { user_app_id: scope(), ..Default::default() };
    f(&mut op);
    w.ok(&op).eval_metrics.into_iter().map(|e| e.id).collect()
}

#[test]
fn a_classifier_is_measured() {
    let w = world();
    predict(&w);
    let params = json!({"note": "kept"}).as_object().cloned();
    let user_metrics = json!({"mine": 1}).as_object().cloned();
    let queued = post(
        &w,
        EvalMetrics {
            eval_info: Some(EvalInfo { params: params.clone() }),
            extended_metrics: Some(ExtendedMetrics { user_metrics }),
            ..asked("e1", pets())
        },
    );
    assert_eq!(code(&queued), 21303);
    let truth = queued.ground_truth_dataset.unwrap();
    assert_eq!((truth.user_id.as_str(), truth.app_id.as_str()), ("local", "demo"));
    // A version was made for it, which says so.
    let made = w
        .ok(&GetDatasetVersion {
            user_app_id: scope(),
            dataset_id: "pets".into(),
            dataset_version_id: truth.version.unwrap().id,
        })
        .dataset_version
        .unwrap();
    assert_eq!(made.request_origin, RequestOrigin::EVAL_GROUND_TRUTH);
    // What is labelled later is not in it.
    annotate(&w, vec![said("late", "d", "", vec![concept("cat", 1.0)])]);
    w.run_jobs();
    let short = get(&w, "e1", FieldsValue::default());
    assert_eq!(code(&short), 21300);
    assert!(short.binary_metrics.is_empty() && short.test_set.is_empty() && short.label_counts.is_none());
    assert_eq!(short.eval_info.unwrap().params, params);
    let full = get(&w, "e1", all());
    let model = full.model.unwrap();
    assert_eq!(
        (model.app_id.as_str(), model.user_id.as_str(), model.model_type_id.as_str()),
        ("demo", "local", "visual-classifier")
    );
    let counts: Vec<_> = full
        .label_counts
        .unwrap()
        .positive_label_counts
        .into_iter()
        .map(|c| (c.concept.unwrap().id, c.count))
        .collect();
    assert_eq!(counts, [("cat".into(), 2), ("dog".into(), 1), ("bird".into(), 0)]);
    let by_id = |id: &str| full.binary_metrics.iter().find(|b| b.concept.as_ref().unwrap().id == id).unwrap();
    let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-6, "{a} and {b}");
    // cat: scores .9 .4 | .6 0; found .9 and .6.
    let cat = by_id("cat");
    assert_eq!((cat.num_pos, cat.num_neg, cat.num_tot), (2, 2, 4));
    near(cat.roc_auc, 0.75);
    near(cat.f1, 0.5);
    near(cat.avg_precision, 0.5 + 0.5 * 2.0 / 3.0);
    // dog: score .8 | .2 .6 0; found .8 and .6.
    let dog = by_id("dog");
    near(dog.roc_auc, 1.0);
    near(dog.f1, 2.0 / 3.0);
    let summary = full.summary.unwrap();
    near(summary.macro_avg_roc_auc, 0.875);
    near(summary.macro_std_roc_auc, 0.125);
    near(summary.macro_avg_f1_score, 7.0 / 12.0);
    near(summary.macro_avg_precision, 0.5);
    near(summary.macro_avg_recall, 0.75);
    let user = full.extended_metrics.unwrap().user_metrics.unwrap();
    assert_eq!(user["mine"], 1);
    let own = &user["labelscope"];
    assert_eq!((&own["inputs"], &own["inputs_without_predictions"]), (&json!(4), &json!(1)));
    // Nothing is a bird: its area and precision are undefined, not 0.
    assert!(own["undefined"].as_array().unwrap().contains(&json!("binary_metrics[bird].roc_auc")), "{own}");
    assert!(own["missing"].as_array().unwrap().contains(&json!("confusion_matrix")), "{own}");
    // Every input tells every concept, in one order.
    for entry in &full.test_set {
        let order: Vec<_> = entry.predicted_concepts.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(order, ["cat", "dog", "bird"]);
    }
    let d = full.test_set.iter().find(|e| e.input.as_ref().unwrap().id == "d").unwrap();
    assert_eq!(d.ground_truth_concepts[0].value, ConceptValue(0.0));
    assert_eq!(d.input.as_ref().unwrap().data.as_ref().unwrap().image.as_ref().unwrap().url, "http://x/d.jpg");
}

#[test]
fn what_cannot_be_measured_says_why() {
    let w = world();
    let run = |sent: EvalMetrics| {
        let id = post(&w, sent).id;
        w.run_jobs();
        get(&w, &id, all())
    };
    let without = run(asked("none", pets()));
    assert_eq!(code(&without), 21313);
    assert!(without.status.unwrap().details.contains("import its predictions"));
    assert!(without.summary.is_none() && without.test_set.is_empty());
    let datasets = ["empty", "bare"].map(|id| Dataset { id: id.into(), ..Dataset::default() });
    w.ok(&PostDatasets { user_app_id: scope(), datasets: datasets.to_vec() });
    let image = Some(Image { url: "http://x/z.jpg".into(), ..Image::default() });
    let data = Some(Box::new(Data { image, ..Data::default() }));
    let bare = Input { id: "z".into(), data, dataset_ids: vec!["bare".into()], ..Input::default() };
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![bare], ..Default::default() });
    assert_eq!(code(&run(asked("e", datasets[0].clone()))), 21316);
    assert_eq!(code(&run(asked("b", datasets[1].clone()))), 21315);
    // Failed ones are hidden, unless asked for.
    assert!(list(&w, |_| ()).is_empty());
    assert_eq!(list(&w, |op| op.show_failed_metrics = true), ["b", "e", "none"]);
    // A version that goes before the job's turn.
    let v = DatasetVersion { id: "v1".into(), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "pets".into(), dataset_versions: vec![v.clone()] });
    let at = Dataset { version: Some(Box::new(v)), ..pets() };
    let id = post(&w, asked("", at)).id;
    assert_eq!(id.len(), 32);
    w.ok(&DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "pets".into(),
        dataset_version_ids: vec!["v1".into()],
    });
    w.run_jobs();
    assert_eq!(code(&get(&w, &id, all())), 21316);
}

#[test]
fn what_is_not_there_is_refused_and_leaves_nothing() {
    let w = world();
    let refused = |sent: EvalMetrics| {
        w.refused(&PostEvaluations { user_app_id: scope(), eval_metrics: vec![asked("fine", pets()), sent] })
    };
    let of = |m: Model| EvalMetrics { model: Some(Box::new(m)), ..asked("x", pets()) };
    let at = |id: &str| Dataset {
        version: Some(Box::new(DatasetVersion { id: id.into(), ..DatasetVersion::default() })),
        ..pets()
    };
    register(&w, model("bare", "visual-classifier"));
    for (sent, code) in [
        (of(model("none", "")), 21200),
        (of(Model { model_version: Some(Box::new(version("mv9"))), ..model("m", "") }), 21200),
        (of(model("bare", "")), 21200),
        (EvalMetrics { model: None, ..asked("x", pets()) }, 11102),
        (EvalMetrics { ground_truth_dataset: None, ..asked("x", pets()) }, 11102),
        (asked("x", Dataset { id: "none".into(), ..Dataset::default() }), 11101),
        (asked("x", at("v9")), 11101),
        (asked("a/b", pets()), 11102),
    ] {
        let (got, details) = refused(sent);
        assert_eq!(got, code, "{details}");
    }
    assert_eq!(w.refused(&PostEvaluations { user_app_id: scope(), eval_metrics: vec![] }).0, 11102);
    assert!(list(&w, |op| op.show_failed_metrics = true).is_empty());
    assert!(
        w.ok(&ListDatasetVersions { user_app_id: scope(), dataset_id: "pets".into(), ..Default::default() })
            .dataset_versions
            .is_empty()
    );
    let op = GetEvaluation { user_app_id: scope(), evaluation_id: "fine".into(), fields: None };
    assert_eq!(w.refused(&op).0, 11101);
}

#[test]
fn posted_again_it_is_measured_anew() {
    let w = world();
    predict(&w);
    post(&w, asked("e", pets()));
    w.run_jobs();
    assert_eq!(code(&get(&w, "e", all())), 21300);
    annotate(&w, vec![said("p-d", "d", "mv1", vec![concept("cat", 0.95)])]);
    let queued = post(&w, asked("e", pets()));
    assert!(code(&queued) == 21303 && queued.summary.is_none());
    assert!(get(&w, "e", all()).test_set.is_empty(), "the old numbers are gone");
    // Posted twice before its turn, only the last counts.
    post(&w, asked("e", pets()));
    w.run_jobs();
    let done = get(&w, "e", all());
    let cat = done.binary_metrics.iter().find(|b| b.concept.as_ref().unwrap().id == "cat").unwrap();
    assert!((cat.roc_auc - 0.25).abs() < 1e-6, "{}", cat.roc_auc);
    assert_eq!(list(&w, |_| ()), ["e"]);
}

#[test]
fn lists_sort_filter_and_belong_to_their_version() {
    let w = world();
    predict(&w);
    register(&w, model("n", "visual-classifier"));
    let train_info = Some(json!({"dataset": {"id": "pets"}}));
    add(&w, "n", vec![ModelVersion { train_info, ..version("nv1") }]);
    annotate(&w, vec![said("q", "a", "nv1", vec![concept("cat", 0.9)])]);
    post(&w, asked("one", pets()));
    let of_n = EvalMetrics { model: Some(Box::new(model("n", ""))), ..asked("two", pets()) };
    post(&w, of_n);
    w.run_jobs();
    assert_eq!(list(&w, |_| ()), ["two", "one"]);
    assert_eq!(list(&w, |op| (op.sort_by_created_at, op.sort_ascending) = (true, true)), ["one", "two"]);
    assert_eq!(list(&w, |op| op.sort_by_model_id = true), ["two", "one"]);
    assert_eq!(list(&w, |op| op.sort_by_recall = true), ["one", "two"]);
    assert_eq!(list(&w, |op| op.concept_ids = vec!["bird".into()]), ["one"]);
    assert_eq!(list(&w, |op| op.train_dataset_ids = vec!["pets".into()]), ["two"]);
    assert_eq!(list(&w, |op| op.eval_dataset_ids = vec!["pets".into()]).len(), 2);
    assert!(list(&w, |op| op.eval_dataset_ids = vec!["other".into()]).is_empty());
    assert!(list(&w, |op| op.model_type_id = "visual-detector".into()).is_empty());
    assert_eq!(list(&w, |op| (op.per_page, op.page) = (1, 2)), ["one"]);
    let twice = ListEvaluations { user_app_id: scope(), sort_by_f1: true, sort_by_recall: true, ..Default::default() };
    assert_eq!(w.refused(&twice).0, 11102);
    let user = UserAppIdSet { user_id: "me".into(), ..UserAppIdSet::default() };
    assert_eq!(w.ok(&ListEvaluations { user_app_id: user, ..Default::default() }).eval_metrics.len(), 2);
    let of = |model: &str, version: &str| ListModelVersionEvaluations {
        user_app_id: scope(),
        model_id: model.into(),
        model_version_id: version.into(),
        ..Default::default()
    };
    assert_eq!(w.ok(&of("n", "nv1")).eval_metrics[0].id, "two");
    assert_eq!(w.refused(&of("n", "mv1")).0, 21200);
    let one = |version: &str| GetModelVersionEvaluation {
        user_app_id: scope(),
        model_id: "m".into(),
        model_version_id: version.into(),
        evaluation_id: "one".into(),
        ..Default::default()
    };
    w.ok(&one("mv1"));
    assert_eq!(w.refused(&one("nv1")).0, 11101);
    let by_path = PostModelVersionEvaluations {
        user_app_id: scope(),
        model_id: "n".into(),
        model_version_id: "nv1".into(),
        eval_metrics: vec![EvalMetrics { model: None, ..asked("three", pets()) }],
    };
    assert_eq!(w.ok(&by_path).eval_metrics[0].model.as_ref().unwrap().id, "n");
    // With its model an evaluation goes.
    w.ok(&DeleteModel { user_app_id: scope(), model_id: "n".into() });
    w.run_jobs();
    assert_eq!(list(&w, |op| op.show_failed_metrics = true), ["one"]);
}

#[test]
fn of_a_detector_only_what_is_counted_is_told() {
    let w = world();
    register(&w, model("det", "visual-detector"));
    add(&w, "det", vec![version("dv1")]);
    let boxed = |id: &str, input: &str, by: &str, c: Concept| {
        let bounding_box = Some(BoundingBox { top_row: 0.1, left_col: 0.2, bottom_row: 0.5, right_col: 0.6 });
        let region = Region {
            region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
            data: Some(Box::new(Data { concepts: vec![c], ..Data::default() })),
            ..Region::default()
        };
        Annotation {
            data: Some(Box::new(Data { regions: vec![region], ..Data::default() })),
            ..said(id, input, by, vec![])
        }
    };
    annotate(&w, vec![boxed("t", "a", "", concept("paw", 1.0)), boxed("p", "a", "dv1", concept("paw", 0.7))]);
    post(&w, EvalMetrics { model: Some(Box::new(model("det", ""))), ..asked("e", pets()) });
    w.run_jobs();
    let done = get(&w, "e", all());
    assert_eq!(code(&done), 21300, "{:?}", done.status);
    assert!(done.summary.is_none() && done.binary_metrics.is_empty(), "no figure is made up");
    let own = done.extended_metrics.unwrap().user_metrics.unwrap()["labelscope"].clone();
    assert!(own["missing"].as_array().unwrap().contains(&json!("metrics_by_class")), "{own}");
    let entry = done.test_set.iter().find(|e| e.input.as_ref().unwrap().id == "a").unwrap();
    assert_eq!(
        (entry.predicted_concepts[0].id.as_str(), entry.predicted_concepts[0].value),
        ("paw", ConceptValue(0.7))
    );
    assert!(done.label_counts.unwrap().positive_label_counts.iter().any(|c| c.concept_name == "paw" && c.count == 1));
}

#[test]
fn contradicting_labels_are_told_and_left_out() {
    let w = world();
    predict(&w);
    annotate(&w, vec![said("no", "a", "", vec![concept("cat", 0.0)])]);
    post(&w, asked("e", pets()));
    w.run_jobs();
    let done = get(&w, "e", all());
    let cat = done.binary_metrics.iter().find(|b| b.concept.as_ref().unwrap().id == "cat").unwrap();
    assert_eq!((cat.num_pos, cat.num_neg), (1, 2));
    let own = &done.extended_metrics.unwrap().user_metrics.unwrap()["labelscope"];
    assert_eq!(own["disputed"], json!([{"input_id": "a", "concept_id": "cat"}]));
}

#[test]
fn cancelled_or_killed_it_ends_cleanly() {
    let w = world();
    predict(&w);
    post(&w, asked("e", pets()));
    let job = |w: &World| {
        let jobs = w.ok(&ListJobs { user_app_id: scope(), ..Default::default() }).jobs;
        jobs.into_iter().find(|j| j.kind == JobKind::EVALUATION).unwrap()
    };
    w.ok(&CancelJob { user_app_id: scope(), job_id: job(&w).id });
    let cancelled = get(&w, "e", all());
    assert!(code(&cancelled) == 21317 && cancelled.status.unwrap().details.contains("cancelled"));
    post(&w, asked("e", pets()));
    // Killed at its first step: it stands at work, and nothing of it shows.
    let id = job(&w).id;
    while w.writer.lock().next_job().unwrap().unwrap() != id {
        let stop = std::sync::atomic::AtomicBool::new(false);
        let next = w.writer.lock().next_job().unwrap().unwrap();
        let mut reader = w.engine.reader().unwrap();
        labelscope_engine::jobs::run(&w.engine, &mut reader, &w.writer, &next, &stop).unwrap();
    }
    let stop = std::sync::atomic::AtomicBool::new(true);
    let mut reader = w.engine.reader().unwrap();
    labelscope_engine::jobs::run(&w.engine, &mut reader, &w.writer, &id, &stop).unwrap();
    assert_eq!(w.job(&id).state, JobState::RUNNING);
    assert!(get(&w, "e", all()).test_set.is_empty());
    let dir = w.dir();
    drop(reader);
    drop(w);
    let w = World::at(dir, 99);
    w.run_jobs();
    assert_eq!(code(&get(&w, "e", all())), 21300);
}
