//! Reads values from JSON text, in little code.
//!
//! The browser's half reads some fifty types. serde_json's own reader parses inside every one of them, from objects and
//! from arrays alike; here the text is parsed once, by serde_json, and a value is only taken out of the parsed tree. A
//! struct is read as the list of its fields, each looked up by its name: what serde derives for lists is half of what it
//! derives for objects. So a field that may be missing needs `#[serde(default)]`, also when it is an `Option`, and a
//! struct with other names for a field (`alias`) cannot be read.

use serde::{
    Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
        Visitor, value::BorrowedStrDeserializer,
    },
};
use serde_json::{Map, Number, Value};
use std::{fmt, slice};

/// Reads a value.
///
/// # Errors
/// The text is no JSON, or that of another type.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let value = parse(text)?;
    T::deserialize(Reader(&value))
}

#[inline(never)]
fn parse(text: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|error| Unreadable(error.to_string()))
}

/// Why a text could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    #[cold]
    #[inline(never)]
    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("a value is of another type than expected".into())
    }

    #[cold]
    #[inline(never)]
    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("a value is not one of those expected".into())
    }

    #[cold]
    #[inline(never)]
    fn invalid_length(length: usize, _: &dyn Expected) -> Self {
        Self(format!("value {} is missing", length + 1))
    }

    #[cold]
    #[inline(never)]
    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self(format!("`{variant}` is not a known variant"))
    }

    #[cold]
    #[inline(never)]
    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self(format!("`{field}` is not a known field"))
    }

    #[cold]
    #[inline(never)]
    fn missing_field(field: &'static str) -> Self {
        Self(format!("`{field}` is missing"))
    }

    #[cold]
    #[inline(never)]
    fn duplicate_field(field: &'static str) -> Self {
        Self(format!("`{field}` is there twice"))
    }
}

#[cold]
#[inline(never)]
fn not_a(kind: &str) -> Unreadable {
    Unreadable(format!("a value is not {kind}"))
}

/// Methods that read as another one does.
macro_rules! forward {
    ($to:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.$to(visitor)
        }
    )*};
}

#[derive(Clone, Copy)]
struct Reader<'de>(&'de Value);

impl<'de> Reader<'de> {
    #[inline(never)]
    fn text(self) -> Result<&'de str, Unreadable> {
        self.0.as_str().ok_or_else(|| not_a("a text"))
    }

    #[inline(never)]
    fn items(self) -> Result<Items<'de>, Unreadable> {
        self.0.as_array().map(|items| Items(items.iter())).ok_or_else(|| not_a("a list"))
    }

    #[inline(never)]
    fn fields(self) -> Result<Fields<'de>, Unreadable> {
        self.0.as_object().map(Fields::of).ok_or_else(|| not_a("an object"))
    }

    #[inline(never)]
    fn named(self, names: &'static [&'static str]) -> Result<Named<'de>, Unreadable> {
        self.0.as_object().map(|object| Named { object, names: names.iter() }).ok_or_else(|| not_a("an object"))
    }

    #[inline(never)]
    fn number(self) -> Result<&'de Number, Unreadable> {
        match self.0 {
            Value::Number(number) => Ok(number),
            _ => Err(not_a("a number")),
        }
    }

    fn whole<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let number = self.number()?;
        match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => Err(not_a("a whole number")),
        }
    }

    fn real<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(self.number()?.as_f64().ok_or_else(|| not_a("a number"))?)
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) if number.is_f64() => self.real(visitor),
            Value::Number(_) => self.whole(visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items.iter())),
            Value::Object(object) => visitor.visit_map(Fields::of(object)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or_else(|| not_a("true or false"))?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.fields()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.named(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant { name, content: &Value::Null }),
            _ => {
                let (name, content) = self.fields()?.0.next().ok_or_else(|| not_a("a variant"))?;
                visitor.visit_enum(Variant { name, content })
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit unit_struct tuple_struct }
    forward! { deserialize_str: deserialize_string deserialize_char deserialize_identifier }
    forward! { whole: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    forward! { real: deserialize_f32 deserialize_f64 }
}

struct Items<'de>(slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The fields of a struct, in the order of its definition; a missing one is `None`.
struct Named<'de> {
    object: &'de Map<String, Value>,
    names: slice::Iter<'static, &'static str>,
}

impl<'de> Named<'de> {
    #[inline(never)]
    fn step(&mut self) -> Option<&'de Value> {
        self.object.get(*self.names.next()?)
    }
}

impl<'de> SeqAccess<'de> for Named<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.step().map(|value| seed.deserialize(Reader(value))).transpose()
    }
}

struct Fields<'de>(serde_json::map::Iter<'de>, &'de Value);

impl<'de> Fields<'de> {
    fn of(object: &'de Map<String, Value>) -> Self {
        Self(object.iter(), &Value::Null)
    }

    #[inline(never)]
    fn step(&mut self) -> Option<&'de str> {
        let (name, value) = self.0.next()?;
        self.1 = value;
        Some(name)
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        self.step().map(|name| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Reader(self.1))
    }
}

struct Variant<'de> {
    name: &'de str,
    content: &'de Value,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unreadable;
    type Variant = Reader<'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Reader<'de>), Unreadable> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, Reader(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Reader<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.named(names)?)
    }
}

#[cfg(test)]
mod tests;
