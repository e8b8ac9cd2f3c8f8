//! A value that is let go when it is larger than a row may be.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::{cell::Cell, fmt};
use types::CASE_BYTES_MAX;

/// A value; `None` when it is too large, though it was read to its end.
pub struct SmallValue(pub Option<Value>);

impl<'de> Deserialize<'de> for SmallValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let left = Cell::new(CASE_BYTES_MAX);
        let value = Part { left: &left }.deserialize(deserializer)?;
        Ok(Self((left.get() > 0).then_some(value)))
    }
}

/// A part of the value, by the bytes that are left for it and what follows.
#[derive(Clone, Copy)]
struct Part<'a> {
    left: &'a Cell<usize>,
}

impl Part<'_> {
    /// The part, when there is room for it: it takes its text's bytes and one more.
    fn of<E>(self, text: usize, value: impl FnOnce() -> Value) -> Result<Value, E> {
        self.left.set(self.left.get().saturating_sub(text.saturating_add(1)));
        Ok(if self.left.get() > 0 { value() } else { Value::Null })
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        self.of(0, || Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        self.of(0, || Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        self.of(0, || Value::from(value))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        self.of(0, || Number::from_i128(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        self.of(0, || Number::from_u128(value).map_or_else(|| Value::String(value.to_string()), Value::Number))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        self.of(0, || Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        self.of(value.len(), || Value::from(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        self.of(0, || Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        self.of(0, || Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while self.left.get() > 0
            && let Some(value) = list.next_element_seed(self)?
        {
            values.push(value);
        }
        if self.left.get() == 0 {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        self.of(0, || Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while self.left.get() > 0
            && let Some(name) = map.next_key::<String>()?
        {
            self.left.set(self.left.get().saturating_sub(name.len()));
            values.insert(name, map.next_value_seed(self)?);
        }
        if self.left.get() == 0 {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        self.of(0, || Value::Object(values))
    }
}
