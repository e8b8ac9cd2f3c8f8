//! Metrics over many cases: means with intervals, outcomes, latency.

use crate::statistics::{effective_number, quantile, weighted_mean_interval, wilson_of_share};
use types::{AggregateMetrics, CaseScore, MetricCounts, Outcome};

const CONFIDENCE: f64 = 0.95;
/// A 95th percentile of fewer values is one of the two greatest.
const P95_CASES_MIN: usize = 20;

/// Means over the cases that count; each metric is the mean of the cases that have it. All cases weigh the same.
pub fn aggregate<'a>(samples: impl IntoIterator<Item = (&'a CaseScore, i64)>) -> AggregateMetrics {
    aggregate_weighted(samples.into_iter().map(|(score, latency_ms)| (score, latency_ms, 1.0)))
}

/// [`aggregate`] of `(score, latency in milliseconds, weight of the case)`.
pub fn aggregate_weighted<'a>(samples: impl IntoIterator<Item = (&'a CaseScore, i64, f64)>) -> AggregateMetrics {
    let samples: Vec<_> = samples.into_iter().collect();
    let success = Metric::of(&samples, |score| score.task_success);
    let tools = Metric::of(&samples, |score| score.tool_usage_efficiency);
    let quality = Metric::of(&samples, |score| score.response_quality);
    let reward = Metric::of(&samples, |score| score.reward);
    let mut metrics = AggregateMetrics {
        task_success: success.mean(),
        tool_usage_efficiency: tools.mean(),
        response_quality: quality.mean(),
        reward: reward.mean(),
        avg_reward: reward.mean(),
        avg_task_success: success.mean(),
        avg_tool_efficiency: tools.mean(),
        n: MetricCounts {
            task_success: success.count(),
            tool_usage_efficiency: tools.count(),
            response_quality: quality.count(),
            reward: reward.count(),
        },
        task_success_interval: success.share_interval(),
        reward_interval: weighted_mean_interval(reward.0.iter().copied(), CONFIDENCE),
        ..AggregateMetrics::default()
    };
    for (score, _, _) in &samples {
        *metrics.outcomes.entry(score.outcome.label().to_owned()).or_default() += 1;
    }
    (metrics.latency_ms_p50, metrics.latency_ms_p95) = latency(&samples);
    metrics
}

/// Values with their weights.
struct Metric(Vec<(f64, f64)>);

impl Metric {
    fn of(samples: &[(&CaseScore, i64, f64)], value: impl Fn(&CaseScore) -> Option<f64>) -> Self {
        let counted = samples.iter().filter(|(score, _, _)| score.outcome.counts());
        Self(counted.filter_map(|(score, _, weight)| value(score).map(|value| (value, *weight))).collect())
    }

    fn mean(&self) -> f64 {
        let total: f64 = self.0.iter().map(|(_, weight)| weight).sum();
        if total > 0.0 { self.0.iter().map(|(value, weight)| value * weight).sum::<f64>() / total } else { 0.0 }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn share_interval(&self) -> Option<(f64, f64)> {
        let n = effective_number(self.0.iter().map(|(_, weight)| *weight));
        (n > 0.0).then(|| wilson_of_share(self.mean(), n, CONFIDENCE))
    }
}

/// Median and 95th percentile of the turns that were not stopped and whose provider answered.
fn latency(samples: &[(&CaseScore, i64, f64)]) -> (Option<f64>, Option<f64>) {
    let answered = |outcome| !matches!(outcome, Outcome::ProviderError | Outcome::Cancelled);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a turn are far below 2^52")]
    let mut sorted: Vec<f64> =
        samples.iter().filter(|(score, _, _)| answered(score.outcome)).map(|(_, ms, _)| *ms as f64).collect();
    sorted.sort_by(f64::total_cmp);
    let p95 = if sorted.len() >= P95_CASES_MIN { quantile(&sorted, 0.95) } else { None };
    (quantile(&sorted, 0.5), p95)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(outcome: Outcome, success: Option<f64>, tools: Option<f64>, reward: Option<f64>) -> CaseScore {
        CaseScore {
            outcome,
            task_success: success,
            tool_usage_efficiency: tools,
            response_quality: None,
            reward,
            checks: Vec::new(),
        }
    }

    #[test]
    fn each_mean_is_over_the_cases_that_have_the_metric() {
        let scores = [
            score(Outcome::Pass, Some(1.0), Some(1.0), Some(1.0)),
            score(Outcome::Fail, Some(0.0), None, Some(0.2)),
            score(Outcome::ProviderError, None, None, None),
            score(Outcome::Unscored, None, None, None),
        ];
        let metrics = aggregate(scores.iter().map(|score| (score, 10)));
        assert_eq!((metrics.task_success, metrics.n.task_success), (0.5, 2));
        assert_eq!((metrics.tool_usage_efficiency, metrics.n.tool_usage_efficiency), (1.0, 1));
        assert_eq!((metrics.response_quality, metrics.n.response_quality), (0.0, 0));
        assert!((metrics.reward - 0.6).abs() < 1e-12);
        assert_eq!((metrics.avg_reward, metrics.avg_task_success), (metrics.reward, 0.5));
        assert_eq!(metrics.outcomes["provider error"], 1);
        assert_eq!(metrics.task_success_interval, Some(crate::statistics::wilson(1, 2, 0.95)));
    }

    #[test]
    fn weights_of_cases_weigh_in_the_means() {
        let scores =
            [score(Outcome::Pass, Some(1.0), None, Some(1.0)), score(Outcome::Fail, Some(0.0), None, Some(0.0))];
        let metrics = aggregate_weighted(scores.iter().zip([3.0, 1.0]).map(|(score, weight)| (score, 1, weight)));
        assert_eq!(metrics.reward, 0.75);
    }

    #[test]
    fn the_95th_percentile_needs_twenty_cases() {
        let one = score(Outcome::Pass, Some(1.0), None, Some(1.0));
        let metrics = |n: i64| aggregate((1..=n).map(|ms| (&one, ms)));
        assert_eq!((metrics(19).latency_ms_p50, metrics(19).latency_ms_p95), (Some(10.0), None));
        // Place 0.95 · 20 = 19 of 1..=21.
        assert_eq!(metrics(21).latency_ms_p95, Some(20.0));
        assert_eq!(aggregate([]).latency_ms_p50, None);
    }
}
