//! Calls through the gateway as the texts that their page shows.

use crate::present::{duration, one_line};
use serde_json::Value;
use types::GatewayCallListItem;

/// Longest text that a page shows; the whole is in the API's answer.
const CHARS_MAX: usize = 100_000;

/// The id of a call, then a text for each column.
pub fn row(call: &GatewayCallListItem) -> Vec<String> {
    let time = call.at.to_string().replace('T', " ");
    let outcome = call.error.as_deref().map_or_else(|| "answered".into(), |error| one_line(error, 60));
    let rollout = call.rollout.as_ref().map_or_else(|| "–".into(), |rollout| format!("{rollout}/{}", call.attempt));
    vec![
        call.id.to_string(),
        call.model.clone(),
        rollout,
        call.seq.to_string(),
        duration(call.duration_ms),
        format!("{} {outcome}", call.status),
        time.get(..19).unwrap_or_default().to_owned(),
    ]
}

/// JSON to be read by people.
pub fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
