//! A request whose answer is one JSON document, with the same retries, bounds and redaction as a step.

use super::{Answer, Client, read::bounded_body, wait_for, waits};
use crate::redact::redacted;
use serde_json::Value;

/// Longest answer that is read: two embeddings of ten thousand numbers fit many times.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Client {
    /// The document that is answered to `body`, tried again while that helps. Dropping the future closes the connection.
    ///
    /// # Errors
    /// What went wrong, in words, without the key.
    pub async fn document(&self, path: &str, body: &Value) -> Result<Value, String> {
        let mut waits = waits();
        loop {
            match self.send(path, body).await {
                Ok(Answer { response, permit: _place }) => {
                    let bytes = bounded_body(response, ANSWER_BYTES_MAX).await;
                    let bytes = bytes.map_err(|error| redacted(&error.to_string(), self.endpoint.key()))?;
                    return serde_json::from_slice(&bytes).map_err(|error| {
                        redacted(&format!("the provider's answer is not JSON: {error}"), self.endpoint.key())
                    });
                }
                Err(failure) => match wait_for(failure.retry, waits.next()) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(failure.message),
                },
            }
        }
    }
}
