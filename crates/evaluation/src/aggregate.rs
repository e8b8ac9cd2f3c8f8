//! Metrics over many cases: means with intervals, outcomes, latency, cost, and what repeats tell.

use crate::statistics::{
    BOOTSTRAPS, cluster_interval, effective_number, pass_at_k, pass_hat_k, quantile, weighted_mean_interval,
    wilson_of_share,
};
use std::collections::BTreeMap;
use types::{AggregateMetrics, CaseScore, MetricCounts, Outcome, Usage};

const CONFIDENCE: f64 = 0.95;
/// A 95th percentile of fewer values is one of the two greatest.
const P95_CASES_MIN: usize = 20;
/// Most repeats that pass@k and pass^k are told for.
const REPEATS_TOLD_MAX: u32 = 100;
/// Seed of the bootstrap over clusters: the same results give the same interval.
const SEED: u64 = 0;

/// One judged sample.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Counted<'a> {
    /// What it was worth.
    pub score: &'a CaseScore,
    /// From question to end, in milliseconds.
    pub latency_ms: i64,
    /// Weight of its case.
    pub weight: f64,
    /// Which case: samples of one case are trials of it.
    pub case: u128,
    /// What the case belongs to, where cases are not independent.
    pub cluster: Option<&'a str>,
    /// Tokens and cost, where they were counted.
    pub usage: Option<Usage>,
}

impl<'a> Counted<'a> {
    /// The only sample of a case of weight 1.
    pub const fn once(case: u128, score: &'a CaseScore, latency_ms: i64) -> Self {
        Self { score, latency_ms, weight: 1.0, case, cluster: None, usage: None }
    }
}

/// Means over the samples that count; each metric is the mean of the samples that have it, with the weights of their
/// cases. Intervals: Wilson for the success of cases asked once; Student's t over the means of cases asked several times;
/// a bootstrap over clusters where cases have some.
pub fn aggregate(samples: &[Counted<'_>]) -> AggregateMetrics {
    let success = Metric::of(samples, |score| score.task_success);
    let tools = Metric::of(samples, |score| score.tool_usage_efficiency);
    let quality = Metric::of(samples, |score| score.response_quality);
    let reward = Metric::of(samples, |score| score.reward);
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
        reward_interval: reward.interval(),
        ..AggregateMetrics::default()
    };
    for sample in samples {
        *metrics.outcomes.entry(sample.score.outcome.label().to_owned()).or_default() += 1;
    }
    (metrics.latency_ms_p50, metrics.latency_ms_p95) = latency(samples);
    metrics.cost_usd = mean(samples.iter().filter_map(|sample| sample.usage?.cost_usd));
    #[expect(clippy::cast_precision_loss, reason = "tokens of a sample are far below 2^52")]
    let tokens =
        |count: fn(Usage) -> u64| mean(samples.iter().filter_map(|sample| sample.usage.map(count)).map(|n| n as f64));
    metrics.input_tokens = tokens(|usage| usage.input_tokens);
    metrics.output_tokens = tokens(|usage| usage.output_tokens);
    metrics.repeats = success.fewest_trials();
    if metrics.repeats > 1 {
        let told = 1..=metrics.repeats.min(REPEATS_TOLD_MAX);
        metrics.pass_at_k = told.clone().filter_map(|k| success.over_trials(k, pass_at_k)).collect();
        metrics.pass_hat_k = told.filter_map(|k| success.over_trials(k, pass_hat_k)).collect();
    }
    metrics
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The values of a metric.
struct Metric<'a>(Vec<Value<'a>>);

#[derive(Clone, Copy)]
struct Value<'a> {
    value: f64,
    weight: f64,
    case: u128,
    cluster: Option<&'a str>,
}

/// The trials of one case.
#[derive(Default)]
struct Trials<'a> {
    count: u32,
    sum: f64,
    weight: f64,
    cluster: Option<&'a str>,
}

impl<'a> Metric<'a> {
    fn of(samples: &[Counted<'a>], value: impl Fn(&CaseScore) -> Option<f64>) -> Self {
        let counted = samples.iter().filter(|sample| sample.score.outcome.counts());
        let value = |sample: &Counted<'a>| {
            let Counted { weight, case, cluster, .. } = *sample;
            value(sample.score).map(|value| Value { value, weight, case, cluster })
        };
        Self(counted.filter_map(value).collect())
    }

    fn mean(&self) -> f64 {
        let total: f64 = self.0.iter().map(|one| one.weight).sum();
        if total > 0.0 { self.0.iter().map(|one| one.value * one.weight).sum::<f64>() / total } else { 0.0 }
    }

    fn count(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn trials(&self) -> BTreeMap<u128, Trials<'a>> {
        let mut cases: BTreeMap<u128, Trials<'a>> = BTreeMap::new();
        for one in &self.0 {
            let case = cases.entry(one.case).or_default();
            case.count += 1;
            case.sum += one.value;
            (case.weight, case.cluster) = (one.weight, one.cluster);
        }
        cases
    }

    fn fewest_trials(&self) -> u32 {
        self.trials().values().map(|case| case.count).min().unwrap_or_default()
    }

    /// The weighted mean over the cases of what their trials say for `k`.
    fn over_trials(&self, k: u32, of_case: fn(u32, u32, u32) -> Option<f64>) -> Option<f64> {
        let (mut sum, mut total) = (0.0, 0.0);
        for case in self.trials().values() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of trials")]
            let successes = case.sum.round().max(0.0) as u32;
            sum += case.weight * of_case(case.count, successes.min(case.count), k)?;
            total += case.weight;
        }
        (total > 0.0).then(|| sum / total)
    }

    /// Wilson's, where every case was asked once and stands for itself.
    fn share_interval(&self) -> Option<(f64, f64)> {
        let cases = self.trials();
        if cases.values().any(|case| case.count > 1 || case.cluster.is_some()) {
            return interval(&cases).map(|(low, high)| (low.max(0.0), high.min(1.0)));
        }
        let n = effective_number(self.0.iter().map(|one| one.weight));
        (n > 0.0).then(|| wilson_of_share(self.mean(), n, CONFIDENCE))
    }

    fn interval(&self) -> Option<(f64, f64)> {
        interval(&self.trials())
    }
}

/// Student's t over the means of cases; the bootstrap over clusters, where a case without one is one of its own.
fn interval(cases: &BTreeMap<u128, Trials<'_>>) -> Option<(f64, f64)> {
    let means = || cases.iter().map(|(id, case)| (id, case, case.sum / f64::from(case.count)));
    if cases.values().all(|case| case.cluster.is_none()) {
        return weighted_mean_interval(means().map(|(_, case, mean)| (mean, case.weight)), CONFIDENCE);
    }
    let of = |id: &u128, case: &Trials<'_>| case.cluster.map_or_else(|| Err(*id), |name| Ok(name.to_owned()));
    let values = means().map(|(id, case, mean)| (of(id, case), mean));
    cluster_interval(values, CONFIDENCE, BOOTSTRAPS, SEED)
}

/// Median and 95th percentile of the turns that were not stopped and whose provider answered.
fn latency(samples: &[Counted<'_>]) -> (Option<f64>, Option<f64>) {
    let answered = |outcome| !matches!(outcome, Outcome::ProviderError | Outcome::Cancelled);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a turn are far below 2^52")]
    let mut sorted: Vec<f64> =
        samples.iter().filter(|one| answered(one.score.outcome)).map(|one| one.latency_ms as f64).collect();
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

    fn once(scores: &[CaseScore], latency_ms: i64) -> AggregateMetrics {
        let samples: Vec<_> = (0..).zip(scores).map(|(case, score)| Counted::once(case, score, latency_ms)).collect();
        aggregate(&samples)
    }

    #[test]
    fn trials_of_a_case_are_collapsed_before_anything_is_said_of_chance() {
        let [pass, fail] = [1.0, 0.0].map(|value| {
            let outcome = if value > 0.0 { Outcome::Pass } else { Outcome::Fail };
            score(outcome, Some(value), None, Some(value))
        });
        // Case 1: 2 of 2; case 2: 1 of 2; case 3: 0 of 2.
        let trials = [(1, &pass), (1, &pass), (2, &pass), (2, &fail), (3, &fail), (3, &fail)];
        let samples = trials.map(|(case, score)| Counted::once(case, score, 1));
        let metrics = aggregate(&samples);
        assert_eq!((metrics.repeats, metrics.task_success, metrics.n.task_success), (2, 0.5, 6));
        assert_eq!(metrics.pass_at_k, [0.5, 2.0 / 3.0]);
        assert_eq!(metrics.pass_hat_k, [0.5, 1.0 / 3.0]);
        // t over the three means 1, 0.5, 0: 0.5 ± 4.3027 · 0.5 / √3.
        assert_eq!(metrics.task_success_interval, Some((0.0, 1.0)));
        let (low, high) = metrics.reward_interval.unwrap();
        assert!((low + 0.7421).abs() < 1e-3 && (high - 1.7421).abs() < 1e-3, "{low} {high}");
        // Three clusters: the bootstrap stays within what was seen.
        let samples = samples.map(|one| Counted { cluster: Some("all but").filter(|_| one.case > 1), ..one });
        let (low, high) = aggregate(&samples).task_success_interval.unwrap();
        assert!((0.0..0.5).contains(&low) && (0.5..=1.0).contains(&high), "{low} {high}");
    }

    #[test]
    fn costs_and_tokens_are_means_of_what_was_counted() {
        let one = score(Outcome::Pass, Some(1.0), None, Some(1.0));
        let usage = |cost_usd| Some(Usage { input_tokens: 10, output_tokens: 4, cost_usd, ..Usage::default() });
        let samples = [usage(Some(0.5)), usage(None), None].map(|usage| Counted { usage, ..Counted::once(0, &one, 1) });
        let metrics = aggregate(&samples);
        assert_eq!((metrics.cost_usd, metrics.input_tokens, metrics.output_tokens), (Some(0.5), Some(10.0), Some(4.0)));
        assert_eq!(aggregate(&[]).cost_usd, None);
    }

    #[test]
    fn each_mean_is_over_the_cases_that_have_the_metric() {
        let scores = [
            score(Outcome::Pass, Some(1.0), Some(1.0), Some(1.0)),
            score(Outcome::Fail, Some(0.0), None, Some(0.2)),
            score(Outcome::ProviderError, None, None, None),
            score(Outcome::Unscored, None, None, None),
        ];
        let metrics = once(&scores, 10);
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
        let of = |(case, (score, weight))| Counted { weight, ..Counted::once(case, score, 1) };
        let samples: Vec<_> = (0..).zip(scores.iter().zip([3.0, 1.0])).map(of).collect();
        let metrics = aggregate(&samples);
        assert_eq!(metrics.reward, 0.75);
    }

    #[test]
    fn the_95th_percentile_needs_twenty_cases() {
        let one = score(Outcome::Pass, Some(1.0), None, Some(1.0));
        let metrics = |n: i64| {
            let samples: Vec<_> = (0..).zip(1..=n).map(|(case, ms)| Counted::once(case, &one, ms)).collect();
            aggregate(&samples)
        };
        assert_eq!((metrics(19).latency_ms_p50, metrics(19).latency_ms_p95), (Some(10.0), None));
        // Place 0.95 · 20 = 19 of 1..=21.
        assert_eq!(metrics(21).latency_ms_p95, Some(20.0));
        assert_eq!(aggregate(&[]).latency_ms_p50, None);
    }
}
