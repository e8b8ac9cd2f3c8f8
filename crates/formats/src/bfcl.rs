//! The files of the Berkeley Function-Calling Leaderboard (BFCL): questions, possible answers, and recorded calls.
//!
//! A question file and a file of possible answers, both JSON Lines, are joined by `id`.

mod case;
mod lines;
mod read;

pub use case::{category, expected_call, test_case};
pub(crate) use lines::objects;
pub use lines::{Problem, text_of};
pub use read::{Read, read_calls, read_cases};
pub(crate) use read::{join, orphans, read_answers};

use serde_json::{Map, Value};

/// One case: what is asked, the functions at hand, and the calls that are right.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// Joins question, answer and recorded calls.
    pub id: String,
    /// The instructions, where the question has some.
    pub system: Option<String>,
    /// What the person says, one text a turn.
    pub turns: Vec<String>,
    /// The functions that may be called.
    pub functions: Vec<Function>,
    /// The calls to make; empty = none may be made.
    pub expected: Vec<PossibleCall>,
}

/// A function as the question describes it.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Its name, dots included.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Its parameters in BFCL's own types (`dict`, `float`, `tuple`, `any`).
    pub parameters: Value,
}

impl Function {
    /// The parameters as JSON Schema: dict → object, float → number, tuple → array, any → no demand.
    pub fn schema(&self) -> Value {
        read::json_schema(&self.parameters)
    }

    /// Whether a parameter is a list.
    pub fn asks_for_list(&self, name: &str) -> bool {
        let kind = self.parameter(name).and_then(|parameter| parameter.get("type")).and_then(Value::as_str);
        matches!(kind, Some("array" | "tuple"))
    }

    /// Names of the arguments that must be given.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.parameters.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// How a parameter is described.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get("properties")?.get(name)
    }
}

/// A call that is right: the alternatives of each argument, where `""` means that it may be left out.
#[derive(Clone, PartialEq, Debug)]
pub struct PossibleCall {
    /// The function's name.
    pub name: String,
    /// Alternatives by the argument's name.
    pub arguments: Map<String, Value>,
}

impl PossibleCall {
    /// The alternatives of each argument.
    pub fn alternatives(&self) -> impl Iterator<Item = (&str, &[Value])> {
        self.arguments.iter().map(|(name, listed)| (name.as_str(), listed.as_array().map_or(&[][..], Vec::as_slice)))
    }
}

/// A recorded call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// The name that was called; empty when none can be read.
    pub name: String,
    /// The arguments; `None` = malformed.
    pub arguments: Option<Map<String, Value>>,
}

/// The calls that an agent made for one case.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    /// The line of the file, from 1.
    pub line: usize,
    /// The case they were made for.
    pub case: String,
    /// A name for what was changed, where calls are variations of the right ones.
    pub mutation: Option<String>,
    /// The calls in their order.
    pub calls: Vec<Call>,
}
