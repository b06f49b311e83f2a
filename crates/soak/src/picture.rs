//! Small pictures, each another one.

/// A BMP of so many pixels in one colour, and what is written behind its pixels makes it its own.
pub fn bmp(width: u8, height: u8, number: u64) -> Vec<u8> {
    let row = usize::from(width) * 3;
    let padded = row.next_multiple_of(4);
    let pixels = padded * usize::from(height);
    let size = (54 + pixels) as u32;
    let mut out = Vec::with_capacity(54 + pixels);
    out.extend_from_slice(b"BM");
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&54_u32.to_le_bytes());
    out.extend_from_slice(&40_u32.to_le_bytes());
    out.extend_from_slice(&i32::from(width).to_le_bytes());
    out.extend_from_slice(&i32::from(height).to_le_bytes());
    out.extend_from_slice(&1_u16.to_le_bytes());
    out.extend_from_slice(&24_u16.to_le_bytes());
    out.extend_from_slice(&[0; 24]);
    let colour = number.to_le_bytes();
    for y in 0..usize::from(height) {
        let line = (0..padded).map(|x| if x < row { colour.get((x + y) % 8).copied().unwrap_or(0) } else { 0 });
        out.extend(line);
    }
    out
}
