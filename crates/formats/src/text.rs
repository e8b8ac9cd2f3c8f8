//! From bytes to text.

use types::{CASE_FILE_BYTES_MAX, Error};

/// The text of a file: UTF-8, with or without a byte order mark.
pub fn decode(bytes: &[u8]) -> Result<&str, Error> {
    if bytes.len() > CASE_FILE_BYTES_MAX {
        let mebibytes = bytes.len().div_ceil(1024 * 1024);
        return Err(Error::Invalid(format!(
            "the file has {mebibytes} MB, expected at most {}",
            CASE_FILE_BYTES_MAX >> 20
        )));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Error::Invalid("the file is UTF-16; save it as UTF-8".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = lines_before(bytes, error.valid_up_to()) + 1;
        Error::Invalid(format!("line {line} of the file is not UTF-8; save the file as UTF-8"))
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Line breaks before `place`.
fn lines_before(bytes: &[u8], place: usize) -> usize {
    bytes.iter().take(place).filter(|byte| **byte == b'\n').count()
}

/// Line (from 1) of `part`, which is a part of `text`, when asked for parts in ascending order.
pub struct Lines<'a> {
    text: &'a str,
    place: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    /// Before the first line.
    pub const fn of(text: &'a str) -> Self {
        Self { text, place: 0, line: 1 }
    }

    /// The line where `part` begins.
    pub fn line(&mut self, part: &str) -> u32 {
        let place = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let between = self.text.as_bytes().get(self.place..place).unwrap_or_default();
        let breaks = between.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.place = self.place.max(place);
        self.line
    }
}
