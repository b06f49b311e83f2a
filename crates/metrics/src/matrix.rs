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
}
