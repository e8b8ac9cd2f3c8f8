//! Small records to store: ids and times are given by number.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::{NewConversation, NewMessage, RunWrite, Store};
use types::{
    Agent, AgentId, ConversationId, EvaluationOptions, EvaluationResult, EvaluationRunListItem, EventKind, MessageId,
    Outcome, Page, ResultId, Role, RunId, RunState, Scored, TestCase, TestCaseCreate, TestCaseId, Timestamp,
    TrainingEpisode, TrainingRunListItem,
};
use uuid::Uuid;

pub fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub fn page(skip: u32, limit: u32) -> Page {
    Page { skip, limit }
}

pub fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

pub fn agent(number: u128) -> Agent {
    Agent {
        id: AgentId(uuid(number)),
        name: None,
        agent_type: "local".into(),
        model: "builtin".into(),
        temperature: 1.0,
        system_prompt: None,
        config_json: None,
        is_active: true,
        created_at: at(1),
        updated_at: None,
    }
}

/// Adds agent `number` and answers its id.
pub async fn stored_agent(store: &Store, number: u128) -> AgentId {
    let agent = agent(number);
    store.agent_insert(&agent).await.unwrap();
    agent.id
}

/// Adds conversation `number`, begun at that many milliseconds.
pub async fn stored_conversation(store: &Store, agent_id: AgentId, number: u32) -> ConversationId {
    let id = ConversationId(uuid(number.into()));
    let new = NewConversation { id, agent_id, started_at: at(number.into()), metadata_json: None };
    store.conversation_insert(&new).await.unwrap();
    id
}

pub fn message(conversation_id: ConversationId, number: u128, content: &str) -> NewMessage {
    NewMessage {
        id: MessageId(uuid(number)),
        conversation_id,
        role: Role::User,
        content: content.into(),
        created_at: at(5),
        tool_calls: Vec::new(),
        parent_id: None,
        usage: None,
    }
}

/// A case created at `number` milliseconds.
pub fn case(number: u32, user_input: &str) -> TestCase {
    TestCase {
        id: TestCaseId(uuid(number.into())),
        draft: TestCaseCreate { user_input: user_input.into(), ..TestCaseCreate::default() },
        created_at: at(number.into()),
        version: 1,
    }
}

/// A pending run started at `number` milliseconds.
pub fn evaluation(agent_id: AgentId, number: u32, num_test_cases: i64) -> EvaluationRunListItem {
    EvaluationRunListItem {
        id: RunId(uuid(number.into())),
        agent_id,
        status: RunState::Pending.status(),
        state: RunState::Pending,
        num_test_cases,
        num_completed: 0,
        started_at: at(number.into()),
        completed_at: None,
        aggregate_metrics_json: None,
        error: None,
        options: EvaluationOptions::default(),
    }
}

/// The cases at their first versions.
pub fn first_versions(cases: &[TestCaseId]) -> Vec<(TestCaseId, u32)> {
    cases.iter().map(|case| (*case, 1)).collect()
}

/// Adds agent 1, case 1 and an evaluation run 7 over that case.
pub async fn stored_evaluation(store: &Store) -> RunId {
    let agent = stored_agent(store, 1).await;
    store.case_insert_all(&[case(1, "Hi")]).await.unwrap();
    let run = evaluation(agent, 7, 1);
    store.evaluation_insert(&run, &[(TestCaseId(uuid(1)), 1)], 8).await.unwrap();
    run.id
}

pub fn result(number: u128, test_case_id: TestCaseId) -> EvaluationResult {
    EvaluationResult {
        id: ResultId(uuid(number)),
        test_case_id,
        task_success: 1.0,
        tool_usage_efficiency: 0.0,
        response_quality: 0.5,
        reward: 0.75,
        response_text: None,
        tool_calls_json: None,
        scored: Scored { task_success: true, reward: true, ..Scored::default() },
        outcome: Outcome::Pass,
        checks: Vec::new(),
        user_input: "Hi".into(),
        latency_ms: 12,
        error: None,
        case_version: 1,
        usage: None,
        metrics: BTreeMap::new(),
        turns: Vec::new(),
    }
}

/// A pending run started at `number` milliseconds.
pub fn training(agent_id: AgentId, number: u32, num_episodes: i64) -> TrainingRunListItem {
    TrainingRunListItem {
        id: RunId(uuid(number.into())),
        agent_id,
        status: RunState::Pending.status(),
        state: RunState::Pending,
        algorithm: "reinforce".into(),
        num_episodes,
        current_episode: 0,
        final_avg_reward: None,
        last_window_avg_reward: None,
        best_avg_reward: None,
        held_out_before: None,
        held_out_after: None,
        started_at: at(number.into()),
        completed_at: None,
        error: None,
    }
}

pub fn episode(episode_num: i64, avg_reward: f64) -> TrainingEpisode {
    TrainingEpisode {
        id: types::EpisodeId(Uuid::from_u64_pair(9, episode_num.unsigned_abs())),
        episode_num,
        avg_reward,
        total_reward: avg_reward * 4.0,
        num_test_cases: 4,
        created_at: at(100 + episode_num),
    }
}

pub fn note(text: &str) -> EventKind {
    EventKind::Message { message: text.into() }
}

/// Appends a note with these writes.
pub async fn append(store: &Store, run: RunId, writes: &[RunWrite]) {
    store.run_append(run, at(50), &note("write"), writes).await.unwrap();
}

pub fn evaluation_state(state: RunState, completed_at: Option<i64>) -> RunWrite {
    RunWrite::EvaluationState { state, completed_at: completed_at.map(at), error: None, aggregate: None }
}
