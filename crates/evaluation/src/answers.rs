//! Answer checks: how a reply is compared with what was expected. One file each, found by name.

mod contains;
mod exact_match;
mod json_equals;
mod json_schema;
mod levenshtein;
mod llm_judge;
mod numeric;
mod regex;
mod semantic;
mod starts_with;

use crate::models::{ModelQuestion, Reply};
use serde_json::{Map, Value};
use types::{ExtensionSpec, ParameterKind, ParameterSpec, TestCaseCreate};

/// What a model must be able to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ModelKind {
    /// Embed texts.
    Embeddings,
    /// Judge replies.
    Judge,
}

/// A way of comparing a reply with the expected answer; a case names it in `task_type`.
pub trait AnswerCheck: Sync {
    /// What it says of itself; `name` is the `task_type`.
    fn spec(&self) -> ExtensionSpec;

    /// Why it cannot judge this, if so: the sentence follows a field's name.
    fn refusal(&self, _wanted: &Wanted) -> Option<String> {
        None
    }

    /// Whether every reply would meet what is wanted.
    fn expects_nothing(&self, _wanted: &Wanted) -> bool {
        false
    }

    /// The model without which it cannot judge.
    fn needs(&self) -> Option<ModelKind> {
        None
    }

    /// How well `reply` meets what is wanted, where no model is needed.
    fn judge(&self, _wanted: &Wanted, _reply: &str) -> Judgement {
        Judgement::of(false, "only a model can judge this".into())
    }

    /// The same of every check.
    ///
    /// # Errors
    /// Why there is no verdict of the model that it needs.
    fn judge_asking(&self, wanted: &Wanted, reply: &Reply<'_>) -> Result<Judgement, String> {
        Ok(self.judge(wanted, reply.text))
    }
}

/// What is expected of an answer.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Wanted {
    /// The expected answer: text, or what else the check understands.
    pub expected: Value,
    /// The parameters of the check.
    pub parameters: Map<String, Value>,
}

impl Wanted {
    /// A text, and nothing set.
    pub fn text(expected: &str) -> Self {
        Self { expected: expected.into(), parameters: Map::new() }
    }

    /// What a case expects; `None` when it expects no answer.
    pub fn of(case: &TestCaseCreate) -> Option<Self> {
        let expected = case.expected_output.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
        let tolerance = case.tolerance.filter(|tolerance| *tolerance > 0.0 && tolerance.is_finite());
        let tolerance = tolerance.map(|tolerance| ("tolerance".to_owned(), Value::from(tolerance)));
        Some(Self { expected: expected.into(), parameters: tolerance.into_iter().collect() })
    }

    /// The same, with a parameter set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// The expected text, trimmed; a number as it is written.
    fn as_text(&self) -> String {
        match &self.expected {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.parameters.get(name).and_then(Value::as_f64)
    }

    fn choice(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    /// What is expected as JSON: itself, or what its text is.
    fn as_json(&self) -> Option<Value> {
        match &self.expected {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }
}

/// What a check found.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// 0 to 1.
    pub value: f64,
    /// Whether that is enough.
    pub passed: bool,
    /// Why, in a sentence.
    pub reason: String,
}

impl Judgement {
    fn of(right: bool, reason: String) -> Self {
        Self { value: if right { 1.0 } else { 0.0 }, passed: right, reason }
    }
}

/// By the model's value and a threshold. An empty reply is worth nothing, and no model is asked of it.
fn by_model(wanted: &Wanted, reply: &Reply<'_>, threshold: f64, question: ModelQuestion) -> Result<Judgement, String> {
    if reply.text.trim().is_empty() {
        return Ok(Judgement::of(false, "the reply is empty".into()));
    }
    let verdict = (reply.models)(&question)?;
    let value = verdict.value.clamp(0.0, 1.0);
    let threshold = wanted.number("threshold").unwrap_or(threshold);
    let what = match question {
        ModelQuestion::Similarity { .. } => format!("the similarity to {}", quoted(&wanted.as_text())),
        ModelQuestion::Rubric { .. } => "the judge's marks".into(),
    };
    let why = if verdict.reason.is_empty() { String::new() } else { format!(": {}", verdict.reason) };
    let reason = format!("{what}: {value:.3}, at least {threshold} is asked for{why}");
    Ok(Judgement { value, passed: value >= threshold, reason })
}

fn threshold(description: &str, default: f64) -> ParameterSpec {
    parameter("threshold", "At least", description, ParameterKind::Number { min: 0.0, max: 1.0 }, default)
}

static REGISTERED: [&dyn AnswerCheck; 10] = [
    &exact_match::ExactMatch,
    &contains::Contains,
    &starts_with::StartsWith,
    &numeric::Numeric,
    &regex::Regex,
    &levenshtein::Levenshtein,
    &json_equals::JsonEquals,
    &json_schema::JsonSchema,
    &semantic::Semantic,
    &llm_judge::LlmJudge,
];

/// The registered answer checks.
pub fn answer_checks() -> Vec<ExtensionSpec> {
    REGISTERED.iter().map(|check| check.spec()).collect()
}

pub(crate) fn find(name: &str) -> Option<&'static dyn AnswerCheck> {
    REGISTERED.iter().copied().find(|check| check.spec().name == name)
}

/// Why the check called `name` cannot judge by `wanted`, if so; without `wanted`, whether there is such a check.
pub(crate) fn refusal(name: &str, wanted: Option<&Wanted>) -> Option<String> {
    let Some(check) = find(name) else {
        let known: Vec<_> = answer_checks().into_iter().map(|spec| spec.name).collect();
        return Some(format!("`{name}` is not a registered answer check; expected one of {}", known.join(", ")));
    };
    let wanted = wanted.cloned().unwrap_or_default();
    let specs = check.spec().parameters;
    for (given, value) in &wanted.parameters {
        match specs.iter().find(|spec| spec.name == *given) {
            Some(spec) => {
                if let Err(why) = spec.check(value) {
                    return Some(format!("`{given}` {why}"));
                }
            }
            // Cases have one tolerance, whatever they are compared by.
            None if given == "tolerance" => {}
            None => return Some(format!("`{name}` has no parameter `{given}`")),
        }
    }
    check.refusal(&wanted)
}

fn parameter(
    name: &str,
    label: &str,
    description: &str,
    kind: ParameterKind,
    default: impl Into<Value>,
) -> ParameterSpec {
    ParameterSpec {
        name: name.into(),
        label: label.into(),
        description: description.into(),
        kind,
        default: default.into(),
    }
}

fn choice(options: &[&str]) -> ParameterKind {
    ParameterKind::Choice { options: options.iter().map(|option| (*option).to_owned()).collect() }
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
        assert_eq!(
            names,
            [
                "contains",
                "exact_match",
                "json_equals",
                "json_schema",
                "levenshtein",
                "llm_judge",
                "numeric",
                "regex",
                "semantic",
                "starts_with"
            ]
        );
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
        assert_eq!(Wanted::of(&case), None);
    }

    #[test]
    fn parameters_are_checked_against_what_a_check_declares() {
        let wanted = Wanted::text("5");
        assert_eq!(refusal("numeric", Some(&wanted.clone().with("which", "last"))), None);
        assert!(refusal("numeric", Some(&wanted.clone().with("which", "best"))).unwrap().starts_with("`which` is"));
        assert!(refusal("numeric", Some(&wanted.clone().with("colour", 1))).unwrap().contains("no parameter `colour`"));
        assert!(refusal("vibes", Some(&wanted)).unwrap().contains("not a registered answer check"));
    }
}
