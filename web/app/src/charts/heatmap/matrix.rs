use labelscope_messages::evaluation::MatrixCells;

/// A square of numbers with the same names for rows and columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// Names, "none" too where it is the last.
    pub labels: Vec<String>,
    /// The last row and column is "none": nothing there, nothing predicted.
    pub none: bool,
    /// Row by row, as many as the square of the names. NaN where undefined.
    pub cells: Vec<f32>,
    /// Largest amount on the diagonal and off it, sign aside.
    pub on: f32,
    pub off: f32,
}

impl Matrix {
    /// A matrix of these numbers; missing ones are undefined.
    pub fn new(labels: Vec<String>, none: bool, mut cells: Vec<f32>) -> Self {
        let n = labels.len();
        cells.resize(n * n, f32::NAN);
        let (mut on, mut off) = (0.0f32, 0.0f32);
        for (i, row) in cells.chunks_exact(n.max(1)).enumerate() {
            for (j, v) in row.iter().enumerate() {
                // NaN is never the larger.
                if i == j { on = on.max(v.abs()) } else { off = off.max(v.abs()) }
            }
        }
        Self { labels, none, cells, on, off }
    }

    /// What the worker tells, with the names of its concepts.
    pub fn of(told: &MatrixCells, name: impl Fn(u32) -> String) -> Self {
        let mut labels: Vec<String> = told.concepts.iter().map(|c| name(*c)).collect();
        if told.none {
            labels.push("none".to_owned());
        }
        Self::new(labels, told.none, told.cells.read())
    }

    /// How many rows, and columns.
    pub fn side(&self) -> usize {
        self.labels.len()
    }

    /// One number.
    pub fn at(&self, row: usize, column: usize) -> f32 {
        let n = self.side();
        if column >= n { f32::NAN } else { self.cells.get(row * n + column).copied().unwrap_or(f32::NAN) }
    }

    pub(super) fn label(&self, at: usize) -> &str {
        self.labels.get(at).map_or("", String::as_str)
    }

    /// A row's sum, without what is undefined.
    pub(super) fn row_sum(&self, row: usize) -> f64 {
        (0..self.side()).map(|j| f64::from(self.at(row, j))).filter(|v| v.is_finite()).sum()
    }
}
