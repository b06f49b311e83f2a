//! Enums that stay open: written as the number, read from the number or the name. A number that we do not know is kept;
//! a name that we do not know reads as 0, as the vendor's clients do.

/// Declares an open enum: a number with named constants.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $number:literal ),* $(,)? } $( aliases { $( $alias:literal = $anumber:literal ),* $(,)? } )?) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i32);

        // Some of the wire's names are not in capitals.
        #[allow(non_upper_case_globals)]
        impl $name {
            /// Every name with its number, in the order of their declaration.
            pub const NAMES: &[(&str, i32)] = &[$( (stringify!($variant), $number) ),*];

            $( $(#[$vmeta])* pub const $variant: Self = Self($number); )*

            /// The wire's name of this value, where we know it.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $( $number => Some(stringify!($variant)), )*
                    _ => None,
                }
            }

            /// The value of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                // A table is searched, since a match of a few hundred names is a few thousand bytes of code.
                let aliases: &[(&str, i32)] = &[$($( ($alias, $anumber) ),*)?];
                Self::NAMES.iter().chain(aliases).find(|(n, _)| *n == name).map(|(_, number)| Self(*number))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, "{}({})", stringify!($name), self.0),
                }
            }
        }

        impl crate::describe::Describe for $name {
            fn shape() -> crate::describe::Shape {
                crate::describe::Shape::Enum(stringify!($name), Self::NAMES)
            }
        }

        impl crate::wire::Empty for $name {
            fn is_empty(&self) -> bool {
                self.0 == 0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_i32(self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                d.deserialize_any(crate::wire::open_enum::EnumVisitor(|name| Self::from_name(name).map(|v| v.0))).map(Self)
            }
        }
    };
}
pub(crate) use open_enum as declare;

/// Reads a number, or a name by the table handed in.
pub(crate) struct EnumVisitor(pub fn(&str) -> Option<i32>);

impl serde::de::Visitor<'_> for EnumVisitor {
    type Value = i32;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the number or the name of an enum value")
    }
    fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<i32, E> {
        Ok((self.0)(v).or_else(|| v.parse().ok()).unwrap_or(0))
    }
    fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<i32, E> {
        v.try_into().map_err(|_| E::custom(format_args!("{v} is no enum value")))
    }
    fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<i32, E> {
        v.try_into().map_err(|_| E::custom(format_args!("{v} is no enum value")))
    }
    fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<i32, E> {
        if v.fract() == 0.0 && v.abs() < 2e9 {
            Ok(v as i32)
        } else {
            Err(E::custom(format_args!("{v} is no enum value")))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::messages::{ExportFormat, StatusCode};

    #[test]
    fn numbers_names_and_the_unknown() {
        for json in ["2", "\"COCO\"", "\"2\"", "2.0"] {
            assert_eq!(serde_json::from_str::<ExportFormat>(json).unwrap(), ExportFormat::COCO, "{json}");
        }
        assert_eq!(serde_json::from_str::<ExportFormat>("77").unwrap(), ExportFormat(77));
        assert_eq!(serde_json::from_str::<ExportFormat>("\"LATER\"").unwrap(), ExportFormat(0));
        assert_eq!(serde_json::to_string(&ExportFormat::COCO).unwrap(), "2");
        assert_eq!(
            serde_json::from_str::<StatusCode>("\"INPUT_DOWNLOAD_SUCCESS\"").unwrap(),
            StatusCode::INPUT_SUCCESS
        );
        assert_eq!(format!("{:?} {:?}", StatusCode::SUCCESS, StatusCode(1)), "SUCCESS StatusCode(1)");
    }
}
