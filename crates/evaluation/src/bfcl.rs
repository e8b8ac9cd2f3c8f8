//! Cases of the Berkeley Function-Calling Leaderboard (BFCL), and recorded calls judged against them.
//!
//! A question file and a file of possible answers, both JSON Lines, are joined by `id`. Two ways of judging, found by
//! name: `default` is ours (a maximum matching; strings trimmed, whatever the case of their letters; numbers by value),
//! `bfcl` compares as the leaderboard's own checker does, its quirks included, so that numbers stand beside numbers.

mod checker;
mod default;
mod lines;
mod read;

pub use lines::{Problem, text_of};
pub use read::{Read, read_calls, read_cases};

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

    /// Names of the arguments that must be given.
    pub(crate) fn required(&self) -> impl Iterator<Item = &str> {
        self.parameters.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// How a parameter is described.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
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
    pub(crate) fn alternatives(&self) -> impl Iterator<Item = (&str, &[Value])> {
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

/// Whether calls are right, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// They are right.
    pub valid: bool,
    /// Why, in a sentence.
    pub reason: String,
}

impl Judged {
    fn of(result: Result<String, String>) -> Self {
        let valid = result.is_ok();
        Self { valid, reason: result.unwrap_or_else(|reason| reason) }
    }
}

/// A way of judging calls.
pub type Judge = fn(&Case, &[Call]) -> Judged;

/// The ways of judging, by name.
const MODES: [(&str, Judge); 2] = [("default", judge_by_default), ("bfcl", judge_as_the_leaderboard)];

/// The way of judging called `name`.
pub fn mode(name: &str) -> Option<Judge> {
    MODES.iter().find(|(known, _)| *known == name).map(|(_, judge)| *judge)
}

/// The names of the ways of judging.
pub fn modes() -> impl Iterator<Item = &'static str> {
    MODES.iter().map(|(name, _)| *name)
}

fn judge_by_default(case: &Case, calls: &[Call]) -> Judged {
    judge(case, calls, default::matches)
}

fn judge_as_the_leaderboard(case: &Case, calls: &[Call]) -> Judged {
    judge(case, calls, checker::matches)
}

/// What both ways share: a malformed call is never right, and never an abstention; where none is expected none is made.
fn judge(case: &Case, calls: &[Call], matches: fn(&Case, &[Call]) -> Result<String, String>) -> Judged {
    if let Some(place) = calls.iter().position(|call| call.arguments.is_none()) {
        return Judged::of(Err(format!("call {} is malformed: not {{name: {{arguments}}}}", place + 1)));
    }
    if case.expected.is_empty() {
        let right = calls.is_empty();
        let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
        let made = if right {
            "no call was made, as expected".into()
        } else {
            format!("no call may be made; made: {}", names.join(", "))
        };
        return Judged::of(if right { Ok(made) } else { Err(made) });
    }
    if case.expected.len() != calls.len() {
        return Judged::of(Err(format!("{} calls expected, {} made", case.expected.len(), calls.len())));
    }
    Judged::of(matches(case, calls))
}
