//! How answers of server functions travel: JSON, read as text.
//!
//! Pages also read JSON text that the server put into the document, and from sockets. Reading answers the same way lets the
//! browser's half carry one reader of every type instead of two.

use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::{JsonEncoding, Post},
};

/// JSON that is read as text.
pub struct TextJson;

/// The body of an answer, for `output = Answer`.
pub type Answer = Post<TextJson>;

impl ContentType for TextJson {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for TextJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for TextJson {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = std::str::from_utf8(&bytes).map_err(serde::de::Error::custom)?;
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_through_as_it_was() {
        let sent = vec!["Überblick".to_owned()];
        let bytes = TextJson::encode(&sent).unwrap();
        assert_eq!(<TextJson as Decodes<Vec<String>>>::decode(bytes).unwrap(), sent);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert!(<TextJson as Decodes<String>>::decode(Bytes::from_static(&[b'"', 0xff, b'"'])).is_err());
    }
}
