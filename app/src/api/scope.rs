//! Which test cases an evaluation is over: all, a suite, a split, or hand-picked ones.

use super::evaluations::CaseChoice;
use crate::present::count;
use std::collections::BTreeMap;
use types::{Split, TestCaseId};

/// Value of "all active cases".
pub const ALL: &str = "all";
/// Value of "chosen below".
pub const PICKED: &str = "picked";

/// Value and label of every scope that active cases allow, of which each group is told with its suite, split and number.
pub fn scopes(groups: &[(Option<String>, Option<Split>, u64)]) -> Vec<(String, String)> {
    let mut suites: BTreeMap<String, i64> = BTreeMap::new();
    let mut splits: BTreeMap<Split, i64> = BTreeMap::new();
    let mut active = 0;
    for (suite, split, number) in groups {
        let number = i64::try_from(*number).unwrap_or(i64::MAX);
        active += number;
        if let Some(suite) = suite {
            *suites.entry(suite.clone()).or_default() += number;
        }
        if let Some(split) = split {
            *splits.entry(*split).or_default() += number;
        }
    }
    let all = count(active, "active case");
    let mut scopes = vec![(ALL.to_owned(), format!("All: {all}"))];
    scopes.extend(
        suites.into_iter().map(|(suite, n)| (format!("suite:{suite}"), format!("Suite {suite}: {}", count(n, "case")))),
    );
    scopes.extend(splits.into_iter().map(|(split, n)| {
        let word = split.as_str();
        (format!("split:{word}"), format!("Split {word}: {}", count(n, "case")))
    }));
    scopes.push((PICKED.to_owned(), "Chosen one by one".to_owned()));
    scopes
}

/// The ids of a scope, as the request wants them: `None` = all active cases.
pub fn ids_of(scope: &str, cases: &[CaseChoice], picked: &[TestCaseId]) -> Option<Vec<TestCaseId>> {
    let matches = |case: &&CaseChoice| match scope.split_once(':') {
        Some(("suite", suite)) => case.suite.as_deref() == Some(suite),
        Some(("split", word)) => case.split.is_some_and(|split| split.as_str() == word),
        _ => picked.contains(&case.id),
    };
    (scope != ALL).then(|| cases.iter().filter(matches).map(|case| case.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(n: u8, suite: Option<&str>, split: Option<Split>) -> CaseChoice {
        let id = format!("00000000-0000-4000-8000-0000000000{n:02}").parse().unwrap();
        CaseChoice { id, user_input: "x".into(), suite: suite.map(str::to_owned), split }
    }

    #[test]
    fn scopes_are_those_that_the_cases_have() {
        let group = |split| (Some("samples".to_owned()), Some(split), 1);
        let groups = [group(Split::Train), group(Split::Test)];
        let labels: Vec<_> = scopes(&groups).into_iter().map(|(_, label)| label).collect();
        assert_eq!(
            labels,
            [
                "All: 2 active cases",
                "Suite samples: 2 cases",
                "Split train: 1 case",
                "Split test: 1 case",
                "Chosen one by one"
            ]
        );
    }

    #[test]
    fn a_scope_names_its_cases() {
        let cases = [case(1, Some("a"), None), case(2, Some("b"), Some(Split::Test))];
        assert_eq!(ids_of(ALL, &cases, &[]), None);
        assert_eq!(ids_of("suite:a", &cases, &[]), Some(vec![cases[0].id]));
        assert_eq!(ids_of("split:test", &cases, &[]), Some(vec![cases[1].id]));
        assert_eq!(ids_of(PICKED, &cases, &[cases[0].id]), Some(vec![cases[0].id]));
    }
}
