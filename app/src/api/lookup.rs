//! Look-ups that several server functions present their answers with. Server only.

use service::Service;
use std::collections::{BTreeMap, BTreeSet};
use types::{Activity, Agent, AgentId, CaseQuery, Error, Page, TestCase};

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

/// The active test cases, newest first, and how many there are in all.
pub async fn cases_active(service: &Service) -> Result<(Vec<TestCase>, u64), Error> {
    let page = Page { skip: 0, limit: CHOICES_MAX };
    let cases = service.case_list(CaseQuery { page, ..CaseQuery::default() }).await?;
    Ok((cases.items, cases.total))
}
