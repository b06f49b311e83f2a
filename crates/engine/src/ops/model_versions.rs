use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    DeleteModelVersion, GetModelVersion, ListModelVersions, PatchModelVersions, PostModelVersions,
};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListModelVersions) -> Result<<ListModelVersions as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetModelVersion) -> Result<<GetModelVersion as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostModelVersions) -> Result<<PostModelVersions as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch(_tx: &Tx<'_>, _op: PatchModelVersions) -> Result<<PatchModelVersions as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(_tx: &Tx<'_>, _op: DeleteModelVersion) -> Result<<DeleteModelVersion as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
