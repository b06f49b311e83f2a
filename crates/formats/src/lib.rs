//! Dataset files, read and written as streams: COCO, the archives of the Clarifai API, and the ZIPs around them;
//! predictions of models; and test sets of evaluations as columns of bytes.
//!
//! Nothing here opens a file or holds a dataset in memory: readers and writers are handed in, items come and go one by
//! one. Test sets come in pieces.

pub mod archive;
pub mod clarifai;
pub mod coco;
pub mod predictions;
pub mod test_set;
