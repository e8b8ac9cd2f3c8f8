//! Answer checks: how a reply is compared with what was expected. One file each, found by name.

mod contains;
mod exact_match;
mod numeric;
mod semantic;

use types::{CheckResult, ExtensionSpec, TestCaseCreate};

/// A way of comparing a reply with the expected answer; a case names it in `task_type`.
pub trait AnswerCheck: Sync {
    /// What it says of itself; `name` is the `task_type`.
    fn spec(&self) -> ExtensionSpec;

    /// Why it cannot judge this case, if so: the sentence follows a field's name.
    fn refusal(&self, _case: &TestCaseCreate) -> Option<String> {
        None
    }

    /// How well `reply` meets `expected`.
    fn judge(&self, case: &TestCaseCreate, expected: &str, reply: &str) -> Judgement;
}

/// What a check found.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// 0 to 1.
    pub value: f64,
    /// Why, in a sentence.
    pub reason: String,
}

impl Judgement {
    fn of(right: bool, reason: String) -> Self {
        Self { value: if right { 1.0 } else { 0.0 }, reason }
    }
}

static REGISTERED: [&dyn AnswerCheck; 4] =
    [&exact_match::ExactMatch, &contains::Contains, &numeric::Numeric, &semantic::Semantic];

/// The registered answer checks.
pub fn answer_checks() -> Vec<ExtensionSpec> {
    REGISTERED.iter().map(|check| check.spec()).collect()
}

pub(crate) fn find(name: &str) -> Option<&'static dyn AnswerCheck> {
    REGISTERED.iter().copied().find(|check| check.spec().name == name)
}

/// Why `task_type` cannot judge `case`, if so.
pub(crate) fn refusal(case: &TestCaseCreate) -> Option<String> {
    match find(&case.task_type) {
        Some(check) => check.refusal(case),
        None => {
            let known: Vec<_> = answer_checks().into_iter().map(|spec| spec.name).collect();
            Some(format!("`{}` is not a registered answer check; expected one of {}", case.task_type, known.join(", ")))
        }
    }
}

/// The answer check of `case`; `None` when it expects no answer.
///
/// # Errors
/// The case asks for a check that cannot be made here, with the reason.
pub(crate) fn check(case: &TestCaseCreate, reply: &str) -> Result<Option<CheckResult>, CheckResult> {
    let Some(expected) = case.expected_output.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let result = |value: f64, reason: String| CheckResult {
        scorer: case.task_type.clone(),
        value,
        passed: value >= 1.0,
        reason,
    };
    match (find(&case.task_type), refusal(case)) {
        (Some(check), None) => {
            let judgement = check.judge(case, expected, reply);
            Ok(Some(result(judgement.value, judgement.reason)))
        }
        (_, refusal) => Err(result(0.0, format!("not scored: {}", refusal.unwrap_or_default()))),
    }
}

/// A text short enough to be quoted in a reason.
fn quoted(text: &str) -> String {
    let text = text.trim();
    let head: String = text.chars().take(80).collect();
    if head.len() < text.len() { format!("“{head}…”") } else { format!("“{head}”") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_described() {
        let mut names: Vec<_> = answer_checks().into_iter().map(|spec| spec.name).collect();
        assert!(answer_checks().iter().all(|spec| !spec.description.is_empty() && !spec.label.is_empty()));
        names.sort();
        names.dedup();
        assert_eq!(names, ["contains", "exact_match", "numeric", "semantic"]);
    }

    #[test]
    fn every_file_of_the_folder_is_registered() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/answers");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(find(&name).is_some(), "{name}.rs is not registered");
        }
    }

    #[test]
    fn an_expected_answer_of_blanks_checks_nothing() {
        let case = TestCaseCreate { expected_output: Some("  ".into()), ..TestCaseCreate::default() };
        assert_eq!(check(&case, "anything"), Ok(None));
    }
}
