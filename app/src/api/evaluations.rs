//! Server functions of the evaluation runs: list, start, follow, stop, resume.

use crate::{codec::Answer, error::AppError};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;
use types::{
    Agent, AgentId, EvaluationCreate, EvaluationRun, EvaluationRunListItem, Page, Paged, RunId, RunView, Split,
    TestCaseId,
};

/// A run in the list, with the name of its agent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EvaluationRow {
    /// The run.
    pub run: EvaluationRunListItem,
    /// Title of the agent it judges.
    pub agent: String,
}

/// Everything the page of one run starts from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EvaluationDetail {
    /// The run with its results so far.
    pub run: EvaluationRun,
    /// Title of the agent it judges.
    pub agent: String,
    /// The run as its events tell it; the page goes on from there.
    pub view: RunView,
}

/// What the start form offers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct EvaluationOffer {
    /// Agents that can be evaluated.
    pub agents: Vec<Agent>,
    /// Active cases, newest first: the latest of them when there are very many.
    pub cases: Vec<CaseChoice>,
    /// Active cases in all.
    pub num_cases: u64,
}

/// A test case as the start form offers it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CaseChoice {
    /// Its id.
    pub id: TestCaseId,
    /// What it asks.
    pub user_input: String,
    /// The suite it belongs to.
    pub suite: Option<String>,
    /// Which part of the suite.
    pub split: Option<Split>,
}

/// One page of the runs, newest first; of one agent when given.
#[server(prefix = "/api/ui", endpoint = "evaluation_list", input = Json, output = Answer)]
pub async fn evaluation_list(
    /// Only runs of this agent.
    agent: Option<AgentId>,
    /// Which rows.
    page: Page,
) -> Result<Paged<EvaluationRow>, AppError> {
    use super::lookup::agent_titles;
    let service = crate::ssr::service();
    let runs = service.evaluation_list(agent, page).await?;
    let titles = agent_titles(&service, runs.items.iter().map(|run| run.agent_id)).await?;
    let row = |run: EvaluationRunListItem| EvaluationRow {
        agent: titles.get(&run.agent_id).cloned().unwrap_or_default(),
        run,
    };
    Ok(Paged { items: runs.items.into_iter().map(row).collect(), total: runs.total })
}

/// One run with its results and its live state.
#[server(prefix = "/api/ui", endpoint = "evaluation_get", input = Json, output = Answer)]
pub async fn evaluation_get(
    /// Its id.
    id: RunId,
) -> Result<EvaluationDetail, AppError> {
    let service = crate::ssr::service();
    let mut view = service.run_view(id).await?;
    let run = service.evaluation_get(id).await?;
    view.go_on_as(run.run.state);
    let agent = service.agent_get(run.run.agent_id).await?.title();
    Ok(EvaluationDetail { run, agent, view })
}

/// Agents and cases for the start form.
#[server(prefix = "/api/ui", endpoint = "evaluation_choices", input = Json, output = Answer)]
pub async fn evaluation_choices() -> Result<EvaluationOffer, AppError> {
    use super::lookup::{agents_active, cases_active};
    let service = crate::ssr::service();
    let agents = agents_active(&service).await?;
    let (cases, num_cases) = cases_active(&service).await?;
    let choice = |case: types::TestCase| CaseChoice {
        id: case.id,
        user_input: case.draft.user_input,
        suite: case.draft.suite,
        split: case.draft.split,
    };
    Ok(EvaluationOffer { agents, cases: cases.into_iter().map(choice).collect(), num_cases })
}

/// Starts a run in the background.
#[server(prefix = "/api/ui", endpoint = "evaluation_start", input = Json, output = Answer)]
pub async fn evaluation_start(
    /// What to start.
    create: EvaluationCreate,
) -> Result<EvaluationRunListItem, AppError> {
    Ok(crate::ssr::service().evaluation_start(create).await?)
}

/// Asks a run to stop.
#[server(prefix = "/api/ui", endpoint = "evaluation_stop", input = Json, output = Answer)]
pub async fn evaluation_stop(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_stop(id).await?;
    Ok(())
}

/// Lets a stopped or interrupted run go on.
#[server(prefix = "/api/ui", endpoint = "evaluation_resume", input = Json, output = Answer)]
pub async fn evaluation_resume(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_resume(id).await?;
    Ok(())
}
