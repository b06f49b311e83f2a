use crate::fault::Fault;
use crate::tx::Tx;
use labelscope_api::messages::{BaseResponse, MultiInputsAddJobResponse, MultiUploadResponse, SingleUploadResponse};
use labelscope_api::operations::{
    DeleteUploads, GetUpload, ListUploads, PostInputsUploads, PostUploads, PutUploadContentParts,
};

pub(crate) fn post_inputs(_tx: &Tx<'_>, _op: PostInputsUploads) -> Result<MultiInputsAddJobResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn post(_tx: &Tx<'_>, _op: PostUploads) -> Result<MultiUploadResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn list(_tx: &Tx<'_>, _op: ListUploads) -> Result<MultiUploadResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn get(_tx: &Tx<'_>, _op: GetUpload) -> Result<SingleUploadResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn delete(_tx: &Tx<'_>, _op: DeleteUploads) -> Result<BaseResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}

pub(crate) fn put_parts(_tx: &Tx<'_>, _op: PutUploadContentParts) -> Result<SingleUploadResponse, Fault> {
    Err(Fault::invalid("SCAFFOLD"))
}
