use crate::fault::{self, Fault};
use crate::tx::Tx;
use labelscope_api::messages::{MultiStatusCodeResponse, SingleStatusCodeResponse, Status, StatusCode};
use labelscope_api::operations::{GetStatusCode, ListStatusCodes};

/// A code in words: the API's sentence where we know it, else its name.
fn status(name: &str, code: StatusCode) -> Status {
    let description = match fault::describe(code) {
        "" => {
            let words = name.to_lowercase().replace('_', " ");
            let mut letters = words.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
        known => known.to_owned(),
    };
    // The name too, since clients are written with it.
    Status { code, description, details: name.to_owned(), ..Status::default() }
}

// Handlers are of one shape.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn list(_tx: &Tx<'_>, _op: ListStatusCodes) -> Result<MultiStatusCodeResponse, Fault> {
    let known = StatusCode::NAMES.iter().filter(|(_, code)| *code != 0);
    let mut statuses: Vec<Status> = known.map(|(name, code)| status(name, StatusCode(*code))).collect();
    statuses.sort_by_key(|s| s.code);
    Ok(MultiStatusCodeResponse { statuses, ..Default::default() })
}

pub(crate) fn get(_tx: &Tx<'_>, op: GetStatusCode) -> Result<SingleStatusCodeResponse, Fault> {
    let asked = op.status_code_id.trim();
    let code = match asked.parse() {
        Ok(number) => Some(StatusCode(number)),
        Err(_) => StatusCode::from_name(&asked.to_uppercase()),
    };
    // Zero is no code, only the want of one.
    let found = code.filter(|c| c.0 != 0).and_then(|code| Some(status(code.name()?, code)));
    let status = found.ok_or_else(|| Fault::not_found("status code", asked))?;
    Ok(SingleStatusCodeResponse { status: Some(status) })
}
