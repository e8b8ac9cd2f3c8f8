//! `llm_judge`: a model gives the reply marks by a rubric.

use super::{AnswerCheck, Judgement, Wanted, by_model};
use crate::models::{ModelQuestion, Reply};
use types::ExtensionSpec;

/// The marks of a judging model, 0 to 1; the rubric is what is expected.
pub struct LlmJudge;

const THRESHOLD: f64 = 0.7;

impl AnswerCheck for LlmJudge {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "llm_judge".into(),
            label: "Judged by a model".into(),
            description:
                "The marks, 0 to 1, that the judging model of the settings gives the reply by a rubric: what is \
                          expected here says what makes a reply good."
                    .into(),
            parameters: vec![super::threshold("The marks that are enough.", THRESHOLD)],
        }
    }

    fn needs(&self) -> Option<super::ModelKind> {
        Some(super::ModelKind::Judge)
    }

    fn expects_nothing(&self, wanted: &Wanted) -> bool {
        wanted.as_text().is_empty()
    }

    fn judge_asking(&self, wanted: &Wanted, reply: &Reply<'_>) -> Result<Judgement, String> {
        let (question, text) = (reply.question.to_owned(), reply.text.trim().to_owned());
        by_model(wanted, reply, THRESHOLD, ModelQuestion::Rubric { rubric: wanted.as_text(), question, reply: text })
    }
}
