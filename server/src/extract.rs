//! What a handler takes from a request: a JSON body, a query, an id. Each refuses as a [`Failure`] that names the field.

use crate::problem::Failure;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Request, rejection::RawPathParamsRejection},
    http::{StatusCode, header, request::Parts},
};
use http_body_util::LengthLimitError;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::error::Category;
use std::{error::Error as _, iter::successors, str::FromStr, time::Duration};
use types::{Error, JSON_DEPTH_MAX, json_depth};

/// A JSON body.
pub struct JsonBody<T>(pub T);

/// A body as it came, for use cases that read files; of what type it may be is checked around the router.
pub struct FileBody(pub Bytes);

/// The query of a list or a socket.
pub struct QueryOf<T>(pub T);

/// The id in the path.
pub struct IdOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let bytes = json_bytes(request).await?;
        let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = error.path().to_string();
            refused(&path, error.inner())
        })?;
        deserializer.end().map_err(|error| refused(".", &error))?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequest<S> for FileBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let bytes = read_body(request.into_body()).await?;
        if bytes.is_empty() { Err(Error::field("body", "is missing; expected a file").into()) } else { Ok(Self(bytes)) }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let (path, message) = (error.path().to_string(), error.inner().to_string());
            Error::field(if path == "." { "query".to_owned() } else { path }, format!("is wrong: {message}")).into()
        })
    }
}

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for IdOf<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|rejection| {
            let cause = rejection.source().is_some_and(|source| source.is::<RawPathParamsRejection>());
            let detail = if cause { "the path is not UTF-8" } else { "the path has no id" };
            Failure::transport(StatusCode::NOT_FOUND, detail)
        })?;
        Ok(Self(id_of("id", &text)?))
    }
}

/// The id that a part of a path is.
pub fn id_of<T: FromStr>(field: &str, text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(80).collect();
        Error::field(field, format!("is `{shown}`, expected a UUID such as 0192f0c1-2345-7890-abcd-ef0123456789"))
    })
}

/// For a flag in a query: `true`, `1`, `yes`, `on` and their opposites, as the original's parser took them.
pub fn query_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
        _ => Err(serde::de::Error::custom(format!("`{text}` is neither true nor false"))),
    }
}

/// The bytes of a request that says it is JSON, within the limits of size and nesting.
async fn json_bytes(request: Request) -> Result<Bytes, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bytes = read_body(request.into_body()).await?;
    if bytes.is_empty() {
        return Err(Error::field("body", "is missing; expected a JSON object").into());
    }
    if !kind.as_deref().is_some_and(is_json) {
        let detail =
            format!("the content type is `{}`, expected application/json", kind.as_deref().unwrap_or("not set"));
        return Err(Failure::transport(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    if json_depth(&bytes) > JSON_DEPTH_MAX {
        return Err(Error::field("body", format!("is nested deeper than {JSON_DEPTH_MAX} levels")).into());
    }
    Ok(bytes)
}

/// Longest wait for a whole body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// The whole body, within a time; its size is limited by the layer around the router.
pub async fn read_body(body: Body) -> Result<Bytes, Failure> {
    let read = tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, usize::MAX)).await;
    let too_slow = |_| Failure::transport(StatusCode::REQUEST_TIMEOUT, "the body did not arrive within 60 seconds");
    read.map_err(too_slow)?.map_err(|error| {
        // Layers wrap the error of the body, each once more.
        let too_large = successors(error.source(), |&error| error.source()).any(|error| error.is::<LengthLimitError>());
        if too_large {
            Failure::transport(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than this endpoint takes")
        } else {
            Failure::transport(StatusCode::BAD_REQUEST, "the body broke off")
        }
    })
}

/// Whether a content type is JSON.
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn refused(path: &str, error: &serde_json::Error) -> Failure {
    match error.classify() {
        Category::Data if path != "." => Error::field(path, format!("is wrong: {error}")),
        Category::Data => Error::field("body", format!("is wrong: {error}")),
        _ => Error::field("body", format!("is not JSON: {error}")),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_may_carry_a_charset() {
        assert!(is_json("application/json; charset=utf-8") && is_json("Application/JSON"));
        assert!(!is_json("text/plain") && !is_json("application/jsonp"));
    }
}
