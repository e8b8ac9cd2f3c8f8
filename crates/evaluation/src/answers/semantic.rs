//! `semantic`: the reply means what was expected. It needs an embedder or a judge; until one can be configured it is
//! refused, never answered with a constant.

use super::{AnswerCheck, Judgement, Wanted};
use types::ExtensionSpec;

/// Refused until there is an embedder or a judge.
pub struct Semantic;

const WHY: &str = "`semantic` needs an embedding model or a judge, and none can be configured yet; use exact_match, \
                   contains or numeric";

impl AnswerCheck for Semantic {
    fn spec(&self) -> ExtensionSpec {
        ExtensionSpec {
            name: "semantic".into(),
            label: "Same meaning".into(),
            description:
                "The reply means the same as the expected answer. Not available yet: it needs an embedding model \
                          or a judge."
                    .into(),
            parameters: Vec::new(),
        }
    }

    fn refusal(&self, _wanted: &Wanted) -> Option<String> {
        Some(WHY.into())
    }

    fn judge(&self, _wanted: &Wanted, _reply: &str) -> Judgement {
        Judgement::of(false, WHY.into())
    }
}
