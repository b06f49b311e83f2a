//! What the messages look like, as data: for the generated TypeScript and OpenAPI, and for the test that holds our fields
//! against the API's own. Nothing of it is linked where nobody asks.

use crate::messages::ConceptValue;
use crate::wire::{Base64, Int64, Secret, Struct, Timestamp, UInt64};
use serde_json::Value;
use std::collections::BTreeMap;

/// A message and its fields.
#[derive(Debug)]
pub struct Message {
    /// Its name here, which is the API's but for capitals: `AwsCreds` for `AWSCreds`.
    pub name: &'static str,
    /// In the order of their declaration.
    pub fields: &'static [Field],
}

/// A field of a message.
#[derive(Debug)]
pub struct Field {
    name: &'static str,
    /// What is said about it; empty where its name says all.
    pub doc: &'static str,
    /// What it holds.
    pub shape: fn() -> Shape,
    /// Printed even when it is zero or empty.
    pub always: bool,
}

impl Field {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, shape: fn() -> Shape, always: bool) -> Self {
        Self { name, doc, shape, always }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.trim_start_matches("r#")
    }
}

/// What a field holds, as it stands in JSON.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A text.
    Text,
    /// A credential: a text that is not to be shown.
    Secret,
    /// `true` or `false`.
    Bool,
    /// A whole number of 32 bits, with its sign or without.
    Int {
        /// May it be below zero?
        signed: bool,
    },
    /// A whole number of 64 bits, as a string.
    BigInt {
        /// May it be below zero?
        signed: bool,
    },
    /// A number with a fraction.
    Float,
    /// Bytes as base64.
    Bytes,
    /// An RFC 3339 time.
    Time,
    /// A free-form object.
    Struct,
    /// Any JSON.
    Any,
    /// A number with names.
    Enum(&'static str, &'static [(&'static str, i32)]),
    /// A message.
    Message(&'static Message),
    /// A list.
    List(Box<Shape>),
    /// An object whose keys are free.
    Map(Box<Shape>),
    /// Absence means something of its own.
    Optional(Box<Shape>),
}

impl Shape {
    /// Adds every message and enum that this one reaches, by name.
    pub fn reach(&self, into: &mut BTreeMap<&'static str, Shape>) {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) => inner.reach(into),
            Self::Enum(name, _) => drop(into.insert(name, self.clone())),
            // Once: messages hold each other.
            Self::Message(message) if into.insert(message.name, self.clone()).is_none() => {
                message.fields.iter().for_each(|f| (f.shape)().reach(into));
            }
            _ => {}
        }
    }
}

/// Has a shape.
pub trait Describe {
    /// The shape.
    fn shape() -> Shape;
}

macro_rules! plain {
    ($( $ty:ty => $shape:expr ),* $(,)?) => {
        $( impl Describe for $ty {
            fn shape() -> Shape {
                $shape
            }
        } )*
    };
}

plain! {
    String => Shape::Text,
    Secret => Shape::Secret,
    bool => Shape::Bool,
    u32 => Shape::Int { signed: false },
    i32 => Shape::Int { signed: true },
    UInt64 => Shape::BigInt { signed: false },
    Int64 => Shape::BigInt { signed: true },
    f32 => Shape::Float,
    f64 => Shape::Float,
    ConceptValue => Shape::Float,
    Base64 => Shape::Bytes,
    Timestamp => Shape::Time,
    Struct => Shape::Struct,
    Value => Shape::Any,
}

impl<T: Describe> Describe for Option<T> {
    fn shape() -> Shape {
        Shape::Optional(Box::new(T::shape()))
    }
}

impl<T: Describe> Describe for Box<T> {
    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: Describe> Describe for BTreeMap<String, T> {
    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }
}

macro_rules! field {
    ($(#[doc = $doc:expr])* $field:ident : $ty:ty, $always:literal) => {
        crate::describe::Field::new(
            stringify!($field),
            concat!("" $(, $doc)*),
            <$ty as crate::describe::Describe>::shape,
            $always,
        )
    };
}
pub(crate) use field;
