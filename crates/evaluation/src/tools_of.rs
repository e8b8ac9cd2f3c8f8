//! The tools that a case brings: described by it, and answering with what it says.

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tools::{Arguments, Tool, ToolError, ToolRegistry};
use types::{CaseTool, FieldError, TestCaseCreate, ToolSpec};

/// The tools of `case` for its turns; `None` = the agent's own are all there are.
pub fn tools_of(case: &TestCaseCreate) -> Option<agents::TurnTools> {
    let brings = case.only_own_tools || !case.tool_defs.is_empty();
    let canned = || case.tool_defs.iter().cloned().map(Canned);
    let own = || canned().fold(ToolRegistry::default(), ToolRegistry::with);
    brings.then(|| agents::TurnTools { own: own(), only: case.only_own_tools })
}

/// Names of the tools that the agent has in `case`, where `registered` are there without it.
pub fn names(case: &TestCaseCreate, registered: &[String]) -> Vec<String> {
    let others = registered.iter().filter(|_| !case.only_own_tools).cloned();
    case.tool_defs.iter().map(|tool| tool.name.clone()).chain(others).collect()
}

/// What is wrong with how the tools are described.
pub fn refusals(case: &TestCaseCreate) -> Vec<FieldError> {
    let described = case.tool_defs.iter().enumerate();
    let refused = |(_, tool): &(usize, &CaseTool)| schema(tool).get("type").is_some_and(|kind| kind != "object");
    let message = "describe no object; arguments are an object, with `\"type\": \"object\"`";
    let error = |(place, _)| FieldError::new(format!("tool_defs[{place}].parameters"), message);
    described.filter(refused).map(error).collect()
}

fn schema(tool: &CaseTool) -> Value {
    if tool.parameters.is_empty() {
        return json!({ "type": "object", "properties": {} });
    }
    Value::Object(tool.parameters.clone())
}

/// A tool that answers with what its case says.
struct Canned(CaseTool);

#[async_trait]
impl Tool for Canned {
    fn spec(&self) -> ToolSpec {
        let CaseTool { name, description, .. } = &self.0;
        ToolSpec { name: name.clone(), description: description.clone(), parameters: schema(&self.0) }
    }

    async fn call(&self, _: &Arguments, _: &CancellationToken) -> Result<String, ToolError> {
        Ok(match &self.0.result {
            Some(Value::String(text)) => text.clone(),
            Some(result) => result.to_string(),
            None => json!({ "simulated": true, "note": "a tool of this test case, without a result" }).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tool_of_a_case_answers_with_what_the_case_says() {
        let tool = |name: &str, result| CaseTool { name: name.into(), result, ..CaseTool::default() };
        let case = TestCaseCreate {
            tool_defs: vec![tool("a", Some(json!({"n": 5}))), tool("b", None)],
            ..TestCaseCreate::default()
        };
        let tools = tools_of(&case).unwrap();
        assert!(!tools.only && tools_of(&TestCaseCreate::default()).is_none());
        let call = async |name: &str| tools.own.call(name, &Arguments::new(), &CancellationToken::new()).await.unwrap();
        assert_eq!(call("a").await, r#"{"n":5}"#);
        assert!(call("b").await.contains("simulated"));
        assert_eq!(names(&case, &["search".into()]), ["a", "b", "search"]);
    }
}
