use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::Operation;
use labelscope_api::operations::{
    GetEvaluation, GetModelVersionEvaluation, ListEvaluations, ListModelVersionEvaluations, PostEvaluations,
    PostModelVersionEvaluations,
};

pub(crate) fn list(_tx: &Tx<'_>, _op: ListEvaluations) -> Result<<ListEvaluations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostEvaluations) -> Result<<PostEvaluations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetEvaluation) -> Result<<GetEvaluation as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn list_of_version(
    _tx: &Tx<'_>,
    _op: ListModelVersionEvaluations,
) -> Result<<ListModelVersionEvaluations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post_of_version(
    _tx: &Tx<'_>,
    _op: PostModelVersionEvaluations,
) -> Result<<PostModelVersionEvaluations as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get_of_version(
    _tx: &Tx<'_>,
    _op: GetModelVersionEvaluation,
) -> Result<<GetModelVersionEvaluation as Operation>::Reply, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
