//! Refusals in OpenAI's words.

use crate::Result;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use types::Error;

/// Status and body of a refusal as OpenAI's clients read it; all four keys are always there.
pub fn openai_refusal(error: &Error) -> (u16, Value) {
    let (status, kind, code) = match error {
        Error::Invalid(_) | Error::Fields(_) | Error::Conflict(_) => (400, "invalid_request_error", None),
        Error::NotFound(_) => (404, "invalid_request_error", Some("model_not_found")),
        Error::Unauthenticated(_) => (401, "invalid_request_error", Some("invalid_api_key")),
        Error::Forbidden(_) => (403, "invalid_request_error", None),
        Error::Upstream(_) => (502, "server_error", Some("upstream_error")),
        Error::Cancelled | Error::Internal(_) | Error::Unavailable(_) => (error.status(), "server_error", None),
    };
    let param = match error {
        Error::Fields(fields) => fields.first().map(|field| field.field.as_str()),
        Error::NotFound(_) => Some("model"),
        _ => None,
    };
    (status, openai_error(&error.to_string(), kind, param, code))
}

/// The body of an error.
pub fn openai_error(message: &str, kind: &str, param: Option<&str>, code: Option<&str>) -> Value {
    json!({"error": {"message": message, "type": kind, "param": param, "code": code}})
}

/// The part of a request that is read.
pub fn reading<T: DeserializeOwned>(body: &Map<String, Value>) -> Result<T> {
    serde_path_to_error::deserialize(Value::Object(body.clone())).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "body".to_owned() } else { path };
        Error::field(field, format!("is wrong: {}", error.inner()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_the_four_keys_and_an_internal_one_tells_nothing() {
        let errors = [
            Error::field("messages[0].role", "is missing"),
            Error::NotFound("there is no model x".into()),
            Error::Upstream("gone".into()),
            Error::Internal("the database password is x".into()),
        ];
        let expected = [
            (400, json!("messages[0].role"), Value::Null),
            (404, json!("model"), json!("model_not_found")),
            (502, Value::Null, json!("upstream_error")),
            (500, Value::Null, Value::Null),
        ];
        for (error, (status, param, code)) in errors.iter().zip(expected) {
            let (told, body) = openai_refusal(error);
            let said = &body["error"];
            assert_eq!((told, &said["param"], &said["code"]), (status, &param, &code));
            assert_eq!(said.as_object().map(Map::len), Some(4));
            assert!(!said["message"].as_str().unwrap_or_default().contains("password"));
        }
    }
}
