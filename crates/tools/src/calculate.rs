//! `calculate`: arithmetic as people write it and say it, exact where it can be.

mod functions;
mod grammar;
pub(crate) mod number;
mod operators;
mod words;

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use number::Number;
use serde_json::json;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest expression, in characters.
const EXPRESSION_CHARS_MAX: usize = 500;

/// The tool.
pub struct Calculate;

#[async_trait]
impl Tool for Calculate {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "calculate".into(),
            description: "Calculates an arithmetic expression, written in symbols or in words: + - * / ^, brackets, \
                          percentages, and functions such as sqrt, round, sin, log, min and max."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "expression": {
                        "type": "string",
                        "description": "The expression, for example `15 * 23`, `20% of 50`, `sqrt(144) + 2^8` or \
                                        `100 divided by 4`."
                    }
                },
                "required": ["expression"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let expression = argument::text(arguments, "expression", EXPRESSION_CHARS_MAX)?;
        match grammar::evaluate(expression) {
            Ok(number) => Ok(number.to_string()),
            Err(problem) => Err(ToolError::Arguments(problem.to_string())),
        }
    }
}

/// A value on its way: a number, and whether it was written as a percentage (then `number` is already divided by 100).
#[derive(Clone, PartialEq, Debug)]
struct Quantity {
    number: Number,
    percent: bool,
}

/// A value, or why there is none.
type Outcome = Result<Quantity, Problem>;

impl Quantity {
    const fn plain(number: Number) -> Self {
        Self { number, percent: false }
    }

    fn percentage(self) -> Outcome {
        Ok(Self { number: self.number.divided_by(&100.into())?, percent: true })
    }

    fn negated(self) -> Self {
        Self { number: self.number.negated(), ..self }
    }

    fn value(self) -> Number {
        self.number
    }
}

/// Why an expression has no value. Each message says what would be right.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub(crate) enum Problem {
    /// A word or sign is not part of the grammar.
    #[error("cannot read `{what}` at character {at}; expected {EXPECTED}")]
    Unreadable { what: String, at: usize },
    /// The text ends where a value should follow.
    #[error("the expression ends too early; expected {EXPECTED}")]
    Unfinished,
    /// Division by zero, in whatever form.
    #[error("division by zero has no value; expected a divisor other than 0")]
    DivisionByZero,
    /// Beyond the bounds of numbers.
    #[error("a number in it is too large (or too close to 0); expected at most about 1,200 digits")]
    TooLarge,
    /// Too many brackets, signs, powers and functions.
    #[error("it has more than {0} brackets, signs, powers and functions; expected at most {0}, so do it in parts")]
    TooDeep(u32),
    /// A function was given what it has no value for.
    #[error("{0}")]
    Domain(String),
}

/// What an expression looks like.
const EXPECTED: &str = "numbers with + - * / ^ ( ), a percentage, a function such as sqrt(144), or words such as \
                        `100 divided by 4`";

impl Problem {
    /// The text could not be read from byte `offset` on.
    fn unreadable(text: &str, offset: usize) -> Self {
        let rest = text.get(offset..).unwrap_or_default();
        let Some(what) = rest.split_whitespace().next() else { return Self::Unfinished };
        let before = text.len() - rest.trim_start().len();
        let at = text.get(..before).unwrap_or_default().chars().count() + 1;
        Self::Unreadable { what: what.chars().take(30).collect(), at }
    }
}

#[cfg(test)]
mod tests;
