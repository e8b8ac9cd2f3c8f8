//! Server functions of the training runs: list, start, follow, stop, resume.

use crate::{error::AppError, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{Agent, AgentId, ExtensionSpec, Page, Paged, RunId, RunView, TrainingCreate, TrainingRunListItem};

/// A run in the list, with the name of its agent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrainingRow {
    /// The run.
    pub run: TrainingRunListItem,
    /// Title of the agent it teaches.
    pub agent: String,
}

/// Everything the page of one run starts from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TrainingDetail {
    /// The run.
    pub run: TrainingRunListItem,
    /// The request it was started with.
    pub config: serde_json::Value,
    /// Title of the agent it teaches.
    pub agent: String,
    /// The run as its events tell it; the page goes on from there.
    pub view: RunView,
}

/// What the start form offers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct TrainingOffer {
    /// Active agents, whether or not they can be trained.
    pub agents: Vec<Agent>,
    /// Agent types that can be trained.
    pub trainable_types: Vec<String>,
    /// Registered algorithms with their parameters.
    pub algorithms: Vec<ExtensionSpec>,
    /// Active cases.
    pub num_cases: u64,
}

/// One page of the runs, newest first; of one agent when given.
#[server(prefix = "/api/ui", endpoint = "training_list", protocol = Ui)]
pub async fn training_list(
    /// Only runs of this agent.
    agent: Option<AgentId>,
    /// Which rows.
    page: Page,
) -> Result<Paged<TrainingRow>, AppError> {
    use super::lookup::agent_titles;
    let service = crate::ssr::service();
    let runs = service.training_list(agent, page).await?;
    let titles = agent_titles(&service, runs.items.iter().map(|run| run.agent_id)).await?;
    let row =
        |run: TrainingRunListItem| TrainingRow { agent: titles.get(&run.agent_id).cloned().unwrap_or_default(), run };
    Ok(Paged { items: runs.items.into_iter().map(row).collect(), total: runs.total })
}

/// One run with its episodes and its live state.
#[server(prefix = "/api/ui", endpoint = "training_get", protocol = Ui)]
pub async fn training_get(
    /// Its id.
    id: RunId,
) -> Result<TrainingDetail, AppError> {
    let service = crate::ssr::service();
    let mut view = service.run_view(id).await?;
    let types::TrainingRun { run, config_json: config, .. } = service.training_get(id).await?;
    view.go_on_as(run.state);
    let agent = service.agent_get(run.agent_id).await?.title();
    Ok(TrainingDetail { run, config, agent, view })
}

/// Agents and algorithms for the start form.
#[server(prefix = "/api/ui", endpoint = "training_choices", protocol = Ui)]
pub async fn training_choices() -> Result<TrainingOffer, AppError> {
    use super::lookup::agents_active;
    let service = crate::ssr::service();
    Ok(TrainingOffer {
        agents: agents_active(&service).await?,
        trainable_types: service.trainable_type_list(),
        algorithms: service.algorithm_list(),
        num_cases: service.overview().await?.test_cases,
    })
}

/// Starts a run in the background.
#[server(prefix = "/api/ui", endpoint = "training_start", protocol = Ui)]
pub async fn training_start(
    /// What to start.
    create: TrainingCreate,
) -> Result<TrainingRunListItem, AppError> {
    Ok(crate::ssr::service().training_start(create).await?)
}

/// Asks a run to stop.
#[server(prefix = "/api/ui", endpoint = "training_stop", protocol = Ui)]
pub async fn training_stop(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().training_stop(id).await?;
    Ok(())
}

/// Lets a stopped or interrupted run go on from its latest checkpoint.
#[server(prefix = "/api/ui", endpoint = "training_resume", protocol = Ui)]
pub async fn training_resume(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().training_resume(id).await?;
    Ok(())
}
