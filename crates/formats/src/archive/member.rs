//! The content of an entry, held against what the archive says of it.

use super::Error;
use std::io::{self, Read};

/// Reads exactly as many bytes as were promised, and the check at their end.
pub(super) struct Content<'a> {
    pub inner: &'a mut dyn Read,
    pub name: &'a str,
    /// What is still to come.
    pub left: u64,
    /// Why reading ended early, to be told after the visit.
    pub trouble: Option<Error>,
    ended: bool,
}

impl<'a> Content<'a> {
    pub fn new(inner: &'a mut dyn Read, name: &'a str, bytes: u64) -> Self {
        Self { inner, name, left: bytes, trouble: None, ended: false }
    }

    /// Reads what the visitor left, so that all of it is checked.
    pub fn drain(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(drop)
    }

    fn damaged(&mut self, reason: String) -> io::Error {
        let error = io::Error::new(io::ErrorKind::InvalidData, reason.clone());
        self.trouble.get_or_insert(Error::Damaged { name: self.name.to_owned(), reason });
        error
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        // At the end one byte more is asked for: there is none, and only then sums are compared.
        let (mut beyond, most) = ([0], usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len()));
        let wanted = if self.left == 0 { &mut beyond[..] } else { buffer.get_mut(..most).unwrap_or_default() };
        let n = match self.inner.read(wanted) {
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(self.damaged(error.to_string())),
        };
        match (n, self.left) {
            (0, 0) => {
                self.ended = true;
                Ok(0)
            }
            (0, left) => Err(self.damaged(format!("{left} bytes are missing at its end"))),
            (_, 0) => Err(self.damaged("it is longer than the archive says".to_owned())),
            _ => {
                self.left -= n as u64;
                Ok(n)
            }
        }
    }
}
