use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::PostConceptMappingJobs;

pub(crate) fn post(
    _tx: &Tx<'_>,
    _op: PostConceptMappingJobs,
) -> Result<<PostConceptMappingJobs as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
