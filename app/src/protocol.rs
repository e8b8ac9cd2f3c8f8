//! How server functions travel: JSON both ways.
//!
//! The browser's half of every call is one function, `ask`. A server function adds to it the writer of its arguments and
//! the reader of its answer, and nothing else, so that the module stays small.

use crate::{error::AppError, reader::read};
use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    ContentType, Protocol,
    client::Client,
    codec::{Encoding, FromReq, IntoRes, Json, PostUrl},
    request::{ClientReq, Req},
    response::ClientRes,
    server::Server,
};
use std::{fmt::Display, future::Future, marker::PhantomData, pin::Pin};
use types::Error;

/// The protocol of a server function, by what its arguments may come as.
pub struct Ui<Accepts = JsonOnly>(PhantomData<Accepts>);

/// What the arguments of a server function may come as.
pub trait Accepts {
    /// Whether plain forms are taken.
    const FORMS: bool;
}

/// Arguments as JSON, from a running page.
pub struct JsonOnly;

impl Accepts for JsonOnly {
    const FORMS: bool = false;
}

/// Arguments as JSON, or as a plain form from a page without JavaScript.
pub struct JsonOrForm;

impl Accepts for JsonOrForm {
    const FORMS: bool = true;
}

impl<A, Input, Output, C, S> Protocol<Input, Output, C, S, AppError> for Ui<A>
where
    A: Accepts,
    Input: Serialize + DeserializeOwned + Send,
    Output: Serialize + DeserializeOwned + Send,
    C: Client<AppError>,
    S: Server<AppError>,
    S::Request: 'static,
{
    const METHOD: Method = Json::METHOD;

    async fn run_server<F, Fut>(request: S::Request, server_fn: F) -> Result<S::Response, AppError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, AppError>> + Send,
    {
        let is_form = request.to_content_type().is_some_and(|kind| kind.starts_with(PostUrl::CONTENT_TYPE));
        let input = if A::FORMS && is_form {
            <Input as FromReq<PostUrl, _, _>>::from_req(request).await?
        } else {
            <Input as FromReq<Json, _, _>>::from_req(request).await?
        };
        <Output as IntoRes<Json, _, _>>::into_res(server_fn(input).await?).await
    }

    fn run_client(path: &str, input: Input) -> impl Future<Output = Result<Output, AppError>> + Send {
        let answer = ask::<C>(path.to_owned(), serde_json::to_string(&input));
        async move { read(&answer.await?).map_err(unreadable) }
    }
}

type Answered = Pin<Box<dyn Future<Output = Result<String, AppError>> + Send>>;

/// Posts the arguments, and waits for the text of the answer or the problem that was answered.
fn ask<C: Client<AppError>>(path: String, arguments: serde_json::Result<String>) -> Answered {
    Box::pin(async move {
        let arguments = arguments.map_err(unreadable)?;
        let request =
            C::Request::try_new_req_text(&path, Json::CONTENT_TYPE, Json::CONTENT_TYPE, arguments, Json::METHOD)?;
        let answer = C::send(request).await?;
        let is_problem = answer.status() >= 400;
        let text = answer.try_into_string().await?;
        if is_problem { Err(read(&text).unwrap_or_else(unreadable)) } else { Ok(text) }
    })
}

fn unreadable(error: impl Display) -> AppError {
    AppError(Error::Internal(format!("the answer cannot be read: {error}")).problem(None))
}
