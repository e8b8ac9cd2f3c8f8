//! Values to and from columns: ids, words, JSON, flags and text.

use crate::failure::unreadable;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Display, str::FromStr};
use types::{Error, Timestamp};

/// Free text as it is stored: PostgreSQL has no NUL character, so both engines store U+FFFD instead.
pub(crate) fn text(value: &str) -> String {
    value.replace('\0', "\u{FFFD}")
}

/// [`text`] of a nullable column.
pub(crate) fn text_opt(value: Option<&str>) -> Option<String> {
    value.map(text)
}

/// A number as it is stored. JSON and SQLite know no NaN: it is refused rather than stored as something else.
pub(crate) fn number(column: &str, value: f64) -> Result<f64, Error> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::Internal(format!("database: column {column} is {value}, expected a finite number")))
}

/// [`number`] of a nullable column, for two parameters: `CASE WHEN $1 = 1 THEN $2 END`.
///
/// sqlx 0.9 sends a null f64 to PostgreSQL as a REAL; a statement prepared so refuses every later DOUBLE PRECISION.
pub(crate) fn number_opt(column: &str, value: Option<f64>) -> Result<(i64, f64), Error> {
    Ok((flag(value.is_some()), number(column, value.unwrap_or_default())?))
}

/// A flag as it is stored.
pub(crate) fn flag(value: bool) -> i64 {
    i64::from(value)
}

/// A nullable time as it is stored.
pub(crate) fn millis_opt(value: Option<Timestamp>) -> Option<i64> {
    value.map(Timestamp::as_millis)
}

/// A nullable time as it is read.
pub(crate) fn time_opt(value: Option<i64>) -> Option<Timestamp> {
    value.map(Timestamp::from_millis)
}

/// A count as it is read: never negative.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

/// An id (or another parsed word) as it is read.
pub(crate) fn parsed<T: FromStr<Err: Display>>(column: &str, value: &str) -> Result<T, Error> {
    value.parse().map_err(|why| unreadable(column, why))
}

/// JSON as it is stored.
pub(crate) fn json<T: Serialize + ?Sized>(column: &str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|why| Error::Internal(format!("database: column {column}: {why}")))
}

/// [`json`] of a nullable column.
pub(crate) fn json_opt<T: Serialize>(column: &str, value: Option<&T>) -> Result<Option<String>, Error> {
    value.map(|value| json(column, value)).transpose()
}

/// JSON of a type that may hold NaN or nest too deep to be read again: read back before it is stored, so that one bad
/// value cannot make a whole run unreadable.
pub(crate) fn json_readable<T: Serialize + DeserializeOwned>(column: &str, value: &T) -> Result<String, Error> {
    let text = json(column, value)?;
    serde_json::from_str::<T>(&text)
        .map_err(|why| Error::Internal(format!("database: column {column} could not be read again: {why}")))?;
    Ok(text)
}

/// JSON as it is read.
pub(crate) fn from_json<T: DeserializeOwned>(column: &str, value: &str) -> Result<T, Error> {
    serde_json::from_str(value).map_err(|why| unreadable(column, why))
}

/// [`from_json`] of a nullable column.
pub(crate) fn from_json_opt<T: DeserializeOwned>(column: &str, value: Option<&str>) -> Result<Option<T>, Error> {
    value.map(|value| from_json(column, value)).transpose()
}

/// The word of an enum without data, as serde names it.
pub(crate) fn word<T: Serialize>(column: &str, value: &T) -> Result<String, Error> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Error::Internal(format!("database: column {column} takes a word"))),
    }
}

/// The enum of a [`word`].
pub(crate) fn from_word<T: DeserializeOwned>(column: &str, value: &str) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::String(value.to_owned())).map_err(|why| unreadable(column, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{Outcome, Split};

    #[test]
    fn a_word_survives_and_an_unknown_one_is_an_error() {
        let stored = word("outcome", &Outcome::MalformedCall).unwrap();
        assert_eq!(stored, "malformed_call");
        assert_eq!(from_word::<Outcome>("outcome", &stored).unwrap(), Outcome::MalformedCall);
        assert!(matches!(from_word::<Split>("split", "half"), Err(Error::Internal(_))));
    }

    #[test]
    fn not_a_number_is_refused_by_name() {
        let Err(Error::Internal(message)) = number("avg_reward", f64::NAN) else { panic!("NaN was taken") };
        assert!(message.contains("avg_reward") && message.contains("NaN"), "{message}");
        assert_eq!(number("avg_reward", -0.5).unwrap(), -0.5);
    }

    #[test]
    fn a_nul_character_becomes_the_replacement_character() {
        assert_eq!(text("a\0b"), "a\u{FFFD}b");
    }
}
