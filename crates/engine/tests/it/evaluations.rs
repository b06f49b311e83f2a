//! Evaluations from their posting to their numbers, and what stands in their way.

use crate::models::{add, model, register, version};
use crate::world::{World, scope};
use labelscope_api::extensions::{CancelJob, GetEvaluationTestSet, JobKind, JobState, ListJobs, PurgeInputs};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use serde_json::json;

pub fn concept(id: &str, value: f32) -> Concept {
    Concept { id: id.into(), value: ConceptValue(value), ..Concept::default() }
}

pub fn said(id: &str, input: &str, model_version_id: &str, concepts: Vec<Concept>) -> Annotation {
    Annotation {
        id: id.into(),
        input_id: input.into(),
        model_version_id: model_version_id.into(),
        data: Some(Box::new(Data { concepts, ..Data::default() })),
        ..Annotation::default()
    }
}

pub fn annotate(w: &World, annotations: Vec<Annotation>) {
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
    FieldsValue {
        confusion_matrix: true,
        cooccurrence_matrix: true,
        label_counts: true,
        binary_metrics: true,
        test_set: true,
        metrics_by_area: true,
        metrics_by_class: true,
    }
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
    let params = json!({"use_kfold": true}).as_object().cloned();
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
    assert!(short.confusion_matrix.is_none() && short.cooccurrence_matrix.is_none());
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
    assert_eq!((own.get("missing"), &own["ignored_params"]), (None, &json!(["use_kfold"])), "{own}");
    // One input has no label, so nobody can say how often the surest concept is the right one.
    assert_eq!((&own["single_label"], summary.top1_accuracy), (&json!(false), 0.0));
    // A cat says cat with .9 and .4, and dog with .2 and .6; the strongest of the diagonal comes first.
    let cells = full.confusion_matrix.unwrap();
    assert_eq!(cells.concept_ids, ["dog", "cat", "bird"]);
    let cell = |actual: &str, predicted: &str| {
        let found = cells.matrix.iter().find(|c| {
            (&*c.actual_concept.as_ref().unwrap().id, &*c.predicted_concept.as_ref().unwrap().id) == (actual, predicted)
        });
        found.unwrap().value
    };
    near(cell("cat", "cat"), 0.65);
    near(cell("cat", "dog"), 0.4);
    near(cell("dog", "dog"), 0.8);
    near(cell("bird", "cat"), 0.0);
    let together = full.cooccurrence_matrix.unwrap();
    let together: Vec<_> = together.matrix.iter().map(|c| (c.row.as_str(), c.col.as_str(), c.count)).collect();
    assert_eq!(together, [("cat", "cat", 2), ("dog", "dog", 1)]);
    // Every input tells every concept, in one order.
    for entry in &full.test_set {
        let order: Vec<_> = entry.predicted_concepts.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(order, ["cat", "dog", "bird"]);
    }
    let d = full.test_set.iter().find(|e| e.input.as_ref().unwrap().id == "d").unwrap();
    // What is not so is not listed.
    assert!(d.ground_truth_concepts.is_empty());
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
        (asked("x", Dataset { user_id: "local".into(), ..Dataset::default() }), 11102),
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

fn with_params(id: &str, params: serde_json::Value) -> EvalMetrics {
    let params = serde_json::from_value(params).unwrap();
    EvalMetrics { eval_info: Some(EvalInfo { params }), ..asked(id, pets()) }
}

#[test]
fn each_field_is_read_by_itself() {
    let w = world();
    predict(&w);
    post(&w, asked("e", pets()));
    w.run_jobs();
    let there = |fields: FieldsValue| {
        let e = get(&w, "e", fields);
        assert!(e.summary.is_some());
        [
            e.confusion_matrix.is_some(),
            e.cooccurrence_matrix.is_some(),
            e.label_counts.is_some(),
            !e.binary_metrics.is_empty(),
            !e.test_set.is_empty(),
            !e.metrics_by_area.is_empty(),
            !e.metrics_by_class.is_empty(),
        ]
    };
    let none = FieldsValue::default;
    let asked: [(FieldsValue, Option<usize>); 8] = [
        (none(), None),
        (FieldsValue { confusion_matrix: true, ..none() }, Some(0)),
        (FieldsValue { cooccurrence_matrix: true, ..none() }, Some(1)),
        (FieldsValue { label_counts: true, ..none() }, Some(2)),
        (FieldsValue { binary_metrics: true, ..none() }, Some(3)),
        (FieldsValue { test_set: true, ..none() }, Some(4)),
        // A classifier has no areas, and no boxes.
        (FieldsValue { metrics_by_area: true, ..none() }, None),
        (FieldsValue { metrics_by_class: true, ..none() }, None),
    ];
    for (fields, expected) in asked {
        let got = there(fields.clone());
        let expected: [bool; 7] = std::array::from_fn(|at| Some(at) == expected);
        assert_eq!(got, expected, "{fields:?}");
    }
}

#[test]
fn predictions_are_frozen_with_the_call() {
    let w = world();
    predict(&w);
    let queued = post(&w, asked("e", pets()));
    // Before its turn the model changes its mind, and speaks of another input.
    annotate(
        &w,
        vec![said("p2-a", "a", "mv1", vec![concept("cat", 0.99)]), said("p-d", "d", "mv1", vec![concept("cat", 0.99)])],
    );
    w.ok(&DeleteAnnotation { user_app_id: scope(), input_id: "c".into(), annotation_id: "p-c".into() });
    w.run_jobs();
    let done = get(&w, "e", all());
    let scores = |e: &EvalMetrics, input: &str| {
        let entry = e.test_set.iter().find(|t| t.input.as_ref().unwrap().id == input).unwrap();
        entry.predicted_concepts.iter().map(|c| c.value.0).collect::<Vec<_>>()
    };
    assert_eq!(scores(&done, "a"), [0.9, 0.2, 0.0]);
    assert_eq!(scores(&done, "c"), [0.6, 0.8, 0.1]);
    assert_eq!(scores(&done, "d"), [0.0; 3]);
    // What was frozen is a version that holds the predictions in place of labels.
    let frozen = queued.predictions_dataset.unwrap();
    let version = frozen.version.unwrap();
    assert_eq!((frozen.id.as_str(), frozen.app_id.as_str()), ("pets", "demo"));
    assert_eq!(version.request_origin, RequestOrigin::EVAL_PREDICTIONS);
    let list = |origins: Vec<RequestOrigin>| {
        let op = ListDatasetVersions {
            user_app_id: scope(),
            dataset_id: "pets".into(),
            request_origins: origins,
            ..Default::default()
        };
        w.ok(&op).dataset_versions
    };
    // It stands beside the versions of labels only where it is asked for, and is never a dataset's latest.
    let labels = list(vec![]);
    assert_eq!(labels.iter().map(|v| v.request_origin).collect::<Vec<_>>(), [RequestOrigin::EVAL_GROUND_TRUTH]);
    let predictions = list(vec![RequestOrigin::EVAL_PREDICTIONS]);
    assert_eq!(predictions.iter().map(|v| &v.id).collect::<Vec<_>>(), [&version.id]);
    let dataset = w.ok(&GetDataset { user_app_id: scope(), dataset_id: "pets".into(), ..Default::default() });
    assert_eq!(dataset.dataset.unwrap().version.unwrap().id, labels[0].id);
    // Each counts its own: three inputs with predictions, and as many with positive labels.
    let positive = |v: &DatasetVersion| v.metrics["/"].positive_input_tags_count.unwrap().0;
    assert_eq!((positive(&labels[0]), positive(&predictions[0])), (3, 4));
    let exported = |version: &str| {
        let zip = crate::imports::export(&w, "pets", version, ExportFormat::CLARIFAI_DATA_PROTOBUF);
        let (_, data) = crate::archives::read(zip).remove("c").unwrap();
        data.concepts.into_iter().map(|c| (c.id, c.value.0)).collect::<Vec<_>>()
    };
    assert_eq!(exported(&labels[0].id), [("dog".to_owned(), 1.0)]);
    assert_eq!(exported(&version.id), [("cat".to_owned(), 0.6), ("dog".to_owned(), 0.8), ("bird".to_owned(), 0.1)]);
    // It is no truth.
    let wrong =
        Dataset { version: Some(Box::new(DatasetVersion { id: version.id.clone(), ..Default::default() })), ..pets() };
    let (code, details) = w.refused(&PostEvaluations { user_app_id: scope(), eval_metrics: vec![asked("x", wrong)] });
    assert!(code == 11102 && details.contains("holds the predictions"), "{details}");
    // Evaluated anew, what was frozen before goes.
    post(&w, asked("e", pets()));
    assert_eq!(list(vec![RequestOrigin::EVAL_PREDICTIONS]).len(), 1);
    w.run_jobs();
    assert_eq!(scores(&get(&w, "e", all()), "a"), [0.99, 0.2]);
    w.ok(&DeleteModel { user_app_id: scope(), model_id: "m".into() });
    assert!(list(vec![RequestOrigin::EVAL_PREDICTIONS]).is_empty());
}

#[test]
fn a_version_of_predictions_that_is_gone_is_told() {
    let w = world();
    predict(&w);
    let queued = post(&w, asked("e", pets()));
    let version = queued.predictions_dataset.unwrap().version.unwrap().id;
    w.ok(&DeleteDatasetVersions {
        user_app_id: scope(),
        dataset_id: "pets".into(),
        dataset_version_ids: vec![version],
    });
    w.run_jobs();
    let failed = get(&w, "e", all());
    assert!(code(&failed) == 21313 && failed.status.unwrap().details.contains("froze the predictions"));
}

#[test]
fn without_a_dataset_all_inputs_are_meant_that_carry_the_models_concepts() {
    let w = world();
    predict(&w);
    let other = |id: &str, c: &str| {
        let image = Some(Image { url: format!("http://x/{id}.jpg"), ..Image::default() });
        let data = Some(Box::new(Data { image, concepts: vec![concept(c, 1.0)], ..Data::default() }));
        Input { id: id.into(), data, ..Input::default() }
    };
    // Beside the dataset: one more cat, and something that the model has never heard of.
    w.ok(&PostInputs {
        user_app_id: scope(),
        inputs: vec![other("x", "cat"), other("y", "tree")],
        ..Default::default()
    });
    let queued = post(&w, EvalMetrics { ground_truth_dataset: None, ..asked("e", pets()) });
    let truth = queued.ground_truth_dataset.unwrap();
    assert_eq!(truth.id, "labelscope-all-inputs");
    assert_eq!(truth.version.unwrap().request_origin, RequestOrigin::EVAL_GROUND_TRUTH);
    w.run_jobs();
    let done = get(&w, "e", all());
    assert_eq!(code(&done), 21300, "{:?}", done.status);
    let ids: Vec<_> = done.test_set.iter().map(|t| t.input.as_ref().unwrap().id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "x"]);
    // The dataset is there to be looked at, and is brought up to date the next time.
    w.ok(&PostInputs { user_app_id: scope(), inputs: vec![other("z", "dog")], ..Default::default() });
    post(&w, EvalMetrics { ground_truth_dataset: None, ..asked("e2", pets()) });
    w.run_jobs();
    assert_eq!(get(&w, "e2", all()).test_set.len(), 6);
    let members =
        ListDatasetInputs { user_app_id: scope(), dataset_id: "labelscope-all-inputs".into(), ..Default::default() };
    assert_eq!(w.ok(&members).dataset_inputs.len(), 7);
    // What the model was registered with says more than what it has predicted so far.
    let output_info = Some(json!({"data": {"concepts": [{"id": "tree"}]}}));
    register(&w, Model { output_info, ..model("trees", "visual-classifier") });
    add(&w, "trees", vec![version("tv1")]);
    annotate(&w, vec![said("t", "y", "tv1", vec![concept("tree", 0.8)])]);
    let of_trees = Some(Box::new(model("trees", "")));
    post(&w, EvalMetrics { model: of_trees, ground_truth_dataset: None, ..asked("e3", pets()) });
    w.run_jobs();
    let ids: Vec<_> = get(&w, "e3", all()).test_set.into_iter().map(|t| t.input.unwrap().id).collect();
    assert_eq!(ids, ["y"]);
    // Some clients name the dataset among the parameters.
    let by_params = EvalMetrics { ground_truth_dataset: None, ..with_params("e4", json!({"dataset_id": "pets"})) };
    assert_eq!(post(&w, by_params).ground_truth_dataset.unwrap().id, "pets");
    let nowhere = EvalMetrics { ground_truth_dataset: None, ..with_params("e5", json!({"dataset_id": "none"})) };
    assert_eq!(w.refused(&PostEvaluations { user_app_id: scope(), eval_metrics: vec![nowhere] }).0, 11101);
}

#[test]
fn killed_between_any_two_steps_it_comes_to_the_same() {
    let build = |w: &World| {
        w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![pets()] });
        let image = |id: &str| Some(Image { url: format!("http://x/{id}.jpg"), ..Image::default() });
        let input = |id: &str, c: &str| {
            let data = Some(Box::new(Data { image: image(id), concepts: vec![concept(c, 1.0)], ..Data::default() }));
            Input { id: id.into(), data, dataset_ids: vec!["pets".into()], ..Input::default() }
        };
        let inputs = vec![input("a", "cat"), input("b", "dog"), input("c", "dog")];
        w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
        register(w, model("m", "visual-classifier"));
        add(w, "m", vec![version("mv1")]);
        annotate(
            w,
            vec![
                said("pa", "a", "mv1", vec![concept("cat", 0.9), concept("dog", 0.3)]),
                said("pb", "b", "mv1", vec![concept("cat", 0.6), concept("dog", 0.4)]),
            ],
        );
        w.run_jobs();
        post(w, asked("e", pets()));
        // The versions are counted first.
        while w.job(&w.writer.lock().next_job().unwrap().unwrap()).kind != JobKind::EVALUATION {
            let stop = std::sync::atomic::AtomicBool::new(false);
            let next = w.writer.lock().next_job().unwrap().unwrap();
            let mut reader = w.engine.reader().unwrap();
            labelscope_engine::jobs::run(&w.engine, &mut reader, &w.writer, &next, &stop).unwrap();
        }
    };
    let figures = |w: &World| {
        let e = get(w, "e", all());
        (e.summary, e.binary_metrics, e.confusion_matrix, e.test_set, e.label_counts)
    };
    let whole = World::new();
    build(&whole);
    whole.run_jobs();
    let expected = figures(&whole);
    assert!(expected.0.is_some());
    let mut most = 0;
    for steps in 1.. {
        let mut m = crate::steps::Mortal::new();
        build(&m.w);
        let mut rounds = 0;
        while m.run(steps) == labelscope_engine::jobs::Outcome::Stopped {
            let now = get(&m.w, "e", all());
            assert!(code(&now) != 21300 && now.summary.is_none() && now.test_set.is_empty(), "{now:?}");
            m = m.killed();
            rounds += 1;
            if rounds > 3 {
                m.w.run_jobs();
                break;
            }
        }
        assert_eq!(figures(&m.w), expected, "killed after {steps} steps");
        most = steps;
        if rounds == 0 {
            break;
        }
    }
    assert!(most > 8, "{most} steps: it was killed at too few places");
}

#[test]
fn an_overwritten_or_purged_evaluation_takes_nothing_from_its_old_run() {
    let w = world();
    predict(&w);
    post(&w, asked("e", pets()));
    w.run_jobs();
    let piece =
        |w: &World, page| w.send(&GetEvaluationTestSet { user_app_id: scope(), evaluation_id: "e".into(), page });
    let held = |w: &World| {
        let piece = piece(w, 0).unwrap().test_set.unwrap();
        let set = labelscope_formats::test_set::decode(&piece.columns.0).unwrap();
        (piece.inputs.0, piece.inputs_total.0, set.inputs.into_iter().map(|i| i.id).collect::<Vec<_>>())
    };
    let ids = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    assert_eq!(held(&w), (4, 4, ids(&["a", "b", "c", "d"])));
    assert!(piece(&w, 2).unwrap_err().status.details.contains("has 1"));
    w.ok(&PurgeInputs { user_app_id: scope(), ids: ids(&["a", "c"]) });
    assert_eq!(held(&w), (2, 2, ids(&["b", "d"])));
    let after = get(&w, "e", all());
    assert_eq!(after.test_set.len(), 2);
    post(&w, asked("e", pets()));
    let (code, details) = w.refused(&GetEvaluationTestSet { user_app_id: scope(), evaluation_id: "e".into(), page: 1 });
    assert!(code == 11102 && details.contains("21300"), "{details}");
}

#[test]
fn a_large_test_set_comes_in_pieces_and_one_that_is_too_large_is_refused() {
    let w = world();
    let input = |n: usize| {
        let image = Some(Image { url: format!("http://x/many{n}.jpg"), ..Image::default() });
        let data = Some(Box::new(Data { image, ..Data::default() }));
        Input { id: format!("many{n}"), data, dataset_ids: vec!["pets".into()], ..Input::default() }
    };
    for some in (0..2_046).collect::<Vec<_>>().chunks(128) {
        let inputs = some.iter().map(|n| input(*n)).collect();
        w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    }
    predict(&w);
    post(&w, asked("e", pets()));
    w.run_jobs();
    let piece = |page| {
        let op = GetEvaluationTestSet { user_app_id: scope(), evaluation_id: "e".into(), page };
        let piece = w.ok(&op).test_set.unwrap();
        (piece.inputs.0, piece.inputs_total.0, piece.pages.0)
    };
    assert_eq!((piece(1), piece(2)), ((2_000, 2_050, 2), (50, 2_050, 2)));
    assert_eq!(get(&w, "e", all()).test_set.len(), 2_050);
    // Pages keep their numbers when inputs go.
    w.ok(&PurgeInputs { user_app_id: scope(), ids: vec!["many2045".into(), "many3".into()] });
    assert_eq!((piece(1), piece(2)), ((1_999, 2_048, 2), (49, 2_048, 2)));
    // 2,048 inputs and 32,003 concepts are more pairs than can be measured.
    for part in 0..8 {
        let concepts = (0..4_000).map(|n| concept(&format!("c{}", part * 4_000 + n), 0.5)).collect();
        annotate(&w, vec![said(&format!("much{part}"), &format!("many{}", part + 10), "mv1", concepts)]);
    }
    post(&w, asked("e", pets()));
    w.run_jobs();
    let status = get(&w, "e", all()).status.unwrap();
    assert_eq!(status.code.0, 21317);
    assert!(
        status.details.contains("2048 inputs and 32003 concepts are 65542144 pairs; at most 64000000"),
        "{status:?}"
    );
}

#[test]
fn nothing_stays_of_what_is_deleted() {
    let w = world();
    annotate(&w, vec![said("p", "a", "nv1", vec![concept("cat", 0.9)])]);
    let kept = |w: &World| {
        let conn = rusqlite::Connection::open(w.dir().path().join("labelscope.db")).unwrap();
        ["evaluation", "evaluation_part", "evaluation_set"]
            .map(|table| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0)).unwrap())
    };
    for delete_app in [false, true] {
        register(&w, model("n", "visual-classifier"));
        add(&w, "n", vec![version("nv1")]);
        post(&w, EvalMetrics { model: Some(Box::new(model("n", ""))), ..asked("e", pets()) });
        w.run_jobs();
        let [evaluations, parts, sets] = kept(&w);
        assert!(evaluations == 1 && parts > 0 && sets == 1, "{:?}", kept(&w));
        if delete_app {
            w.ok(&DeleteApp { user_app_id: scope() });
        } else {
            w.ok(&DeleteModel { user_app_id: scope(), model_id: "n".into() });
        }
        assert_eq!(kept(&w), [0; 3]);
    }
}
