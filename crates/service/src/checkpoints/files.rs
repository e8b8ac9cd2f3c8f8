//! Files that are whole or absent.

use crate::Result;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};
use types::Error;

/// Largest file read: weights and training state are far smaller.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Writes `parts` beside `path`, syncs, and renames into place: whoever reads `path` sees all of it or none.
///
/// # Errors
/// The disk refuses it; what stood at `path` before still does.
pub fn write(path: &Path, parts: &[&[u8]]) -> Result<()> {
    written(path, parts)
        .map_err(|error| Error::Unavailable(format!("the checkpoint {} cannot be written: {error}", path.display())))
}

fn written(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let beside = path.with_extension("partial");
    let mut file = File::create(&beside)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The name is durable once its folder is.
    File::open(folder)?.sync_all()
}

/// Reads a file of bounded size.
///
/// # Errors
/// A sentence saying which file is missing or too large.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let missing = |error: io::Error| format!("the checkpoint {} cannot be read: {error}", path.display());
    let size = fs::metadata(path).map_err(missing)?.len();
    if size > BYTES_MAX {
        return Err(format!("the checkpoint {} has {size} bytes, more than {BYTES_MAX}", path.display()));
    }
    fs::read(path).map_err(missing)
}

/// Removes a file; one that is gone already is as good.
pub fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "an old checkpoint cannot be removed");
    }
}

/// Names of the files of a folder; none when it is missing.
pub fn list(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
