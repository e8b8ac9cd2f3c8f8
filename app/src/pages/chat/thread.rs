//! A conversation as it stands, and what each frame of the chat socket does to it. No markup here.

use serde_json::{Map, Value};
use types::{ChatFrame, ConversationId, FrameToolCall, Message, Role, ToolCall, ToolCallId};

/// One tool call as its card shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// Its id.
    pub id: ToolCallId,
    /// Registered name of the tool.
    pub tool_name: String,
    /// The arguments; `None` when the model's text was not JSON.
    pub arguments: Option<Map<String, Value>>,
    /// What came back; `None` while it runs.
    pub answer: Option<Answer>,
}

/// What a tool answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// The text.
    pub result: String,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// The tool refused or failed.
    pub is_error: bool,
}

/// One message with what led to it.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Unique in the thread.
    pub key: String,
    /// Who said it.
    pub role: Role,
    /// The text.
    pub text: String,
    /// The text as sanitised HTML, once the server has rendered it.
    pub html: Option<String>,
    /// The calls.
    pub calls: Vec<Call>,
    /// Things the person should know.
    pub notes: Vec<String>,
}

/// Where the running turn is.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Phase {
    /// No turn runs.
    #[default]
    Idle,
    /// Sent, not yet stored.
    Sending,
    /// Stored; the agent is at work.
    Working,
    /// The person asked to stop.
    Stopping,
    /// The turn failed.
    Failed {
        /// Why.
        reason: String,
        /// What the person had said.
        text: String,
        /// Whether the server has stored it.
        stored: bool,
    },
}

/// The conversation.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Thread {
    /// Its id, once the first message is stored.
    pub conversation: Option<ConversationId>,
    /// Finished messages.
    pub entries: Vec<Entry>,
    /// The answer that is being made.
    pub pending: Option<Entry>,
    /// Where the turn is.
    pub phase: Phase,
}

impl Thread {
    /// The thread of stored messages; `html` renders those that have it.
    pub fn stored(
        conversation: ConversationId,
        messages: Vec<Message>,
        html: impl Fn(&Message) -> Option<String>,
    ) -> Self {
        let entry = |message: Message| Entry {
            key: message.id.to_string(),
            html: html(&message),
            role: message.role,
            text: message.content,
            calls: message.tool_calls.into_iter().map(Call::from).collect(),
            notes: Vec::new(),
        };
        Self { conversation: Some(conversation), entries: messages.into_iter().map(entry).collect(), ..Self::default() }
    }

    /// Whether a turn runs.
    pub const fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Sending | Phase::Working | Phase::Stopping)
    }

    /// Whether anything was said.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.pending.is_none()
    }

    /// The person said something: the turn begins.
    pub fn ask(&mut self, text: String) {
        let key = self.next_key();
        self.entries.push(Entry::new(key.clone(), Role::User, text));
        self.pending = Some(Entry::new(format!("{key}-answer"), Role::Assistant, String::new()));
        self.phase = Phase::Sending;
    }

    /// The person asked to stop.
    pub fn stop(&mut self) {
        if self.is_busy() {
            self.phase = Phase::Stopping;
        }
    }

    /// The turn failed without a frame.
    pub fn fail(&mut self, reason: String) {
        if !self.is_busy() {
            return;
        }
        let stored = self.phase != Phase::Sending;
        let asked = self.entries.iter().rposition(|entry| entry.role == Role::User);
        let text = asked.and_then(|place| self.entries.get(place)).map(|entry| entry.text.clone()).unwrap_or_default();
        match (stored, asked) {
            // Nobody stored it: it goes back to where it was typed.
            (false, Some(place)) => drop(self.entries.remove(place)),
            _ => self.keep_pending(),
        }
        self.pending = None;
        self.phase = Phase::Failed { reason, text, stored };
    }

    /// A frame came.
    pub fn apply(&mut self, frame: ChatFrame) {
        match frame {
            ChatFrame::Ack { conversation_id, .. } => {
                self.conversation = Some(conversation_id);
                if self.phase == Phase::Sending {
                    self.phase = Phase::Working;
                }
            }
            ChatFrame::Token { text } => self.answer().text.push_str(&text),
            ChatFrame::Note { text } => self.answer().notes.push(text),
            ChatFrame::ToolCall { id, tool_name, arguments } => {
                self.answer().calls.push(Call { id, tool_name, arguments, answer: None });
            }
            ChatFrame::ToolResult { id, result, duration_ms, is_error, .. } => {
                let answer = Answer { result, duration_ms: Some(duration_ms), is_error };
                if let Some(call) = self.answer().calls.iter_mut().find(|call| call.id == id) {
                    call.answer = Some(answer);
                }
            }
            ChatFrame::Response { conversation_id, message_id, response, tool_calls, .. } => {
                self.conversation = Some(conversation_id);
                let mut answer =
                    self.pending.take().unwrap_or_else(|| Entry::new(String::new(), Role::Assistant, String::new()));
                answer.key = message_id.to_string();
                answer.text = response;
                answer.calls = tool_calls.into_iter().map(Call::from).collect();
                self.entries.push(answer);
                self.phase = Phase::Idle;
            }
            ChatFrame::Error { error } => self.fail(error),
        }
    }

    /// The server rendered the message of that key.
    pub fn render(&mut self, key: &str, html: String) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            entry.html = Some(html);
        }
    }

    /// What was made of an answer that will not be finished stays visible.
    fn keep_pending(&mut self) {
        if let Some(pending) = self.pending.take()
            && !(pending.text.is_empty() && pending.calls.is_empty())
        {
            self.entries.push(pending);
        }
    }

    fn answer(&mut self) -> &mut Entry {
        let key = format!("{}-answer", self.entries.len());
        self.pending.get_or_insert_with(|| Entry::new(key, Role::Assistant, String::new()))
    }

    fn next_key(&self) -> String {
        format!("own-{}", self.entries.len())
    }
}

impl Entry {
    fn new(key: String, role: Role, text: String) -> Self {
        Self { key, role, text, html: None, calls: Vec::new(), notes: Vec::new() }
    }
}

impl From<ToolCall> for Call {
    fn from(call: ToolCall) -> Self {
        Self::from(FrameToolCall::from(call))
    }
}

impl From<FrameToolCall> for Call {
    fn from(call: FrameToolCall) -> Self {
        let (duration_ms, is_error) = (call.duration_ms, call.is_error);
        let answer = call.result.map(|result| Answer { result, duration_ms, is_error });
        Self { id: call.id, tool_name: call.tool_name, arguments: call.arguments, answer }
    }
}

#[cfg(test)]
mod tests;
