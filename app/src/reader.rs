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
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;
    use types::{EvaluationRun, Event, EventKind, RunId, Timestamp};

    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    enum Shape {
        Point,
        Circle(f64),
        Box { wide: u8 },
    }

    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    struct Everything {
        flag: bool,
        small: i8,
        large: u64,
        lowest: i64,
        real: f64,
        text: String,
        nothing: Option<String>,
        pair: (u8, String),
        shapes: Vec<Shape>,
        named: BTreeMap<String, Value>,
    }

    fn everything() -> Everything {
        Everything {
            flag: true,
            small: -3,
            large: u64::MAX,
            lowest: i64::MIN,
            real: 2.0,
            text: "15 × 23".into(),
            nothing: None,
            pair: (7, "seven".into()),
            shapes: vec![Shape::Point, Shape::Circle(1.5), Shape::Box { wide: 2 }],
            named: [("arguments".to_owned(), serde_json::json!({"a": [1, -2, 3.5, null, "x"]}))].into(),
        }
    }

    #[test]
    fn every_kind_of_value_is_read_back() {
        let text = serde_json::to_string(&everything()).unwrap();
        assert_eq!(read::<Everything>(&text).unwrap(), everything());
    }

    #[test]
    fn an_event_whose_kind_is_told_by_a_field_is_read() {
        let kind = EventKind::Series { step: 3, values: [("reward/mean".to_owned(), 0.5)].into() };
        let event =
            Event { run: RunId(Default::default()), seq: 4, at: Timestamp::from_millis(1_795_353_607_319), kind };
        assert_eq!(read::<Event>(&serde_json::to_string(&event).unwrap()).unwrap(), event);
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for (text, told) in [
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("[]", "a value is not an object"),
            (r#"{"flag":1}"#, "a value is not true or false"),
            (r#"{"flag":true}"#, "value 2 is missing"),
        ] {
            assert_eq!(read::<Everything>(text).unwrap_err().to_string(), told);
        }
        assert!(read::<i8>("300").is_err() && read::<u8>("-1").is_err() && read::<i64>("1.5").is_err());
        assert!(read::<EvaluationRun>("{}").is_err());
    }
}
