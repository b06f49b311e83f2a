//! Square tables of classes.

/// A square table of numbers, row by row. Rows are truth and columns predictions, unless it is said otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    size: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// All cells 0.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    /// From cells row by row; `None` where they are not `size` × `size`.
    #[must_use]
    pub fn from_rows(size: usize, values: Vec<f64>) -> Option<Self> {
        (values.len() == size * size).then_some(Self { size, values })
    }

    /// Rows, and columns.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// One cell; 0 outside.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        if column < self.size { self.values.get(row * self.size + column).copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// Adds to a cell; outside nothing happens.
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        if column < self.size
            && let Some(cell) = self.values.get_mut(row * self.size + column)
        {
            *cell += value;
        }
    }

    /// One row; empty outside.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        self.values.get(row * self.size..(row + 1) * self.size).unwrap_or_default()
    }

    /// All cells, row by row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Every cell over its row's sum: of what is true, where did it go. A row that sums to 0 is NaN.
    #[must_use]
    pub fn by_row(&self) -> Self {
        let sums = self.row_sums();
        self.over(|row, _| sums.get(row).copied())
    }

    /// Every cell over its column's sum: of what was predicted, what was it. A column that sums to 0 is NaN.
    #[must_use]
    pub fn by_column(&self) -> Self {
        let sums = self.column_sums();
        self.over(|_, column| sums.get(column).copied())
    }

    fn over(&self, whole: impl Fn(usize, usize) -> Option<f64>) -> Self {
        let mut out = self.clone();
        for (row, cells) in out.values.chunks_mut(self.size.max(1)).enumerate() {
            for (column, cell) in cells.iter_mut().enumerate() {
                let whole = whole(row, column).filter(|whole| *whole != 0.0);
                *cell = whole.map_or(f64::NAN, |whole| *cell / whole);
            }
        }
        out
    }

    /// The sum of each row.
    #[must_use]
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.size).map(|row| self.row(row).iter().sum()).collect()
    }

    /// The sum of each column.
    #[must_use]
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for row in self.values.chunks(self.size.max(1)) {
            sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell);
        }
        sums
    }
}
