use super::row::JobRow;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::tx::{App, Tx};
use labelscope_api::extensions::JobError;

pub(super) fn run(_work: &mut Work<'_>) -> Result<(), Halt> {
    Err(Fault::invalid("SCAFFOLD").into())
}

pub(crate) fn give_up(_tx: &Tx<'_>, _app: &App, _job: &JobRow, _error: Option<&JobError>) -> Result<(), Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
