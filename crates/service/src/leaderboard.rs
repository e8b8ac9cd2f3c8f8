//! The ranking of agents by their latest completed evaluation, over one set of cases.

use crate::{Result, Service};
use evaluation::{RankEntry, RankRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::StoredScore;
use types::{
    Activity, Agent, AggregateMetrics, EvaluationRunListItem, Leaderboard, LeaderboardRow, Page, TestCaseId,
    UnrankedRow,
};

/// Agents read at a time.
const AGENTS_AT_ONCE: u32 = 500;

/// Cases at their versions.
type CaseSet = BTreeSet<(TestCaseId, u32)>;

/// An agent with its latest completed run and the cases of it.
struct Contender {
    agent: Agent,
    run: EvaluationRunListItem,
    cases: CaseSet,
}

impl Service {
    /// Agents ranked over one set of cases, the one that most of their latest completed runs share; the others are listed
    /// with the reason why they are not ranked.
    ///
    /// # Errors
    /// The database fails.
    pub async fn leaderboard(&self) -> Result<Leaderboard> {
        let (contenders, mut unranked) = self.contenders().await?;
        let chosen = chosen_cases(&contenders);
        let mut ranked = Vec::new();
        for contender in contenders {
            match (contender.cases == chosen, scored(&contender.run)) {
                (true, Some(metrics)) => ranked.push((self.rank_entry(&contender, metrics).await?, contender)),
                (true, None) => unranked.push(unranked_row(contender, "none of its cases could be scored")),
                (false, _) => {
                    let why = not_comparable(contender.cases.len(), chosen.len());
                    unranked.push(unranked_row(contender, &why));
                }
            }
        }
        let (entries, contenders): (Vec<RankEntry>, Vec<Contender>) = ranked.into_iter().unzip();
        let rows = evaluation::rank(&entries);
        let rows = rows.into_iter().filter_map(|place| row(&contenders, &entries, place)).collect();
        Ok(Leaderboard { rows, unranked, num_test_cases: i64::try_from(chosen.len()).unwrap_or(i64::MAX) })
    }

    /// Active agents with a completed run, and those without.
    async fn contenders(&self) -> Result<(Vec<Contender>, Vec<UnrankedRow>)> {
        let runs = self.store().evaluation_latest_completed().await?;
        let mut by_agent: HashMap<_, _> = runs.into_iter().map(|run| (run.agent_id, run)).collect();
        let (mut contenders, mut unranked) = (Vec::new(), Vec::new());
        for agent in self.active_agents().await? {
            match by_agent.remove(&agent.id) {
                Some(run) => {
                    let cases = self.store().evaluation_samples(run.id).await?.into_iter().collect();
                    contenders.push(Contender { agent, run, cases });
                }
                None => unranked.push(UnrankedRow {
                    agent_id: agent.id,
                    agent_name: agent.title(),
                    agent_type: agent.agent_type,
                    run_id: None,
                    reason: "it has no completed evaluation yet".into(),
                }),
            }
        }
        Ok((contenders, unranked))
    }

    async fn active_agents(&self) -> Result<Vec<Agent>> {
        let mut agents = Vec::new();
        let mut page = Page { skip: 0, limit: AGENTS_AT_ONCE };
        loop {
            let found = self.store().agent_list(Activity::Active, page).await?.items;
            if found.is_empty() {
                return Ok(agents);
            }
            agents.extend(found);
            page.skip += AGENTS_AT_ONCE;
        }
    }

    async fn rank_entry(&self, contender: &Contender, metrics: &AggregateMetrics) -> Result<RankEntry> {
        let scores = self.store().evaluation_scores(contender.run.id).await?;
        let counted = scores.iter().filter(|one| one.score.outcome.counts());
        let passed = |one: &StoredScore| Some((one.test_case_id, one.score.task_success? >= 1.0));
        let passed: BTreeMap<_, _> = counted.filter_map(passed).collect();
        Ok(RankEntry {
            score: metrics.task_success,
            interval: metrics.task_success_interval.unwrap_or((0.0, 1.0)),
            tie_break: metrics.reward,
            passed,
        })
    }
}

/// The set of cases that most runs share; among equals, that of the run that ended last.
fn chosen_cases(contenders: &[Contender]) -> CaseSet {
    let mut votes: HashMap<&CaseSet, (usize, Option<types::Timestamp>)> = HashMap::new();
    for contender in contenders {
        let (count, latest) = votes.entry(&contender.cases).or_default();
        *count += 1;
        *latest = (*latest).max(contender.run.completed_at);
    }
    votes.into_iter().max_by_key(|(_, vote)| *vote).map(|(cases, _)| cases.clone()).unwrap_or_default()
}

fn scored(run: &EvaluationRunListItem) -> Option<&AggregateMetrics> {
    run.aggregate_metrics_json.as_ref().filter(|metrics| metrics.n.task_success > 0)
}

fn not_comparable(cases: usize, chosen: usize) -> String {
    format!("it was judged on other cases ({cases}) than the ranking is over ({chosen}); evaluate it on the same ones")
}

fn unranked_row(contender: Contender, reason: &str) -> UnrankedRow {
    UnrankedRow {
        agent_id: contender.agent.id,
        agent_name: contender.agent.title(),
        agent_type: contender.agent.agent_type,
        run_id: Some(contender.run.id),
        reason: reason.into(),
    }
}

fn row(contenders: &[Contender], entries: &[RankEntry], place: RankRow) -> Option<LeaderboardRow> {
    let (contender, entry) = (contenders.get(place.entry)?, entries.get(place.entry)?);
    let metrics = contender.run.aggregate_metrics_json.as_ref()?;
    let known = |value: f64, n: u32| (n > 0).then_some(value);
    Some(LeaderboardRow {
        agent_id: contender.agent.id,
        agent_name: contender.agent.title(),
        agent_type: contender.agent.agent_type.clone(),
        run_id: contender.run.id,
        n: metrics.n.task_success,
        task_success: metrics.task_success,
        interval: entry.interval,
        rank_range: place.rank_range,
        reward: known(metrics.reward, metrics.n.reward),
        tool_usage_efficiency: known(metrics.tool_usage_efficiency, metrics.n.tool_usage_efficiency),
        response_quality: known(metrics.response_quality, metrics.n.response_quality),
        latency_ms_p50: metrics.latency_ms_p50,
        p_against_leader: place.p_against_leader,
        in_top_tier: place.in_top_tier,
        evaluated_at: contender.run.completed_at.unwrap_or(contender.run.started_at),
    })
}
