//! Cells to pixels: each pixel of the screen is one of ours.

use super::colour::{Code, Shades};
use super::window::Window;

/// From so many pixels a cell on there is a line between cells.
const LINED: f64 = 10.0;

/// The part of a matrix that is seen, as RGBA, `size` pixels wide and high. `line` is the width of the lines between cells.
pub(super) fn pixels(
    codes: &[Code],
    side: usize,
    shades: &Shades,
    window: &Window,
    size: usize,
    line: usize,
) -> Vec<u8> {
    let mut out = vec![255u8; size * size * 4];
    if side == 0 || size == 0 {
        return out;
    }
    let each = size as f64 / window.span;
    let columns = cells(window.x, each, size, side);
    let rows = cells(window.y, each, size, side);
    let gap = if each >= LINED { line } else { 0 };
    let background = shades.of(0);
    let mut found = vec![0 as Code; size];
    let mut last = None;
    let mut since = 0;
    for (y, &(top, bottom)) in rows.iter().enumerate() {
        let from = y * size * 4;
        // Pixels of one row of cells are alike, but for the line at its beginning.
        since = if last == Some((top, bottom)) { since + 1 } else { 0 };
        if last == Some((top, bottom)) && since > gap {
            out.copy_within(from - size * 4..from, from);
            continue;
        }
        let anew = last != Some((top, bottom));
        last = Some((top, bottom));
        if anew {
            strongest(codes, side, (top, bottom), &columns, &mut found);
        }
        let Some(pixels) = out.get_mut(from..from + size * 4) else { continue };
        let first_row = since < gap && top > 0;
        let mut before = None;
        let mut along = 0;
        for ((pixel, code), range) in pixels.chunks_exact_mut(4).zip(&found).zip(&columns) {
            along = if before == Some(range) { along + 1 } else { 0 };
            before = Some(range);
            let lined = first_row || (along < gap && range.0 > 0);
            let rgb = if lined { background } else { shades.of(*code) };
            for (to, c) in pixel.iter_mut().zip(rgb) {
                *to = c;
            }
        }
    }
    out
}

/// For each pixel the cells that fall on it: the first, and one behind the last.
fn cells(from: f64, each: f64, size: usize, side: usize) -> Vec<(usize, usize)> {
    let edge = |p: usize| from + p as f64 / each;
    (0..size)
        .map(|p| {
            if each >= 1.0 {
                // The cell under the pixel's middle.
                let cell = (from + (p as f64 + 0.5) / each).floor().max(0.0) as usize;
                (cell.min(side), (cell + 1).min(side))
            } else {
                ((edge(p).floor().max(0.0) as usize).min(side), (edge(p + 1).floor() as usize).min(side))
            }
        })
        .collect()
}

/// For each pixel of a row the strongest of its cells.
fn strongest(
    codes: &[Code],
    side: usize,
    (top, bottom): (usize, usize),
    columns: &[(usize, usize)],
    found: &mut [Code],
) {
    found.fill(0);
    for row in top..bottom {
        let Some(row) = codes.get(row * side..(row + 1) * side) else { continue };
        for (place, (from, to)) in found.iter_mut().zip(columns) {
            for code in row.get(*from..*to).unwrap_or_default() {
                *place = (*place).max(*code);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::looks::Looks;
    use super::*;

    fn shades() -> Shades {
        Shades::new(&Looks {
            bg: [9; 3],
            seq: std::array::from_fn(|i| [0, 0, 100 + i as u8]),
            err: std::array::from_fn(|i| [100 + i as u8, 0, 0]),
            ..Looks::default()
        })
    }

    fn at(image: &[u8], size: usize, x: usize, y: usize) -> [u8; 3] {
        let p = (y * size + x) * 4;
        [image[p], image[p + 1], image[p + 2]]
    }

    #[test]
    fn a_lone_mistake_among_a_million_is_seen() {
        let side = 1000;
        let mut codes = vec![1 as Code; side * side];
        codes[777 * side + 333] = 400;
        let size = 250;
        let image = pixels(&codes, side, &shades(), &Window::whole(side), size, 1);
        assert_eq!(image.len(), size * size * 4);
        assert_eq!(at(&image, size, 333 / 4, 777 / 4), shades().of(400));
        let marked = image.chunks_exact(4).filter(|p| p[..3] == shades().of(400)).count();
        assert_eq!(marked, 1);
    }

    #[test]
    fn cells_larger_than_pixels_are_whole_and_have_lines() {
        let codes: Vec<Code> = vec![2, 300, 1, 5];
        let image = pixels(&codes, 2, &shades(), &Window::whole(2), 40, 1);
        assert_eq!(at(&image, 40, 0, 0), shades().of(2));
        assert_eq!(at(&image, 40, 19, 19), shades().of(2));
        assert_eq!([at(&image, 40, 20, 3), at(&image, 40, 3, 20)], [[9; 3]; 2], "lines between cells");
        assert_eq!([at(&image, 40, 21, 19), at(&image, 40, 39, 0)], [shades().of(300); 2]);
        assert_eq!([at(&image, 40, 21, 21), at(&image, 40, 39, 39)], [shades().of(5); 2]);
        assert_eq!(at(&image, 40, 0, 39), shades().of(1));
    }
}
