//! Changes to many inputs at once.

use super::App;
use crate::{Error, Pager, Waiter};
use labelscope_api::messages::{BulkOperation, StatusCode};
use labelscope_api::operations::{CancelBulkOperations, GetBulkOperation, ListBulkOperations, PostBulkOperations};

/// The bulk operations of an app.
#[derive(Clone, Debug)]
pub struct BulkOperations {
    pub(super) app: App,
}

impl BulkOperations {
    /// Lists bulk operations, the newest first.
    ///
    /// [`ListBulkOperations`]: `GET /v2/users/{user_id}/apps/{app_id}/bulk_operations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListBulkOperations;
    /// let all: Vec<_> = app.bulk_operations().list(ListBulkOperations::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListBulkOperations) -> Pager<ListBulkOperations> {
        self.app.pager(op)
    }
    /// Begins bulk operations.
    ///
    /// [`PostBulkOperations`]: `POST /v2/users/{user_id}/apps/{app_id}/bulk_operations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::{AddToDataset, BulkOperation, BulkOperationKind, InputIds};
    /// let add = AddToDataset { dataset_id: "d".into() };
    /// let one = BulkOperation {
    ///     input_ids: Some(InputIds { input_ids: vec!["a".into()] }),
    ///     operation: Some(BulkOperationKind { add_to_dataset: Some(add), ..Default::default() }),
    ///     ..Default::default()
    /// };
    /// let begun = app.bulk_operations().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, bulk_operations: Vec<BulkOperation>) -> Result<Vec<BulkOperation>, Error> {
        Ok(self.app.send(PostBulkOperations { bulk_operations, ..Default::default() }).await?.bulk_operation)
    }
    /// Cancels bulk operations. What they have changed stays.
    ///
    /// [`CancelBulkOperations`]: `PATCH /v2/users/{user_id}/apps/{app_id}/bulk_operations`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.bulk_operations().cancel(vec!["b".into()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn cancel(&self, ids: Vec<String>) -> Result<Vec<BulkOperation>, Error> {
        Ok(self.app.send(CancelBulkOperations { ids, ..Default::default() }).await?.bulk_operation)
    }
}

/// One bulk operation.
#[derive(Clone, Debug)]
pub struct BulkOperationHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl BulkOperationHandle {
    /// Gets the operation, with how far it is.
    ///
    /// [`GetBulkOperation`]: `GET /v2/users/{user_id}/apps/{app_id}/bulk_operations/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let operation = app.bulk_operation("b").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<BulkOperation, Error> {
        let reply = self.app.send(GetBulkOperation { id: self.id.clone(), ..Default::default() }).await?;
        reply.bulk_operation.ok_or_else(|| Error::incomplete("bulk_operation"))
    }
    /// Waits until the operation is over: its status tells how it ended.
    ///
    /// [`GetBulkOperation`]: `GET /v2/users/{user_id}/apps/{app_id}/bulk_operations/{id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let operation = app.bulk_operation("b").done().wait().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub fn done(&self) -> Waiter<BulkOperation> {
        let operation = self.clone();
        Waiter::new(&self.app.client, move |client| {
            let mut operation = operation.clone();
            operation.app.client = client;
            async move {
                let goes_on = [StatusCode::BULK_OPERATION_PENDING, StatusCode::BULK_OPERATION_IN_PROGRESS];
                Ok(super::unless(operation.get().await?, |o| o.status.as_ref(), &goes_on))
            }
        })
    }
}
