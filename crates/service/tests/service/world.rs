//! A folder, a database in it, and what tests do again and again.

use agents::{ProviderEndpoint, testing::ScriptedProvider};
use futures::StreamExt;
use service::{Service, ServiceConfig};
use tempfile::TempDir;
use types::{
    Activity, Agent, AgentCreate, Event, EventKind, Page, RunId, RunState, TestCase, TestCaseCreate, TestCaseId,
};

/// Gone with its files when dropped.
pub struct World {
    folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn config(&self) -> ServiceConfig {
        ServiceConfig {
            checkpoint_dir: self.checkpoints(),
            ..ServiceConfig::new(format!("sqlite://{}", self.folder.path().join("chat.db").display()))
        }
    }

    pub fn config_with(&self, provider: &ScriptedProvider) -> ServiceConfig {
        let (api_key, base_url) = (Some("test".into()), provider.base_url().into());
        ServiceConfig {
            providers: vec![ProviderEndpoint { name: "openai".into(), base_url, api_key }],
            ..self.config()
        }
    }

    pub fn checkpoints(&self) -> std::path::PathBuf {
        self.folder.path().join("checkpoints")
    }

    pub async fn start(&self) -> Service {
        Service::start(self.config()).await.unwrap()
    }
}

/// The agent that the first start made with this model.
pub async fn local(service: &Service, model: &str) -> Agent {
    let agents = service.agent_list(Activity::Active, Page::default()).await.unwrap().items;
    agents.into_iter().find(|agent| agent.model == model).unwrap()
}

pub async fn openai(service: &Service) -> Agent {
    service.agent_create(AgentCreate { name: Some("Scripted".into()), ..AgentCreate::default() }).await.unwrap()
}

/// `n` cases that any reply with `ok` in it passes.
pub async fn easy_cases(service: &Service, n: usize) -> Vec<TestCaseId> {
    let draft = |number: usize| TestCaseCreate {
        user_input: format!("Question {number}"),
        expected_output: Some("ok".into()),
        task_type: "contains".into(),
        ..TestCaseCreate::default()
    };
    ids(service.case_create_all((0..n).map(draft).collect()).await.unwrap())
}

/// A few of the sample cases, some held out.
pub async fn sample_cases(service: &Service) -> Vec<TestCaseId> {
    let cases = service.case_list(types::CaseQuery { page: Page { skip: 0, limit: 10_000 }, ..Default::default() });
    let (held_out, learned): (Vec<_>, Vec<_>) =
        cases.await.unwrap().items.into_iter().partition(|case| case.draft.split == Some(types::Split::Test));
    let spread = |cases: Vec<TestCase>, n: usize| {
        let step = (cases.len() / n).max(1);
        cases.into_iter().step_by(step).take(n).collect::<Vec<_>>()
    };
    ids(spread(learned, 12).into_iter().chain(spread(held_out, 4)).collect())
}

fn ids(cases: Vec<TestCase>) -> Vec<TestCaseId> {
    cases.into_iter().map(|case| case.id).collect()
}

/// Every event of a run until it ends.
pub async fn to_its_end(service: &Service, run: RunId) -> Vec<Event> {
    service.run_subscribe(run, 0).await.unwrap().collect().await
}

/// Waits for the `n`th event that `wanted` picks.
pub async fn nth_event(service: &Service, run: RunId, n: usize, wanted: impl Fn(&EventKind) -> bool) {
    let events = service.run_subscribe(run, 0).await.unwrap();
    let picked = events.filter(|event| std::future::ready(wanted(&event.kind))).take(n).count().await;
    assert_eq!(picked, n, "the run ended before");
}

pub fn ended_as(events: &[Event]) -> RunState {
    match &events.last().unwrap().kind {
        EventKind::Finished { state, .. } => *state,
        other => panic!("the last event is {other:?}"),
    }
}

/// Counted from 1 without gaps.
pub fn assert_gap_free(events: &[Event]) {
    assert!(events.iter().map(|event| event.seq).eq(1..=i64::try_from(events.len()).unwrap()));
}
