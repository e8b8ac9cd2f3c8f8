//! Which agent a command means: an id, a name, or the first there is.

use super::terminal::explained;
use service::Service;
use types::{Activity, Agent, AgentId, Page};

/// The agent `wanted` names by id or by name; the oldest active one when nothing is wanted.
pub async fn find(service: &Service, wanted: Option<&str>) -> Result<Agent, String> {
    if let Some(id) = wanted.and_then(|text| text.parse::<AgentId>().ok()) {
        return service.agent_get(id).await.map_err(|error| explained(&error));
    }
    let page = Page { skip: 0, limit: 1000 };
    let agents = service.agent_list(Activity::Active, page).await.map_err(|error| explained(&error))?.items;
    let names = agents.iter().map(Agent::title).collect::<Vec<_>>().join(", ");
    let found = match wanted {
        Some(name) => agents.into_iter().find(|agent| agent.title().eq_ignore_ascii_case(name)),
        None => agents.into_iter().next(),
    };
    found.ok_or_else(|| match wanted {
        Some(name) => format!("there is no agent `{name}`; there are: {names}"),
        None => "there is no agent; create one in the browser or with POST /api/v1/agents".to_owned(),
    })
}
