use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    DeleteSearch, GetSearch, ListSearches, PatchAnnotationsSearches, PatchInputsSearches, PatchSearches,
    PostAnnotationsSearches, PostInputsSearches, PostSearches, PostSearchesByID,
};

pub(crate) fn post_inputs(
    _tx: &Tx<'_>,
    _op: PostInputsSearches,
) -> Result<<PostInputsSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch_inputs(
    _tx: &Tx<'_>,
    _op: PatchInputsSearches,
) -> Result<<PatchInputsSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post_annotations(
    _tx: &Tx<'_>,
    _op: PostAnnotationsSearches,
) -> Result<<PostAnnotationsSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch_annotations(
    _tx: &Tx<'_>,
    _op: PatchAnnotationsSearches,
) -> Result<<PatchAnnotationsSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn list(_tx: &Tx<'_>, _op: ListSearches) -> Result<<ListSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetSearch) -> Result<<GetSearch as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostSearches) -> Result<<PostSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post_by_id(_tx: &Tx<'_>, _op: PostSearchesByID) -> Result<<PostSearchesByID as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch(_tx: &Tx<'_>, _op: PatchSearches) -> Result<<PatchSearches as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(_tx: &Tx<'_>, _op: DeleteSearch) -> Result<<DeleteSearch as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
