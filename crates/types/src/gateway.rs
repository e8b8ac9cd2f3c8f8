//! What went through the gateway: calls of models and tools by clients of any framework, kept as trajectories.

use crate::{FieldError, GatewayCallId, Page, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest name of a rollout, in characters.
pub const ROLLOUT_CHARS_MAX: usize = 128;

/// Highest number of an attempt.
pub const ATTEMPT_MAX: i64 = 1_000_000;

/// What was called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// A model, over an OpenAI-compatible path.
    Model,
    /// A tool, over MCP.
    Tool,
}

/// Whose call it is: an attempt of a rollout, as the path `/g/{rollout}/{attempt}/…` says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Name of the rollout: letters, digits and `.`, `_`, `-`, `:`.
    pub rollout: String,
    /// Which attempt, from 0.
    pub attempt: i64,
}

impl Attempt {
    /// Every part that would be refused; empty = valid.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let chars = self.rollout.chars().count();
        let plain = self.rollout.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:".contains(c));
        if chars == 0 || chars > ROLLOUT_CHARS_MAX || !plain {
            let expected = format!("expected 1 to {ROLLOUT_CHARS_MAX} letters, digits or any of . - _ :");
            errors.push(FieldError::new("rollout", format!("has {chars} characters, {expected}")));
        }
        if !(0..=ATTEMPT_MAX).contains(&self.attempt) {
            errors.push(FieldError::new("attempt", format!("is {}, expected 0 to {ATTEMPT_MAX}", self.attempt)));
        }
        errors
    }
}

/// A call as lists show it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GatewayCallListItem {
    /// Its id.
    pub id: GatewayCallId,
    /// Name of the rollout; `None` when the client named none.
    pub rollout: Option<String>,
    /// Which attempt, from 0.
    pub attempt: i64,
    /// Place within the attempt, from 1; calls come in the order they ended.
    pub seq: i64,
    /// What was called.
    pub kind: CallKind,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub duration_ms: i64,
    /// Name of the model or tool.
    pub model: String,
    /// Tokens read, as far as the model told them.
    pub input_tokens: u64,
    /// Tokens written, as far as the model told them.
    pub output_tokens: u64,
    /// HTTP status it was answered with.
    pub status: u16,
    /// What went wrong.
    pub error: Option<String>,
}

/// A call with what was asked and answered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GatewayCall {
    /// The call.
    #[serde(flatten)]
    pub call: GatewayCallListItem,
    /// What was asked.
    pub request_json: Value,
    /// What was answered; of a stream, what it amounted to.
    pub response_json: Option<Value>,
}

/// Which calls.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct GatewayCallQuery {
    /// Which page.
    pub page: Page,
    /// Only of this rollout.
    #[serde(default)]
    pub rollout: Option<String>,
    /// Only of this attempt.
    #[serde(default)]
    pub attempt: Option<i64>,
    /// Only of this model or tool.
    #[serde(default)]
    pub model: Option<String>,
    /// Only of this kind.
    #[serde(default)]
    pub kind: Option<CallKind>,
    /// Only what began at this time or later.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollout_is_a_plain_name_and_an_attempt_a_count() {
        let refused = |rollout: &str, attempt| Attempt { rollout: rollout.into(), attempt }.validate().len();
        assert_eq!(refused("0192f0c1-2345-7890-abcd-ef0123456789", 0), 0);
        assert_eq!(refused("case:12_a.b", 3), 0);
        assert_eq!(refused("", 0), 1);
        assert_eq!(refused("a b", -1), 2);
        assert_eq!(refused(&"x".repeat(129), 0), 1);
    }
}
