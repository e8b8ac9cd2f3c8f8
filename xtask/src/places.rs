//! Blanks the places in the sources that panics would name: a panic in the browser only traps (see `prune`).
//!
//! Every call that might panic leaves a `core::panic::Location` in the data: where its file's name is, its length, the line
//! and the column. No two are alike, so they are what compresses worst, and the names tell of the machine that built it.

use walrus::{ConstExpr, Data, DataKind, Module, ir::Value};

/// Bytes of a `Location`: four words of 32 bits.
const LOCATION_BYTES: usize = 16;
/// Longest name of a file, and greatest line and column, that are taken for a place.
const NAME_BYTES_MAX: u32 = 300;
const LINE_MAX: u32 = 100_000;
const COLUMN_MAX: u32 = 1_000;
/// An empty name (which must not be null) in line 0, column 0.
const NOWHERE: [u8; LOCATION_BYTES] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Blanks them all; answers how many there were.
pub fn forget(module: &mut Module) -> usize {
    let (ids, mut segments): (Vec<_>, Vec<_>) =
        module.data.iter().filter_map(|data| Some((data.id(), segment(data)?))).unzip();
    let found: Vec<Place> = segments.iter().flat_map(|(start, bytes)| places(*start, bytes, &segments)).collect();
    for (start, bytes) in &mut segments {
        for place in &found {
            write(*start, bytes, place.at, &NOWHERE);
            write(*start, bytes, place.name, &vec![0; place.name_bytes as usize]);
        }
    }
    for (id, (_, bytes)) in ids.into_iter().zip(segments) {
        module.data.get_mut(id).value = bytes;
    }
    found.len()
}

/// A `Location` at an address, and its file's name at another.
struct Place {
    at: u32,
    name: u32,
    name_bytes: u32,
}

/// The address and the bytes of data that is there from the start.
pub fn segment(data: &Data) -> Option<(u32, Vec<u8>)> {
    match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(start)), .. } => {
            Some((u32::try_from(start).ok()?, data.value.clone()))
        }
        _ => None,
    }
}

fn places(start: u32, bytes: &[u8], segments: &[(u32, Vec<u8>)]) -> Vec<Place> {
    let aligned = (4 - start as usize % 4) % 4;
    let words = (aligned..bytes.len().saturating_sub(LOCATION_BYTES - 1)).step_by(4);
    words.filter_map(|offset| place(start + offset as u32, bytes.get(offset..)?, segments)).collect()
}

fn place(at: u32, bytes: &[u8], segments: &[(u32, Vec<u8>)]) -> Option<Place> {
    let word = |n: usize| Some(u32::from_le_bytes(bytes.get(4 * n..4 * n + 4)?.try_into().ok()?));
    let (name, name_bytes, line, column) = (word(0)?, word(1)?, word(2)?, word(3)?);
    let likely = name_bytes <= NAME_BYTES_MAX && (1..=LINE_MAX).contains(&line) && (1..=COLUMN_MAX).contains(&column);
    let text = likely.then(|| segments.iter().find_map(|(start, bytes)| read(*start, bytes, name, name_bytes)))??;
    text.ends_with(b".rs").then_some(Place { at, name, name_bytes })
}

fn read(start: u32, bytes: &[u8], at: u32, length: u32) -> Option<&[u8]> {
    let from = at.checked_sub(start)? as usize;
    bytes.get(from..from.checked_add(length as usize)?)
}

/// Writes at an address, if these bytes hold it.
pub fn write(start: u32, bytes: &mut [u8], at: u32, with: &[u8]) {
    let from = at.checked_sub(start).map(|from| from as usize);
    if let Some(there) = from.and_then(|from| bytes.get_mut(from..from + with.len())) {
        there.copy_from_slice(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_blanked_and_nothing_else() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        let name = b"src/a.rs";
        let mut bytes = name.to_vec();
        for word in [1024, name.len() as u32, 12, 5] {
            bytes.extend(u32::to_le_bytes(word));
        }
        // A text that is no file, with numbers behind it as a place has them.
        for word in [1024, 5, 12, 5] {
            bytes.extend(u32::to_le_bytes(word));
        }
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(1024)) };
        let id = module.data.add(kind, bytes.clone());
        assert_eq!(forget(&mut module), 1);
        let left = &module.data.get(id).value;
        assert_eq!(left[..8], [0; 8]);
        assert_eq!(left[8..24], NOWHERE);
        assert_eq!(left[24..], bytes[24..]);
    }
}
