use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{Gettable, SingleUserResponse, User, Visibility};
use labelscope_api::operations::GetUser;

pub(crate) fn get(tx: &Tx<'_>, op: GetUser) -> Result<SingleUserResponse, Fault> {
    let id = tx.user(&op.user_app_id.user_id);
    let known = tx.one("SELECT 1 FROM app WHERE user_id = ?1 LIMIT 1", [id], |_| Ok(()))?;
    if id != tx.caller.user_id && known.is_none() {
        return Err(Fault::not_found("user", id));
    }
    let visibility = Some(Visibility { gettable: Gettable::PRIVATE });
    Ok(SingleUserResponse {
        user: Some(User { id: id.to_owned(), visibility, ..User::default() }),
        ..Default::default()
    })
}
