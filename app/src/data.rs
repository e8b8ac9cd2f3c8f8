//! What pages load: by the server before the page is sent, by the browser when the source changes.
//!
//! All data travels through one type of resource, so that the browser's half carries the machinery once and not once
//! for every type. The first value is read from the text that the server put into the document.

use crate::{
    error::AppError,
    reader::{Unreadable, read},
};
use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};
use types::Error;

/// The resource behind all data.
pub type Source = Resource<Loaded, Wire>;

type Loaded = Result<Payload, AppError>;

/// A `T` that is loaded by its page, and again whenever its source changes.
pub struct Data<T> {
    source: Source,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Data<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Data<T> {}

impl<T: Serialize + Send + Sync + 'static> Data<T> {
    /// Loads with `fetch` what `source` says.
    pub fn new<S, F>(
        source: impl Fn() -> S + Send + Sync + 'static,
        fetch: impl Fn(S) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let source = Memo::new(move |_| source());
        let ask = move || -> Asked {
            let answer = fetch(source.get_untracked());
            Box::pin(async move { answer.await.map(Payload::of) })
        };
        // Read, not only tracked: a memo that is first read by the fetcher would count as changed, and all be loaded twice.
        Self { source: load(Box::new(move || source.with(|_| ())), Box::new(ask)), kind: PhantomData }
    }
}

impl<T> Data<T> {
    /// Loads it again.
    pub fn refetch(self) {
        self.source.refetch();
    }

    /// What `read` says of the data as it stands; `None` while there is none.
    pub fn read<R>(self, read: impl FnOnce(&T) -> R) -> Option<R>
    where
        T: Clone + DeserializeOwned + 'static,
    {
        let value = self.source.with(|state| state.as_ref()?.as_ref().ok()?.open::<T>().ok());
        value.as_ref().map(read)
    }

    /// The resource behind it.
    pub const fn source(self) -> Source {
        self.source
    }
}

type Asked = Pin<Box<dyn Future<Output = Result<Payload, AppError>> + Send>>;

fn load(track: Box<dyn Fn() + Send + Sync>, ask: Box<dyn Fn() -> Asked + Send + Sync>) -> Source {
    let version = Memo::new(move |before: Option<&u32>| {
        track();
        before.map_or(0, |before| before.wrapping_add(1))
    });
    Resource::new_with_options(move || version.get(), move |_| ask(), false)
}

/// How data stands in a document: JSON, read by our own reader like every answer.
pub struct Wire;

impl Encoder<Loaded> for Wire {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(loaded: &Loaded) -> Result<String, serde_json::Error> {
        serde_json::to_string(loaded)
    }
}

impl Decoder<Loaded> for Wire {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<Loaded, Unreadable> {
        read(text)
    }
}

/// Only the server writes data into a document: the browser's half carries no writer of what it only reads.
const WRITES: bool = cfg!(not(target_arch = "wasm32"));

/// A value of any type: as text in the document, as itself once it was fetched.
#[derive(Clone)]
pub struct Payload {
    text: String,
    value: Option<Arc<dyn Any + Send + Sync>>,
}

impl Payload {
    fn of<T: Serialize + Send + Sync + 'static>(value: T) -> Self {
        let text = if WRITES { serde_json::to_string(&value).unwrap_or_default() } else { String::new() };
        Self { text, value: Some(Arc::new(value)) }
    }

    /// The value.
    ///
    /// # Errors
    /// The text in the document is not that of a `T`.
    pub fn open<T: Clone + DeserializeOwned + 'static>(&self) -> Result<T, AppError> {
        match self.value.as_ref().and_then(|value| value.downcast_ref::<T>()) {
            Some(value) => Ok(value.clone()),
            None => read(&self.text)
                .map_err(|error| AppError(Error::Internal(format!("the page's own data: {error}")).problem(None))),
        }
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { text: String::deserialize(deserializer)?, value: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_from_memory_and_from_the_document() {
        let sent = Payload::of(vec![Some("15 * 23".to_owned()), None]);
        let wire = serde_json::to_string(&sent).unwrap();
        let read: Payload = serde_json::from_str(&wire).unwrap();
        assert_eq!(sent.open::<Vec<Option<String>>>().unwrap(), read.open::<Vec<Option<String>>>().unwrap());
    }

    #[test]
    fn data_of_another_type_is_an_error_and_no_panic() {
        assert!(Payload::of("text".to_owned()).open::<u32>().is_err());
    }
}
