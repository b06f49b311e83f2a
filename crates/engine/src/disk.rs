//! Room on the disk: what is let in while there is little, and what waits.

use crate::fault::Fault;
use crate::{Engine, Shared};
use labelscope_api::{extensions, operations};

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
}
