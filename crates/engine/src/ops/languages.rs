use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    GetConceptLanguage, ListConceptLanguages, PatchConceptLanguages, PostConceptLanguages,
};

pub(crate) fn list(
    _tx: &Tx<'_>,
    _op: ListConceptLanguages,
) -> Result<<ListConceptLanguages as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetConceptLanguage) -> Result<<GetConceptLanguage as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(
    _tx: &Tx<'_>,
    _op: PostConceptLanguages,
) -> Result<<PostConceptLanguages as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch(
    _tx: &Tx<'_>,
    _op: PatchConceptLanguages,
) -> Result<<PatchConceptLanguages as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
