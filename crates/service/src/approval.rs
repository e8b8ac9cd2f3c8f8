//! Calls that wait for a person. A question lives in memory with its turn: it is answered, lapses, or goes with the turn.

use crate::{Result, Service, new_id, turns::LiveTurn};
use async_trait::async_trait;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;
use tools::{Approver, Arguments};
use types::{
    Agent, Approval, ApprovalAnswer, ApprovalId, ChatFrame, Error, ExtensionSpec, ParameterKind, ParameterSpec,
};

/// How long a question waits for its answer.
pub const PATIENCE: Duration = Duration::from_secs(300);
/// Most questions that wait at once.
const WAITING_MAX: usize = 1000;
/// Most characters of a reason that the model is told.
const REASON_CHARS_MAX: usize = 1000;
/// The setting that names the tools.
const SETTING: &str = "ask_before";

/// The questions that wait.
#[derive(Default)]
pub struct Approvals(Mutex<HashMap<ApprovalId, (Approval, oneshot::Sender<ApprovalAnswer>)>>);

type Waiting<'a> = MutexGuard<'a, HashMap<ApprovalId, (Approval, oneshot::Sender<ApprovalAnswer>)>>;

impl Approvals {
    fn lock(&self) -> Waiting<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// The calls that wait for a person, those that lapse first first.
    pub fn approval_list(&self) -> Vec<Approval> {
        let mut waiting: Vec<_> = self.inner.approvals.lock().values().map(|(approval, _)| approval.clone()).collect();
        waiting.sort_by_key(|approval| (approval.expires_at, approval.id));
        waiting
    }

    /// Lets a waiting call run, or refuses it.
    ///
    /// # Errors
    /// Not found: it was answered, has lapsed, or never was.
    pub fn approval_answer(&self, id: ApprovalId, answer: ApprovalAnswer) -> Result<()> {
        let found = self.inner.approvals.lock().remove(&id);
        let (_, waiting) = found.ok_or_else(|| Error::not_found("approval", id))?;
        waiting.send(answer).map_err(|_| Error::not_found("approval", id))
    }
}

/// Asks whoever watches a turn.
pub struct Watchers {
    service: Service,
    live: Arc<LiveTurn>,
}

impl Watchers {
    /// Those of `live`; answers come in through the service.
    pub fn new(service: &Service, live: &Arc<LiveTurn>) -> Self {
        Self { service: service.clone(), live: Arc::clone(live) }
    }
}

/// Takes the question back when nobody waits for its answer any more.
struct Asked<'a>(&'a Approvals, ApprovalId);

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}

#[async_trait]
impl Approver for Watchers {
    async fn ask(&self, tool: &str, arguments: &Arguments) -> Result<(), String> {
        let approvals = &self.service.inner.approvals;
        let patience_ms = i64::try_from(PATIENCE.as_millis()).unwrap_or(i64::MAX);
        let approval = Approval {
            id: ApprovalId(new_id()),
            conversation_id: self.live.conversation().ok_or("there is nobody to ask")?,
            tool_name: tool.to_owned(),
            arguments: arguments.clone(),
            expires_at: types::Timestamp::from_millis(self.service.now().as_millis().saturating_add(patience_ms)),
        };
        let (sender, answer) = oneshot::channel();
        {
            let mut waiting = approvals.lock();
            if waiting.len() >= WAITING_MAX {
                return Err("too many calls wait for a person already".into());
            }
            waiting.insert(approval.id, (approval.clone(), sender));
        }
        let asked = Asked(approvals, approval.id);
        let Approval { id, tool_name, arguments, expires_at, .. } = approval;
        self.live.announced(&tool_name, &arguments).await;
        self.live.tell(ChatFrame::ApprovalRequest { id, tool_name, arguments, expires_at });
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        drop(asked);
        let outcome = match answer {
            Ok(Ok(ApprovalAnswer { approve: true, .. })) => Ok(()),
            Ok(Ok(ApprovalAnswer { reason, .. })) => Err(refusal(reason)),
            Ok(Err(_)) | Err(_) => Err(format!("nobody agreed within {} seconds", PATIENCE.as_secs())),
        };
        self.live.tell(ChatFrame::ApprovalAnswered { id, approved: outcome.is_ok() });
        outcome
    }
}

fn refusal(reason: Option<String>) -> String {
    match reason.filter(|reason| !reason.trim().is_empty()) {
        Some(reason) => {
            format!("a person refused this call: {}", reason.chars().take(REASON_CHARS_MAX).collect::<String>())
        }
        None => "a person refused this call".into(),
    }
}

/// Refuses at once: in an evaluation or a training there is nobody to ask.
pub struct Nobody;

#[async_trait]
impl Approver for Nobody {
    async fn ask(&self, tool: &str, _: &Arguments) -> Result<(), String> {
        Err(format!("`{tool}` runs only when a person agrees, and here is nobody to ask"))
    }
}

/// The tools that an agent may not call without being asked for: names in `ask_before`, and those that are `ask` in
/// `approval`.
pub fn asked_tools(agent: &Agent) -> BTreeSet<String> {
    let setting = |name: &str| agent.config_json.as_ref().and_then(|settings| settings.get(name));
    let mut names: BTreeSet<String> = match setting(SETTING) {
        Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => BTreeSet::new(),
    };
    let by_tool = setting("approval").and_then(Value::as_object).into_iter().flatten();
    names.extend(by_tool.filter(|(_, how)| *how == "ask").map(|(name, _)| name.clone()));
    names.remove("");
    names
}

/// The specification with the setting, for frameworks that offer a choice of our tools.
pub fn with_setting(mut spec: ExtensionSpec) -> ExtensionSpec {
    if let Some(place) = spec.parameters.iter().position(|parameter| parameter.name == "tools") {
        let parameter = ParameterSpec {
            name: SETTING.into(),
            label: "Ask before".into(),
            description: "Names of tools that run only when you agree in the chat, separated by commas.".into(),
            kind: ParameterKind::Text { multiline: false },
            default: json!(""),
        };
        spec.parameters.insert(place + 1, parameter);
    }
    spec
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{AgentId, Timestamp};

    fn names(settings: Value) -> Vec<String> {
        let agent = Agent {
            id: AgentId(uuid::Uuid::nil()),
            name: None,
            agent_type: "local".into(),
            model: "builtin".into(),
            temperature: 0.0,
            system_prompt: None,
            config_json: settings.as_object().cloned(),
            is_active: true,
            created_at: Timestamp::from_millis(0),
            updated_at: None,
        };
        asked_tools(&agent).into_iter().collect()
    }

    #[test]
    fn the_tools_are_named_by_commas_as_a_list_or_one_by_one() {
        assert_eq!(names(json!({ "ask_before": "search, calculate," })), ["calculate", "search"]);
        assert_eq!(names(json!({ "ask_before": ["search"] })), ["search"]);
        assert_eq!(names(json!({ "approval": { "search": "ask", "calculate": "auto" } })), ["search"]);
        assert!(names(json!({})).is_empty());
    }

    #[tokio::test]
    async fn where_nobody_can_be_asked_a_call_is_refused_at_once() {
        assert!(Nobody.ask("search", &Arguments::new()).await.unwrap_err().contains("nobody to ask"));
    }

    #[test]
    fn a_reason_is_bounded_and_told() {
        assert_eq!(refusal(Some(" ".into())), "a person refused this call");
        assert_eq!(refusal(Some("too dear".into())), "a person refused this call: too dear");
        assert!(refusal(Some("x".repeat(5000))).len() < 1100);
    }
}
