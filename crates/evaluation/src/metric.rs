//! Metrics that people write: a Jinja expression over what is stored of a sample.
//!
//! An expression has no loops, no assignments and no way to anything but the sample. Its steps are counted, only filters
//! whose result is no larger than what they are given are there, and its text is bounded.

use crate::statistics;
use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value, filters, tests,
    value::{Serde, ValueKind},
};
use serde_json::json;
use std::collections::BTreeMap;
use types::{EvaluationResult, FieldError, Metric, MetricBar, MetricKind, MetricSummary, MetricValue, TestCaseId};

/// Most steps of one expression on one sample.
const STEPS_MAX: u64 = 100_000;
/// Bars of a histogram of numbers.
const BARS: usize = 10;
/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;
/// Longest question that a value quotes, in characters.
const QUOTED_CHARS_MAX: usize = 120;
/// Most calls and turns an expression is given of a sample.
const PARTS_MAX: usize = 1_000;

/// The expressions' names and functions; made once for many of them.
pub struct MetricLanguage(Environment<'static>);

impl Default for MetricLanguage {
    fn default() -> Self {
        let mut language = Environment::empty();
        language.set_fuel(Some(STEPS_MAX));
        language.set_undefined_behavior(UndefinedBehavior::Strict);
        language.add_filter("length", filters::length);
        language.add_filter("count", filters::length);
        language.add_filter("lower", filters::lower);
        language.add_filter("upper", filters::upper);
        language.add_filter("trim", filters::trim);
        language.add_filter("split", filters::split);
        language.add_filter("default", filters::default);
        language.add_filter("round", filters::round);
        language.add_filter("abs", filters::abs);
        language.add_filter("int", filters::int);
        language.add_filter("float", filters::float);
        language.add_filter("min", filters::min);
        language.add_filter("max", filters::max);
        language.add_filter("sum", filters::sum);
        language.add_filter("list", filters::list);
        language.add_filter("unique", filters::unique);
        language.add_filter("map", filters::map);
        language.add_filter("select", filters::select);
        language.add_filter("reject", filters::reject);
        language.add_filter("selectattr", filters::selectattr);
        language.add_filter("rejectattr", filters::rejectattr);
        language.add_test("defined", tests::is_defined);
        language.add_test("none", tests::is_none);
        language.add_test("in", tests::is_in);
        language.add_test("startingwith", tests::is_startingwith);
        language.add_test("endingwith", tests::is_endingwith);
        language.add_test("eq", tests::is_eq);
        language.add_test("ne", tests::is_ne);
        language.add_test("lt", tests::is_lt);
        language.add_test("le", tests::is_le);
        language.add_test("gt", tests::is_gt);
        language.add_test("ge", tests::is_ge);
        Self(language)
    }
}

impl MetricLanguage {
    /// What an expression can name, and what that is.
    pub const NAMES: [(&str, &str); 16] = [
        ("question", "what was asked, a text"),
        ("reply", "what was answered, a text"),
        ("calls", "the calls: calls|length, calls[0].tool_name, calls[0].arguments.city, calls[0].is_error"),
        ("checks", "the checks: checks[0].scorer, checks[0].value, checks[0].passed"),
        ("outcome", "pass, fail, timeout, tool_error, …"),
        ("reward", "0 to 1; none where nothing was scored"),
        ("task_success", "1 or 0; none where nothing was scored"),
        ("tool_usage_efficiency", "0 to 1; none where nothing is said of calls"),
        ("response_quality", "0 to 1; none where nothing checks the answer"),
        ("latency_ms", "milliseconds from question to end"),
        ("input_tokens", "tokens read; none where nothing was counted"),
        ("output_tokens", "tokens written; none where nothing was counted"),
        ("cost_usd", "US dollars; none where the model has no price"),
        ("error", "why a provider or a limit ended it, a text; none otherwise"),
        ("metrics", "metrics.argument_accuracy, metrics.call_exactness, metrics.minimal_call_efficiency"),
        ("turns", "the turns of a case of several: turns[0].reply, turns|length"),
    ];

    /// What is wrong with an expression, with its place; `None` = it can be computed.
    pub fn refusal(&self, expression: &str) -> Option<FieldError> {
        let refused = match self.0.compile_expression(expression) {
            Err(error) => in_words(&error, expression),
            Ok(compiled) => {
                let mut names: Vec<String> = compiled.undeclared_variables(false).into_iter().collect();
                names.retain(|name| Self::NAMES.iter().all(|(known, _)| known != name));
                names.sort();
                match names.first() {
                    Some(name) => unknown_name(name, expression),
                    // Filters are looked up when they are used.
                    None => in_words(&compiled.eval(example()).err().filter(is_unknown)?, expression),
                }
            }
        };
        Some(FieldError::new("expression", refused))
    }

    /// What computes an expression for one sample after another: its value, or why there is none.
    pub fn computing<'a>(
        &'a self,
        expression: &'a str,
        kind: MetricKind,
    ) -> impl Fn(&EvaluationResult) -> Result<f64, String> + 'a {
        let told = move |error: Error| in_words(&error, expression);
        let compiled = self.0.compile_expression(expression).map_err(told);
        move |sample| number(&compiled.as_ref().map_err(Clone::clone)?.eval(fields(sample)).map_err(told)?, kind)
    }

    /// A metric over samples of a run, at most `shown` of them told.
    pub fn summary(&self, metric: &Metric, samples: &[EvaluationResult], shown: usize) -> MetricSummary {
        let compute = self.computing(&metric.expression, metric.kind);
        let mut told: Vec<MetricValue> = samples.iter().map(|sample| valued(sample, compute(sample))).collect();
        let values: Vec<f64> = told.iter().filter_map(|one| one.value).collect();
        let of_case = samples.iter().zip(&told).filter_map(|(sample, one)| Some((sample.test_case_id, one.value?)));
        let interval = interval(metric.kind, of_case);
        told.sort_by_key(|one| one.value.is_some());
        told.truncate(shown);
        MetricSummary {
            name: metric.name.clone(),
            description: metric.description.clone(),
            kind: metric.kind,
            n: count(values.len()),
            missing: count(samples.len() - values.len()),
            mean: mean(&values),
            interval,
            histogram: histogram(&values, metric.kind),
            samples: told,
        }
    }
}

fn valued(sample: &EvaluationResult, value: Result<f64, String>) -> MetricValue {
    let (value, reason) = match value {
        Ok(value) => (Some(value), None),
        Err(why) => (None, Some(why)),
    };
    let user_input = sample.user_input.chars().take(QUOTED_CHARS_MAX).collect();
    MetricValue { result_id: sample.id, user_input, value, reason }
}

fn unknown_name(name: &str, expression: &str) -> String {
    let known = MetricLanguage::NAMES.map(|(known, _)| known);
    let at = expression.find(name).map_or(0, |byte| letters_before(expression, byte));
    format!("at character {}: there is no `{name}`; there are {}", at + 1, known.join(", "))
}

/// Whether an error is of the expression, whatever the sample.
fn is_unknown(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction)
}

/// A sample in which everything is there.
fn example() -> Value {
    let call = json!({ "tool_name": "a", "arguments": {}, "result": "", "is_error": false, "duration_ms": 1 });
    let check = json!({ "scorer": "a", "value": 1.0, "passed": true, "reason": "" });
    let turn = json!({ "user_input": "a", "calls": [call], "reply": "a", "latency_ms": 1 });
    Value::from(Serde(json!({
        "question": "a", "reply": "a", "calls": [call], "checks": [check], "outcome": "pass", "reward": 1.0,
        "task_success": 1.0, "tool_usage_efficiency": 1.0, "response_quality": 1.0, "latency_ms": 1,
        "input_tokens": 1, "output_tokens": 1, "cost_usd": 1.0, "error": "a", "turns": [turn],
        "metrics": { "argument_accuracy": 1.0, "call_exactness": 1.0, "minimal_call_efficiency": 1.0 },
    })))
}

/// A sample as an expression sees it; what was not scored or counted is none.
fn fields(sample: &EvaluationResult) -> Value {
    let scored = sample.scored;
    let calls = sample.tool_calls_json.as_deref().unwrap_or_default();
    let turns = sample.turns.iter().take(PARTS_MAX).collect::<Vec<_>>();
    Value::from(Serde(json!({
        "question": sample.user_input,
        "reply": sample.response_text.as_deref().unwrap_or_default(),
        "calls": calls.iter().take(PARTS_MAX).collect::<Vec<_>>(),
        "checks": sample.checks,
        "outcome": sample.outcome,
        "reward": scored.reward.then_some(sample.reward),
        "task_success": scored.task_success.then_some(sample.task_success),
        "tool_usage_efficiency": scored.tool_usage_efficiency.then_some(sample.tool_usage_efficiency),
        "response_quality": scored.response_quality.then_some(sample.response_quality),
        "latency_ms": sample.latency_ms,
        "input_tokens": sample.usage.map(|usage| usage.input_tokens),
        "output_tokens": sample.usage.map(|usage| usage.output_tokens),
        "cost_usd": sample.usage.and_then(|usage| usage.cost_usd),
        "error": sample.error,
        "metrics": sample.metrics,
        "turns": turns,
    })))
}

fn number(value: &Value, kind: MetricKind) -> Result<f64, String> {
    let flag = bool::try_from(value.clone()).ok().filter(|_| value.kind() == ValueKind::Bool);
    match (kind, flag) {
        (MetricKind::Flag, Some(flag)) => Ok(if flag { 1.0 } else { 0.0 }),
        (MetricKind::Flag, None) => Err(format!("gives {}, expected true or false", kind_of(value))),
        (MetricKind::Number, Some(_)) => Err("gives true or false, expected a number".into()),
        (MetricKind::Number, None) => {
            let number =
                f64::try_from(value.clone()).map_err(|_| format!("gives {}, expected a number", kind_of(value)));
            number.and_then(|n| if n.is_finite() { Ok(n) } else { Err(format!("gives {n}, expected a finite number")) })
        }
    }
}

fn kind_of(value: &Value) -> String {
    match value.kind() {
        ValueKind::None => "none".into(),
        kind => format!("a {kind}"),
    }
}

/// An error with the character where it is, from 1.
fn in_words(error: &Error, expression: &str) -> String {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => format!("takes more than {STEPS_MAX} steps"),
        kind => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
    };
    match error.range() {
        Some(range) => format!("at character {}: {what}", letters_before(expression, range.start) + 1),
        None => what,
    }
}

fn letters_before(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / f64::from(count(values.len())))
}

/// Trials of one case are no independent evidence: their mean is one value.
fn interval(kind: MetricKind, values: impl Iterator<Item = (TestCaseId, f64)>) -> Option<(f64, f64)> {
    let mut cases: BTreeMap<TestCaseId, Vec<f64>> = BTreeMap::new();
    for (case, value) in values {
        cases.entry(case).or_default().push(value);
    }
    if kind == MetricKind::Flag && cases.values().all(|trials| trials.len() == 1) {
        let successes = cases.values().flatten().filter(|value| **value > 0.5).count();
        return (cases.len() > 1).then(|| statistics::wilson(count(successes), count(cases.len()), CONFIDENCE));
    }
    let means: Vec<f64> = cases.values().filter_map(|trials| mean(trials)).collect();
    statistics::mean_interval(&means, CONFIDENCE)
}

fn histogram(values: &[f64], kind: MetricKind) -> Vec<MetricBar> {
    let Some(least) = values.iter().copied().reduce(f64::min) else { return Vec::new() };
    let most = values.iter().copied().fold(least, f64::max);
    let (least, most, bars) = match kind {
        MetricKind::Flag => (0.0, 1.0, 2),
        MetricKind::Number if least < most => (least, most, BARS),
        MetricKind::Number => (least, least, 1),
    };
    let width = (most - least) / f64::from(count(bars));
    let edge = |bar: usize| if bar == bars { most } else { least + width * f64::from(count(bar)) };
    let bar = |bar: usize| {
        let (from, to) = (edge(bar), edge(bar + 1));
        let within = |value: &&f64| **value >= from && (**value < to || bar + 1 == bars);
        MetricBar { from, to, count: count(values.iter().filter(within).count()) }
    };
    (0..bars).map(bar).collect()
}

#[cfg(test)]
mod metric_tests;
