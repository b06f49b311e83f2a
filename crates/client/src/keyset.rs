//! Pages that go on from the last id of the one before: as quick at the end of a million as at its start.

use crate::{Client, Error};
use futures::stream::{self, LocalBoxStream, StreamExt};
use labelscope_api::messages::Input;
use labelscope_api::operations::StreamInputs;

/// A page of inputs, and the id to go on after.
pub type InputsAndLast = (Vec<Input>, String);

/// The inputs of an app as a stream of pages. As [`Pager`](crate::Pager), but it goes on after an id instead of at a
/// number, so inputs that come or go meanwhile shift nothing.
pub struct InputStream {
    client: Client,
    op: StreamInputs,
}

impl InputStream {
    /// From the id that the operation names, or from the first input.
    pub fn new(client: &Client, mut op: StreamInputs) -> Self {
        if op.per_page == 0 {
            op.per_page = 100;
        }
        Self { client: client.clone(), op }
    }

    /// Goes on after this id: what [`InputStream::pages`] gave with the last page that was seen.
    #[must_use]
    pub fn resume(mut self, last_id: impl Into<String>) -> Self {
        self.op.last_id = last_id.into();
        self
    }

    /// Page by page, each with the id to go on after. An error comes as an item and ends the stream.
    pub fn pages(self) -> LocalBoxStream<'static, Result<InputsAndLast, Error>> {
        stream::unfold((self.client, Some(self.op)), |(client, op)| async move {
            let mut op = op?;
            match client.send(&op).await {
                Err(error) => Some((Err(error), (client, None))),
                Ok(reply) => {
                    let last = reply.inputs.last()?.id.clone();
                    op.last_id.clone_from(&last);
                    Some((Ok((reply.inputs, last)), (client, Some(op))))
                }
            }
        })
        .boxed_local()
    }

    /// Input by input.
    pub fn items(self) -> LocalBoxStream<'static, Result<Input, Error>> {
        self.pages()
            .flat_map(|page| match page {
                Ok((items, _)) => stream::iter(items).map(Ok).boxed_local(),
                Err(error) => stream::once(async { Err(error) }).boxed_local(),
            })
            .boxed_local()
    }
}
