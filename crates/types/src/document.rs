//! Documents of the offline search index.

use crate::{DocumentId, Timestamp};
use serde::{Deserialize, Serialize};

/// A document a person added to what `search` finds offline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// A document to add: title 1 to 300 characters, body 1 to 100,000.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentCreate {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
}
