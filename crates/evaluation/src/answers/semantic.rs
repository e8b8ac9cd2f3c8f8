//! `semantic`: the reply means what was expected, by the cosine of their embeddings.

use super::{AnswerCheck, Judgement, Wanted, by_model};
use crate::models::{ModelQuestion, Reply};
use types::ExtensionSpec;

/// Cosine similarity of two embeddings, negative ones as 0.
pub struct Semantic;

const THRESHOLD: f64 = 0.8;

impl AnswerCheck for Semantic {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "semantic".into(),
            label: "Same meaning".into(),
            description:
                "How alike the reply and the expected answer are to the embedding model that the settings name: \
                          the cosine of their embeddings."
                    .into(),
            parameters: vec![super::threshold("The similarity that is enough.", THRESHOLD)],
        }
    }

    fn needs(&self) -> Option<super::ModelKind> {
        Some(super::ModelKind::Embeddings)
    }

    fn expects_nothing(&self, wanted: &Wanted) -> bool {
        wanted.as_text().is_empty()
    }

    fn judge_asking(&self, wanted: &Wanted, reply: &Reply<'_>) -> Result<Judgement, String> {
        let (expected, text) = (wanted.as_text(), reply.text.trim().to_owned());
        by_model(wanted, reply, THRESHOLD, ModelQuestion::Similarity { expected, reply: text })
    }
}
