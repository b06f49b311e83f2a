//! The stream below a TAR: what is read of it is counted, and bounded.

use super::{Error, Limits};
use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

/// Between two members there are headers and long names, and no more than this.
const BETWEEN: u64 = 1 << 20;

/// What is known of a stream while others read it.
#[derive(Default)]
pub(super) struct Gauge {
    /// Bytes that came from the file itself.
    pub packed: Cell<u64>,
    /// Bytes that came out.
    unpacked: Cell<u64>,
    /// What may come before the next member.
    between: Cell<Option<u64>>,
    /// Has the end been seen?
    pub ended: Cell<bool>,
    /// Why it was cut off.
    pub trouble: RefCell<Option<Error>>,
}

impl Gauge {
    /// From now on headers are read, or a member.
    pub fn expect(&self, header: bool) {
        self.between.set(header.then_some(BETWEEN));
    }
}

/// Counts what comes from a file.
pub(super) struct Packed<R> {
    pub inner: R,
    pub gauge: Rc<Gauge>,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.gauge.packed.set(self.gauge.packed.get() + n as u64);
        Ok(n)
    }
}

/// The stream that a reader of TAR sees.
pub(super) struct Tape<'a> {
    pub inner: Box<dyn Read + 'a>,
    pub gauge: Rc<Gauge>,
    pub limits: Limits,
}

impl Read for Tape<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let gauge = &self.gauge;
        if n == 0 && !buffer.is_empty() {
            gauge.ended.set(true);
        }
        let unpacked = gauge.unpacked.get() + n as u64;
        gauge.unpacked.set(unpacked);
        let refused = if self.limits.is_bomb(unpacked, gauge.packed.get()) {
            Some(self.limits.bomb())
        } else if let Some(between) = gauge.between.get() {
            gauge.between.set(Some(between.saturating_sub(n as u64)));
            let over = between < n as u64;
            over.then(|| Error::Broken(format!("between two entries there is more than {BETWEEN} bytes")))
        } else {
            None
        };
        match refused {
            Some(error) => {
                let told = io::Error::new(io::ErrorKind::InvalidData, error.to_string());
                gauge.trouble.borrow_mut().get_or_insert(error);
                Err(told)
            }
            None => Ok(n),
        }
    }
}
