//! Tokens: listed, made and revoked.

use crate::state::Server;
use labelscope_api::extensions::{DeleteToken, ListTokens, MultiTokenReply, PostToken, TokenReply};
use labelscope_api::messages::BaseResponse;
use labelscope_engine::Fault;

#[allow(clippy::unnecessary_wraps, clippy::needless_pass_by_value)] // as all handlers
pub(super) fn list(server: &Server, _: ListTokens) -> Result<MultiTokenReply, Fault> {
    let auth = &server.inner.auth;
    let tokens = std::iter::once(auth.own()).chain(auth.tokens.list()).collect();
    Ok(MultiTokenReply { tokens, ..MultiTokenReply::default() })
}

#[allow(clippy::needless_pass_by_value)] // as all handlers
pub(super) fn post(server: &Server, op: PostToken) -> Result<TokenReply, Fault> {
    let (token, secret) = server.inner.auth.tokens.make(&op.name)?;
    Ok(TokenReply { token: Some(token), secret, ..TokenReply::default() })
}

#[allow(clippy::needless_pass_by_value)] // as all handlers
pub(super) fn delete(server: &Server, op: DeleteToken) -> Result<BaseResponse, Fault> {
    server.inner.auth.revoke(&op.token_id)?;
    Ok(BaseResponse::default())
}
