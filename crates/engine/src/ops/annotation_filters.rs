use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    DeleteAnnotationFilters, GetAnnotationFilter, ListAnnotationFilters, PatchAnnotationFilters, PostAnnotationFilters,
};

pub(crate) fn list(
    _tx: &Tx<'_>,
    _op: ListAnnotationFilters,
) -> Result<<ListAnnotationFilters as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetAnnotationFilter) -> Result<<GetAnnotationFilter as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(
    _tx: &Tx<'_>,
    _op: PostAnnotationFilters,
) -> Result<<PostAnnotationFilters as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch(
    _tx: &Tx<'_>,
    _op: PatchAnnotationFilters,
) -> Result<<PatchAnnotationFilters as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(
    _tx: &Tx<'_>,
    _op: DeleteAnnotationFilters,
) -> Result<<DeleteAnnotationFilters as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
