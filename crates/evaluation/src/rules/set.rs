//! `{"@set": [pattern, …]}`: a list of these, in any order.

use super::{Around, Rule, check, present, shown};
use crate::calls::matching;
use serde_json::Value;

/// A list whose order does not matter.
pub struct Set;

/// Most patterns of a set.
const ITEMS_MAX: usize = 300;

impl Rule for Set {
    fn name(&self) -> &'static str {
        "set"
    }

    fn label(&self) -> &'static str {
        "is a list of these in any order"
    }

    fn example(&self) -> &'static str {
        "[\"a\", \"b\"]"
    }

    fn refusal(&self, given: &Value) -> Option<String> {
        let fits = given.as_array().is_some_and(|items| items.len() <= ITEMS_MAX);
        (!fits).then(|| format!("is no list of at most {ITEMS_MAX} items"))
    }

    fn holds_patterns(&self) -> bool {
        true
    }

    fn check(&self, given: &Value, actual: Option<&Value>, around: &Around) -> Result<(), String> {
        let wanted = given.as_array().filter(|wanted| wanted.len() <= ITEMS_MAX);
        let wanted = wanted.ok_or("cannot be checked: `set` is no list that can be compared")?;
        let actual = present(actual, "a list")?;
        let fits = actual.as_array().is_some_and(|items| {
            items.len() == wanted.len()
                && matching::maximum(wanted, items, |wanted, item| check(wanted, Some(item), around).is_ok())
                    .iter()
                    .all(Option::is_some)
        });
        // Pairs that could not be compared any more were not equal; that they are not is unknown.
        around.check_work()?;
        if fits { Ok(()) } else { Err(format!("is {}, expected in any order {}", shown(actual), shown(given))) }
    }
}
