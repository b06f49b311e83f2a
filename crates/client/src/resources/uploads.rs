//! Files that are sent in parts.

use super::App;
use crate::{Error, Pager};
use labelscope_api::messages::{Upload, UploadContentPart};
use labelscope_api::operations::{DeleteUploads, GetUpload, ListUploads, PostUploads, PutUploadContentParts};
use labelscope_api::wire::Base64;

/// The uploads of an app.
#[derive(Clone, Debug)]
pub struct Uploads {
    pub(super) app: App,
}

impl Uploads {
    /// Lists the uploads, the newest first.
    ///
    /// [`ListUploads`]: `GET /v2/users/{user_id}/apps/{app_id}/uploads`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use futures::TryStreamExt;
    /// use labelscope_api::operations::ListUploads;
    /// let all: Vec<_> = app.uploads().list(ListUploads::default()).items().try_collect().await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, op: ListUploads) -> Pager<ListUploads> {
        self.app.pager(op)
    }
    /// Announces files that are only kept. For archives of inputs see
    /// [`AddJobs::from_uploads`](super::AddJobs::from_uploads).
    ///
    /// [`PostUploads`]: `POST /v2/users/{user_id}/apps/{app_id}/uploads`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::Upload;
    /// let one = Upload { content_name: "a.bin".into(), content_length: 1_000.into(), ..Default::default() };
    /// let uploads = app.uploads().create(vec![one]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn create(&self, uploads: Vec<Upload>) -> Result<Vec<Upload>, Error> {
        Ok(self.app.send(PostUploads { uploads, ..Default::default() }).await?.uploads)
    }
    /// Deletes uploads, and what has arrived of them.
    ///
    /// [`DeleteUploads`]: `DELETE /v2/users/{user_id}/apps/{app_id}/uploads`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// app.uploads().delete(vec!["u".into()]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn delete(&self, ids: Vec<String>) -> Result<(), Error> {
        self.app.send(DeleteUploads { ids, ..Default::default() }).await.map(drop)
    }
}

/// One upload.
#[derive(Clone, Debug)]
pub struct UploadHandle {
    pub(super) app: App,
    pub(super) id: String,
}

impl UploadHandle {
    /// Gets the upload: its status tells how much has arrived.
    ///
    /// [`GetUpload`]: `GET /v2/users/{user_id}/apps/{app_id}/uploads/{upload_id}`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let upload = app.upload("u").get().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. One that is not there is not found.
    pub async fn get(&self) -> Result<Upload, Error> {
        let reply = self.app.send(GetUpload { upload_id: self.id.clone(), ..Default::default() }).await?;
        reply.upload.ok_or_else(|| Error::incomplete("upload"))
    }
    /// Sends stretches of the file, in any order. A stretch that is sent again replaces itself.
    ///
    /// [`PutUploadContentParts`]: `PUT /v2/users/{user_id}/apps/{app_id}/uploads/{upload_id}/content_parts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::messages::UploadContentPart;
    /// let part = UploadContentPart { part_number: 1.into(), ..Default::default() };
    /// let upload = app.upload("u").put_parts(vec![part]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates.
    pub async fn put_parts(&self, content_parts: Vec<UploadContentPart>) -> Result<Upload, Error> {
        let op = PutUploadContentParts { upload_id: self.id.clone(), content_parts, ..Default::default() };
        self.app.send(op).await?.upload.ok_or_else(|| Error::incomplete("upload"))
    }
    /// Sends a whole file in parts of 4 MB, one after the other. `sent` is told the bytes that have arrived after each.
    ///
    /// [`PutUploadContentParts`]: `PUT /v2/users/{user_id}/apps/{app_id}/uploads/{upload_id}/content_parts`
    ///
    /// ```no_run
    /// # async fn f(app: labelscope_client::App) -> Result<(), labelscope_client::Error> {
    /// let bytes = vec![0; 10_000_000];
    /// let upload = app.upload("u").send(&bytes, |sent| println!("{sent} bytes")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`Error`]'s predicates. A broken connection may be mended by sending the file again.
    pub async fn send(&self, bytes: &[u8], mut sent: impl FnMut(u64)) -> Result<Upload, Error> {
        let (mut start, mut upload) = (0u64, None);
        for (index, chunk) in bytes.chunks(PART).enumerate() {
            let part = UploadContentPart {
                range_start: start.into(),
                part_number: (index as i64 + 1).into(),
                data: Base64(chunk.to_vec()),
            };
            upload = Some(self.put_parts(vec![part]).await?);
            start += chunk.len() as u64;
            sent(start);
        }
        upload.ok_or_else(|| Error::incomplete("upload"))
    }
}

/// A part has so many bytes.
const PART: usize = 4 << 20;
