//! Passing on what somebody else wrote: a body of either API, without what its model refuses.

use super::{Answer, Client, Failure, known};
use serde_json::{Map, Value};

/// What a request is about: nothing of it can be left out.
const ESSENTIAL: [&str; 5] = ["model", "messages", "input", "tools", "stream"];

impl Client {
    /// Sends a body to `path` below the base URL. Parameters that its model is known to refuse are left out; one that it
    /// refuses now is left out too, once, and remembered.
    ///
    /// # Errors
    /// What went wrong, without the key.
    pub async fn pass(&self, path: &str, mut body: Map<String, Value>) -> Result<Answer, Failure> {
        let base_url = &self.endpoint().base_url;
        let model = body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
        for name in known::get(base_url, &model).refused {
            leave_out(&mut body, &name);
        }
        let failure = match self.send(path, &body).await {
            Err(failure) => failure,
            answer => return answer,
        };
        match &failure.refused {
            Some(name) if leave_out(&mut body, name) => {
                known::learn(base_url, &model, |known| _ = known.refused.insert(name.clone()));
                self.send(path, &body).await
            }
            _ => Err(failure),
        }
    }
}

fn leave_out(body: &mut Map<String, Value>, name: &str) -> bool {
    !ESSENTIAL.contains(&name) && body.remove(name).is_some()
}
