use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::PatchInputs;

pub(crate) fn patch(_tx: &Tx<'_>, _op: PatchInputs) -> Result<<PatchInputs as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
