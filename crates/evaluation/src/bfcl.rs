//! Recorded calls judged against cases of the Berkeley Function-Calling Leaderboard (BFCL), which `formats` reads.
//!
//! Two ways of judging, found by name: `default` is ours (a maximum matching; strings trimmed, whatever the case of their
//! letters; numbers by value), `bfcl` compares as the leaderboard's own checker does, its quirks included, so that numbers
//! stand beside numbers.

mod checker;
mod default;

pub use formats::bfcl::{Call, Case, Function, PossibleCall, Problem, Read, Recorded, read_calls, read_cases, text_of};

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
