//! JSON Lines from strangers: bounded in size, length and depth, and every problem says its line.

use serde_json::{Map, Value};
use std::fmt;
use types::{CASE_BYTES_MAX, CASE_FILE_BYTES_MAX, CASES_MAX, JSON_DEPTH_MAX, json_depth};

/// What is wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which file: `questions`, `answers` or `calls`.
    pub file: &'static str,
    /// Its line, from 1; 0 = the file as a whole.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}, line {line}: {}", self.file, self.message),
        }
    }
}

/// The text of a file: UTF-8, with or without a byte order mark, not longer than [`CASE_FILE_BYTES_MAX`].
///
/// # Errors
/// It is longer, or not UTF-8; then the line is named.
pub fn text_of<'a>(file: &'static str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    if bytes.len() > CASE_FILE_BYTES_MAX {
        return Err(Problem {
            file,
            line: 0,
            message: format!("is longer than {} MB", CASE_FILE_BYTES_MAX / 1024 / 1024),
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Problem { file, line, message: "is not UTF-8; save the file in that encoding".into() }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Each line that is not blank, with its number: an object, or what is wrong with it.
pub fn objects(text: &str) -> impl Iterator<Item = (usize, Result<Map<String, Value>, String>)> {
    let lines = text.lines().enumerate().map(|(place, line)| (place + 1, line.trim()));
    lines.filter(|(_, line)| !line.is_empty()).take(CASES_MAX + 1).enumerate().map(|(place, (number, line))| {
        let parsed = if place < CASES_MAX {
            object(line)
        } else {
            Err(format!("the file has more than {CASES_MAX} lines; the rest is not read"))
        };
        (number, parsed)
    })
}

fn object(line: &str) -> Result<Map<String, Value>, String> {
    if line.len() > CASE_BYTES_MAX {
        return Err(format!("is {} bytes long, at most {CASE_BYTES_MAX}", line.len()));
    }
    if json_depth(line.as_bytes()) > JSON_DEPTH_MAX {
        return Err(format!("is nested deeper than {JSON_DEPTH_MAX} levels"));
    }
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("is no JSON object".into()),
        Err(error) => Err(format!("is no JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Result<Map<String, Value>, String> {
        objects(text).next().unwrap().1
    }

    #[test]
    fn lines_are_numbered_as_an_editor_numbers_them() {
        let numbers: Vec<usize> = objects("\r\n{}\r\n\n  \n{}\n").map(|(number, _)| number).collect();
        assert_eq!(numbers, [2, 5]);
    }

    #[test]
    fn what_is_too_long_too_deep_or_no_object_is_told() {
        assert!(first(&format!("{{\"a\": {}1{}}}", "[".repeat(31), "]".repeat(31))).is_ok());
        assert!(first(&format!("{{\"a\": {}1{}}}", "[".repeat(32), "]".repeat(32))).unwrap_err().contains("deeper"));
        assert!(first(&"[".repeat(200_000)).unwrap_err().contains("deeper"));
        assert!(first(r#"{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[["}"#).is_ok());
        assert!(first(&" ".repeat(10).replace(' ', "x").repeat(30_000)).unwrap_err().contains("bytes long"));
        assert!(first("[1]").unwrap_err().contains("no JSON object"));
        assert!(first(&format!("{{\"n\": {}}}", "9".repeat(200_000))).unwrap_err().contains("no JSON"));
    }

    #[test]
    fn what_follows_too_many_lines_is_refused_once() {
        let text = "{}\n".repeat(CASES_MAX + 10);
        let read: Vec<_> = objects(&text).collect();
        assert_eq!(read.len(), CASES_MAX + 1);
        assert!(read[CASES_MAX].1.as_ref().unwrap_err().contains("more than 50000 lines"));
    }

    #[test]
    fn encodings_are_checked() {
        assert_eq!(text_of("calls", b"\xef\xbb\xbf{}"), Ok("{}"));
        let problem = text_of("calls", b"{}\n{\"a\": \"\xe9\"}").unwrap_err();
        assert_eq!(problem.to_string(), "calls, line 2: is not UTF-8; save the file in that encoding");
        assert_eq!(text_of("calls", &vec![b' '; CASE_FILE_BYTES_MAX + 1]).unwrap_err().line, 0);
    }
}
