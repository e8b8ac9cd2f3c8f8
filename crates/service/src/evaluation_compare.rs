//! Evaluation runs side by side: means, and who is best by each.

use crate::{Result, Service};
use std::collections::{BTreeMap, BTreeSet};
use types::{AgentComparison, AgentId, AggregateMetrics, Error, EvaluationRunListItem, RunId, RunState};

/// A metric: its name, its mean and how many cases that is over.
type Metric = (&'static str, fn(&AggregateMetrics) -> (f64, u32));

const OVERALL: &str = "reward";
const METRICS: [Metric; 4] = [
    ("task_success", |metrics| (metrics.task_success, metrics.n.task_success)),
    ("tool_usage_efficiency", |metrics| (metrics.tool_usage_efficiency, metrics.n.tool_usage_efficiency)),
    ("response_quality", |metrics| (metrics.response_quality, metrics.n.response_quality)),
    (OVERALL, |metrics| (metrics.reward, metrics.n.reward)),
];

impl Service {
    /// Compares runs, or the latest completed ones of all active agents when none is given. Equal means are in the order of
    /// the agents' ids; the leaderboard tells which differences are more than luck.
    ///
    /// # Errors
    /// Not found: a run. Invalid: a run that has not completed, or two runs of one agent.
    pub async fn evaluation_compare(&self, runs: &[RunId]) -> Result<AgentComparison> {
        let mut chosen: Vec<EvaluationRunListItem> = Vec::new();
        for id in runs {
            chosen.push(self.evaluation_find(*id).await?);
        }
        if runs.is_empty() {
            chosen = self.store().evaluation_latest_completed().await?;
        }
        let mut metrics: BTreeMap<AgentId, AggregateMetrics> = BTreeMap::new();
        let (mut names, mut by_agent, mut sets) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        for run in chosen {
            let means = run.aggregate_metrics_json.filter(|_| run.state == RunState::Completed);
            let means = means.ok_or_else(|| Error::Invalid(format!("run {} has not completed", run.id)))?;
            if let Some(other) = by_agent.insert(run.agent_id, run.id) {
                let told = format!("runs {other} and {} are of one agent; give one run for each agent", run.id);
                return Err(Error::Invalid(told));
            }
            metrics.insert(run.agent_id, means);
            names.insert(run.agent_id, self.agent_get(run.agent_id).await?.title());
            sets.insert(self.store().evaluation_samples(run.id).await?.into_iter().collect::<BTreeSet<_>>());
        }
        let rankings = rankings(&metrics);
        let first = |(metric, agents): (&String, &Vec<AgentId>)| Some((metric.clone(), *agents.first()?));
        let best_agent: BTreeMap<String, AgentId> = rankings.iter().filter_map(first).collect();
        let best_overall = best_agent.get(OVERALL).copied();
        Ok(AgentComparison {
            agent_metrics: metrics,
            rankings,
            best_agent,
            best_overall,
            agent_names: names,
            runs: by_agent,
            same_cases: sets.len() <= 1,
        })
    }
}

/// For each metric the agents that have it, the highest mean first.
fn rankings(metrics: &BTreeMap<AgentId, AggregateMetrics>) -> BTreeMap<String, Vec<AgentId>> {
    let ranked = |value: fn(&AggregateMetrics) -> (f64, u32)| {
        let known = metrics.iter().map(|(agent, means)| (*agent, value(means))).filter(|(_, (_, n))| *n > 0);
        let mut known: Vec<(AgentId, f64)> = known.map(|(agent, (mean, _))| (agent, mean)).collect();
        known.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        known.into_iter().map(|(agent, _)| agent).collect()
    };
    METRICS.into_iter().map(|(name, value)| (name.to_owned(), ranked(value))).collect()
}
