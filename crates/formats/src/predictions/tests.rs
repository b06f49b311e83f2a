#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use super::{Format, Name, Prediction, Score, Shape, read};
use crate::coco::Segmentation;
use proptest::prelude::*;
use serde_json::json;

fn all(format: Format, text: impl AsRef<[u8]>) -> Vec<Prediction> {
    let mut out = Vec::new();
    let count = read(format, text.as_ref(), &mut |p| {
        out.push(p);
        Ok(())
    });
    assert_eq!(count.unwrap(), out.len());
    out
}

/// Place and reason.
fn refused(format: Format, text: impl AsRef<[u8]>) -> String {
    read(format, text.as_ref(), &mut |_| Ok(())).unwrap_err().to_string()
}

fn text(name: &str) -> Name {
    Name::Text(name.to_owned())
}

fn scores(p: &Prediction) -> Vec<(String, f64)> {
    p.scores.iter().map(|s| (s.concept.to_string(), s.value)).collect()
}

#[test]
fn the_first_bytes_tell_the_format() {
    let of = |text: &str| Format::of(text.as_bytes());
    assert_eq!(of("\n [{\"score\": 1, \"image_id\": 3"), Some(Format::CocoResults));
    assert_eq!(of("[{\"id\": \"x\", \"input_id\": \"a\""), Some(Format::Clarifai));
    assert_eq!(of("[{\"input\": {\"id\": \"a\", \"image_id\": 1}"), Some(Format::Clarifai));
    assert_eq!(of("{\"outputs\": ["), Some(Format::Clarifai));
    assert_eq!(of("\u{feff}input_id,concept_id,score\n"), Some(Format::Csv));
    assert_eq!(of("[{\"something\": 1}]"), None);
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
    }
}

#[test]
fn coco_results_with_boxes_outlines_and_masks() {
    let file = json!([
        {"image_id": 7, "category_id": 1, "bbox": [0.1, 2, 3, 4.25], "score": 0.1},
        {"image_id": "room", "category_id": 2.0, "segmentation": [[0, 0, 4, 0, 4, 4]], "score": 1},
        {"image_id": 7, "category_id": 1, "segmentation": {"size": [3, 3], "counts": [0, 9]}, "bbox": [0, 0, 3, 3], "score": 0, "id": 5},
        {"image_id": 7, "category_id": 1, "segmentation": {"size": [9, 9], "counts": "0a2"}, "score": 0.5},
    ]);
    let found = all(Format::CocoResults, file.to_string());
    assert_eq!((found[0].place.as_str(), &found[0].input), ("[0]", &Name::Number(7)));
    assert_eq!(found[0].scores, [Score { concept: Name::Number(1), name: String::new(), value: 0.1 }]);
    assert_eq!(found[0].shape, Shape::Pixels { bbox: Some([0.1, 2.0, 3.0, 4.25]), segmentation: None });
    assert_eq!((&found[1].input, &found[1].scores[0].concept), (&text("room"), &Name::Number(2)));
    assert!(matches!(&found[2].shape, Shape::Pixels { bbox: Some(_), segmentation: Some(Segmentation::Rle { .. }) }));
    assert!(matches!(&found[3].shape, Shape::Pixels { bbox: None, segmentation: Some(Segmentation::Rle { .. }) }));
}

#[test]
fn what_is_wrong_in_coco_results_has_its_place() {
    let item = |change: serde_json::Value| {
        let mut item = json!({"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5});
        item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(
            Format::CocoResults,
            json!([{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}, item]).to_string(),
        )
    };
    for (change, want) in [
        (json!({"score": null}), "[1].score, line 1, column 143: is missing"),
        (json!({"score": 1.5}), "[1].score, line 1, column 142: must be a number from 0 to 1, but is 1.5"),
        (json!({"score": "high"}), "the text \"high\""),
        (json!({"image_id": null}), "[1].image_id"),
        (json!({"image_id": [1]}), "[1].image_id, line 1, column 142: must be a number or text, but is a list"),
        (json!({"image_id": 1.5}), "[1].image_id"),
        (json!({"category_id": "chair"}), "[1].category_id"),
        (json!({"bbox": [1, 2, 3]}), "[1].bbox, line 1, column 139: must have four numbers"),
        (json!({"bbox": [1, 2, -3, 4]}), "[1].bbox[2]"),
        (json!({"bbox": null}), "[1], line 1, column 142: has neither bbox nor segmentation"),
        (json!({"bbox": null, "segmentation": {"size": [3, 3], "counts": [0, 8]}}), "[1].segmentation.counts"),
        (json!({"bbox": null, "segmentation": [[1, 2]]}), "[1].segmentation[0]"),
    ] {
        let said = item(change.clone());
        // The column is where the reader stood.
        let (path, reason) =
            want.split_once(", line").map_or((want, want), |(p, r)| (p, r.split_once(": ").unwrap().1));
        assert!(said.contains(path) && said.contains(reason), "{change}: {said}");
        assert!(said.contains("line 1, column 1"), "{said}");
    }
    assert!(refused(Format::CocoResults, "[3]").contains("[0]"));
    assert!(refused(Format::CocoResults, "{\"images\": []}").contains("COCO results are a list"));
    assert!(refused(Format::CocoResults, "[]").contains("holds no predictions"));
    assert!(refused(Format::CocoResults, "").contains("the file is empty"));
    assert!(
        refused(Format::CocoResults, "[{\"image_id\": 1,\n \"cat")
            .contains("line 2, column 5: the file ends too early")
    );
    assert!(refused(Format::CocoResults, "[1] [2]").contains("[0]"));
}

#[test]
fn tables_long_and_wide() {
    let long = all(
        Format::Csv,
        "\u{feff}score,input_id,concept_id\r\n0.25,\"a,1\",chair\r\n 1 ,b,\"the \"\"big\"\" one\"\r\n",
    );
    assert_eq!((long[0].place.as_str(), &long[0].input, &long[0].shape), ("line 2", &text("a,1"), &Shape::Whole));
    assert_eq!(scores(&long[0]), [("chair".to_owned(), 0.25)]);
    assert_eq!(scores(&long[1]), [("the \"big\" one".to_owned(), 1.0)]);
    // An empty cell was not predicted; a line without any says nothing.
    let wide = all(Format::Csv, "input_id,chair,table\na,0.5,\nb,,\nc,0,1e-3\n");
    assert_eq!(wide.len(), 2);
    assert_eq!((&wide[0].input, scores(&wide[0])), (&text("a"), vec![("chair".to_owned(), 0.5)]));
    assert_eq!(scores(&wide[1]), [("chair".to_owned(), 0.0), ("table".to_owned(), 0.001)]);
}

#[test]
fn what_is_wrong_in_a_table_has_its_line_and_column() {
    for (file, want) in [
        (
            "input_id,concept_id,score\na,chair,0.5\nb,chair,high\n",
            "score, line 3, column 3: must be a number from 0 to 1, but is \"high\"",
        ),
        ("input_id,concept_id,score\na,chair,\n", "score, line 2, column 3: must be a number from 0 to 1, but is \"\""),
        ("input_id,concept_id,score\na,chair,1.5\n", "score, line 2, column 3: must be from 0 to 1, but is 1.5"),
        ("input_id,concept_id,score\na,chair,NaN\n", "line 2, column 3"),
        ("input_id,concept_id,score\n,chair,0.5\n", "input_id, line 2, column 1: is empty"),
        ("input_id,concept_id,score\na,,0.5\n", "concept_id, line 2, column 2: is empty"),
        ("input_id,concept_id,score\na,chair\n", "line 2, column 2: the line has 2 columns, but the first has 3"),
        ("input_id,chair\na,\"0,5\"\n", "chair, line 2, column 2: must be a number from 0 to 1, but is \"0,5\""),
        ("input_id,concept_id,score,x\n", "x, line 1, column 4: is no column of a table of scores"),
        ("input_id,concept_id\na,b\n", "concept_id, line 1, column 2: has no column score"),
        ("input_id,score\na,1\n", "score, line 1, column 2: has no column concept_id"),
        ("input_id,chair,chair\n", "chair, line 1, column 3: two columns have this name"),
        ("input_id,,chair\n", "line 1, column 2: the column has no name"),
        ("input_id\na\n", "input_id, line 1, column 1: is the only column"),
        ("input_id;concept_id;score\n", "line 1, column 1: columns must be separated by commas"),
        ("image,chair\na,1\n", "image, line 1, column 1: the first line must name the columns"),
        ("input_id,chair\n", "the file holds no predictions"),
        ("", "the file is empty"),
    ] {
        let said = refused(Format::Csv, file);
        assert!(said.contains(want), "{file:?}: {said}");
    }
    let said = refused(Format::Csv, b"input_id,chair\na\xff,1\n");
    assert!(said.contains("line 2, column 1: is no text in UTF-8"), "{said}");
}

#[test]
fn annotations_outputs_and_test_sets() {
    let boxed = json!({"region_info": {"bounding_box": {"top_row": 0.1, "left_col": 0.2, "bottom_row": 0.3, "right_col": 0.4}},
        "data": {"concepts": [{"id": "chair", "value": 0.9}, {"id": "sofa", "value": 0.1}]}});
    let annotations = json!({"status": {"code": 10000}, "annotations": [
        {"id": "x", "input_id": "a", "worker": {"model": {"id": "m", "model_version": {"id": "v"}}}, "data": {"concepts": [{"id": "c1", "name": "one", "value": 0.123_456_789_012}]}},
        {"input_id": "b", "model_version_id": "v", "trusted": false, "data": {"regions": [boxed], "metadata": {"labelscope": {"bbox": [1, 2, 3, 4]}}}},
        {"input_id": "c", "data": {}},
    ]});
    let found = all(Format::Clarifai, annotations.to_string());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].scores, [Score { concept: text("c1"), name: "one".to_owned(), value: 0.123_456_789_012 }]);
    assert_eq!(found[1].place, "annotations[1].data.regions[0]");
    let Shape::Region { info, exact } = &found[1].shape else { panic!("{:?}", found[1]) };
    assert!((info.bounding_box.as_ref().unwrap().right_col - 0.4).abs() < 1e-7);
    assert_eq!(exact.as_ref().unwrap()["bbox"], json!([1, 2, 3, 4]));
    assert_eq!(scores(&found[1]), [("chair".to_owned(), 0.9), ("sofa".to_owned(), 0.1)]);

    // As protobuf's own JSON has it, too.
    let outputs = json!({"outputs": [{"input": {"id": "a"}, "status": {"code": 10000}, "data": {
        "concepts": [{"id": "c", "value": 0.5}],
        "regions": [{"regionInfo": {"boundingBox": {"topRow": 0.1, "leftCol": 0.2, "bottomRow": 0.3, "rightCol": 0.4}}, "data": {"concepts": [{"id": "d", "value": 1}]}}]}}]});
    let found = all(Format::Clarifai, outputs.to_string());
    assert_eq!((found[0].shape.clone(), found.len()), (Shape::Whole, 2));
    assert!(matches!(&found[1].shape, Shape::Region { info, .. } if info.bounding_box.is_some()));

    let entries = json!([
        {"input": {"id": "a"}, "predicted_concepts": [{"id": "c", "value": 0.5}], "ground_truth_concepts": [{"id": "d", "value": 1}]},
        {"input": {"id": "b"}, "predicted_concepts": [{"id": "c", "value": 0.5}], "predicted_annotation": {"data": {"regions": [boxed]}}},
    ]);
    for file in
        [entries.clone(), json!({"eval_metrics": {"test_set": entries}}), json!({"evalMetrics": {"testSet": entries}})]
    {
        let found = all(Format::Clarifai, file.to_string());
        assert_eq!((found.len(), &found[0].shape, scores(&found[0])), (2, &Shape::Whole, vec![("c".to_owned(), 0.5)]));
        assert!(matches!(found[1].shape, Shape::Region { .. }));
    }
}

#[test]
fn what_is_wrong_in_the_apis_json_has_its_place() {
    let one = |item: serde_json::Value| refused(Format::Clarifai, json!({"annotations": [item]}).to_string());
    let region = |region: serde_json::Value| one(json!({"input_id": "a", "data": {"regions": [region]}}));
    let boxed = |t: f64, b: f64| json!({"region_info": {"bounding_box": {"top_row": t, "left_col": 0, "bottom_row": b, "right_col": 1}}, "data": {"concepts": [{"id": "c", "value": 1}]}});
    for (said, want) in [
        (
            one(json!({"input_id": "a", "data": {"concepts": [{"id": "c"}]}})),
            "annotations[0].data.concepts[0].value, line 1",
        ),
        (one(json!({"input_id": "a", "data": {"concepts": [{"value": 1}]}})), "annotations[0].data.concepts[0].id"),
        (
            one(json!({"input_id": "a", "data": {"concepts": [{"id": "c", "value": 2}]}})),
            "must be a number from 0 to 1, but is 2",
        ),
        (
            one(json!({"input_id": "a", "data": {"concepts": [{"id": "c", "value": 1}, {"id": "c", "value": 1}]}})),
            "concepts[1].id",
        ),
        (one(json!({"input_id": "a", "data": {"concepts": 3}})), "annotations[0].data.concepts, line 1"),
        (one(json!({"input_id": "a", "data": 3})), "annotations[0].data, line 1"),
        (one(json!({"input_id": 3})), "annotations[0].input_id"),
        (one(json!({"id": "x"})), "names no input"),
        (one(json!({"input": {}})), "annotations[0].input.id"),
        (one(json!({"input_id": "a", "trusted": true, "data": {}})), "annotations[0].trusted"),
        (one(json!({"input_id": "a", "worker": {"user": {"id": "me"}}, "data": {}})), "annotations[0].worker.user"),
        (
            one(json!({"input": {"id": "a"}, "status": {"code": 30002, "details": "broken picture"}})),
            "annotations[0].status, line 1, column 88: the model gave no output for this input: broken picture",
        ),
        (region(json!({"data": {"concepts": []}})), "regions[0].region_info"),
        (region(json!({"region_info": {}})), "is empty"),
        (region(json!({"region_info": {"bounding_box": {"bottom_row": 1, "right_col": 1}}})), "regions[0].data"),
        (region(json!({"region_info": {"bounding_box": 7}})), "is no region"),
        (region(boxed(0.5, 1.5)), "regions[0].region_info.bounding_box.bottom_row"),
        (region(boxed(0.5, 0.4)), "top below its bottom"),
        (region(3.into()), "regions[0]"),
        (refused(Format::Clarifai, json!({"annotations": [], "outputs": []}).to_string()), "outputs"),
        (refused(Format::Clarifai, json!({"annotations": []}).to_string()), "holds no predictions"),
        (refused(Format::Clarifai, json!({"images": []}).to_string()), "neither annotations nor outputs nor test_set"),
        (refused(Format::Clarifai, json!({"annotations": 3}).to_string()), "a list in annotations"),
        (refused(Format::Clarifai, json!({"eval_metrics": [{}]}).to_string()), "several evaluations"),
    ] {
        let head = want.split(", line").next().unwrap();
        let reason = want.rsplit_once(": ").map_or("", |(_, r)| r);
        assert!(said.contains(head) && said.contains(reason), "{said} / {want}");
    }
    let two = json!({"annotations": [
        {"input_id": "a", "model_version_id": "v", "data": {"concepts": [{"id": "c", "value": 1}]}},
        {"input_id": "b", "worker": {"model": {"model_version": {"id": "w"}}}, "data": {"concepts": [{"id": "c", "value": 1}]}},
    ]});
    let said = refused(Format::Clarifai, two.to_string());
    assert!(said.contains("annotations[1]") && said.contains("\"w\"") && said.contains("\"v\""), "{said}");
}

#[test]
fn what_the_taker_refuses_gets_its_line() {
    let file = "[\n{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}\n]";
    let said =
        read(Format::CocoResults, file.as_bytes(), &mut |p| Err(crate::coco::Error::at(p.place, "no"))).unwrap_err();
    assert!(said.to_string().starts_with("[0], line "), "{said}");
}

proptest! {
    /// Any ids and any scores come out of a table as they went in, with whatever separators and quotes.
    #[test]
    fn tables_come_out_as_they_went_in(rows in prop::collection::vec(("[a-z,\"\n ü-]{0,8}[a-z]", "[a-z,\" ]{0,8}[a-z]", 0f64..=1.0), 1..20), crlf: bool) {
        let rows: Vec<(String, String, f64)> = rows.into_iter().map(|(a, b, s)| (a.trim().to_owned(), b.trim().to_owned(), s)).collect();
        let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let mut out = ::csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        out.write_record(["input_id", "concept_id", "score"]).unwrap();
        for (input, concept, score) in &rows {
            out.write_record([input, concept, &score.to_string()]).unwrap();
        }
        let found = all(Format::Csv, out.into_inner().unwrap());
        let found: Vec<_> = found.into_iter().map(|p| (p.input.to_string(), p.scores[0].concept.to_string(), p.scores[0].value)).collect();
        prop_assert_eq!(found, rows);
    }

    /// Boxes and scores come out of COCO results to the last bit.
    #[test]
    fn coco_results_come_out_as_they_went_in(rows in prop::collection::vec((any::<i64>(), prop::array::uniform4(0f64..1e6), 0f64..=1.0), 1..20)) {
        let file: Vec<_> = rows.iter().map(|(id, bbox, score)| json!({"image_id": id, "category_id": 3, "bbox": bbox, "score": score})).collect();
        let found = all(Format::CocoResults, serde_json::to_vec(&file).unwrap());
        let found: Vec<_> = found.into_iter().map(|p| {
            let (Name::Number(id), Shape::Pixels { bbox: Some(bbox), .. }) = (p.input, p.shape) else { panic!() };
            (id, bbox, p.scores[0].value)
        }).collect();
        prop_assert_eq!(found, rows);
    }

    /// Whatever bytes come, they are read or refused.
    #[test]
    fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200), head in "(|input_id,c\n|\\[\\{\"image_id\":|\\{\"outputs\":\\[)") {
        let file = [head.as_bytes(), &bytes].concat();
        let _ = Format::of(&file);
        for format in Format::ALL {
            let _ = read(format, file.as_slice(), &mut |_| Ok(()));
        }
    }
}
