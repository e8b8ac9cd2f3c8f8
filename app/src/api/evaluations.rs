//! Server functions of the evaluation runs: list, start, follow, stop, resume.

use crate::{error::AppError, present::one_line, protocol::Ui};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    Agent, AgentId, EvaluationResult, EvaluationRunListItem, HumanVerdict, Outcome, Page, Paged, ResultId,
    ResultInList, ResultQuery, Review, ReviewDraft, RunId, RunView, Split, TestCaseId,
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
    /// The run.
    pub run: EvaluationRunListItem,
    /// Title of the agent it judges.
    pub agent: String,
    /// The run as its events tell it; the page goes on from there.
    pub view: RunView,
}

/// A result as the list shows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ResultRow {
    /// Its id.
    pub id: ResultId,
    /// What was asked, on one line.
    pub question: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Names of the tools it called.
    pub calls: Vec<String>,
    /// The beginning of the reply, or of the error.
    pub reply: String,
    /// Its reward, when scored.
    pub reward: Option<f64>,
    /// How long it took.
    pub latency_ms: i64,
    /// What a person says of it, in words.
    pub said: String,
}

impl ResultRow {
    /// The row of `result`, with what a person said of it.
    pub fn new(result: EvaluationResult, review: Option<&Review>) -> Self {
        let reply = result.response_text.as_deref().or(result.error.as_deref()).unwrap_or("–");
        Self {
            id: result.id,
            question: one_line(&result.user_input, 90),
            outcome: result.outcome,
            calls: result.tool_calls_json.iter().flatten().map(|call| call.tool_name.clone()).collect(),
            reply: one_line(reply, 80),
            reward: result.scored.reward.then_some(result.reward),
            latency_ms: result.latency_ms,
            said: review.map(said).unwrap_or_default(),
        }
    }
}

/// What a person says of a result, in words.
pub fn said(review: &Review) -> String {
    let verdict = review.verdict.map(|verdict| match verdict {
        HumanVerdict::Pass => "should pass",
        HumanVerdict::Fail => "should fail",
    });
    let disputed = review.disputed.then_some("key disputed");
    verdict.into_iter().chain(disputed).collect::<Vec<_>>().join(", ")
}

/// What the start form offers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct EvaluationOffer {
    /// Agents that can be evaluated.
    pub agents: Vec<Agent>,
    /// Value and label of what a run can be over.
    pub scopes: Vec<(String, String)>,
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
#[server(prefix = "/api/ui", endpoint = "evaluation_list", protocol = Ui)]
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

/// One run and its live state.
#[server(prefix = "/api/ui", endpoint = "evaluation_get", protocol = Ui)]
pub async fn evaluation_get(
    /// Its id.
    id: RunId,
) -> Result<EvaluationDetail, AppError> {
    let service = crate::ssr::service();
    let mut view = service.run_view(id).await?;
    let run = service.evaluation_find(id).await?;
    view.go_on_as(run.state);
    let agent = service.agent_get(run.agent_id).await?.title();
    Ok(EvaluationDetail { run, agent, view })
}

/// One page of the results of a run.
#[server(prefix = "/api/ui", endpoint = "evaluation_result_list", protocol = Ui)]
pub async fn evaluation_result_list(
    /// Of which run.
    run: RunId,
    /// Which of them.
    query: ResultQuery,
) -> Result<Paged<ResultRow>, AppError> {
    let service = crate::ssr::service();
    let found = service.evaluation_result_list(run, query).await?;
    let reviews = service.reviews_of_run(run).await?;
    let row = |result: EvaluationResult| {
        let review = reviews.get(&result.id);
        ResultRow::new(result, review)
    };
    Ok(Paged { items: found.items.into_iter().map(row).collect(), total: found.total })
}

/// One result, and its neighbours in the list it was chosen from.
#[server(prefix = "/api/ui", endpoint = "evaluation_result_get", protocol = Ui)]
pub async fn evaluation_result_get(
    /// Of which run.
    run: RunId,
    /// Its id.
    id: ResultId,
    /// The list.
    query: ResultQuery,
) -> Result<ResultInList, AppError> {
    Ok(crate::ssr::service().evaluation_result_get(run, id, query).await?)
}

/// Agents, and what a run can be over, for the start form.
#[server(prefix = "/api/ui", endpoint = "evaluation_choices", protocol = Ui)]
pub async fn evaluation_choices() -> Result<EvaluationOffer, AppError> {
    use super::{lookup::agents_active, scope::scopes};
    let service = crate::ssr::service();
    let agents = agents_active(&service).await?;
    let groups = service.case_groups().await?;
    let groups: Vec<_> = groups.into_iter().map(|group| (group.suite, group.split, group.count)).collect();
    Ok(EvaluationOffer { agents, scopes: scopes(&groups), num_cases: groups.iter().map(|(_, _, number)| number).sum() })
}

/// The active test cases, newest first, to choose from one by one.
#[server(prefix = "/api/ui", endpoint = "evaluation_cases", protocol = Ui)]
pub async fn evaluation_cases() -> Result<Vec<CaseChoice>, AppError> {
    Ok(super::lookup::cases_active(&crate::ssr::service()).await?)
}

/// Starts a run of each agent in the background.
#[server(prefix = "/api/ui", endpoint = "evaluation_start", protocol = Ui)]
pub async fn evaluation_start(
    /// Which agents are judged.
    agents: Vec<AgentId>,
    /// What it is over: one of the offered scopes.
    scope: String,
    /// The cases that were chosen one by one.
    picked: Vec<TestCaseId>,
    /// How often each case is asked, as typed; blank = as the case says.
    repeats: String,
    /// What the run may cost in US dollars, as typed; blank = whatever it costs.
    max_cost: String,
) -> Result<Vec<RunId>, AppError> {
    let service = crate::ssr::service();
    let options = types::EvaluationOptions {
        repeats: typed("options.repeats", &repeats, "a whole number, such as 3")?,
        max_cost_usd: typed("options.max_cost_usd", &max_cost, "a number of US dollars, such as 0.50")?,
    };
    let all = scope == super::scope::ALL;
    let cases = if all { Vec::new() } else { super::lookup::cases_active(&service).await? };
    let test_case_ids = super::scope::ids_of(&scope, &cases, &picked);
    let runs = service.evaluation_start_many(&agents, test_case_ids, options, service::CONCURRENCY).await?;
    Ok(runs.into_iter().map(|run| run.id).collect())
}

/// A number as it was typed; blank is none.
///
/// # Errors
/// It is no such number.
pub fn typed<T: std::str::FromStr>(field: &str, text: &str, expected: &str) -> Result<Option<T>, types::Error> {
    let text = text.trim();
    let refused = |_| types::Error::field(field, format!("expected {expected}"));
    (!text.is_empty()).then(|| text.parse().map_err(refused)).transpose()
}

/// Asks a run to stop.
#[server(prefix = "/api/ui", endpoint = "evaluation_stop", protocol = Ui)]
pub async fn evaluation_stop(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_stop(id).await?;
    Ok(())
}

/// Asks the cases again whose provider failed.
#[server(prefix = "/api/ui", endpoint = "evaluation_retry", protocol = Ui)]
pub async fn evaluation_retry(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_retry(id).await?;
    Ok(())
}

/// Judges the stored answers again, by the cases as they are now.
#[server(prefix = "/api/ui", endpoint = "evaluation_rescore", protocol = Ui)]
pub async fn evaluation_rescore(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_rescore(id, true).await?;
    Ok(())
}

/// Lets a stopped or interrupted run go on.
#[server(prefix = "/api/ui", endpoint = "evaluation_resume", protocol = Ui)]
pub async fn evaluation_resume(
    /// Its id.
    id: RunId,
) -> Result<(), AppError> {
    crate::ssr::service().evaluation_resume(id).await?;
    Ok(())
}

/// Says something of a result; nothing said takes back what was said before.
#[server(prefix = "/api/ui", endpoint = "evaluation_review", protocol = Ui)]
pub async fn evaluation_review(
    /// Of which run.
    run: RunId,
    /// Which result.
    id: ResultId,
    /// What is said.
    draft: ReviewDraft,
) -> Result<(), AppError> {
    let service = crate::ssr::service();
    if draft.verdict.is_none() && !draft.disputed {
        service.evaluation_review_delete(run, id).await?;
    } else {
        service.evaluation_review(run, id, draft).await?;
    }
    Ok(())
}

/// What people say of a run, and its means by groups of cases, as HTML.
#[server(prefix = "/api/ui", endpoint = "run_reading", protocol = Ui)]
pub async fn run_reading(
    /// Of which run.
    run: RunId,
    /// By what its cases are grouped; empty = not at all.
    by: String,
) -> Result<String, AppError> {
    Ok(crate::ssr::run_reading::html(run, &by).await?)
}

/// The results whose key is disputed, as HTML.
#[server(prefix = "/api/ui", endpoint = "disputes", protocol = Ui)]
pub async fn disputes(
    /// Which rows.
    page: Page,
) -> Result<String, AppError> {
    Ok(crate::ssr::disputes::html(page).await?)
}

/// Runs side by side, as HTML.
#[server(prefix = "/api/ui", endpoint = "run_diff", protocol = Ui)]
pub async fn run_diff(
    /// Baseline, which cases, page; then the runs. Empty = not said.
    asked: Vec<String>,
) -> Result<String, AppError> {
    Ok(crate::ssr::run_diff::html(&asked).await?)
}
