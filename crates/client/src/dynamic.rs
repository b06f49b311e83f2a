//! Operations by name, with JSON in and out: for bridges to other languages, and for what has no type here.

use crate::{Client, Error};
use bytes::Bytes;
use http::Method;
use labelscope_api::messages::BaseResponse;
use labelscope_api::operations::{ALL, GetStatusCode};
use labelscope_api::{ApiError, BuildError, Effect, Meta, Operation, is_success, wire};
use serde_json::{Map, Value};

impl Client {
    /// Sends an operation of the table [`ALL`] with its request as JSON, in snake case: the fields of the path are taken
    /// from it, the rest travels as query or body. The reply comes as JSON. Retries, throttle and errors are those of
    /// [`Client::send`].
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// use labelscope_api::{Operation, operations::GetConcept};
    /// use serde_json::json;
    /// let request = json!({"user_app_id": {"user_id": "me", "app_id": "demo"}, "concept_id": "dog"});
    /// let reply = client.send_json(&GetConcept::META, request).await?;
    /// println!("{}", reply["concept"]["name"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::send`]; a request that is no object, or lacks a field of the path, is invalid.
    pub async fn send_json(&self, meta: &Meta, request: Value) -> Result<Value, Error> {
        let effect = effect_of(meta, &request);
        let request = build(meta, self.base(), request)?;
        let reply = self.send_raw(request, effect).await?;
        let read: Value = serde_json::from_slice(&reply.body)
            .map_err(|error| ApiError::unreadable(reply.status, &reply.body, &error))?;
        let code = read.pointer("/status/code").and_then(Value::as_i64).and_then(|c| i32::try_from(c).ok());
        let answers = meta.name == GetStatusCode::META.name && reply.status == 200;
        match code {
            Some(code) if answers || is_success(labelscope_api::messages::StatusCode(code)) => Ok(read),
            Some(_) => match serde_json::from_value::<BaseResponse>(read) {
                Ok(BaseResponse { status: Some(status) }) => Err(ApiError::from_status(reply.status, status).into()),
                _ => Err(ApiError::unreadable(reply.status, &reply.body, &"the status is none of the API's").into()),
            },
            None => Err(ApiError::unreadable(reply.status, &reply.body, &"the body has no status").into()),
        }
    }

    /// Sends anything below the base, and gives the HTTP status and the body as JSON (`null` where it is empty). A
    /// failure that the API puts into words is an answer here, not an error. What the table knows is sent again as it
    /// says; of the rest only what HTTP calls safe or idempotent. `query` is without its `?`.
    ///
    /// ```no_run
    /// # async fn f(client: labelscope_client::Client) -> Result<(), labelscope_client::Error> {
    /// let (status, body) = client.call("GET", "/labelscope/v1/info", "", None).await?;
    /// assert_eq!(status, 200);
    /// println!("{body}");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When no answer came, or one that is no JSON; a method or a path that is none is invalid.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        query: &str,
        json: Option<&Value>,
    ) -> Result<(u16, Value), Error> {
        let known = ALL.iter().filter(|m| m.method == method && m.match_path(path).is_some());
        let effect = match known.max_by_key(|m| m.match_path(path).map_or(0, |(_, literal)| literal)) {
            Some(meta) => effect_of(meta, json.unwrap_or(&Value::Null)),
            None => match method {
                "GET" | "HEAD" | "OPTIONS" => Effect::Read,
                "PUT" | "DELETE" => Effect::Idempotent,
                _ => Effect::Once,
            },
        };
        let mark = if query.is_empty() { "" } else { "?" };
        let invalid = |e: http::Error| Error::from(BuildError::Http(e));
        let mut request = http::Request::builder()
            .method(Method::from_bytes(method.as_bytes()).map_err(|e| invalid(e.into()))?)
            .uri(format!("{}{path}{mark}{query}", self.base()))
            .header(http::header::ACCEPT, "application/json");
        let mut body = Bytes::new();
        if let Some(json) = json {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
            body = serde_json::to_vec(json).map_err(BuildError::Encode)?.into();
        }
        let reply = self.send_raw(request.body(body).map_err(invalid)?, effect).await?;
        let json = if reply.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&reply.body)
                .map_err(|error| ApiError::unreadable(reply.status, &reply.body, &error))?
        };
        Ok((reply.status, json))
    }
}

/// A search that is to be saved is a write, whatever the table says of its operation.
fn effect_of(meta: &Meta, request: &Value) -> Effect {
    let saves = |search: &Value| search.get("save").and_then(Value::as_bool).unwrap_or_default();
    let searches = request.get("searches").and_then(Value::as_array);
    if meta.effect == Effect::Read && searches.is_some_and(|all| all.iter().any(saves)) {
        Effect::Once
    } else {
        meta.effect
    }
}

fn build(meta: &Meta, base: &str, request: Value) -> Result<http::Request<Bytes>, Error> {
    let mut fields: Map<String, Value> = serde_json::from_value(request).map_err(BuildError::Encode)?;
    let scope = fields.remove("user_app_id").unwrap_or_default();
    let mut params: Vec<(&str, Value)> = Vec::new();
    for name in meta.path_params() {
        match name.strip_prefix("user_app_id.") {
            Some(part) => params.push((name, scope.get(part).cloned().unwrap_or_default())),
            None => params.extend(fields.remove(name).map(|value| (name, value))),
        }
    }
    let param = |name: &str| params.iter().find(|(n, _)| *n == name).and_then(|(_, value)| value.as_str());
    let rest = Value::Object(fields);
    let (query, body) = if meta.method == "GET" {
        (wire::to_query(&rest).map_err(BuildError::Encode)?, None)
    } else {
        (String::new(), Some(serde_json::to_vec(&rest).map_err(BuildError::Encode)?))
    };
    Ok(meta.request(base, &param, &query, body)?)
}
