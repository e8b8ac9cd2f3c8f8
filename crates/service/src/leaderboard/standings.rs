//! How each agent did on the cases of a ranking, and how any two of them compare.

use super::{CaseKey, Contender, board::Scored, case_key, categories::Categories};
use evaluation::{
    Counted, RankRow, Standing, aggregate, rank_by,
    statistics::{Pair, Stratum, difference, holm, linear_interval, paired_p},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{CaseLabels, StoredScore};
use types::{AgentId, AggregateMetrics, BaselineDelta, CategoryScore, LeaderboardRow, TestCaseId};

/// Of permutation tests: the same results give the same numbers.
const SEED: u64 = 1;

/// An agent that can be ranked.
pub struct Candidate {
    contender: Contender,
    metrics: AggregateMetrics,
    standing: Standing,
    categories: Vec<CategoryScore>,
    /// Share of the trials of each counted case that passed.
    passed: BTreeMap<CaseKey, f64>,
}

/// All that are ranked.
pub struct Field<'a> {
    labels: &'a HashMap<TestCaseId, CaseLabels>,
    categories: Option<&'a Categories>,
    /// Who is ranked.
    pub candidates: Vec<Candidate>,
}

impl<'a> Field<'a> {
    /// Nobody yet.
    pub const fn new(labels: &'a HashMap<TestCaseId, CaseLabels>, categories: Option<&'a Categories>) -> Self {
        Self { labels, categories, candidates: Vec::new() }
    }

    /// The agent with its means.
    ///
    /// # Errors
    /// Its row among those not ranked: none of its cases, or of those of a category, could be scored.
    pub fn candidate(&self, contender: Contender) -> Scored {
        let metrics = if contender.is_whole {
            contender.run.aggregate_metrics_json.clone()
        } else {
            Some(self.aggregate(&contender.scores))
        };
        let Some(metrics) = metrics.filter(|metrics| metrics.n.task_success > 0) else {
            return Err(Box::new(contender.not_ranked("none of its cases could be scored".into(), 0)));
        };
        let categories = self.category_scores(&contender.scores);
        let unscored = categories.iter().find(|category| category.weight > 0.0 && category.task_success.is_none());
        if let Some(category) = unscored {
            let reason = format!("none of its cases of the category `{}` could be scored", category.name);
            return Err(Box::new(contender.not_ranked(reason, 0)));
        }
        let standing = standing(&metrics, &categories);
        let passed = passed(&contender.scores);
        Ok(Candidate { contender, metrics, standing, categories, passed })
    }

    /// The rows, best first.
    pub fn rows(&self, baseline: Option<AgentId>) -> Vec<LeaderboardRow> {
        let standings: Vec<Standing> = self.candidates.iter().map(|candidate| candidate.standing).collect();
        let places = rank_by(&standings, |leader, other| {
            let both = self.candidates.get(leader).zip(self.candidates.get(other));
            both.map_or(1.0, |(leader, other)| paired_p(&self.strata(leader, other), SEED))
        });
        let ranked = places.into_iter().filter_map(|place| Some((self.candidates.get(place.entry)?, place)));
        let mut rows: Vec<LeaderboardRow> = ranked.map(|(candidate, place)| candidate.row(&place)).collect();
        self.compare_with(baseline, &mut rows);
        rows
    }

    /// The test that [`Self::rows`] compares with, in words.
    pub fn paired_test(&self) -> String {
        let whole = |share: &f64| *share == 0.0 || *share == 1.0;
        let passed = || self.candidates.iter().flat_map(|candidate| &candidate.passed);
        let cluster = |case: &CaseKey| self.labels.get(&case.0).and_then(|labels| labels.cluster.as_ref());
        match self.categories {
            Some(_) => "sign-flip permutation test of the weighted differences".into(),
            None if passed().any(|(case, _)| cluster(case).is_some()) => {
                "sign-flip permutation test of the differences of clusters".into()
            }
            None if passed().all(|(_, share)| whole(share)) => "exact McNemar test".into(),
            None => "sign-flip permutation test of the cases' means".into(),
        }
    }

    /// Puts the difference to the baseline into each row but its own; nothing when it is not ranked.
    fn compare_with(&self, baseline: Option<AgentId>, rows: &mut [LeaderboardRow]) {
        let of = |id: AgentId| self.candidates.iter().find(|candidate| candidate.contender.agent.id == id);
        let Some(baseline) = baseline.and_then(of) else { return };
        let mut deltas: Vec<(usize, BaselineDelta)> = Vec::new();
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.agent_id != baseline.contender.agent.id) {
            let found = of(row.agent_id).and_then(|one| difference(&self.strata(one, baseline), SEED));
            let delta = |found: evaluation::statistics::Difference| BaselineDelta {
                n: found.n,
                difference: found.mean,
                interval: found.interval,
                p: found.p,
            };
            deltas.extend(found.map(|found| (place, delta(found))));
        }
        let adjusted = holm(&deltas.iter().map(|(_, delta)| delta.p).collect::<Vec<_>>());
        for ((place, delta), p) in deltas.into_iter().zip(adjusted) {
            if let Some(row) = rows.get_mut(place) {
                row.baseline = Some(BaselineDelta { p, ..delta });
            }
        }
    }

    /// The cases that count for both, by category where there are any.
    fn strata(&self, one: &Candidate, other: &Candidate) -> Vec<Stratum<'a>> {
        let pair = |case: &CaseKey, first: f64| {
            let second = *other.passed.get(case)?;
            let labels = self.labels.get(&case.0);
            let weight = labels.map_or(1.0, |labels| labels.weight);
            Some(Pair { first, second, weight, cluster: labels.and_then(|labels| labels.cluster.as_deref()) })
        };
        let of = |cases: &BTreeSet<CaseKey>| {
            cases.iter().filter_map(|case| pair(case, *one.passed.get(case)?)).collect::<Vec<_>>()
        };
        match self.categories {
            Some(categories) => {
                categories.counting().map(|(_, weight, cases)| Stratum { weight, pairs: of(cases) }).collect()
            }
            None => {
                let pairs = one.passed.iter().filter_map(|(case, first)| pair(case, *first)).collect();
                vec![Stratum { weight: 1.0, pairs }]
            }
        }
    }

    fn aggregate<'s>(&'s self, scores: &'s [StoredScore]) -> AggregateMetrics {
        let counted = |one: &'s StoredScore| {
            let once = Counted::once(one.test_case_id.0.as_u128(), &one.score, one.latency_ms);
            let labels = self.labels.get(&one.test_case_id);
            Counted {
                weight: labels.map_or(1.0, |labels| labels.weight),
                cluster: labels.and_then(|labels| labels.cluster.as_deref()),
                usage: one.usage,
                ..once
            }
        };
        aggregate(&scores.iter().map(counted).collect::<Vec<_>>())
    }

    fn category_scores(&self, scores: &[StoredScore]) -> Vec<CategoryScore> {
        let all = self.categories.into_iter().flat_map(|categories| &categories.all);
        all.map(|(name, (weight, cases))| {
            let own: Vec<StoredScore> =
                scores.iter().filter(|score| cases.contains(&case_key(score))).cloned().collect();
            let metrics = self.aggregate(&own);
            let n = metrics.n.task_success;
            CategoryScore {
                name: name.clone(),
                weight: *weight,
                n,
                task_success: (n > 0).then_some(metrics.task_success),
                interval: metrics.task_success_interval,
            }
        })
        .collect()
    }
}

/// The score and its interval: of all cases together, or put together of the categories that count.
fn standing(metrics: &AggregateMetrics, categories: &[CategoryScore]) -> Standing {
    let whole = metrics.task_success_interval.unwrap_or((0.0, 1.0));
    let plain = Standing { score: metrics.task_success, interval: whole, tie_break: metrics.reward };
    let part = |category: &CategoryScore| {
        Some((category.weight, category.task_success?, category.interval.unwrap_or((0.0, 1.0))))
    };
    let parts: Vec<_> = categories.iter().filter(|category| category.weight > 0.0).filter_map(part).collect();
    let Some((low, high)) = linear_interval(&parts) else { return plain };
    let total: f64 = parts.iter().map(|(weight, _, _)| weight).sum();
    let score = parts.iter().map(|(weight, mean, _)| weight * mean).sum::<f64>() / total;
    Standing { score, interval: (low.max(0.0), high.min(1.0)), ..plain }
}

fn passed(scores: &[StoredScore]) -> BTreeMap<CaseKey, f64> {
    let mut trials: BTreeMap<CaseKey, (f64, f64)> = BTreeMap::new();
    for one in scores.iter().filter(|one| one.score.outcome.counts()) {
        if let Some(success) = one.score.task_success {
            let (passed, made) = trials.entry(case_key(one)).or_default();
            *passed += f64::from(u8::from(success >= 1.0));
            *made += 1.0;
        }
    }
    trials.into_iter().map(|(case, (passed, made))| (case, passed / made)).collect()
}

impl Candidate {
    fn row(&self, place: &RankRow) -> LeaderboardRow {
        let Self { contender: Contender { agent, run, .. }, metrics, standing, .. } = self;
        let known = |value: f64, n: u32| (n > 0).then_some(value);
        LeaderboardRow {
            agent_id: agent.id,
            agent_name: agent.title(),
            agent_type: agent.agent_type.clone(),
            run_id: run.id,
            n: metrics.n.task_success,
            task_success: standing.score,
            interval: standing.interval,
            rank_range: place.rank_range,
            reward: known(metrics.reward, metrics.n.reward),
            tool_usage_efficiency: known(metrics.tool_usage_efficiency, metrics.n.tool_usage_efficiency),
            response_quality: known(metrics.response_quality, metrics.n.response_quality),
            latency_ms_p50: metrics.latency_ms_p50,
            p_against_leader: place.p_against_leader,
            in_top_tier: place.in_top_tier,
            evaluated_at: run.completed_at.unwrap_or(run.started_at),
            latency_ms_p95: metrics.latency_ms_p95,
            cost_usd: metrics.cost_usd,
            input_tokens: metrics.input_tokens,
            output_tokens: metrics.output_tokens,
            repeats: metrics.repeats.max(1),
            pass_at_k: metrics.pass_at_k.clone(),
            pass_hat_k: metrics.pass_hat_k.clone(),
            baseline: None,
            categories: self.categories.clone(),
        }
    }
}
