//! The counts of a version, against a naive count of what was sent.

use crate::imports::freeze;
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Base64;
use labelscope_engine::{Call, Caller};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An input: what it is, of which size, and its annotations as shape, concept and value.
type Made = (u8, u8, Vec<(u8, u8, bool)>);

const KINDS: [&str; 4] = ["image", "video", "audio", "text"];
/// Width and height of images; nobody said how large the first is.
const SIZES: [(i32, i32); 4] = [(0, 0), (100, 50), (400, 400), (1000, 333)];

fn input(n: usize, kind: u8, size: u8) -> Input {
    let url = format!("http://x/{n}");
    let (width, height) = SIZES[size as usize];
    let image_info = (width > 0).then(|| ImageInfo { width, height, ..ImageInfo::default() });
    let data = match kind {
        0 => Data { image: Some(Image { url, image_info, ..Image::default() }), ..Data::default() },
        1 => Data { video: Some(Video { url, ..Video::default() }), ..Data::default() },
        2 => Data { audio: Some(Audio { url, ..Audio::default() }), ..Data::default() },
        _ => Data { text: Some(Text { raw: "words".into(), ..Text::default() }), ..Data::default() },
    };
    Input { id: format!("i{n}"), dataset_ids: vec!["d".into()], data: Some(Box::new(data)), ..Input::default() }
}

/// Four by four pixels, of which the upper left quarter belongs to the object.
fn mask() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 4, 4);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    writer.finish().unwrap();
    out
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
        3 => Some(RegionInfo { point: Some(point(0.5, 0.5)), ..RegionInfo::default() }),
        _ => {
            let image = Some(Image { base64: Base64(mask()), ..Image::default() });
            Some(RegionInfo { mask: Some(Box::new(Mask { image })), ..RegionInfo::default() })
        }
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

/// Groups of the whole and of every kind of input.
fn everywhere() -> ListDatasetVersionMetricsGroups {
    let kinds = ["", "input_type/image", "input_type/video", "input_type/audio", "input_type/text"];
    let parent_paths = kinds.iter().map(|kind| format!("/{kind}")).collect();
    ListDatasetVersionMetricsGroups { parent_paths, ..Default::default() }
}

/// Inputs, unlabeled, boxes, polygons, points, masks, tags of inputs, tags of regions, and the map's sum.
type Row = [u64; 9];
type Table = BTreeMap<(String, i32, String), Row>;

/// Numbers alike, whether they were whole or not.
fn key(value: &Value) -> String {
    value.as_f64().map_or_else(|| value.to_string(), |n| format!("{n:.1}"))
}

/// First and last row of the map that a shape touches; columns are the same.
const TOUCHED: [(usize, usize); 5] = [(1, 0), (2, 10), (2, 10), (10, 10), (0, 10)];

fn cells(shape: u8) -> u64 {
    let (first, last) = TOUCHED[shape as usize];
    ((last + 1 - first) as u64).pow(2)
}

fn naive_map(world: &[Made]) -> Vec<u64> {
    let mut out = vec![0; 400];
    for (shape, ..) in world.iter().flat_map(|(.., all)| all) {
        let (first, last) = TOUCHED[*shape as usize];
        for y in first..=last {
            (first..=last).for_each(|x| out[y * 20 + x] += 1);
        }
    }
    out
}

fn naive(world: &[Made]) -> Table {
    let mut out = Table::new();
    for (kind, size, annotations) in world {
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
                n(&|a| a.0 == 4),
                n(&|a| a.0 == 0 && a.2),
                n(&|a| a.0 != 0 && a.2),
                of.iter().map(|a| cells(a.0)).sum(),
            ]
        };
        let word = KINDS[*kind as usize];
        let mut keys: Vec<(i32, Value, Option<u8>)> = vec![
            (11, json!(positive.len()), None),
            (20, json!(count(1)), None),
            (21, json!(count(2)), None),
            (22, json!(count(3)), None),
            (23, json!(count(4)), None),
        ];
        // Square roots of numbers of pixels in steps of 400, and widths over heights in steps of 0.1.
        let bins = [None, Some((0, 2.0)), Some((400, 1.0)), Some((400, 3.0))][*size as usize];
        if let Some((side, ratio)) = bins.filter(|_| *kind == 0) {
            keys.extend([(30, json!(side), None), (31, json!(ratio), None)]);
        }
        keys.extend(positive.iter().map(|c| (10, json!(format!("c{c}")), Some(*c))));
        let mut add = |parent: &str, kind: i32, value: &Value, row: Row| {
            let to = out.entry((parent.to_owned(), kind, key(value))).or_default();
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
                n(m.masks_count),
                n(m.positive_input_tags_count),
                n(m.positive_region_tags_count),
                m.region_location_matrix.map_or(0, |map| map.data.iter().map(|cell| cell.0).sum()),
            ];
            ((g.parent_path, g.r#type.0, key(&g.value.unwrap())), row)
        })
        .collect()
}

fn build(w: &World, world: &[Made]) {
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let inputs = world.iter().enumerate().map(|(n, (kind, size, _))| input(n, *kind, *size)).collect();
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
    let annotations: Vec<Annotation> =
        world.iter().enumerate().flat_map(|(n, (.., all))| all.iter().map(move |a| annotation(n, *a))).collect();
    if !annotations.is_empty() {
        w.ok(&PostAnnotations { user_app_id: scope(), annotations });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn groups_are_what_a_naive_count_finds_and_stay(
        world in prop::collection::vec((0u8..4, 0u8..4, prop::collection::vec((0u8..5, 0u8..3, any::<bool>()), 0..4)), 1..6)
    ) {
        let w = World::new();
        build(&w, &world);
        let version = DatasetVersion { id: "v".into(), ..DatasetVersion::default() };
        w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: vec![version] });
        prop_assert!(groups(&w, ListDatasetVersionMetricsGroups::default()).is_empty(), "nothing is told before it is counted");
        // What comes after the version is made does not count, though the job runs later.
        w.ok(&PostAnnotations { user_app_id: scope(), annotations: vec![annotation(0, (1, 2, true))] });
        w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["i0".into()] });
        w.run_jobs();
        // Unasked, only the groups of the whole are told.
        let whole = groups(&w, ListDatasetVersionMetricsGroups::default());
        prop_assert!(whole.iter().all(|g| g.parent_path == "/"));
        let counted = groups(&w, everywhere());
        let total = counted.iter().find(|g| g.value == Some(json!("total"))).unwrap().metrics.clone().unwrap();
        let map = total.region_location_matrix.map(|m| m.data.iter().map(|n| n.0).collect());
        let want = Some(naive_map(&world)).filter(|m| m.iter().any(|n| *n > 0));
        prop_assert_eq!(map, want);
        prop_assert_eq!(answered(counted), naive(&world));
    }
}

#[test]
fn filters_are_or_inside_and_and_across() {
    let w = World::new();
    build(&w, &[(0, 0, vec![(1, 0, true)]), (3, 0, vec![(0, 1, true)])]);
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

/// Asks for groups with a query as a client may write it.
fn asked(w: &World, query: &str) -> Result<Vec<(i32, String)>, String> {
    let path = [("user_id", "me"), ("app_id", "demo"), ("dataset_id", "d"), ("dataset_version_id", "v")];
    let caller = Caller { user_id: "local".into() };
    let answer = w.reader.lock().unwrap().execute(&Call {
        name: "ListDatasetVersionMetricsGroups",
        path: path.map(|(k, v)| (k, v.to_owned())).to_vec(),
        query,
        body: b"",
        caller: &caller,
        base_url: "http://h",
        req_id: "r",
    });
    let body = String::from_utf8(answer.body).unwrap();
    if answer.http_status != 200 {
        return Err(body);
    }
    let reply: MultiDatasetVersionMetricsGroupResponse = serde_json::from_str(&body).unwrap();
    Ok(reply.dataset_version_metrics_groups.into_iter().map(|g| (g.r#type.0, key(&g.value.unwrap()))).collect())
}

#[test]
fn types_are_named_or_numbered_and_pages_end() {
    let w = World::new();
    build(&w, &[(0, 0, vec![(1, 0, true), (1, 1, true)]), (0, 0, vec![(1, 0, true)])]);
    freeze(&w, "d", "v");
    let concepts = vec![(10, "\"c0\"".to_owned()), (10, "\"c1\"".to_owned())];
    for query in ["types=CONCEPT_ID", "types=10"] {
        assert_eq!(asked(&w, &format!("{query}&parent_paths=/")).unwrap(), concepts);
    }
    let both = asked(&w, "types=CONCEPT_ID&types=20&parent_paths=%2F").unwrap();
    assert_eq!(both.iter().map(|g| g.0).collect::<Vec<_>>(), [20, 20, 10, 10]);
    for wrong in ["types=NOTHING", "types=10&types=7"] {
        assert!(asked(&w, wrong).unwrap_err().contains("is no type of metrics groups"), "{wrong}");
    }
    // Page by page they are the whole list, each once, and then come empty pages.
    let whole = asked(&w, "per_page=1000").unwrap();
    let pages: Vec<_> = (1..100).map(|n| asked(&w, &format!("page={n}&per_page=3")).unwrap()).collect();
    assert!(pages.iter().all(|p| p.len() <= 3) && pages.last().unwrap().is_empty());
    assert_eq!(pages.concat(), whole);
    assert!(asked(&w, "per_page=1001").unwrap_err().contains("1000"));
}
