//! The counts of a version, against a naive count of what was sent.

use crate::imports::freeze;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An input: what it is, and its annotations as shape, concept and value.
type Made = (u8, Vec<(u8, u8, bool)>);

const KINDS: [&str; 4] = ["image", "video", "audio", "text"];

fn input(n: usize, kind: u8) -> Input {
    let url = format!("http://x/{n}");
    let data = match kind {
        0 => Data { image: Some(Image { url, ..Image::default() }), ..Data::default() },
        1 => Data { video: Some(Video { url, ..Video::default() }), ..Data::default() },
        2 => Data { audio: Some(Audio { url, ..Audio::default() }), ..Data::default() },
        _ => Data { text: Some(Text { raw: "words".into(), ..Text::default() }), ..Data::default() },
    };
    Input { id: format!("i{n}"), dataset_ids: vec!["d".into()], data: Some(Box::new(data)), ..Input::default() }
}

fn annotation(n: usize, (shape, concept, positive): (u8, u8, bool)) -> Annotation {
    let value = ConceptValue(if positive { 0.5 } else { 0.25 });
    let concepts = vec![Concept { id: format!("c{concept}"), value, ..Concept::default() }];
    let point = |row, col| Point { row, col, ..Point::default() };
    let info = match shape {
        0 => None,
        1 => Some(RegionInfo {
            bounding_box: Some(BoundingBox { top_row: 0.1, left_col: 0.1, bottom_row: 0.5, right_col: 0.5 }),
            ..RegionInfo::default()
        }),
        2 => Some(RegionInfo {
            polygon: Some(Polygon { points: vec![point(0.1, 0.1), point(0.5, 0.1), point(0.5, 0.5)] }),
            ..RegionInfo::default()
        }),
        _ => Some(RegionInfo { point: Some(point(0.5, 0.5)), ..RegionInfo::default() }),
    };
    let data = match info {
        None => Data { concepts, ..Data::default() },
        Some(info) => {
            let data = Some(Box::new(Data { concepts, ..Data::default() }));
            let region = Region { region_info: Some(info), data, ..Region::default() };
            Data { regions: vec![region], ..Data::default() }
        }
    };
    Annotation { input_id: format!("i{n}"), data: Some(Box::new(data)), ..Annotation::default() }
}

fn groups(w: &World, op: ListDatasetVersionMetricsGroups) -> Vec<DatasetVersionMetricsGroup> {
    let op = ListDatasetVersionMetricsGroups {
        user_app_id: scope(),
        dataset_id: "d".into(),
        dataset_version_id: "v".into(),
        per_page: 1000,
        ..op
    };
    w.ok(&op).dataset_version_metrics_groups
}

/// Inputs, unlabeled, boxes, polygons, points, tags of inputs, tags of regions.
type Row = [u64; 7];
type Table = BTreeMap<(String, i32, String), Row>;

fn naive(world: &[Made]) -> Table {
    let mut out = Table::new();
    for (kind, annotations) in world {
        let count = |shape: u8| annotations.iter().filter(|a| a.0 == shape).count() as u64;
        let positive: BTreeSet<u8> = annotations.iter().filter(|a| a.2).map(|a| a.1).collect();
        let row = |only: Option<u8>| -> Row {
            let of: Vec<_> = annotations.iter().filter(|a| only.is_none_or(|c| a.1 == c && a.2)).collect();
            let n = |f: &dyn Fn(&(u8, u8, bool)) -> bool| of.iter().filter(|a| f(a)).count() as u64;
            [
                1,
                u64::from(!of.iter().any(|a| a.2)),
                n(&|a| a.0 == 1),
                n(&|a| a.0 == 2),
                n(&|a| a.0 == 3),
                n(&|a| a.0 == 0 && a.2),
                n(&|a| a.0 != 0 && a.2),
            ]
        };
        let word = KINDS[*kind as usize];
        let mut keys: Vec<(i32, Value, Option<u8>)> = vec![
            (11, json!(positive.len()), None),
            (20, json!(count(1)), None),
            (21, json!(count(2)), None),
            (22, json!(count(3)), None),
            (23, json!(0), None),
        ];
        keys.extend(positive.iter().map(|c| (10, json!(format!("c{c}")), Some(*c))));
        let mut add = |parent: &str, kind: i32, value: &Value, row: Row| {
            let to = out.entry((parent.to_owned(), kind, value.to_string())).or_default();
            to.iter_mut().zip(row).for_each(|(t, n)| *t += n);
        };
        for (group, value, only) in keys {
            add("/", group, &value, row(only));
            add(&format!("/input_type/{word}"), group, &value, row(only));
        }
        add("/", 2, &json!(word), row(None));
        add("/", 2, &json!("total"), row(None));
    }
    out
}

fn answered(groups: Vec<DatasetVersionMetricsGroup>) -> Table {
    let key = |g: &DatasetVersionMetricsGroup| {
        let value = g.value.clone().unwrap();
        let value = value.as_f64().map_or(value.clone(), |n| json!(n as u64));
        (g.parent_path.clone(), g.r#type.0, value.to_string())
    };
    groups
        .into_iter()
        .map(|g| {
            let m = g.metrics.clone().unwrap();
            // Zeros are there.
            let n = |v: Option<labelscope_api::wire::UInt64>| v.unwrap().0;
            let row = [
                n(m.inputs_count),
                n(m.unlabeled_inputs_count),
                n(m.bounding_boxes_count),
                n(m.polygons_count),
                n(m.points_count),
                n(m.positive_input_tags_count),
                n(m.positive_region_tags_count),
            ];
            (key(&g), row)
        })
        .collect()
}

fn build(w: &World, world: &[Made]) {
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let inputs = world.iter().enumerate().map(|(n, (kind, _))| input(n, *kind)).collect();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    let annotations: Vec<Annotation> =
        world.iter().enumerate().flat_map(|(n, (_, all))| all.iter().map(move |a| annotation(n, *a))).collect();
    if !annotations.is_empty() {
        w.ok(&PostAnnotations { user_app_id: scope(), annotations });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn groups_are_what_a_naive_count_finds_and_stay(
        world in prop::collection::vec((0u8..4, prop::collection::vec((0u8..4, 0u8..3, any::<bool>()), 0..4)), 1..6)
    ) {
        let w = World::new();
        build(&w, &world);
        let version = DatasetVersion { id: "v".into(), ..DatasetVersion::default() };
        w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: vec![version] });
        prop_assert!(groups(&w, Default::default()).is_empty(), "nothing is told before it is counted");
        // What comes after the version is made does not count, though the job runs later.
        w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![annotation(0, (1, 2, true))] });
        w.run_jobs();
        prop_assert_eq!(answered(groups(&w, Default::default())), naive(&world));
    }
}

#[test]
fn filters_are_or_inside_and_and_across() {
    let w = World::new();
    build(&w, &[(0, vec![(1, 0, true)]), (3, vec![(0, 1, true)])]);
    freeze(&w, "d", "v");
    let op = ListDatasetVersionMetricsGroups {
        parent_paths: vec!["/".into(), "/input_type/text".into()],
        types: vec![MetricsGroupType::CONCEPT_ID, MetricsGroupType::INPUT_TYPE],
        values: vec![json!("c1"), json!("text")],
        ..Default::default()
    };
    let found: Vec<_> = answered(groups(&w, op)).into_keys().map(|(parent, kind, _)| (parent, kind)).collect();
    let want = [("/", 2), ("/", 10), ("/input_type/text", 10)].map(|(p, k)| (p.to_owned(), k));
    assert_eq!(found, want);
}
