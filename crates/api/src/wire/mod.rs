//! How values look on the wire, in one place: 64-bit integers as strings, open enums, RFC 3339 times, base64 bytes,
//! fields that are left out when empty, query strings and path templates.

mod base64_bytes;
mod case;
mod int64;
pub(crate) mod open_enum;
mod path;
mod query;
mod secret;
mod timestamp;

pub use base64_bytes::Base64;
pub use case::snake_keys;
pub use int64::{Int64, UInt64};
pub(crate) use open_enum::declare as open_enum;
pub use path::{encode_segment, match_path, render_path};
pub use query::{QueryError, from_query, to_query};
pub use secret::Secret;
pub use timestamp::Timestamp;

use serde::{Deserialize, Deserializer};
use std::any::{Any, TypeId};

/// A free-form JSON object (`google.protobuf.Struct`): metadata, parameters.
pub type Struct = serde_json::Map<String, serde_json::Value>;

/// What the wire leaves out: the empty string, zero, `false`, an absent message, an empty list. A trait of its own and no
/// comparison with the default, since that would bring the comparison of every message into the wasm.
pub(crate) trait Empty {
    fn is_empty(&self) -> bool;
}

impl<T> Empty for Option<T> {
    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T> Empty for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Empty for std::collections::BTreeMap<K, V> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Empty for String {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Empty for Secret {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Empty for Base64 {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

macro_rules! zero_is_empty {
    ($($ty:ty),*) => {$(
        impl Empty for $ty {
            // Zero alone is left out, however near to it a value is.
            #[allow(clippy::float_cmp)]
            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    )*};
}

zero_is_empty!(bool, i32, u32, f32, f64, Int64, UInt64);

pub(crate) fn is_empty<T: Empty>(value: &T) -> bool {
    value.is_empty()
}

/// Reads `null` as absent, as proto3 JSON does.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(d: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(d)?.unwrap_or_default())
}

/// A field's name, without the mark that lets a keyword be one.
pub(crate) const fn bare(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// A key of an object, not copied where it stands in the text as it is.
pub(crate) struct Key<'de>(std::borrow::Cow<'de, str>);

impl Key<'_> {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(v.into()))
            }
            fn visit_str<E>(self, v: &str) -> Result<Key<'de>, E> {
                Ok(Key(v.to_owned().into()))
            }
        }
        d.deserialize_str(V)
    }
}

/// Reads the value of a field; `null` is absent. One function for all fields of a type, while serde's derive makes a
/// type of its own for every field that is read in its own way: a third of the workbench's first load.
///
/// JSON has numbers beyond what 32 bits hold. They are refused here too, where the JSON was read before: as infinities they
/// would be written as `null`, which no list of numbers may hold.
pub(crate) fn take<'de, A: serde::de::MapAccess<'de>, T: Default + Deserialize<'de> + 'static>(
    map: &mut A,
    slot: &mut T,
) -> Result<(), A::Error> {
    *slot = map.next_value::<Option<T>>()?.unwrap_or_default();
    let kind = TypeId::of::<T>();
    if kind == TypeId::of::<f32>() || kind == TypeId::of::<Vec<f32>>() {
        let slot: &dyn Any = slot;
        let one = slot.downcast_ref::<f32>().into_iter();
        if !one.chain(slot.downcast_ref::<Vec<f32>>().into_iter().flatten()).all(|n| n.is_finite()) {
            return Err(serde::de::Error::custom("a number is too large for 32 bits"));
        }
    }
    Ok(())
}

/// Declares a message: every field may be absent or `null`, unknown fields are ignored, and empty fields are left out
/// when it is written, but those under `always`, which the API prints even when they are zero or empty.
macro_rules! message {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[doc = $fdoc:expr])* $field:ident : $ty:ty ),* $(,)?
        }
        $( always { $( $(#[doc = $adoc:expr])* $afield:ident : $aty:ty ),* $(,)? } )?
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
        pub struct $name {
            $(
                $(#[doc = $fdoc])*
                #[serde(skip_serializing_if = "crate::wire::is_empty")]
                pub $field: $ty,
            )*
            $($(
                $(#[doc = $adoc])*
                pub $afield: $aty,
            )*)?
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct V;
                impl<'de> serde::de::Visitor<'de> for V {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }
                    #[allow(unused_mut, unused_variables)]
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut out = $name::default();
                        while let Some(key) = map.next_key::<crate::wire::Key<'de>>()? {
                            let key = key.as_str();
                            $( if key == const { crate::wire::bare(stringify!($field)) } {
                                crate::wire::take(&mut map, &mut out.$field)?;
                                continue;
                            } )*
                            $($( if key == const { crate::wire::bare(stringify!($afield)) } {
                                crate::wire::take(&mut map, &mut out.$afield)?;
                                continue;
                            } )*)?
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                        Ok(out)
                    }
                }
                d.deserialize_struct(stringify!($name), &[], V)
            }
        }

        impl crate::describe::Describe for $name {
            fn shape() -> crate::describe::Shape {
                const MESSAGE: &crate::describe::Message = &crate::describe::Message {
                    name: stringify!($name),
                    fields: &[
                        $( crate::describe::field!($(#[doc = $fdoc])* $field: $ty, false), )*
                        $($( crate::describe::field!($(#[doc = $adoc])* $afield: $aty, true), )*)?
                    ],
                };
                crate::describe::Shape::Message(MESSAGE)
            }
        }
    };
}
pub(crate) use message;

/// Declares a reply: a message with the `status` that every body of the API has at its top.
macro_rules! reply {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[doc = $fdoc:expr])* $field:ident : $ty:ty ),* $(,)?
        }
        $( always { $( $(#[doc = $adoc:expr])* $afield:ident : $aty:ty ),* $(,)? } )?
    ) => {
        crate::wire::message! {
            $(#[$meta])*
            pub struct $name {
                /// How the call went.
                status: Option<crate::messages::Status>,
                $( $(#[doc = $fdoc])* $field: $ty, )*
            }
            always { $($( $(#[doc = $adoc])* $afield: $aty, )*)? }
        }
        impl crate::operation::Reply for $name {
            fn status(&self) -> Option<&crate::messages::Status> {
                self.status.as_ref()
            }
            fn set_status(&mut self, status: crate::messages::Status) {
                self.status = Some(status);
            }
        }
    };
}
pub(crate) use reply;
