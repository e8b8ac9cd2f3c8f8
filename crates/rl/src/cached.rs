//! Tools whose answers are remembered within a run: the same call is asked once. The tools are deterministic offline.

use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;
use tools::{Arguments, Tool, ToolError, ToolRegistry};
use types::ToolSpec;

/// Answers remembered of one tool.
const ANSWERS_MAX: usize = 20_000;

struct Cached {
    spec: ToolSpec,
    inner: ToolRegistry,
    answers: Mutex<HashMap<String, Result<String, ToolError>>>,
}

/// The same tools, remembering.
pub fn cached(tools: &ToolRegistry) -> ToolRegistry {
    tools.specs().iter().cloned().fold(ToolRegistry::default(), |registry, spec| {
        registry.with(Cached { spec, inner: tools.clone(), answers: Mutex::default() })
    })
}

#[async_trait]
impl Tool for Cached {
    fn spec(&self) -> ToolSpec {
        self.spec.clone()
    }

    async fn call(&self, arguments: &Arguments, cancel: &CancellationToken) -> Result<String, ToolError> {
        let key = serde_json::to_string(arguments).unwrap_or_default();
        if let Some(answer) = self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return answer.clone();
        }
        let answer = self.inner.call(&self.spec.name, arguments, cancel).await;
        let passing = matches!(answer, Err(ToolError::Cancelled | ToolError::Timeout(_)));
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if !passing && answers.len() < ANSWERS_MAX {
            answers.insert(key, answer.clone());
        }
        answer
    }
}
