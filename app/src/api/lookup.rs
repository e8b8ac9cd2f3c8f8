//! Look-ups that several server functions present their answers with. Server only.

use super::{agents::AgentChoices, evaluations::CaseChoice};
use crate::present::one_line;
use service::Service;
use std::collections::{BTreeMap, BTreeSet};
use types::{Activity, Agent, AgentId, CaseQuery, Error, Page, TestCase, TrainingRunListItem};

/// Most rows that one form offers.
const CHOICES_MAX: u32 = 1000;

/// Titles of these agents, deleted ones included.
pub async fn agent_titles(
    service: &Service,
    ids: impl Iterator<Item = AgentId>,
) -> Result<BTreeMap<AgentId, String>, Error> {
    let mut titles = BTreeMap::new();
    for id in ids.collect::<BTreeSet<_>>() {
        titles.insert(id, service.agent_get(id).await?.title());
    }
    Ok(titles)
}

/// The active agents.
pub async fn agents_active(service: &Service) -> Result<Vec<Agent>, Error> {
    let page = Page { skip: 0, limit: CHOICES_MAX };
    Ok(service.agent_list(Activity::Active, page).await?.items)
}

/// Every active test case, newest first.
pub async fn cases_active(service: &Service) -> Result<Vec<CaseChoice>, Error> {
    let choice = |case: TestCase| CaseChoice {
        id: case.id,
        user_input: one_line(&case.draft.user_input, 100),
        suite: case.draft.suite,
        split: case.draft.split,
    };
    let mut cases = Vec::new();
    loop {
        let page = Page { skip: u32::try_from(cases.len()).unwrap_or(u32::MAX), limit: CHOICES_MAX };
        let found = service.case_list(CaseQuery { page, ..CaseQuery::default() }).await?;
        let is_last = found.items.len() < CHOICES_MAX as usize;
        cases.extend(found.items.into_iter().map(choice));
        if is_last {
            return Ok(cases);
        }
    }
}

/// What the form of an agent chooses from.
pub async fn agent_choices(service: &Service) -> Result<AgentChoices, Error> {
    let runs = service.training_list(None, Page::default()).await?.items;
    let titles = agent_titles(service, runs.iter().map(|run| run.agent_id)).await?;
    let of_run = |run: TrainingRunListItem| {
        let whose = titles.get(&run.agent_id).map_or("an agent", String::as_str);
        let reward = run.held_out_after.or(run.best_avg_reward)?;
        Some((format!("run:{}", run.id), format!("Trained as {whose}, reward {reward:.3}")))
    };
    let built_in = [("builtin", "Built in (trained)"), ("untrained", "Untrained")];
    let built_in = built_in.map(|(value, label)| (value.to_owned(), label.to_owned()));
    Ok(AgentChoices {
        frameworks: service.framework_list_told(),
        trainable: service.trainable_type_list(),
        weights: built_in.into_iter().chain(runs.into_iter().filter_map(of_run)).collect(),
        models: service.model_default_list(),
        draft: service.agent_draft(),
    })
}
