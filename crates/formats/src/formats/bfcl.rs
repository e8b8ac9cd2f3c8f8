//! The Berkeley Function-Calling Leaderboard: its questions and its possible answers, one file after the other in any order.

use super::{Each, Format, Raw, first_object};
use crate::{
    ERRORS_COLUMN,
    bfcl::{join, objects, orphans, read_answers, test_case},
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};
use types::{Error, FieldError};

/// What tells a line of possible answers from a question.
const ANSWER: &str = "ground_truth";

/// BFCL.
pub struct Bfcl;

impl Format for Bfcl {
    fn name(&self) -> &'static str {
        "bfcl"
    }

    fn recognises(&self, text: &str) -> bool {
        first_object(text).is_some_and(|row| {
            row.contains_key("id")
                && (row.contains_key(ANSWER) || row.contains_key("question") && row.contains_key("function"))
        })
    }

    /// A row for each question, and for each answer that cannot be used.
    fn rows(&self, text: &str, each: Each<'_>) -> Result<(), Error> {
        for (number, row) in rows(text) {
            let fields = row.and_then(|case| fields(&case)).map_err(|why| FieldError::new("", why));
            each(Raw { line: u32::try_from(number).unwrap_or(u32::MAX), fields })?;
        }
        Ok(())
    }

    /// The lines themselves: what was made of them is no file of this format.
    fn corrections(&self, text: &str, wrong: &BTreeMap<u32, String>) -> Result<String, Error> {
        let lines: BTreeMap<usize, Map<String, Value>> =
            objects(text).filter_map(|(number, object)| Some((number, object.ok()?))).collect();
        let mut corrections = Vec::new();
        for (place, (number, _)) in (1..).zip(rows(text)) {
            if let Some(errors) = wrong.get(&place) {
                let line = || Map::from_iter([("line".to_owned(), Value::from(number))]);
                let mut fields = lines.get(&number).cloned().unwrap_or_else(line);
                fields.insert(ERRORS_COLUMN.into(), Value::from(errors.as_str()));
                corrections.push(Value::Object(fields).to_string());
            }
        }
        Ok(self.file(&corrections))
    }
}

/// The questions with their answers, each with its line, and then the answers that cannot be used.
fn rows(text: &str) -> Vec<(usize, Result<crate::bfcl::Case, String>)> {
    let is_answer =
        |parsed: &Result<Map<String, Value>, String>| parsed.as_ref().is_ok_and(|object| object.contains_key(ANSWER));
    let mut problems = Vec::new();
    let mut answers = read_answers(objects(text).filter(|(_, parsed)| is_answer(parsed)), &mut problems);
    let mut seen = HashSet::new();
    let questions = objects(text).filter(|(_, parsed)| !is_answer(parsed));
    let mut rows: Vec<_> = questions
        .map(|(line, parsed)| (line, parsed.and_then(|object| join(&object, &mut answers, &mut seen))))
        .collect();
    rows.extend(problems.into_iter().map(|problem| (problem.line, Err(problem.message))));
    rows.extend(orphans(answers, &seen).into_iter().map(|(line, why)| (line, Err(why))));
    rows
}

/// The fields of the case.
fn fields(case: &crate::bfcl::Case) -> Result<Map<String, Value>, String> {
    let case = serde_json::to_value(test_case(case)?).map_err(|error| error.to_string())?;
    let Value::Object(mut fields) = case else { return Err("is no case".into()) };
    fields.retain(|_, value| !value.is_null());
    Ok(fields)
}
