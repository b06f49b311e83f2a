//! Status codes with their words.

use crate::{Client, Error};
use labelscope_api::messages::{Status, StatusCode};
use labelscope_api::operations::{GetStatusCode, ListStatusCodes};

/// The status codes of the API.
#[derive(Clone, Debug)]
pub struct StatusCodes {
    pub(super) client: Client,
}

impl StatusCodes {
    /// Lists the codes.
    ///
    /// [`ListStatusCodes`]: `GET /v2/status_codes`
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// let codes = client.status_codes().list().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn list(&self) -> Result<Vec<Status>, Error> {
        Ok(self.client.send(&ListStatusCodes::default()).await?.statuses)
    }
    /// Gets one code.
    ///
    /// [`GetStatusCode`]: `GET /v2/status_codes/{status_code_id}`
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::StatusCode;
    /// let words = client.status_codes().get(StatusCode::INPUT_PENDING).await?.description;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn get(&self, code: StatusCode) -> Result<Status, Error> {
        let op = GetStatusCode { status_code_id: code.0.to_string(), ..Default::default() };
        self.client.send(&op).await?.status.ok_or_else(|| Error::incomplete("status"))
    }
}
