//! What this server is and has.

use crate::state::Server;
use labelscope_api::extensions::{self, GetInfo, Info, InfoReply};
use labelscope_engine::{DEFAULT_APP, DEFAULT_USER, Fault};
use std::collections::BTreeSet;

#[allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value)] // as all handlers
pub(super) fn get(_: &Server, _: GetInfo) -> Result<InfoReply, Fault> {
    let capabilities: BTreeSet<&str> =
        extensions::ALL.iter().map(|e| e.capability).chain(["events", "media", "export_files"]).collect();
    let info = Info {
        server: "labelscope".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: "local".to_owned(),
        user_id: DEFAULT_USER.to_owned(),
        default_app_id: DEFAULT_APP.to_owned(),
        capabilities: capabilities.into_iter().map(str::to_owned).collect(),
    };
    Ok(InfoReply { info: Some(info), ..InfoReply::default() })
}
