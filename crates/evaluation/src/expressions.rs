//! Regular expressions from strangers: bounded in size, linear in time.

use regex::{Regex, RegexBuilder};

/// Longest expression, in bytes.
const BYTES_MAX: usize = 1000;
/// Largest compiled expression, in bytes.
const COMPILED_MAX: usize = 1 << 20;

/// The expression, ready to be used.
///
/// # Errors
/// Why it cannot be: the sentence follows its name.
pub fn compiled(expression: &str) -> Result<Regex, String> {
    if expression.len() > BYTES_MAX {
        return Err(format!("is {} bytes long, at most {BYTES_MAX}", expression.len()));
    }
    let built = RegexBuilder::new(expression).size_limit(COMPILED_MAX).build();
    built.map_err(|error| format!("is no regular expression that can be used: {error}"))
}
