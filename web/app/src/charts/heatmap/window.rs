//! Which part of a large matrix is seen.

/// A square part, in cells: its first column and row, and how many it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    pub x: f64,
    pub y: f64,
    pub span: f64,
    /// Of so many rows and columns.
    pub side: f64,
}

/// No closer than this many cells.
const LEAST: f64 = 6.0;

impl Window {
    /// All of it.
    pub fn whole(side: usize) -> Self {
        let side = side.max(1) as f64;
        Self { x: 0.0, y: 0.0, span: side, side }
    }

    pub fn is_whole(&self) -> bool {
        self.span >= self.side
    }

    /// By a factor, where a point of the view, from 0 to 1 in both directions, stays where it is.
    pub fn zoomed(self, factor: f64, (u, v): (f64, f64)) -> Self {
        let span = (self.span / factor).clamp(LEAST.min(self.side), self.side);
        let kept = self.span - span;
        Self { x: self.x + u * kept, y: self.y + v * kept, span, ..self }.inside()
    }

    /// Moved by so many cells.
    pub fn moved(self, columns: f64, rows: f64) -> Self {
        Self { x: self.x + columns, y: self.y + rows, ..self }.inside()
    }

    /// Moved as little as needed to show a cell.
    pub fn showing(self, row: usize, column: usize) -> Self {
        let fit = |from: f64, at: usize| {
            let at = at as f64;
            from.min(at).max(at + 1.0 - self.span)
        };
        Self { x: fit(self.x, column), y: fit(self.y, row), ..self }.inside()
    }

    /// The cells at a place of a view that is `size` wide: first row and column, and one behind the last.
    pub fn cells_at(&self, (px, py): (f64, f64), size: f64) -> Option<((usize, usize), (usize, usize))> {
        let each = self.span / size.max(1.0);
        let range = |from: f64, p: f64| {
            let first = from + p.floor() * each;
            let (a, b) = (first.floor(), (first + each).floor());
            // A place of a cell that is larger than a pixel is that cell alone.
            if each <= 1.0 {
                let only = (from + p * each).floor();
                (only, only + 1.0)
            } else {
                (a, b)
            }
        };
        let ((c0, c1), (r0, r1)) = (range(self.x, px), range(self.y, py));
        let within = px >= 0.0 && py >= 0.0 && px < size && py < size && c0 >= 0.0 && r0 >= 0.0;
        let side = self.side as usize;
        (within && c0 < self.side && r0 < self.side)
            .then(|| ((r0 as usize, c0 as usize), ((r1 as usize).min(side), (c1 as usize).min(side))))
    }

    /// Where a cell is in a view that is `size` wide: left, top, width.
    pub fn place(&self, row: usize, column: usize, size: f64) -> (f64, f64, f64) {
        let each = size / self.span;
        ((column as f64 - self.x) * each, (row as f64 - self.y) * each, each)
    }

    fn inside(self) -> Self {
        let most = (self.side - self.span).max(0.0);
        Self { x: self.x.clamp(0.0, most), y: self.y.clamp(0.0, most), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn zooming_keeps_the_point_and_stays_inside() {
        let whole = Window::whole(1000);
        let closer = whole.zoomed(2.0, (0.5, 0.25));
        assert_eq!((closer.x, closer.y, closer.span), (250.0, 125.0, 500.0));
        assert!(whole.zoomed(0.5, (0.0, 0.0)).is_whole());
        let spans = [whole.zoomed(1e9, (1.0, 1.0)).span, Window::whole(3).zoomed(2.0, (0.0, 0.0)).span];
        assert!(spans.iter().zip([6.0, 3.0]).all(|(span, wanted)| (span - wanted).abs() < 1e-9), "{spans:?}");
        assert_eq!(closer.moved(1e9, -1e9), Window { x: 500.0, y: 0.0, ..closer });
    }

    #[test]
    fn cells_are_found_by_place() {
        let whole = Window::whole(1000);
        assert_eq!(whole.cells_at((0.0, 499.0), 500.0), Some(((998, 0), (1000, 2))));
        assert_eq!(whole.cells_at((500.0, 0.0), 500.0), None);
        let close = Window { x: 10.0, y: 20.0, span: 10.0, side: 1000.0 };
        assert_eq!(close.cells_at((55.0, 0.0), 500.0), Some(((20, 11), (21, 12))));
        assert_eq!(close.place(21, 10, 500.0), (0.0, 50.0, 50.0));
        assert_eq!(close.showing(5, 100), Window { x: 91.0, y: 5.0, ..close });
    }
}
