//! Server function of the theme.

use crate::{
    error::AppError,
    protocol::{JsonOrForm, Ui},
};
use leptos::prelude::*;

/// Keeps the choice for a year. A plain form, so that it works without JavaScript.
#[server(ThemeSetCall, prefix = "/api/ui", endpoint = "theme_set", protocol = Ui<JsonOrForm>)]
pub async fn theme_set(theme: String) -> Result<(), AppError> {
    crate::ssr::keep_theme(crate::theme::Theme::from_word(&theme));
    Ok(())
}
