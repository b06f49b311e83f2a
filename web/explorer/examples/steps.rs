//! How long a step of a slider takes: `cargo run --release -p labelscope-explorer --example steps`.

use labelscope_explorer::Session;
use labelscope_formats::test_set;
use labelscope_geometry::PixelBox;
use labelscope_messages::evaluation::{
    CompareView, CurveKind, Explore, MatrixView, PairFilter, PairKind, PairOrder, Settings,
};
use labelscope_metrics::{Content, Labels, Named, Objects, Prediction, TestInput, TestSet, Truth};
use std::time::Instant;

/// Random numbers from 0 to 1, always the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn named(inputs: usize, concepts: usize, content: Content) -> TestSet {
    TestSet {
        concepts: (0..concepts).map(|i| Named { id: format!("c{i}"), name: format!("Concept {i}") }).collect(),
        inputs: (0..inputs)
            .map(|i| TestInput {
                id: format!("i{i}"),
                width: 640,
                height: 480,
                predicted: true,
                ..TestInput::default()
            })
            .collect(),
        content,
    }
}

fn labels(inputs: usize, concepts: usize, single: bool, seed: u64) -> TestSet {
    let mut random = Random(seed);
    let mut labels = Labels::default();
    for _ in 0..inputs {
        let is = (random.next() * concepts as f64) as usize;
        for concept in 0..concepts {
            let truth = if single { concept == is } else { random.next() < 0.05 };
            labels.truth.push(u8::from(truth));
            labels.scores.push(random.next() * if truth { 1.0 } else { 0.6 });
        }
    }
    named(inputs, concepts, Content::Labels(labels))
}

fn objects(inputs: usize, concepts: usize, seed: u64) -> TestSet {
    let mut random = Random(seed);
    let mut objects = Objects::default();
    for input in 0..inputs as u32 {
        for _ in 0..7 {
            let concept = (random.next() * concepts as f64) as u32;
            let mut at = |most: f64| random.next() * most;
            let bbox = PixelBox { x: at(500.0), y: at(400.0), w: 5.0 + at(130.0), h: 5.0 + at(70.0) };
            objects.truth.push(Truth { input, concept, bbox, area: bbox.area(), ..Truth::default() });
            let moved = PixelBox { x: bbox.x + at(12.0), ..bbox };
            let score = at(1.0);
            objects.predictions.push(Prediction { input, concept, bbox: moved, score, ..Prediction::default() });
            let other = PixelBox { y: bbox.y + at(90.0), ..bbox };
            let score = at(0.7);
            let concept = (concept + 1) % concepts as u32;
            objects.predictions.push(Prediction { input, concept, bbox: other, score, ..Prediction::default() });
        }
    }
    named(inputs, concepts, Content::Objects(objects))
}

fn main() {
    for (what, make) in [
        (
            "899 inputs, 10 concepts, one label",
            Box::new(|seed| labels(899, 10, true, seed)) as Box<dyn Fn(u64) -> TestSet>,
        ),
        ("5,000 inputs, 80 concepts, one label", Box::new(|seed| labels(5000, 80, true, seed))),
        ("5,000 inputs, 80 concepts, several labels", Box::new(|seed| labels(5000, 80, false, seed))),
        ("85 images, 1,190 detections, 38 concepts", Box::new(|seed| objects(85, 38, seed))),
        ("5,000 images, 70,000 detections, 80 concepts", Box::new(|seed| objects(5000, 80, seed))),
    ] {
        let mut session = Session::default();
        println!("{what}");
        let (first, second) = (test_set::encode(&make(1)), test_set::encode(&make(2)));
        let mut time = |step: &str, questions: &[(&Explore, &[u8])]| {
            let begun = Instant::now();
            for (question, beside) in questions {
                if let Err(problem) = session.answer(question, beside) {
                    println!("    {problem}");
                }
            }
            println!("  {step:<42}{:>8.1} ms", begun.elapsed().as_secs_f64() * 1e3);
        };
        let (run, other) = ("run".to_owned(), "other".to_owned());
        let take = |run: &String| Explore::Take { run: run.clone(), last: true };
        time("taken", &[(&take(&run), &first), (&take(&other), &second)]);
        let step = |threshold: f64, iou: f64| {
            let at = Settings { threshold, iou, ..Settings::default() };
            let run = run.clone();
            let curves =
                Explore::Curves { run: run.clone(), at, kind: CurveKind::Pr, concepts: vec![0, 1, 2], all: true };
            let matrix = Explore::Matrix { run: run.clone(), at, view: MatrixView::default() };
            [Explore::Figures { run, at }, matrix, curves]
        };
        let mut view = |what: &str, at: [Explore; 3]| time(what, &at.each_ref().map(|q| (q, [].as_slice())));
        view("first view: figures, matrix, curves", step(0.5, 0.5));
        view("step of the threshold", step(0.51, 0.5));
        view("step of the overlap", step(0.51, 0.55));
        let at = Settings::default();
        let filter = PairFilter { kinds: vec![PairKind::FalsePositive], ..PairFilter::default() };
        let pairs = Explore::Pairs { run: run.clone(), at, filter, order: PairOrder::Loss, offset: 0, limit: 60 };
        time("pairs", &[(&pairs, &[])]);
        let runs = vec![run, other];
        let view = CompareView { draws: 1000, seed: 1, ..CompareView::default() };
        time("compared, 1,000 draws", &[(&Explore::Compare { runs: runs.clone(), at, view }, &[])]);
        time("ledger", &[(&Explore::Ledger { runs, at, pick: None, offset: 0, limit: 60 }, &[])]);
    }
}
