//! Between pixels and the API's fractions.
//!
//! What came in as pixels is kept as f64, since the wire's 32-bit fractions move a box by up to a thousandth of a pixel.
//! A hash of the API geometry goes with it: exact pixels hold as long as the API geometry is the one they came with.

use crate::fault::Fault;
use crate::host::hex;
use crate::store::media::MAX_PIXELS;
use crate::store::short_hash;
use labelscope_api::messages::{BoundingBox, Image, Mask, Point, Polygon, RegionInfo};
use labelscope_api::wire::Base64;
use labelscope_formats::coco::Segmentation;
use labelscope_geometry::{PixelBox, RelativeBox, Rle, polygon_area};

pub(crate) const NONE: i64 = 0;
pub(crate) const BOX: i64 = 1;
pub(crate) const POLYGON: i64 = 2;
pub(crate) const MASK: i64 = 3;
pub(crate) const OTHER: i64 = 4;

/// The shape of an object that came in as pixels: which kind, and its box in fractions.
pub(crate) fn of_pixels(
    width: i64,
    height: i64,
    bbox: Option<[f64; 4]>,
    segmentation: Option<&Segmentation>,
) -> (i64, Option<RelativeBox>) {
    let around = bbox.map(|[x, y, w, h]| PixelBox { x, y, w, h }).or_else(|| segmentation?.bounds());
    let relative = around.and_then(|b| b.relative(width as f64, height as f64));
    let shape = match (segmentation, relative) {
        (Some(Segmentation::Polygons(_)), _) => POLYGON,
        (Some(Segmentation::Rle { .. }), _) => MASK,
        (None, Some(_)) => BOX,
        (None, None) => NONE,
    };
    (shape, relative)
}

/// The region of an object that came in as pixels. Of several outlines the API's polygon holds the largest.
pub(crate) fn region_of_pixels(width: i64, height: i64, segmentation: &Segmentation) -> Result<RegionInfo, Fault> {
    let (w, h) = (width.max(1) as f64, height.max(1) as f64);
    match segmentation {
        Segmentation::Polygons(rings) => {
            let largest = rings.iter().max_by(|a, b| polygon_area(a).total_cmp(&polygon_area(b)));
            let points = largest.map_or(&[][..], Vec::as_slice).chunks_exact(2).filter_map(|p| match p {
                [x, y] => Some(Point {
                    row: (y / h).clamp(0.0, 1.0) as f32,
                    col: (x / w).clamp(0.0, 1.0) as f32,
                    ..Point::default()
                }),
                _ => None,
            });
            Ok(RegionInfo { polygon: Some(Polygon { points: points.collect() }), ..RegionInfo::default() })
        }
        mask @ Segmentation::Rle { .. } => {
            let image = match mask.mask() {
                Some(Ok(rle)) => Some(Image { base64: Base64(mask_png(&rle)?), ..Image::default() }),
                _ => None,
            };
            Ok(RegionInfo { mask: Some(Box::new(Mask { image })), ..RegionInfo::default() })
        }
    }
}

/// A mask as a grey PNG: white belongs to it.
fn mask_png(mask: &Rle) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, mask.width().max(1), mask.height().max(1));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let trouble = |e: png::EncodingError| Fault::Io(std::io::Error::other(e));
    let mut writer = encoder.write_header().map_err(trouble)?;
    let mut pixels = mask.bitmap();
    if pixels.is_empty() {
        pixels.push(0);
    }
    writer.write_image_data(&pixels).map_err(trouble)?;
    writer.finish().map_err(trouble)?;
    Ok(out)
}

/// A hash of API geometry, by which exact pixels know whether they still hold. Masks count by their picture.
pub(crate) fn api_hash(info: &RegionInfo) -> String {
    let mut bytes = Vec::new();
    let mut add = |v: f32| bytes.extend_from_slice(&v.to_bits().to_le_bytes());
    if let Some(b) = &info.bounding_box {
        [b.top_row, b.left_col, b.bottom_row, b.right_col].into_iter().for_each(&mut add);
    }
    if let Some(p) = &info.polygon {
        p.points.iter().flat_map(|p| [p.row, p.col]).for_each(&mut add);
    }
    let mask = info.mask.as_ref().and_then(|m| m.image.as_ref()).map(|i| i.base64.0.as_slice()).unwrap_or_default();
    hex(&short_hash(&[&bytes, mask]).to_be_bytes())
}

pub(crate) fn bounding_box(b: RelativeBox) -> BoundingBox {
    BoundingBox { top_row: b.top, left_col: b.left, bottom_row: b.bottom, right_col: b.right }
}

/// The box around any API geometry, in fractions.
pub(crate) fn bounds_of_api(info: &RegionInfo) -> Option<RelativeBox> {
    if let Some(b) = &info.bounding_box {
        return Some(RelativeBox { top: b.top_row, left: b.left_col, bottom: b.bottom_row, right: b.right_col });
    }
    let points = &info.polygon.as_ref()?.points;
    let first = points.first()?;
    let start = RelativeBox { top: first.row, left: first.col, bottom: first.row, right: first.col };
    Some(points.iter().fold(start, |b, p| RelativeBox {
        top: b.top.min(p.row),
        left: b.left.min(p.col),
        bottom: b.bottom.max(p.row),
        right: b.right.max(p.col),
    }))
}

/// The same for points too, and for masks, which have to be unpacked for it.
pub(crate) fn around(info: &RegionInfo) -> Option<RelativeBox> {
    if let Some(p) = &info.point {
        return Some(RelativeBox { top: p.row, left: p.col, bottom: p.row, right: p.col });
    }
    bounds_of_api(info).or_else(|| {
        let mask = read_mask(&info.mask.as_ref()?.image.as_ref()?.base64.0)?;
        mask.bounds().relative(f64::from(mask.width()), f64::from(mask.height()))
    })
}

/// API geometry in pixels, for exports: box and outline.
pub(crate) fn pixels_of_api(
    width: i64,
    height: i64,
    bounds: Option<RelativeBox>,
    info: Option<&RegionInfo>,
) -> (Option<[f64; 4]>, Option<Segmentation>) {
    let (w, h) = (width as f64, height as f64);
    let bbox = bounds.map(|b| b.pixels(w, h)).map(|b| [b.x, b.y, b.w, b.h]);
    let polygon = info.and_then(|i| i.polygon.as_ref()).filter(|p| p.points.len() >= 3);
    if let Some(p) = polygon {
        let ring = p.points.iter().flat_map(|p| [f64::from(p.col) * w, f64::from(p.row) * h]).collect();
        return (bbox, Some(Segmentation::Polygons(vec![ring])));
    }
    let mask = info.and_then(|i| i.mask.as_ref()).and_then(|m| m.image.as_ref()).and_then(|i| read_mask(&i.base64.0));
    let around = mask.as_ref().map(Rle::bounds).map(|b| [b.x, b.y, b.w, b.h]);
    (bbox.or(around), mask.as_ref().map(Segmentation::from_mask))
}

/// A mask from its PNG; grey, or the first channel.
fn read_mask(bytes: &[u8]) -> Option<Rle> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    // A header may claim more than anyone would send.
    if i64::from(reader.info().width) * i64::from(reader.info().height) > MAX_PIXELS {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    let channels = info.color_type.samples();
    let grey: Vec<u8> = pixels
        .chunks_exact(channels)
        .filter_map(|p| p.first().copied())
        .take(info.width as usize * info.height as usize)
        .collect();
    Rle::from_bitmap(info.height, info.width, &grey)
}
