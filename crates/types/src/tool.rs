//! What a tool says of itself.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool as agents, `GET /api/v1/tools` and forms see it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolSpec {
    /// Unique, `[a-z0-9_]+`.
    pub name: String,
    /// One or two sentences for the model and for people.
    pub description: String,
    /// JSON Schema of the arguments: always an object schema.
    pub parameters: Value,
}
