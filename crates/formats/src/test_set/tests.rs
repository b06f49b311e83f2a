use super::{TestSetError, decode, encode};
use labelscope_geometry::{PixelBox, Rle};
use labelscope_metrics::{Content, Labels, Named, Objects, Prediction, TestInput, TestSet, Truth};
use proptest::prelude::*;

fn named(id: &str) -> Named {
    Named { id: id.to_owned(), name: format!("the {id}") }
}

fn labels(scores: Vec<f64>, truth: Vec<u8>) -> TestSet {
    let inputs =
        (0..truth.len() / 2).map(|n| TestInput { id: format!("i{n}"), predicted: n % 2 == 0, ..TestInput::default() });
    TestSet {
        concepts: vec![named("a"), named("b")],
        inputs: inputs.collect(),
        content: Content::Labels(Labels { scores, truth }),
    }
}

fn objects() -> TestSet {
    let mask = Some(Box::new(Rle::new(2, 3, vec![1, 5]).unwrap()));
    let bbox = PixelBox { x: 0.1, y: 2.0, w: 3.5, h: 1e-9 };
    TestSet {
        concepts: vec![named("a")],
        inputs: vec![TestInput { id: "i".into(), url: "u".into(), width: 3, height: 2, predicted: true }],
        content: Content::Objects(Objects {
            truth: vec![Truth {
                input: 0,
                concept: 0,
                bbox,
                area: 7.25,
                crowd: true,
                mask: mask.clone(),
                id: "t".into(),
            }],
            predictions: vec![
                Prediction { input: 0, concept: 0, bbox, score: 0.471_781, mask, id: "p".into() },
                Prediction { id: "q".into(), ..Prediction::default() },
            ],
        }),
    }
}

#[test]
fn objects_come_back_as_they_were() {
    assert_eq!(decode(&encode(&objects())).unwrap(), objects());
}

#[test]
fn what_is_damaged_is_refused() {
    let whole = encode(&objects());
    assert!(matches!(decode(b"something else"), Err(TestSetError::Other)));
    for cut in 0..whole.len() {
        assert!(decode(&whole[..cut]).is_err(), "cut at {cut}");
    }
    assert!(matches!(decode(&[whole.as_slice(), b"x"].concat()), Err(TestSetError::Length)));
    let mut stray = objects();
    if let Content::Objects(o) = &mut stray.content {
        o.predictions[1].concept = 1;
    }
    assert!(matches!(decode(&encode(&stray)), Err(TestSetError::Place { what: "prediction", at: 1 })));
    assert!(matches!(
        decode(&encode(&labels(vec![0.0; 2], vec![0, 3]))),
        Err(TestSetError::Place { what: "label", at: 1 })
    ));
}

#[test]
fn pieces_make_the_whole() {
    let mut set = objects();
    assert!(set.append(objects()));
    let Content::Objects(all) = &set.content else { panic!("objects") };
    assert_eq!((set.inputs.len(), all.truth[1].input, all.predictions[3].input), (2, 1, 1));
    assert!(!set.append(labels(vec![], vec![])));
}

proptest! {
    #[test]
    fn labels_come_back_bit_by_bit(pairs in prop::collection::vec((any::<f64>(), 0u8..3), 0..40)) {
        let pairs = &pairs[..pairs.len() / 2 * 2];
        let set = labels(pairs.iter().map(|p| p.0).collect(), pairs.iter().map(|p| p.1).collect());
        let back = decode(&encode(&set)).unwrap();
        let (Content::Labels(a), Content::Labels(b)) = (&set.content, &back.content) else { panic!("labels") };
        prop_assert!(a.scores.iter().zip(&b.scores).all(|(a, b)| a.to_bits() == b.to_bits()));
        prop_assert_eq!(&a.truth, &b.truth);
        prop_assert_eq!(set.inputs, back.inputs);
    }
}
