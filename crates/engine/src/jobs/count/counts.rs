//! What is counted of a group of inputs.

use crate::store::annotation::AnnotationRow;
use crate::store::geometry;
use crate::store::input::InputRow;
use crate::store::version::Seen;
use labelscope_api::messages::{Data, DatasetVersionMetrics, MatrixUint64, RegionInfo};
use labelscope_api::wire::UInt64;

/// Columns and rows of the map of where regions lie.
const MAP: usize = 20;

/// Counts of a group of inputs.
#[derive(Default, Clone)]
pub(super) struct Counts {
    pub inputs: u64,
    unlabeled: u64,
    with_metadata: u64,
    with_geo: u64,
    regions: u64,
    boxes: u64,
    polygons: u64,
    masks: u64,
    points: u64,
    region_inputs: u64,
    input_tags: u64,
    region_tags: u64,
    embeddings: u64,
    frames: u64,
    frame_inputs: u64,
    region_frames: u64,
    frame_tags: u64,
    map: Vec<u64>,
}

/// One input's share, before it is added to its groups.
pub(super) struct Share<'a> {
    pub row: &'a InputRow,
    pub seen: Vec<&'a Seen>,
}

fn positive((_, labels): &Seen) -> usize {
    labels.iter().filter(|(_, value)| *value >= 0.5).count()
}

pub(super) fn is_point(a: &AnnotationRow) -> bool {
    a.shape == geometry::OTHER && a.info.as_deref().is_some_and(|i| i.contains("\"point\""))
}

impl Counts {
    pub fn sum(&mut self, other: &Self) {
        for (to, from) in [
            (&mut self.inputs, other.inputs),
            (&mut self.unlabeled, other.unlabeled),
            (&mut self.with_metadata, other.with_metadata),
            (&mut self.with_geo, other.with_geo),
            (&mut self.regions, other.regions),
            (&mut self.boxes, other.boxes),
            (&mut self.polygons, other.polygons),
            (&mut self.masks, other.masks),
            (&mut self.points, other.points),
            (&mut self.region_inputs, other.region_inputs),
            (&mut self.input_tags, other.input_tags),
            (&mut self.region_tags, other.region_tags),
            (&mut self.embeddings, other.embeddings),
            (&mut self.frames, other.frames),
            (&mut self.frame_inputs, other.frame_inputs),
            (&mut self.region_frames, other.region_frames),
            (&mut self.frame_tags, other.frame_tags),
        ] {
            *to += from;
        }
        if self.map.len() < other.map.len() {
            self.map.resize(other.map.len(), 0);
        }
        self.map.iter_mut().zip(&other.map).for_each(|(to, from)| *to += from);
    }

    /// What stands in the rest of an annotation's data: vectors, and frames of videos. Gives whether there are frames.
    fn rest(&mut self, rest: &str) -> bool {
        if !rest.contains("\"embeddings\"") && !rest.contains("\"frames\"") {
            return false;
        }
        let Ok(data) = serde_json::from_str::<Data>(rest) else { return false };
        self.embeddings += data.embeddings.len() as u64;
        self.frames += data.frames.len() as u64;
        for frame in data.frames.iter().filter_map(|f| f.data.as_deref()) {
            self.region_frames += u64::from(!frame.regions.is_empty());
            let own = frame.concepts.iter();
            let of_regions = frame.regions.iter().filter_map(|r| r.data.as_deref()).flat_map(|d| &d.concepts);
            self.frame_tags += own.chain(of_regions).filter(|c| c.value.0 >= 0.5).count() as u64;
        }
        !data.frames.is_empty()
    }

    pub fn add(&mut self, share: &Share<'_>) {
        self.inputs += 1;
        self.unlabeled += u64::from(!share.seen.iter().any(|s| positive(s) > 0));
        self.with_metadata += u64::from(share.row.metadata.is_some());
        self.with_geo += u64::from(share.row.longitude.is_some());
        let (mut any, mut framed) = (false, false);
        for seen in &share.seen {
            let a: &AnnotationRow = &seen.0;
            framed |= a.rest.as_deref().is_some_and(|rest| self.rest(rest));
            if a.shape == geometry::NONE {
                self.input_tags += positive(seen) as u64;
                continue;
            }
            any = true;
            self.regions += 1;
            self.region_tags += positive(seen) as u64;
            match a.shape {
                geometry::BOX => self.boxes += 1,
                geometry::POLYGON => self.polygons += 1,
                geometry::MASK => self.masks += 1,
                _ => self.points += u64::from(is_point(a)),
            }
            self.locate(a);
        }
        self.region_inputs += u64::from(any);
        self.frame_inputs += u64::from(framed);
    }

    /// Each region counts in every cell that it touches.
    fn locate(&mut self, a: &AnnotationRow) {
        let parsed = || serde_json::from_str::<RegionInfo>(a.info.as_deref()?).ok();
        let Some(b) = a.bounds.or_else(|| geometry::around(&parsed()?)) else { return };
        self.map.resize(MAP * MAP, 0);
        let cell = |v: f32| ((v.clamp(0.0, 1.0) * MAP as f32) as usize).min(MAP - 1);
        for y in cell(b.top)..=cell(b.bottom) {
            for x in cell(b.left)..=cell(b.right) {
                if let Some(n) = self.map.get_mut(y * MAP + x) {
                    *n += 1;
                }
            }
        }
    }

    pub fn message(&self) -> DatasetVersionMetrics {
        // Zero is a finding; only what this server does not count is absent.
        let n = |v: u64| Some(UInt64(v));
        DatasetVersionMetrics {
            inputs_count: n(self.inputs),
            unlabeled_inputs_count: n(self.unlabeled),
            inputs_with_metadata_count: n(self.with_metadata),
            inputs_with_geo_count: n(self.with_geo),
            regions_count: n(self.regions),
            region_location_matrix: (!self.map.is_empty()).then(|| MatrixUint64 {
                n_cols: UInt64(MAP as u64),
                data: self.map.iter().copied().map(UInt64).collect(),
            }),
            bounding_boxes_count: n(self.boxes),
            polygons_count: n(self.polygons),
            points_count: n(self.points),
            masks_count: n(self.masks),
            region_inputs_count: n(self.region_inputs),
            region_frames_count: n(self.region_frames),
            frames_count: n(self.frames),
            frame_inputs_count: n(self.frame_inputs),
            embeddings_count: n(self.embeddings),
            positive_input_tags_count: n(self.input_tags),
            positive_region_tags_count: n(self.region_tags),
            positive_frame_tags_count: n(self.frame_tags),
        }
    }
}
