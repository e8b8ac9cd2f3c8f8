//! Server function of the theme.

use crate::{codec::Answer, error::AppError};
use leptos::prelude::*;

/// Keeps the choice for a year. A plain form, so that it works without JavaScript.
#[server(ThemeSetCall, prefix = "/api/ui", endpoint = "theme_set", output = Answer)]
pub async fn theme_set(theme: String) -> Result<(), AppError> {
    crate::ssr::keep_theme(crate::theme::Theme::from_word(&theme));
    Ok(())
}
