//! Any past moment reads the same for ever: a version's export never changes, whatever is done after it.

use crate::imports::{export, freeze};
use crate::world::{World, scope};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    Delete(u8),
    Leave(u8),
    Label(u8, u8),
    Unlabel(u8),
    Rename(u8, u8),
    Freeze,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0u8..6).prop_map(Step::Add),
        1 => (0u8..6).prop_map(Step::Delete),
        1 => (0u8..6).prop_map(Step::Leave),
        4 => (0u8..6, 0u8..3).prop_map(|(i, c)| Step::Label(i, c)),
        1 => (0u8..6).prop_map(Step::Unlabel),
        1 => (0u8..3, any::<u8>()).prop_map(|(c, n)| Step::Rename(c, n)),
        2 => Just(Step::Freeze),
    ]
}

fn take(w: &World, step: &Step) {
    let id = |i: &u8| format!("i{i}");
    // Some steps find nothing to do; that is a refusal, and changes nothing.
    match step {
        Step::Add(i) => {
            let image = Some(Image {
                url: "http://x/y.jpg".into(),
                allow_duplicate_url: true,
                image_info: Some(ImageInfo { width: 10, height: 10, ..Default::default() }),
                ..Image::default()
            });
            let input = Input {
                id: id(i),
                data: Some(Box::new(Data { image, ..Data::default() })),
                dataset_ids: vec!["d".into()],
                ..Input::default()
            };
            let _ = w.send(&PostInputs { user_app_id: scope(), inputs: vec![input], ..Default::default() });
        }
        Step::Delete(i) => drop(w.send(&DeleteInput { user_app_id: scope(), input_id: id(i) })),
        Step::Leave(i) => {
            drop(w.send(&DeleteDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), input_ids: vec![id(i)] }));
        }
        Step::Label(i, c) => {
            let bounding_box =
                Some(BoundingBox { top_row: 0.0, left_col: 0.0, bottom_row: 0.5, right_col: f32::from(*c) / 10.0 });
            let data =
                Data { concepts: vec![Concept { id: format!("c{c}"), ..Concept::default() }], ..Data::default() };
            let region = Region {
                region_info: Some(RegionInfo { bounding_box, ..Default::default() }),
                data: Some(Box::new(data)),
                ..Region::default()
            };
            let annotation = Annotation {
                input_id: id(i),
                data: Some(Box::new(Data { regions: vec![region], ..Data::default() })),
                ..Annotation::default()
            };
            let _ = w.send(&PostAnnotations { user_app_id: scope(), annotations: vec![annotation] });
        }
        Step::Unlabel(i) => {
            drop(w.send(&DeleteAnnotations { user_app_id: scope(), input_ids: vec![id(i)], ids: vec![] }));
        }
        Step::Rename(c, n) => {
            let concepts = vec![Concept { id: format!("c{c}"), name: format!("name {n}"), ..Concept::default() }];
            let _ = w.send(&PatchConcepts { user_app_id: scope(), action: "overwrite".into(), concepts });
        }
        Step::Freeze => {}
    }
}

/// Makes a version of all there is, and one of what is labeled with the first concept.
fn frozen(w: &World, n: usize) -> [String; 2] {
    let ids = [format!("all{n}"), format!("some{n}")];
    freeze(w, "d", &ids[0]);
    let search = serde_json::json!({"query": {"filters": [{"annotation": {"data": {"concepts": [{"id": "c0"}]}}}]}});
    let filter = AnnotationFilter { search: serde_json::from_value(search).unwrap(), ..AnnotationFilter::default() };
    let config = AnnotationFilterConfig { annotation_filter: Some(Box::new(filter)), ignore_empty_inputs: true };
    let version =
        DatasetVersion { id: ids[1].clone(), annotation_filter_config: Some(config), ..DatasetVersion::default() };
    w.ok(&PostDatasetVersions { user_app_id: scope(), dataset_id: "d".into(), dataset_versions: vec![version] });
    ids
}

const FORMATS: [ExportFormat; 3] =
    [ExportFormat::CLARIFAI_DATA_JSON, ExportFormat::CLARIFAI_DATA_PROTOBUF, ExportFormat::COCO];

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]
    #[test]
    fn versions_never_change(steps in prop::collection::vec(step(), 1..24)) {
        let w = World::new();
        w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
        let concepts = (0..3).map(|c| Concept { id: format!("c{c}"), ..Concept::default() }).collect();
        w.ok(&PostConcepts { user_app_id: scope(), concepts });
        let mut kept: Vec<(String, ExportFormat, Vec<u8>)> = Vec::new();
        for (n, step) in steps.iter().enumerate() {
            take(&w, step);
            if matches!(step, Step::Freeze) {
                for version in frozen(&w, n) {
                    kept.extend(FORMATS.map(|f| (version.clone(), f, export(&w, "d", &version, f))));
                }
            }
        }
        // Made anew from the rows, not taken from the archive that is there.
        w.forget_exports();
        for (version, format, before) in kept {
            prop_assert!(export(&w, "d", &version, format) == before, "{} {:?}", version, format);
        }
    }
}

impl World {
    /// Makes all exports start over, by way of a raw connection.
    fn forget_exports(&self) {
        let conn = rusqlite::Connection::open(self.dir().path().join("labelscope.db")).unwrap();
        conn.execute("DELETE FROM export", []).unwrap();
    }
}
