use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    DeleteModel, DeleteModels, GetModel, GetModelOutputInfo, ListModels, PatchModels, PostModels,
};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListModels) -> Result<<ListModels as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetModel) -> Result<<GetModel as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostModels) -> Result<<PostModels as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn patch(_tx: &Tx<'_>, _op: PatchModels) -> Result<<PatchModels as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete_one(_tx: &Tx<'_>, _op: DeleteModel) -> Result<<DeleteModel as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(_tx: &Tx<'_>, _op: DeleteModels) -> Result<<DeleteModels as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn output_info(
    _tx: &Tx<'_>,
    _op: GetModelOutputInfo,
) -> Result<<GetModelOutputInfo as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
