//! Three-valued fields of an update: absent (unchanged), `null` (cleared), a value.

use serde::{Deserialize, Deserializer, Serialize};

/// For `#[serde(default, deserialize_with = "patch", skip_serializing_if = "Option::is_none")]` on `Option<Option<T>>`.
pub fn patch<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// For an `Option<T>` that may be absent but not `null`: null is refused with what would be right.
pub fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A page of a list: `skip` rows, then at most `limit`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    /// Rows passed over.
    pub skip: u32,
    /// Rows answered at most.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { skip: 0, limit: 100 }
    }
}

/// One page of `T` and how many rows there are in all.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Paged<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Rows over all pages.
    pub total: u64,
}
