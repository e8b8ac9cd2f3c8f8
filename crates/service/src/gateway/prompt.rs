//! What both APIs ask for, in the terms of the policy: what was said last, what tools answered since, what is on offer.

use crate::Result;
use agents::frameworks::local::Demand;
use policy::{State, ToolResult};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use types::{Error, MESSAGE_CHARS_MAX, ToolSpec};

/// Most entries of a conversation.
const ENTRIES_MAX: usize = 2000;
/// Most tools on offer.
const TOOLS_MAX: usize = 128;
/// Most arguments of all tools together: the policy lays out what each of them could be.
const ARGUMENTS_MAX: usize = 256;
/// Most of a tool's answer that is looked at, in bytes.
const RESULT_BYTES_MAX: usize = 64 * 1024;
/// Longest name of a tool, in characters.
const NAME_CHARS_MAX: usize = 128;
/// Most calls of a turn; then the policy has to reply, whatever its client would allow.
const CALLS_MAX: usize = 8;
/// How tools and frameworks begin the text of a failure: OpenAI's APIs have no field for it.
const FAILURES: [&str; 4] = ["Error: ", "error: ", "Error executing tool ", "An error occurred"];

/// What is asked of a policy.
pub struct Prompt {
    /// What it sees.
    pub state: State,
    /// Whether it has to call a tool.
    pub demand: Demand,
    /// How freely it draws; `None` = as its agent is set, or the most probable choice.
    pub temperature: Option<f64>,
    /// Seed of the draw.
    pub seed: Option<u64>,
    /// Whether the answer is streamed.
    pub stream: bool,
    /// Whether a stream tells its usage.
    pub stream_usage: bool,
}

/// One entry of a conversation.
pub enum Said {
    /// By the person.
    User(String),
    /// A call that was asked for.
    Call {
        /// Joins call and result.
        call_id: String,
        /// Which tool.
        name: String,
    },
    /// What a call gave.
    Result {
        /// Of which call.
        call_id: String,
        /// The answer.
        text: String,
    },
    /// Anything else: it does not bear on the decision.
    Other,
}

/// A text, or a list of parts with texts among them.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// The text.
    Text(String),
    /// The parts.
    Parts(Vec<Part>),
}

/// A part of a content; pictures and sounds have no text and are not seen.
#[derive(Deserialize)]
pub struct Part {
    text: Option<String>,
}

impl Content {
    /// All of its text.
    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Parts(parts) => parts.into_iter().filter_map(|part| part.text).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// A function on offer.
#[derive(Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// JSON Schema of its arguments.
    pub parameters: Option<Value>,
}

/// Refuses more entries than are read; `field` names where they stand.
pub fn check_entries(field: &str, count: usize) -> Result<()> {
    match count {
        0 => Err(Error::field(field, "is empty, expected at least one entry of the person")),
        n if n > ENTRIES_MAX => Err(Error::field(field, format!("has {n} entries, expected at most {ENTRIES_MAX}"))),
        _ => Ok(()),
    }
}

/// The functions as tools.
pub fn offered(functions: Vec<Function>) -> Result<Vec<ToolSpec>> {
    if functions.len() > TOOLS_MAX {
        return Err(Error::field("tools", format!("has {} entries, expected at most {TOOLS_MAX}", functions.len())));
    }
    let arguments =
        functions.iter().filter_map(|function| function.parameters.as_ref()?.get("properties")?.as_object());
    let arguments: usize = arguments.map(serde_json::Map::len).sum();
    if arguments > ARGUMENTS_MAX {
        let what = format!("have {arguments} arguments together, expected at most {ARGUMENTS_MAX}");
        return Err(Error::field("tools", what));
    }
    functions
        .into_iter()
        .enumerate()
        .map(|(place, function)| {
            let chars = function.name.chars().count();
            if chars == 0 || chars > NAME_CHARS_MAX {
                return Err(Error::field(
                    format!("tools[{place}].name"),
                    format!("has {chars} characters, expected 1 to {NAME_CHARS_MAX}"),
                ));
            }
            Ok(ToolSpec {
                name: function.name,
                description: function.description.unwrap_or_default(),
                parameters: function.parameters.filter(Value::is_object).unwrap_or_else(|| json!({"type": "object"})),
            })
        })
        .collect()
}

/// Leaves the tools that `tool_choice` allows, and says whether one has to be called.
pub fn choose(tools: &mut Vec<ToolSpec>, choice: Option<&Value>) -> Result<Demand> {
    let named = |choice: &Value| choice["function"]["name"].as_str().or(choice["name"].as_str()).map(str::to_owned);
    match choice {
        None | Some(Value::Null) => Ok(Demand::Any),
        Some(Value::String(word)) => match word.as_str() {
            "auto" => Ok(Demand::Any),
            "none" => {
                tools.clear();
                Ok(Demand::Any)
            }
            "required" => Ok(Demand::Call),
            _ => Err(Error::field("tool_choice", format!("is `{word}`, expected auto, none or required"))),
        },
        Some(choice) => {
            let name = named(choice).ok_or_else(|| {
                Error::field("tool_choice", "names no function, expected auto, none, required or one function")
            })?;
            tools.retain(|tool| tool.name == name);
            if tools.is_empty() {
                return Err(Error::field("tool_choice", format!("names `{name}`, which is not among the tools")));
            }
            Ok(Demand::Call)
        }
    }
}

/// What the policy sees: what the person said last, and what tools answered since.
pub fn situation(field: &str, said: Vec<Said>, mut tools: Vec<ToolSpec>) -> Result<State> {
    let asked = said.iter().rposition(|entry| matches!(entry, Said::User(_)));
    let asked = asked.ok_or_else(|| Error::field(field, "has no entry of role `user`"))?;
    let mut names = HashMap::new();
    let (mut user_input, mut results) = (String::new(), Vec::new());
    for (place, entry) in said.into_iter().enumerate() {
        match entry {
            Said::User(text) if place == asked => user_input = text.chars().take(MESSAGE_CHARS_MAX).collect(),
            Said::Call { call_id, name } => _ = names.insert(call_id, name),
            Said::Result { call_id, text } if place > asked => {
                let tool_name = names.get(&call_id).cloned().ok_or_else(|| {
                    let shown: String = call_id.chars().take(64).collect();
                    Error::field(field, format!("has a result of call `{shown}`, which nobody made"))
                })?;
                results.push(result(tool_name, text));
            }
            _ => {}
        }
    }
    if user_input.trim().is_empty() {
        return Err(Error::field(field, "has no text in its last entry of role `user`"));
    }
    if results.len() >= CALLS_MAX {
        tools.clear();
    }
    Ok(State { user_input, results, tools: tools.into() })
}

fn result(tool_name: String, text: String) -> ToolResult {
    let is_error = FAILURES.iter().any(|failure| text.starts_with(failure));
    let seen = text.get(..text.floor_char_boundary(RESULT_BYTES_MAX)).unwrap_or_default();
    let text = seen.strip_prefix("Error: ").unwrap_or(seen).to_owned();
    ToolResult { tool_name, text, is_error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> Vec<ToolSpec> {
        ["a", "b"]
            .map(|name| ToolSpec { name: name.into(), description: String::new(), parameters: json!({}) })
            .to_vec()
    }

    fn call(id: &str, name: &str) -> Said {
        Said::Call { call_id: id.into(), name: name.into() }
    }

    fn answer(id: &str, text: &str) -> Said {
        Said::Result { call_id: id.into(), text: text.into() }
    }

    #[test]
    fn only_results_after_the_last_question_are_seen() {
        let said = vec![
            Said::User("one".into()),
            call("1", "a"),
            answer("1", "old"),
            Said::Other,
            Said::User("two".into()),
            call("2", "b"),
            call("3", "a"),
            answer("3", "Error: no such place"),
            answer("2", "345"),
        ];
        let state = situation("messages", said, tools()).unwrap();
        assert_eq!((state.user_input.as_str(), state.tools.len()), ("two", 2));
        let seen: Vec<_> = state.results.iter().map(|r| (r.tool_name.as_str(), r.text.as_str(), r.is_error)).collect();
        assert_eq!(seen, [("a", "no such place", true), ("b", "345", false)]);
    }

    #[test]
    fn a_turn_that_called_often_enough_has_to_reply() {
        let calls = (0..CALLS_MAX).flat_map(|n| [call(&n.to_string(), "a"), answer(&n.to_string(), "x")]);
        let state = situation("input", [Said::User("go".into())].into_iter().chain(calls).collect(), tools()).unwrap();
        assert_eq!((state.results.len(), state.tools.len()), (CALLS_MAX, 0));
    }

    #[test]
    fn tools_beyond_what_a_policy_can_lay_out_are_refused() {
        let function = |properties: usize| {
            let properties: serde_json::Map<_, _> = (0..properties).map(|n| (n.to_string(), json!({}))).collect();
            Function { name: "f".into(), description: None, parameters: Some(json!({"properties": properties})) }
        };
        assert_eq!(offered(vec![function(200), function(56)]).map(|tools| tools.len()), Ok(2));
        assert!(offered(vec![function(200), function(57)]).unwrap_err().to_string().contains("257 arguments"));
        assert!(offered((0..129).map(|_| function(0)).collect()).is_err());
        let unnamed = Function { name: String::new(), ..function(0) };
        assert!(offered(vec![unnamed]).unwrap_err().to_string().contains("tools[0].name"));
        let long = result("f".into(), "é".repeat(RESULT_BYTES_MAX));
        assert_eq!(long.text.len(), RESULT_BYTES_MAX);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let refused = |said| situation("input", said, tools()).unwrap_err().to_string();
        assert_eq!(refused(vec![Said::Other]), "`input` has no entry of role `user`");
        assert!(refused(vec![Said::User(" ".into())]).contains("no text"));
        assert!(refused(vec![Said::User("x".into()), answer("9", "y")]).contains("call `9`, which nobody made"));
    }

    #[test]
    fn a_choice_of_tool_leaves_that_tool() {
        let chosen = |choice: Value| {
            let mut tools = tools();
            choose(&mut tools, Some(&choice)).map(|demand| (demand, tools.len()))
        };
        assert_eq!(chosen(json!("auto")), Ok((Demand::Any, 2)));
        assert_eq!(chosen(json!("none")), Ok((Demand::Any, 0)));
        assert_eq!(chosen(json!("required")), Ok((Demand::Call, 2)));
        assert_eq!(chosen(json!({"type": "function", "name": "b"})), Ok((Demand::Call, 1)));
        assert_eq!(chosen(json!({"type": "function", "function": {"name": "b"}})), Ok((Demand::Call, 1)));
        assert!(chosen(json!({"type": "function", "name": "c"})).is_err());
        assert!(chosen(json!("perhaps")).is_err() && chosen(json!(7)).is_err());
    }
}
