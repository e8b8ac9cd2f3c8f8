//! A conversation as it stands, and what each frame of the chat socket does to it. No markup here.

use serde_json::{Map, Value};
use types::{
    ApprovalId, ChatFrame, ConversationId, Feedback, FrameToolCall, Message, MessageId, Role, ToolCall, ToolCallId,
    UnderWay, Usage,
};

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
    /// The question whether it may run, while that waits for a person.
    pub approval: Option<ApprovalId>,
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
    /// Counts its changes, so that a view need not compare it whole.
    pub revision: u32,
    /// Whether nothing more will be added.
    pub finished: bool,
    /// Its id, once it is stored.
    pub id: Option<MessageId>,
    /// All messages in its place, when there are others.
    pub siblings: Vec<MessageId>,
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
    /// What a person thinks of it.
    pub feedback: Option<Feedback>,
    /// What it cost, in words; empty when nobody counted.
    pub cost: String,
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

/// The conversation. While a turn runs, the last entry is the answer that is being made.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Thread {
    /// Its id, once the first message is stored.
    pub conversation: Option<ConversationId>,
    /// The messages in order; their places never change.
    pub entries: Vec<Entry>,
    /// Where the turn is.
    pub phase: Phase,
    /// Number of the last frame that came.
    pub seq: i64,
}

impl Thread {
    /// The thread of stored messages; `html` renders those that have it.
    pub fn stored(
        conversation: ConversationId,
        messages: Vec<Message>,
        html: impl Fn(&Message) -> Option<String>,
    ) -> Self {
        let entry = |message: Message| Entry {
            html: html(&message),
            id: Some(message.id),
            siblings: message.siblings,
            cost: cost(message.usage),
            calls: message.tool_calls.into_iter().map(Call::from).collect(),
            ..Entry::finished(message.role, message.content)
        };
        Self { conversation: Some(conversation), entries: messages.into_iter().map(entry).collect(), ..Self::default() }
    }

    /// Puts opinions to the answers they are on.
    pub fn judge(&mut self, opinions: Vec<Feedback>) {
        for opinion in opinions {
            if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == Some(opinion.message_id)) {
                entry.feedback = Some(opinion);
            }
        }
    }

    /// Whether a turn runs.
    pub const fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Sending | Phase::Working | Phase::Stopping)
    }

    /// The person said something: the turn begins.
    pub fn ask(&mut self, text: String) {
        self.entries.push(Entry::finished(Role::User, text));
        self.entries.push(Entry::open());
        self.phase = Phase::Sending;
    }

    /// The message at `place` and all after it give way: to a question in other words, or to another answer to the
    /// question before it.
    pub fn ask_again(&mut self, place: usize, text: String) {
        self.entries.truncate(place);
        if text.is_empty() {
            self.entries.push(Entry::open());
            self.phase = Phase::Sending;
        } else {
            self.ask(text);
        }
    }

    /// An answer is being made already.
    pub fn resume(&mut self, under_way: UnderWay) {
        self.entries.push(Entry::open());
        self.phase = Phase::Working;
        for frame in under_way.frames {
            self.apply(frame);
        }
        self.seq = under_way.seq;
    }

    /// The place of the last message of that role.
    pub fn last_of(&self, role: Role) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.role == role)
    }

    /// The person asked to stop.
    pub fn stop(&mut self) {
        if self.is_busy() {
            self.phase = Phase::Stopping;
        }
    }

    /// The turn failed. What nobody stored goes; what was made of the answer stays.
    pub fn fail(&mut self, reason: String) {
        if !self.is_busy() {
            return;
        }
        let stored = self.phase != Phase::Sending;
        let answer = self.entries.pop_if(|entry| !entry.finished);
        let text = self.entries.last().map(|entry| entry.text.clone()).unwrap_or_default();
        match answer {
            _ if !stored => drop(self.entries.pop()),
            Some(answer) if !answer.is_blank() => {
                self.entries.push(Entry { finished: true, revision: answer.revision + 1, ..answer });
            }
            _ => {}
        }
        self.phase = Phase::Failed { reason, text, stored };
    }

    /// A frame came.
    pub fn apply(&mut self, frame: ChatFrame) {
        match frame {
            ChatFrame::Ack { conversation_id, message_id, .. } => {
                self.conversation = Some(conversation_id);
                if let Some(question) = self.last_of(Role::User).and_then(|place| self.entries.get_mut(place)) {
                    question.id = message_id;
                    question.revision += 1;
                }
                if self.phase == Phase::Sending {
                    self.phase = Phase::Working;
                }
            }
            ChatFrame::Response { conversation_id, message_id, response, tool_calls, usage, .. } => {
                self.conversation = Some(conversation_id);
                self.change(|answer| {
                    answer.id = Some(message_id);
                    answer.finished = true;
                    answer.text = response;
                    answer.cost = cost(Some(usage));
                    answer.calls = tool_calls.into_iter().map(Call::from).collect();
                });
                self.phase = Phase::Idle;
            }
            ChatFrame::Error { error } => self.fail(error),
            frame => self.stream(frame),
        }
    }

    /// A piece of the answer came, or something that happened on its way.
    fn stream(&mut self, frame: ChatFrame) {
        match frame {
            ChatFrame::Token { text } => self.change(|answer| answer.text.push_str(&text)),
            ChatFrame::Note { text } => self.change(|answer| answer.notes.push(text)),
            ChatFrame::ToolCall { id, tool_name, arguments } => {
                self.change(|answer| {
                    answer.calls.push(Call { id, tool_name, arguments, answer: None, approval: None })
                });
            }
            ChatFrame::ToolResult { id, result, duration_ms, is_error, .. } => {
                let came = Answer { result, duration_ms: Some(duration_ms), is_error };
                self.change(|answer| answer.answer_call(id, came));
            }
            ChatFrame::ApprovalRequest { id, tool_name, arguments, .. } => {
                self.change(|answer| answer.wait_for(id, &tool_name, &arguments));
            }
            ChatFrame::ApprovalAnswered { id, .. } => self.change(|answer| {
                if let Some(call) = answer.calls.iter_mut().find(|call| call.approval == Some(id)) {
                    call.approval = None;
                }
            }),
            _ => {}
        }
    }

    /// The server rendered the message at that place.
    pub fn render(&mut self, place: usize, html: String) {
        if let Some(entry) = self.entries.get_mut(place) {
            entry.html = Some(html);
            entry.revision += 1;
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Entry)) {
        if let Some(answer) = self.entries.last_mut().filter(|entry| !entry.finished) {
            change(answer);
            answer.revision += 1;
        }
    }
}

impl Entry {
    const fn finished(role: Role, text: String) -> Self {
        Self {
            revision: 0,
            finished: true,
            id: None,
            siblings: Vec::new(),
            role,
            text,
            html: None,
            calls: Vec::new(),
            notes: Vec::new(),
            feedback: None,
            cost: String::new(),
        }
    }

    /// An answer that is being made.
    fn open() -> Self {
        Self { finished: false, ..Self::finished(Role::Assistant, String::new()) }
    }

    const fn is_blank(&self) -> bool {
        self.text.is_empty() && self.calls.is_empty()
    }

    /// The call of that tool with those arguments waits for a person.
    fn wait_for(&mut self, id: ApprovalId, tool_name: &str, arguments: &Map<String, Value>) {
        let waits = |call: &&mut Call| {
            let same = call.tool_name == tool_name && call.arguments.as_ref() == Some(arguments);
            same && call.answer.is_none() && call.approval.is_none()
        };
        if let Some(call) = self.calls.iter_mut().find(waits) {
            call.approval = Some(id);
        }
    }

    fn answer_call(&mut self, id: ToolCallId, answer: Answer) {
        if let Some(call) = self.calls.iter_mut().find(|call| call.id == id) {
            call.answer = Some(answer);
        }
    }
}

/// Tokens and dollars in words.
fn cost(usage: Option<Usage>) -> String {
    let Some(usage) = usage.filter(|usage| usage.input_tokens + usage.output_tokens > 0) else { return String::new() };
    let tokens = format!("{} tokens read, {} written", usage.input_tokens, usage.output_tokens);
    match usage.cost_usd {
        Some(cost) => format!("{tokens}, ${cost:.4}"),
        None => tokens,
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
        Self { id: call.id, tool_name: call.tool_name, arguments: call.arguments, answer, approval: None }
    }
}

#[cfg(test)]
mod tests;
