//! The records of a table, one at a time; of one that is larger than a row may be only its size is kept.

use crate::{columns::COLUMNS_MAX, text::Lines};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use types::CASE_BYTES_MAX;

/// Line ends: they stand between records, the first of two with the record before it.
const LINE_ENDS: [char; 2] = ['\r', '\n'];

/// The records of a table.
pub struct Records<'a> {
    reader: Reader,
    text: &'a str,
    place: usize,
    lines: Lines<'a>,
    /// A cell while it is read. One that does not fit makes its record too large.
    cell: Vec<u8>,
}

/// A record as read.
#[derive(Default)]
pub struct Record<'a> {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// The record as it stands.
    pub text: &'a str,
    /// Its cells; of a record that is not whole some of the first.
    pub cells: Vec<String>,
    /// How many cells it has.
    pub count: usize,
    /// How many bytes its cells have.
    pub bytes: usize,
}

impl Record<'_> {
    /// Whether all its cells are there.
    pub const fn is_whole(&self) -> bool {
        self.count <= COLUMNS_MAX && self.bytes <= CASE_BYTES_MAX
    }

    fn push(&mut self, cell: &[u8]) {
        self.count += 1;
        self.bytes += cell.len();
        if self.is_whole() {
            self.cells.push(String::from_utf8_lossy(cell).into_owned());
        }
    }
}

impl<'a> Records<'a> {
    /// Before the first record.
    pub fn of(text: &'a str, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text, place: 0, lines: Lines::of(text), cell: vec![0; CASE_BYTES_MAX + 1] }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or_default()
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let begin = self.rest().trim_start_matches(LINE_ENDS);
        let mut record = Record { line: self.lines.line(begin), ..Record::default() };
        let (bytes, mut filled) = (self.text.as_bytes(), 0);
        loop {
            let room = self.cell.get_mut(filled..)?;
            let (result, read, written) = self.reader.read_field(bytes.get(self.place..)?, room);
            self.place += read;
            filled += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => record.bytes += std::mem::take(&mut filled),
                ReadFieldResult::Field { record_end } => {
                    record.push(self.cell.get(..std::mem::take(&mut filled))?);
                    if record_end {
                        let length = begin.len().saturating_sub(self.rest().len());
                        record.text = begin.get(..length).unwrap_or_default().trim_end_matches(LINE_ENDS);
                        return Some(record);
                    }
                }
                ReadFieldResult::End => return None,
            }
        }
    }
}
