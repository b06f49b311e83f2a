//! Room on the disk: what is let in while there is little, and what waits.

use crate::fault::Fault;
use crate::{Engine, Shared};
use labelscope_api::{extensions, operations};
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

/// The disk that a data folder lies on.
pub trait Disk: Send + Sync {
    /// Bytes that are free for us there. `None` where the system does not tell.
    fn free(&self, dir: &Path) -> Option<u64>;

    /// How many of the next bytes of a blob may be written. The error is the disk's.
    fn take(&self, bytes: usize) -> io::Result<usize> {
        Ok(bytes)
    }
}

/// Can a call make the data folder grow? Those that take something away are let in while there is no room.
pub(crate) fn grows(name: &str) -> bool {
    let mut all = operations::ALL.iter().chain(extensions::ALL.iter().map(|e| &e.meta));
    let deletes = all.any(|meta| meta.name == name && meta.method == "DELETE");
    !deletes && !name.starts_with("Cancel") && name != "PurgeInputs"
}

impl Shared {
    /// Why nothing that needs room can be done now, if so.
    pub(crate) fn no_room(&self) -> Option<Fault> {
        let free = self.host.disk.as_ref()?.free(&self.dir)?;
        (free < self.host.min_free).then(|| {
            Fault::NoRoom(format!(
                "the disk of the data folder has {} MB left, and the server takes nothing in below {} MB: free some space and try again, nothing was changed",
                free >> 20,
                self.host.min_free >> 20
            ))
        })
    }
}

impl Engine {
    /// Why nothing that needs room can be done now, if so. Deleting can.
    #[must_use]
    pub fn no_room(&self) -> Option<Fault> {
        self.shared.no_room()
    }

    /// Have jobs rested for want of room since the last time? Once there is room, they are to be looked for again.
    #[must_use]
    pub fn take_rested(&self) -> bool {
        self.shared.rested.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use crate::{Call, Caller, Clock, Engine, Host, Random};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Counts(AtomicU64);

    impl Clock for Counts {
        fn now(&self) -> i64 {
            1
        }
    }

    impl Random for Counts {
        fn fill(&self, buffer: &mut [u8]) {
            let n = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
            buffer.iter_mut().zip(n).for_each(|(to, from)| *to = from);
        }
    }

    /// SQLite itself is given no more pages, as on a full disk.
    #[test]
    fn a_database_that_cannot_grow_keeps_all_or_nothing_and_goes_on_later() {
        let dir = tempfile::tempdir().unwrap();
        let counts = Arc::new(Counts(AtomicU64::new(1)));
        let host = Host { clock: counts.clone(), random: counts, fetch: None, sources: None, disk: None, min_free: 0 };
        let engine = Engine::open(dir.path(), host, &[]).unwrap();
        let mut writer = engine.writer().unwrap();
        let pages: i64 = writer.conn.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        let limit = |n: i64| format!("PRAGMA max_page_count = {n}");
        writer.conn.query_row(&limit(pages + 4), [], |r| r.get::<_, i64>(0)).unwrap();
        let caller = Caller { user_id: "local".into() };
        let path = vec![("user_app_id.user_id", "me".to_owned()), ("user_app_id.app_id", "demo".to_owned())];
        let bodies: Vec<String> = ["a", "b"]
            .iter()
            .map(|id| {
                let many: Vec<_> = (0..200)
                    .map(|n| serde_json::json!({"id": format!("{id}{n}"), "definition": "long ".repeat(50)}))
                    .collect();
                serde_json::json!({ "concepts": many }).to_string()
            })
            .collect();
        let calls: Vec<Call<'_>> = bodies
            .iter()
            .map(|body| Call {
                name: "PostConcepts",
                path: path.clone(),
                query: "",
                body: body.as_bytes(),
                caller: &caller,
                base_url: "",
                req_id: "r",
            })
            .collect();
        for answer in writer.execute_group(&calls) {
            let body = String::from_utf8(answer.body).unwrap();
            assert_eq!((answer.http_status, answer.revision), (507, None), "{body}");
            assert!(body.contains("98004") && body.contains("the disk is full"), "{body}");
        }
        let held = |writer: &crate::Writer| -> i64 {
            writer.conn.query_row("SELECT count(*) FROM concept", [], |r| r.get(0)).unwrap()
        };
        assert_eq!(held(&writer), 0);
        assert!(writer.take_events().is_empty());
        writer.conn.query_row(&limit(1 << 20), [], |r| r.get::<_, i64>(0)).unwrap();
        assert!(writer.execute_group(&calls).iter().all(|answer| answer.http_status == 200));
        assert_eq!(held(&writer), 400);
    }
}
