//! What an evaluation found: means with their intervals and counts, and a sentence that says how to read them.

use crate::{
    pages::leaderboard::Whisker,
    present::{count, decimal, decimal_interval, duration, percent, percent_interval},
};
use leptos::prelude::*;
use types::{AggregateMetrics, EvaluationRunListItem, number::Fixed};

/// The numbers of the run; nothing before there are any.
#[component]
pub fn Summary(
    /// The run.
    run: RwSignal<EvaluationRunListItem>,
) -> impl IntoView {
    let metrics = Memo::new(move |_| run.with(|run| run.aggregate_metrics_json.clone()));
    move || metrics.get().map(|metrics| view! { <Numbers metrics/> })
}

#[component]
fn Numbers(metrics: AggregateMetrics) -> impl IntoView {
    let n = metrics.n;
    let shown = |value: f64, n: u32| (n > 0).then_some(value);
    view! {
        <section class="metrics" aria-label="Summary">
            <dl class="metric-grid">
                <Metric
                    label="Task success" value=percent(shown(metrics.task_success, n.task_success)) n=n.task_success
                    interval=metrics.task_success_interval.map(percent_interval)
                    whisker=metrics.task_success_interval.map(|interval| (metrics.task_success, interval))
                />
                <Metric
                    label="Reward" value=decimal(shown(metrics.reward, n.reward)) n=n.reward
                    interval=metrics.reward_interval.map(decimal_interval)
                    whisker=metrics.reward_interval.map(|interval| (metrics.reward, interval))
                />
                <Metric
                    label="Tool efficiency" n=n.tool_usage_efficiency interval=None whisker=None
                    value=decimal(shown(metrics.tool_usage_efficiency, n.tool_usage_efficiency))
                />
                <Metric
                    label="Response quality" n=n.response_quality interval=None whisker=None
                    value=decimal(shown(metrics.response_quality, n.response_quality))
                />
                <div class="metric">
                    <dt>"Latency"</dt>
                    <dd>
                        <span class="metric-value">{latency(metrics.latency_ms_p50)}</span>
                        <span class="muted">{latency_note(metrics.latency_ms_p95)}</span>
                    </dd>
                </div>
                {spent(&metrics).map(|(cost, tokens)| view! {
                    <div class="metric">
                        <dt>"Cost of a sample"</dt>
                        <dd><span class="metric-value">{cost}</span><span class="muted">{tokens}</span></dd>
                    </div>
                })}
            </dl>
            <p class="metric-sentence">{sentence(&metrics)}</p>
        </section>
    }
}

#[component]
fn Metric(
    label: &'static str,
    value: String,
    n: u32,
    interval: Option<String>,
    whisker: Option<(f64, (f64, f64))>,
) -> impl IntoView {
    view! {
        <div class="metric">
            <dt>{label}</dt>
            <dd>
                <span class="metric-value">{value}</span>
                {whisker.map(|(value, interval)| view! { <Whisker value interval/> })}
                {interval.map(|interval| view! { <span class="muted">{format!("95%: {interval}")}</span> })}
                <span class="muted">{format!("n\u{a0}=\u{a0}{n}")}</span>
            </dd>
        </div>
    }
}

fn latency(millis: Option<f64>) -> String {
    // Whole milliseconds of a latency fit an i64.
    millis.map_or_else(|| "–".into(), |millis| duration(millis.round() as i64))
}

fn latency_note(p95: Option<f64>) -> String {
    match p95 {
        Some(_) => format!("median; p95 {}", latency(p95)),
        None => "median; p95 needs 20 cases".into(),
    }
}

/// What a sample cost, and its tokens, in words; `None` when nothing was counted, as with a local policy.
fn spent(metrics: &AggregateMetrics) -> Option<(String, String)> {
    let (read, written) = (metrics.input_tokens?, metrics.output_tokens?);
    let cost = metrics.cost_usd.map_or_else(|| "–".into(), |cost| format!("${}", Fixed(cost, 5)));
    // Means of tokens fit an i64.
    Some((cost, format!("{} tokens read, {} written", read.round() as i64, written.round() as i64)))
}

/// "17 of 20 cases passed. With so many cases the true rate lies between 64.0% and 94.8% (95% interval)."
fn sentence(metrics: &AggregateMetrics) -> String {
    let n = metrics.n.task_success;
    if n == 0 {
        return "No case of this run could be scored: none has a check, or the provider failed on all of them.".into();
    }
    // A count of cases fits an i64.
    let passed = (metrics.task_success * f64::from(n)).round() as i64;
    let what = if metrics.repeats > 1 { "trial" } else { "case" };
    let mut text = format!("{passed} of {} passed", count(n.into(), what));
    if let Some((low, high)) = metrics.task_success_interval {
        let (low, high) = (low * 100.0, high * 100.0);
        text += &format!(
            ". With so many cases the true rate lies between {}% and {}% (95% interval)",
            Fixed(low, 1),
            Fixed(high, 1)
        );
    }
    text.push('.');
    if let (Some(any), Some(all)) = (metrics.pass_at_k.last(), metrics.pass_hat_k.last()) {
        let (k, any, all) = (metrics.repeats.min(100), percent(Some(*any)), percent(Some(*all)));
        text +=
            &format!(" Of {k} trials of a case at least one passes with {any} (pass@{k}), all with {all} (pass^{k}).");
    }
    let left_out: Vec<String> = ["provider error", "cancelled", "unscored"]
        .iter()
        .filter_map(|outcome| Some((*outcome, *metrics.outcomes.get(*outcome).filter(|n| **n > 0)?)))
        .map(|(outcome, n)| format!("{n} {outcome}"))
        .collect();
    if !left_out.is_empty() {
        text += &format!(" Left out of the means: {}.", left_out.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::MetricCounts;

    #[test]
    fn the_sentence_carries_the_uncertainty_and_what_was_left_out() {
        let metrics = AggregateMetrics {
            task_success: 0.85,
            task_success_interval: Some((0.64, 0.948)),
            n: MetricCounts { task_success: 20, ..MetricCounts::default() },
            outcomes: [("pass".to_owned(), 17), ("provider error".to_owned(), 2)].into(),
            ..AggregateMetrics::default()
        };
        assert_eq!(
            sentence(&metrics),
            "17 of 20 cases passed. With so many cases the true rate lies between 64.0% and 94.8% (95% interval). \
             Left out of the means: 2 provider error."
        );
    }

    #[test]
    fn trials_and_what_they_cost_are_told() {
        let metrics = AggregateMetrics {
            task_success: 0.5,
            n: MetricCounts { task_success: 6, ..MetricCounts::default() },
            repeats: 3,
            pass_at_k: vec![0.5, 0.75, 1.0],
            pass_hat_k: vec![0.5, 0.25, 0.0],
            cost_usd: Some(0.0021),
            input_tokens: Some(120.0),
            output_tokens: Some(7.5),
            ..AggregateMetrics::default()
        };
        assert_eq!(
            sentence(&metrics),
            "3 of 6 trials passed. Of 3 trials of a case at least one passes with 100.0% (pass@3), all with 0.0% (pass^3)."
        );
        assert_eq!(spent(&metrics), Some(("$0.00210".into(), "120 tokens read, 8 written".into())));
        assert_eq!(spent(&AggregateMetrics::default()), None);
    }

    #[test]
    fn nothing_scored_is_said() {
        assert!(sentence(&AggregateMetrics::default()).starts_with("No case of this run could be scored"));
    }
}
