//! Numbered pages, one after the other.

use crate::{Client, Error};
use futures::stream::{self, LocalBoxStream, StreamExt};
use labelscope_api::Paged;

/// Where a pager can go on: in another session, or after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// The page to ask for next, from 1.
    pub page: u32,
    /// Items a page.
    pub per_page: u32,
}

/// What a pager does after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Page(u32),
    End,
}

/// The last page is the one that is not full. A page may come shorter than asked for where the server has a smaller
/// limit, so an end is believed only when the page after it is empty, or when a page is empty itself.
fn next(page: u32, got: usize) -> Next {
    if got == 0 { Next::End } else { page.checked_add(1).map_or(Next::End, Next::Page) }
}

/// A page, and where to go on after it.
pub type PageAndNext<T> = (Vec<T>, Resume);

/// Pages of a listing.
pub struct Pager<O> {
    client: Client,
    op: O,
    resume: Resume,
}

impl<O: Paged + 'static> Pager<O> {
    /// From the page that the operation names, or the first.
    pub fn new(client: &Client, op: O) -> Self {
        let (page, per_page) = op.page();
        let resume = Resume { page: page.max(1), per_page: if per_page == 0 { 100 } else { per_page } };
        Self { client: client.clone(), op, resume }
    }

    /// From where another one stood.
    #[must_use]
    pub fn resume(mut self, at: Resume) -> Self {
        self.resume = at;
        self
    }

    /// Page by page, each with the place to go on after it. An error comes as an item and ends the stream. Dropping the
    /// stream aborts the request that is under way.
    pub fn pages(self) -> LocalBoxStream<'static, Result<PageAndNext<O::Item>, Error>> {
        let Self { client, op, resume } = self;
        stream::unfold((client, op, Some(resume)), |(client, mut op, at)| async move {
            let at = at?;
            op.set_page(at.page, at.per_page);
            match client.send(&op).await {
                Err(error) => Some((Err(error), (client, op, None))),
                Ok(reply) => {
                    let items = O::items(reply);
                    match next(at.page, items.len()) {
                        Next::End => None,
                        Next::Page(page) => {
                            let after = Resume { page, ..at };
                            Some((Ok((items, after)), (client, op, Some(after))))
                        }
                    }
                }
            }
        })
        .boxed_local()
    }

    /// Item by item.
    pub fn items(self) -> LocalBoxStream<'static, Result<O::Item, Error>> {
        self.pages()
            .flat_map(|page| match page {
                Ok((items, _)) => stream::iter(items).map(Ok).boxed_local(),
                Err(error) => stream::once(async { Err(error) }).boxed_local(),
            })
            .boxed_local()
    }
}
