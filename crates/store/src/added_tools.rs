//! Table `added_tools`: the tools that people added, with what their headers hold.

use crate::{
    Store,
    column::{from_json, json, json_readable, text},
    failure::{failed, unreadable},
    listing::items,
};
use std::fmt;
use types::{AddedTool, AddedToolId, Error};

/// An added tool with its headers. `Debug` hides what they hold.
#[derive(Clone, PartialEq)]
pub struct StoredTool {
    /// The tool.
    pub tool: AddedTool,
    /// Headers of its requests: names and values.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for StoredTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredTool").field("tool", &self.tool).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    tool_json: String,
    headers_json: String,
}

impl Store {
    /// Adds a tool.
    ///
    /// # Errors
    /// `Conflict` when its id or name is taken.
    pub async fn added_tool_insert(&self, stored: &StoredTool) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO added_tools (id, name, tool_json, headers_json) VALUES ($1, $2, $3, $4)";
        sqlx::query(SQL)
            .bind(stored.tool.id.to_string())
            .bind(text(&stored.tool.name))
            .bind(json_readable("added_tools.tool_json", &stored.tool)?)
            .bind(json("added_tools.headers_json", &stored.headers)?)
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// Every added tool, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn added_tool_list(&self) -> Result<Vec<StoredTool>, Error> {
        const SQL: &str = "SELECT tool_json, headers_json FROM added_tools ORDER BY name";
        items(sqlx::query_as::<_, Row>(SQL).fetch_all(&self.read).await.map_err(failed)?)
    }

    /// Replaces everything but id and name; false when there is no such tool.
    ///
    /// # Errors
    /// The database fails.
    pub async fn added_tool_update(&self, stored: &StoredTool) -> Result<bool, Error> {
        const SQL: &str = "UPDATE added_tools SET tool_json = $2, headers_json = $3 WHERE id = $1";
        let done = sqlx::query(SQL)
            .bind(stored.tool.id.to_string())
            .bind(json_readable("added_tools.tool_json", &stored.tool)?)
            .bind(json("added_tools.headers_json", &stored.headers)?)
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected() > 0)
    }

    /// Deletes a tool and its headers; false when there is none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn added_tool_delete(&self, id: AddedToolId) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM added_tools WHERE id = $1").bind(id.to_string()).execute(&self.write);
        Ok(done.await.map_err(failed)?.rows_affected() > 0)
    }
}

impl TryFrom<Row> for StoredTool {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            tool: from_json("added_tools.tool_json", &row.tool_json)?,
            headers: serde_json::from_str(&row.headers_json)
                .map_err(|_| unreadable("added_tools.headers_json", "no list of names and values"))?,
        })
    }
}
