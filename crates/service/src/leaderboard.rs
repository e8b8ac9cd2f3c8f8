//! The ranking of agents by their latest completed evaluation, over one set of cases.
//!
//! What must stay true: ranked agents were judged on the same cases in the same versions; who was not is listed with the
//! reason. Loading is here, what follows from the loaded is computed in `board` without a database.

mod board;
mod categories;
mod export;
mod history;
mod standings;
mod words;

pub use export::BoardFormat;

use crate::{Result, Service, blocking};
use std::collections::{BTreeSet, HashMap};
use store::{CaseLabels, StoredScore};
use types::{
    Activity, Agent, AgentId, CaseScope, EvaluationRunListItem, Leaderboard, LeaderboardQuery, Page, Split, TestCaseId,
    UnrankedRow,
};

/// Agents read at a time.
const AGENTS_AT_ONCE: u32 = 500;

/// A case as it was when it was judged: which one, in which version.
type CaseKey = (TestCaseId, u32);

/// The case that a score is of.
fn case_key(score: &StoredScore) -> CaseKey {
    (score.test_case_id, score.case_version)
}

/// An agent with its latest completed run, and what it was judged on.
struct Contender {
    agent: Agent,
    run: EvaluationRunListItem,
    scores: Vec<StoredScore>,
    cases: BTreeSet<CaseKey>,
    /// Whether `scores` are all of the run.
    is_whole: bool,
}

/// All that a ranking is made of.
struct Loaded {
    query: LeaderboardQuery,
    contenders: Vec<Contender>,
    unranked: Vec<UnrankedRow>,
    /// Of all cases.
    labels: HashMap<TestCaseId, CaseLabels>,
    /// The name of the baseline.
    baseline: Option<String>,
}

/// What a ranking can be narrowed to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeaderboardScopes {
    /// Suites of active cases.
    pub suites: Vec<String>,
    /// Tags of active cases.
    pub tags: Vec<String>,
    /// Splits of active cases.
    pub splits: Vec<Split>,
}

impl Service {
    /// Agents ranked over one set of cases, by default the one that most of their latest completed runs share; the others
    /// are listed with the reason why they are not ranked.
    ///
    /// # Errors
    /// Not found: the baseline. Refused fields: a weight of a category that there is not.
    pub async fn leaderboard(&self, query: &LeaderboardQuery) -> Result<Leaderboard> {
        let baseline = match query.baseline {
            Some(id) => Some(self.agent_get(id).await?.title()),
            None => None,
        };
        let (mut contenders, unranked) = self.contenders(&query.agents).await?;
        let labels = self.store().case_labels().await?;
        let labels: HashMap<_, _> = labels.into_iter().map(|labels| (labels.id, labels)).collect();
        contenders.iter_mut().for_each(|contender| contender.keep(|(case, _)| fits(labels.get(case), &query.scope)));
        let loaded = Loaded { query: query.clone(), contenders, unranked, labels, baseline };
        blocking(move || board::board(loaded)).await
    }

    /// What a ranking can be narrowed to.
    ///
    /// # Errors
    /// The database fails.
    pub async fn leaderboard_scopes(&self) -> Result<LeaderboardScopes> {
        let groups = self.store().case_groups().await?;
        let suites: BTreeSet<String> = groups.iter().filter_map(|group| group.suite.clone()).collect();
        let splits: BTreeSet<Split> = groups.iter().filter_map(|group| group.split).collect();
        Ok(LeaderboardScopes {
            suites: suites.into_iter().collect(),
            tags: self.store().case_tags().await?.into_iter().collect(),
            splits: splits.into_iter().collect(),
        })
    }

    /// Active agents with a completed run, and those without; of all, or of those chosen.
    async fn contenders(&self, chosen: &[AgentId]) -> Result<(Vec<Contender>, Vec<UnrankedRow>)> {
        let runs = self.store().evaluation_latest_completed().await?;
        let mut by_agent: HashMap<_, _> = runs.into_iter().map(|run| (run.agent_id, run)).collect();
        let (mut contenders, mut unranked) = (Vec::new(), Vec::new());
        let is_chosen = |agent: &Agent| chosen.is_empty() || chosen.contains(&agent.id);
        for agent in self.active_agents().await?.into_iter().filter(is_chosen) {
            match by_agent.remove(&agent.id) {
                Some(run) => {
                    let scores = self.store().evaluation_scores(run.id).await?;
                    contenders.push(Contender::new(agent, run, scores));
                }
                None => unranked.push(unranked_row(&agent, None, "it has no completed evaluation yet".into(), 0)),
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
}

impl Contender {
    fn new(agent: Agent, run: EvaluationRunListItem, scores: Vec<StoredScore>) -> Self {
        let cases = scores.iter().map(case_key).collect();
        Self { agent, run, scores, cases, is_whole: true }
    }

    /// Leaves out the other cases.
    fn keep(&mut self, wanted: impl Fn(&CaseKey) -> bool) {
        let all = self.scores.len();
        self.scores.retain(|score| wanted(&case_key(score)));
        self.is_whole &= self.scores.len() == all;
        self.cases.retain(wanted);
    }

    /// Listed with the reason why it is not ranked.
    fn not_ranked(&self, reason: String, shared_cases: usize) -> UnrankedRow {
        unranked_row(&self.agent, Some(&self.run), reason, shared_cases)
    }
}

fn unranked_row(
    agent: &Agent,
    run: Option<&EvaluationRunListItem>,
    reason: String,
    shared_cases: usize,
) -> UnrankedRow {
    UnrankedRow {
        agent_id: agent.id,
        agent_name: agent.title(),
        agent_type: agent.agent_type.clone(),
        run_id: run.map(|run| run.id),
        reason,
        shared_cases: u32::try_from(shared_cases).unwrap_or(u32::MAX),
    }
}

/// Whether a case with these labels is in the scope; a case that nothing is known of is in no scope but the widest.
fn fits(labels: Option<&CaseLabels>, scope: &CaseScope) -> bool {
    let same = |asked: &Option<String>, has: &dyn Fn(&str) -> bool| asked.as_deref().is_none_or(has);
    let known = |ask: &dyn Fn(&CaseLabels) -> bool| labels.is_some_and(ask);
    same(&scope.suite, &|suite| known(&|labels| labels.suite.as_deref() == Some(suite)))
        && same(&scope.tag, &|tag| known(&|labels| labels.tags.iter().any(|other| other == tag)))
        && scope.split.is_none_or(|split| known(&|labels| labels.split == Some(split)))
}
