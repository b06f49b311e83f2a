//! What an operation is, and how it becomes an HTTP request and is read back, without any I/O.

use crate::error::{ApiError, BuildError, RequestError};
use crate::messages::{Status, StatusCode};
use crate::wire;
use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// May a request be sent twice?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing: a GET, or a search by POST.
    Read,
    /// Sent twice it leaves the same state as sent once.
    Idempotent,
    /// Sent twice it may do its work twice.
    Once,
}

/// The constant facts of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// The name, which is also the name of the vendor's rpc.
    pub name: &'static str,
    /// GET, POST, PATCH, PUT or DELETE.
    pub method: &'static str,
    /// The paths it answers under: the long one first, the app-key short forms after it.
    pub paths: &'static [&'static str],
    /// May it be repeated?
    pub effect: Effect,
}

impl Meta {
    /// The long path.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.paths.first().copied().unwrap_or("/")
    }

    /// Names of all parameters that stand in the paths.
    pub fn path_params(&self) -> impl Iterator<Item = &'static str> {
        self.paths.iter().flat_map(|path| path.split('/')).filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Builds the request below `base` from its parts: the values of the path's parameters, and the query or the body.
    /// Of the long paths the first whose parameters are all there is taken.
    ///
    /// # Errors
    /// When a parameter of the path is missing or empty, or `base` is no URL.
    pub fn request<'a>(
        &self,
        base: &str,
        param: &dyn Fn(&str) -> Option<&'a str>,
        query: &str,
        body: Option<Vec<u8>>,
    ) -> Result<http::Request<Bytes>, BuildError> {
        build(self.method, base, &path_of(self, param)?, query, body)
    }

    /// Matches a path against all forms; gives the decoded parameters and how many segments were literal (literal
    /// segments beat parameters).
    #[must_use]
    pub fn match_path(&self, path: &str) -> Option<(Vec<(&'static str, String)>, usize)> {
        self.paths
            .iter()
            .find_map(|t| wire::match_path(t, path).map(|p| (p, t.split('/').filter(|s| !s.starts_with('{')).count())))
    }
}

/// A reply: a body with a status at its top.
pub trait Reply: Serialize + DeserializeOwned + Default {
    /// How the call went, where the body said so.
    fn status(&self) -> Option<&Status>;
    /// Sets how the call went.
    fn set_status(&mut self, status: Status);
    /// Is the status the answer itself? Then a failure in it is no failure of the call.
    const STATUS_IS_ANSWER: bool = false;
}

/// One operation of the API, declared once and used on both sides of the wire.
pub trait Operation: Serialize + DeserializeOwned + Default {
    /// What comes back.
    type Reply: Reply;
    /// The constant facts.
    const META: Meta;

    /// May this request be sent twice? Mostly what [`Meta::effect`] says; a search that is to be saved is a write.
    fn effect(&self) -> Effect {
        Self::META.effect
    }

    /// The value of a path parameter.
    fn path_param(&self, name: &str) -> Option<&str>;
    /// Sets a path parameter. Names that are none are ignored.
    fn set_path_param(&mut self, name: &str, value: String);

    /// Builds the request below `base` (scheme, host and, where there is one, a path prefix; no slash at its end).
    fn request(&self, base: &str) -> Result<http::Request<Bytes>, BuildError> {
        let (query, body) = if Self::META.method == "GET" {
            (wire::to_query(self).map_err(BuildError::Encode)?, None)
        } else {
            (String::new(), Some(serde_json::to_vec(self).map_err(BuildError::Encode)?))
        };
        Self::META.request(base, &|n| self.path_param(n), &query, body)
    }

    /// Reads the request back from its parts. `path` holds the parameters of the path, which win over the body.
    fn from_parts(path: Vec<(&str, String)>, query: &str, body: &[u8]) -> Result<Self, RequestError> {
        let mut op: Self = if body.iter().all(u8::is_ascii_whitespace) {
            wire::from_query(query).map_err(RequestError::Query)?
        } else {
            crate::error::read_body(body)?
        };
        for (name, value) in path {
            op.set_path_param(name, value);
        }
        Ok(op)
    }

    /// Reads the reply. A body that is no JSON, or whose status is a failure, is an error; mixed success is a reply.
    fn reply(http_status: u16, body: &[u8]) -> Result<Self::Reply, ApiError> {
        let reply: Self::Reply = match serde_json::from_slice(body) {
            Ok(reply) => reply,
            Err(error) => return Err(ApiError::unreadable(http_status, body, &error)),
        };
        match reply.status() {
            Some(s) if is_success(s.code) || (Self::Reply::STATUS_IS_ANSWER && http_status == 200) => Ok(reply),
            Some(s) => Err(ApiError::from_status(http_status, s.clone())),
            None => Err(ApiError::unreadable(http_status, body, &"the body has no status")),
        }
    }
}

/// Success, mixed success, and "accepted, in work".
#[must_use]
pub fn is_success(code: StatusCode) -> bool {
    matches!(code, StatusCode::SUCCESS | StatusCode::MIXED_STATUS | StatusCode::ACCEPTED)
}

/// The path of a request: of the long forms the first whose parameters are all there. So the relations of one concept and
/// those of all are one operation, while an id that was forgotten is still an error.
fn path_of<'a>(meta: &Meta, param: &dyn Fn(&str) -> Option<&'a str>) -> Result<String, BuildError> {
    let wanting = |name| BuildError::PathParameter { operation: meta.name, name };
    let own = wire::render_path(meta.path(), param);
    let scope = meta.path().split('/').take(4).collect::<Vec<_>>().join("/");
    own.or_else(|name| {
        let mut others = meta.paths.iter().skip(1).filter(|p| scope.contains('{') && p.starts_with(&scope));
        others.find_map(|p| wire::render_path(p, param).ok()).ok_or_else(|| wanting(name))
    })
}

/// Apart from the generic part, so that it is compiled once.
fn build(
    method: &str,
    base: &str,
    path: &str,
    query: &str,
    body: Option<Vec<u8>>,
) -> Result<http::Request<Bytes>, BuildError> {
    let mark = if query.is_empty() { "" } else { "?" };
    let mut request = http::Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap_or(Method::GET))
        .uri(format!("{}{path}{mark}{query}", base.trim_end_matches('/')))
        .header(http::header::ACCEPT, "application/json");
    if body.is_some() {
        request = request.header(http::header::CONTENT_TYPE, "application/json");
    }
    request.body(body.map(Bytes::from).unwrap_or_default()).map_err(BuildError::Http)
}

/// An operation that answers in numbered pages.
pub trait Paged: Operation + Clone {
    /// What a page holds.
    type Item;
    /// Asks for a page; they count from 1.
    fn set_page(&mut self, page: u32, per_page: u32);
    /// The page and its size as they stand in the request; 0 means not set.
    fn page(&self) -> (u32, u32);
    /// Takes the items out of a reply.
    fn items(reply: Self::Reply) -> Vec<Self::Item>;
}

/// Declares an operation: its documentation, method and paths, fields and reply. `user_app_id` belongs to all of them.
/// Fields under `path` travel in the path alone.
macro_rules! operation {
    (
        $(#[doc = $doc:expr])*
        $effect:ident $method:ident $path:literal $( | $short:literal )*
        $name:ident $( as $effect_of:ident )?
        $( path { $( $(#[doc = $pdoc:expr])* $pfield:ident ),* $(,)? } )?
        { $( $(#[doc = $fdoc:expr])* $field:ident : $ty:ty ),* $(,)? }
        -> $reply:ty
    ) => {
        $(#[doc = $doc])*
        #[doc = concat!("\n\n`", stringify!($method), " ", $path, "`")]
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            /// The user and the app that are meant.
            #[serde(default, skip_serializing, deserialize_with = "crate::wire::nullable")]
            pub user_app_id: crate::messages::UserAppIdSet,
            $($(
                $(#[doc = $pdoc])*
                #[serde(default, skip_serializing, deserialize_with = "crate::wire::nullable")]
                pub $pfield: String,
            )*)?
            $(
                $(#[doc = $fdoc])*
                #[serde(default, skip_serializing_if = "crate::wire::is_empty", deserialize_with = "crate::wire::nullable")]
                pub $field: $ty,
            )*
        }

        impl $name {
            /// What the operation does.
            pub const DOC: &'static str = concat!("" $(, $doc)*);
        }

        impl crate::describe::Describe for $name {
            fn shape() -> crate::describe::Shape {
                const MESSAGE: &crate::describe::Message = &crate::describe::Message {
                    name: concat!(stringify!($name), "Request"),
                    fields: &[
                        crate::describe::field!(user_app_id: crate::messages::UserAppIdSet, false),
                        $($( crate::describe::field!($(#[doc = $pdoc])* $pfield: String, false), )*)?
                        $( crate::describe::field!($(#[doc = $fdoc])* $field: $ty, false), )*
                    ],
                };
                crate::describe::Shape::Message(MESSAGE)
            }
        }

        impl crate::operation::Operation for $name {
            type Reply = $reply;
            const META: crate::operation::Meta = crate::operation::Meta {
                name: stringify!($name),
                method: stringify!($method),
                paths: &[$path $(, $short)*],
                effect: crate::operation::Effect::$effect,
            };
            $(
                fn effect(&self) -> crate::operation::Effect {
                    $effect_of(self)
                }
            )?
            fn path_param(&self, name: &str) -> Option<&str> {
                match name {
                    "user_app_id.user_id" => Some(&self.user_app_id.user_id),
                    "user_app_id.app_id" => Some(&self.user_app_id.app_id),
                    $($( stringify!($pfield) => Some(&self.$pfield), )*)?
                    _ => None,
                }
            }
            fn set_path_param(&mut self, name: &str, value: String) {
                match name {
                    "user_app_id.user_id" => self.user_app_id.user_id = value,
                    "user_app_id.app_id" => self.user_app_id.app_id = value,
                    $($( stringify!($pfield) => self.$pfield = value, )*)?
                    _ => {}
                }
            }
        }
    };
}
pub(crate) use operation;

/// Makes an operation with `page` and `per_page` a [`Paged`] one.
macro_rules! paged {
    ($name:ident, $field:ident : $item:ty) => {
        impl crate::operation::Paged for $name {
            type Item = $item;
            fn set_page(&mut self, page: u32, per_page: u32) {
                self.page = page;
                self.per_page = per_page;
            }
            fn page(&self) -> (u32, u32) {
                (self.page, self.per_page)
            }
            fn items(reply: Self::Reply) -> Vec<$item> {
                reply.$field
            }
        }
    };
}
pub(crate) use paged;

/// Makes an operation that has its page in a `pagination` of the body a [`Paged`] one.
macro_rules! paged_in_body {
    ($name:ident, $field:ident : $item:ty) => {
        impl crate::operation::Paged for $name {
            type Item = $item;
            fn set_page(&mut self, page: u32, per_page: u32) {
                self.pagination = Some(crate::messages::Pagination { page, per_page });
            }
            fn page(&self) -> (u32, u32) {
                self.pagination.as_ref().map_or((0, 0), |p| (p.page, p.per_page))
            }
            fn items(reply: Self::Reply) -> Vec<$item> {
                reply.$field
            }
        }
    };
}
pub(crate) use paged_in_body;

/// A search that is to be saved is a write.
pub(crate) fn effect_of_searches(searches: &[crate::messages::Search]) -> Effect {
    if searches.iter().any(|s| s.save) { Effect::Once } else { Effect::Read }
}
