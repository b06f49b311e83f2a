//! What travels beside a message gets into the session.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use labelscope_formats::test_set;
use labelscope_messages::evaluation::{Explored, Settings};
use labelscope_metrics::{Content, Labels, NEGATIVE, Named, POSITIVE, TestInput, TestSet};
use wasm_bindgen_test::*;
use web_sys::Blob;

use super::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Two inputs, of which one is told rightly.
fn piece() -> ArrayBuffer {
    let named = |id: &str| Named { id: id.to_owned(), name: id.to_owned() };
    let input = |id: &str| TestInput { id: id.to_owned(), predicted: true, ..TestInput::default() };
    let set = TestSet {
        concepts: vec![named("cat"), named("dog")],
        inputs: vec![input("a"), input("b")],
        content: Content::Labels(Labels {
            scores: vec![0.9, 0.1, 0.7, 0.3],
            truth: vec![POSITIVE, NEGATIVE, NEGATIVE, POSITIVE],
        }),
    };
    Uint8Array::from(test_set::encode(&set).as_slice()).buffer()
}

fn message(key: &str, value: &JsValue) -> JsValue {
    let message = Object::new();
    Reflect::set(&message, &key.into(), value).unwrap();
    message.into()
}

fn told(explore: &Explore, message: &JsValue) -> Result<Explored, String> {
    match answer(explore, message, &|_| {}) {
        Ok(Answer::Explored { explored }) => Ok(explored),
        Ok(other) => panic!("{other:?}"),
        Err(failure) => Err(failure.reason),
    }
}

#[wasm_bindgen_test]
fn a_piece_comes_as_bytes_and_is_asked_about() {
    let take = Explore::Take { run: "bytes".to_owned(), last: true };
    assert!(told(&take, &Object::new()).unwrap_err().contains("without its bytes"));
    let Ok(Explored::Overview(about)) = told(&take, &message("bytes", &piece())) else { panic!() };
    assert_eq!((about.inputs, about.single_label), (2, true));
    let figures = Explore::Figures { run: "bytes".to_owned(), at: Settings::default() };
    let Ok(Explored::Figures(all)) = told(&figures, &JsValue::UNDEFINED) else { panic!() };
    assert_eq!(all.whole.first().and_then(|f| f.of), Some((1, 2)));
}

#[wasm_bindgen_test]
fn a_reply_comes_as_a_file() {
    let reply = r#"{"eval_metrics": {"test_set": [{"input": {"id": "a"},
        "predicted_concepts": [{"id": "cat", "value": 0.9}], "ground_truth_concepts": [{"id": "cat", "value": 1}]}]}}"#;
    let file = Blob::new_with_str_sequence(&Array::of1(&reply.into())).unwrap();
    let take = Explore::TakeReply { run: "file".to_owned() };
    assert!(told(&take, &Object::new()).unwrap_err().contains("without its file"));
    let Ok(Explored::Overview(about)) = told(&take, &message("file", &file)) else { panic!() };
    assert_eq!(about.concepts, [("cat".to_owned(), "cat".to_owned())]);
}

#[wasm_bindgen_test]
fn what_is_not_held_is_told_in_a_sentence() {
    let figures = Explore::Figures { run: "nobody".to_owned(), at: Settings::default() };
    assert!(told(&figures, &JsValue::UNDEFINED).unwrap_err().contains("\"nobody\" is not here"));
}
