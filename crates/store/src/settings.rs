//! Table `settings`: what people set for the whole program.

use crate::{
    Store,
    column::{from_json, json},
    failure::failed,
};
use types::{Error, JudgeSettings};

const JUDGES: &str = "judges";

impl Store {
    /// The models that judge replies.
    ///
    /// # Errors
    /// The database fails.
    pub async fn judge_settings(&self) -> Result<JudgeSettings, Error> {
        const SQL: &str = "SELECT value_json FROM settings WHERE name = $1";
        let stored: Option<String> =
            sqlx::query_scalar(SQL).bind(JUDGES).fetch_optional(&self.read).await.map_err(failed)?;
        stored.map_or_else(|| Ok(JudgeSettings::default()), |stored| from_json("settings.value_json", &stored))
    }

    /// Sets the models that judge replies.
    ///
    /// # Errors
    /// The database fails.
    pub async fn judge_settings_put(&self, settings: &JudgeSettings) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO settings (name, value_json) VALUES ($1, $2) \
                           ON CONFLICT (name) DO UPDATE SET value_json = excluded.value_json";
        let value = json("settings.value_json", settings)?;
        sqlx::query(SQL).bind(JUDGES).bind(value).execute(&self.write).await.map_err(failed)?;
        Ok(())
    }
}
