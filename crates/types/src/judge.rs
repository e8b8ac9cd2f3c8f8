//! Which models judge replies.

use crate::FieldError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A model of a provider.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelChoice {
    /// Name of the provider.
    pub provider: String,
    /// Name of its model.
    pub model: String,
}

/// The models that judge replies; null = none, and checks that need it are refused.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct JudgeSettings {
    /// Embeds texts, for `semantic`; its provider answers `POST /embeddings`.
    pub embeddings: Option<ModelChoice>,
    /// Gives marks, for `llm_judge`; its provider answers `POST /chat/completions`.
    pub judge: Option<ModelChoice>,
}

impl fmt::Display for ModelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.provider, self.model)
    }
}

impl JudgeSettings {
    /// Of texts in a form: each a provider, a slash and its model; blank = none.
    ///
    /// # Errors
    /// Every text that is neither.
    pub fn typed(embeddings: &str, judge: &str) -> Result<Self, Vec<FieldError>> {
        match (choice("embeddings", embeddings), choice("judge", judge)) {
            (Ok(embeddings), Ok(judge)) => Ok(Self { embeddings, judge }),
            (first, second) => Err(first.err().into_iter().chain(second.err()).collect()),
        }
    }
}

fn choice(field: &str, typed: &str) -> Result<Option<ModelChoice>, FieldError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let parts = typed.split_once('/').map(|(provider, model)| (provider.trim(), model.trim()));
    match parts.filter(|(provider, model)| !provider.is_empty() && !model.is_empty()) {
        Some((provider, model)) => Ok(Some(ModelChoice { provider: provider.into(), model: model.into() })),
        None => {
            let message = "expected a provider, a slash and its model, such as openai/gpt-4o-mini";
            Err(FieldError::new(field, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_its_text_and_what_is_none_is_told_by_its_field() {
        let settings = JudgeSettings::typed(" ", "openrouter / meta/llama-3 ").unwrap();
        assert_eq!(
            (settings.embeddings, settings.judge.unwrap().to_string()),
            (None, "openrouter/meta/llama-3".into())
        );
        let errors = JudgeSettings::typed("gpt", "/x").unwrap_err();
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["embeddings", "judge"]);
    }
}
