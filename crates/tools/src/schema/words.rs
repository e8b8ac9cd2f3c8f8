//! Values and kinds in words.

use serde_json::Value;

/// What a value is.
pub const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The kinds that a schema wants.
pub fn kinds(wanted: &Value) -> String {
    let name = |name: &Value| match name.as_str() {
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("string") => "a string",
        Some("boolean") => "true or false",
        Some("object") => "an object",
        Some("array") => "a list",
        Some("null") => "null",
        _ => "something else",
    };
    match wanted {
        Value::Array(names) => names.iter().map(name).collect::<Vec<_>>().join(" or "),
        one => name(one).to_owned(),
    }
}

/// Keeps the beginning of what is written to it.
struct Start(Vec<u8>);

impl std::io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Enough for 60 characters of any kind.
        let room = 300_usize.saturating_sub(self.0.len());
        if room == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.0.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A value short enough for a sentence.
pub fn brief(value: &Value) -> String {
    let mut start = Start(Vec::new());
    // A long value ends it early; what was written until then is enough.
    let _ = serde_json::to_writer(&mut start, value);
    let text = String::from_utf8_lossy(&start.0);
    if text.chars().count() > 60 {
        format!("{}…", text.chars().take(60).collect::<String>())
    } else {
        text.into_owned()
    }
}
