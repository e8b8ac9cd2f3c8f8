//! Chat: a turn with an agent. The question is stored before the agent starts, the answer before it is told.

use crate::{
    Result, Service,
    approval::{PATIENCE, Watchers, asked_tools},
    new_id,
    turns::{LiveTurn, Seat, TurnWatch},
};
use agents::{AgentEvent, PastMessage, Turn};
use std::sync::Arc;
use store::{NewConversation, NewMessage};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{
    Agent, AgentId, CallRecord, ChatFrame, ChatRequest, ChatResponse, Conversation, ConversationId, Ending, Error,
    MESSAGE_CHARS_MAX, Message, MessageId, Role, Timestamp, ToolCall, ToolCallId, Transcript, TurnLimits, UnderWay,
    Usage, branch,
};

/// A call as it was announced: its id and when.
type Announced = (ToolCallId, Timestamp);

/// A question in its conversation.
struct Asked {
    conversation: ConversationId,
    /// What was said before.
    history: Vec<Message>,
    question: Message,
}

impl Service {
    /// One turn, answered when it is complete.
    ///
    /// # Errors
    /// Unknown agent, an empty or too long message, a missing key (named), a provider that failed, cancelled.
    pub async fn chat(&self, request: ChatRequest, cancel: CancellationToken) -> Result<ChatResponse> {
        self.turn(request, &LiveTurn::new(cancel)).await.0
    }

    /// Starts a turn that goes on whoever watches it: `ack`, whatever streams, then one `response` or `error`.
    pub fn chat_start(&self, request: ChatRequest) -> TurnWatch {
        let (service, live) = (self.clone(), LiveTurn::new(CancellationToken::new()));
        let watch = Arc::clone(&live).watch(0);
        tokio::spawn(async move {
            if let (_, Some(seat)) = service.turn(request, &live).await {
                seat.linger().await;
            }
        });
        watch
    }

    /// Follows the conversation's turn from the frame after `after` on; `None` when none is under way and none ended a
    /// moment ago.
    pub fn chat_follow(&self, conversation: ConversationId, after: i64) -> Option<TurnWatch> {
        self.inner.turns.get(conversation).map(|turn| turn.watch(after))
    }

    /// A conversation and the answer that is being made in it, which follows its last message then.
    ///
    /// # Errors
    /// Not found.
    pub async fn conversation_open(&self, id: ConversationId) -> Result<(Conversation, Option<UnderWay>)> {
        let mut conversation = self.conversation_get(id).await?;
        // Read after the messages: an answer that is under way now was in none of them.
        let Some(turn) = self.inner.turns.get(id) else { return Ok((conversation, None)) };
        let Some(under_way) = turn.so_far() else { return Ok((self.conversation_get(id).await?, None)) };
        let messages = &mut conversation.messages;
        match messages.iter().position(|message| message.id == under_way.question_id) {
            Some(place) => messages.truncate(place + 1),
            None => *messages = branch(self.store().message_list(id).await?, Some(under_way.question_id)),
        }
        Ok((conversation, Some(under_way)))
    }

    /// One turn, told to `live`, and its place, which is to be given up when nobody need see it any more.
    async fn turn(&self, request: ChatRequest, live: &Arc<LiveTurn>) -> (Result<ChatResponse>, Option<Seat>) {
        // Going down waits for it: what the person has seen is stored.
        let _at_work = self.inner.jobs.waited_for();
        let mut seat = None;
        let answer = self.turn_take(request, live, &mut seat).await;
        live.tell(last(&answer));
        (answer, seat)
    }

    async fn turn_take(
        &self,
        request: ChatRequest,
        live: &Arc<LiveTurn>,
        seat: &mut Option<Seat>,
    ) -> Result<ChatResponse> {
        let record = self.store().agent_get(request.agent_id).await?.filter(|agent| agent.is_active);
        let record = record.ok_or_else(|| Error::not_found("agent", request.agent_id))?;
        if request.replaces.is_none() {
            check_message(&request.message)?;
        }
        let watchers = Arc::new(Watchers::new(self, live));
        let agent = self.agent_open_with(&record, watchers).await?;
        let asked = self.turn_ask(&record, request, live, seat).await?;
        let answer_id = MessageId(new_id());
        let turn = Turn {
            history: asked.history.into_iter().map(past).collect(),
            user_input: asked.question.content,
            limits: limits(&record),
            // Follows from what is stored, so that the turn can be played again.
            seed: answer_id.0.as_u64_pair().1,
            tools: None,
        };
        let (transcript, announced) = self.turn_run(agent, turn, live).await?;
        let place = (asked.conversation, asked.question.id, answer_id);
        let answer = self.turn_answer(place, &transcript, announced).await?;
        ended(&transcript)?;
        let answer = answer.ok_or_else(|| Error::Internal("an answer was not stored".into()))?;
        Ok(ChatResponse {
            conversation_id: asked.conversation,
            agent_id: record.id,
            message_id: answer.id,
            response: answer.content,
            tool_calls: answer.tool_calls,
            sequence_num: answer.sequence_num,
            usage: transcript.usage,
        })
    }

    /// Takes the conversation's turn, stores the question unless it is there, and tells so.
    async fn turn_ask(
        &self,
        agent: &Agent,
        request: ChatRequest,
        live: &Arc<LiveTurn>,
        seat: &mut Option<Seat>,
    ) -> Result<Asked> {
        let (conversation, is_new) = self.turn_conversation(agent, &request).await?;
        let hub = &self.inner.turns;
        *seat = tokio::select! {
            seat = hub.enter(conversation, live) => Some(seat),
            () = live.cancel.cancelled() => return Err(Error::Cancelled),
        };
        let asked = match request.replaces {
            Some(replaced) => self.turn_ask_again(conversation, replaced, request.message, live).await?,
            None => {
                let begins = is_new.then_some(agent.id);
                let asked = self.turn_ask_next(conversation, begins, request.message).await?;
                live.answers(asked.question.id, asked.question.sequence_num);
                asked
            }
        };
        live.tell(ChatFrame::Ack {
            status: "processing".into(),
            conversation_id: conversation,
            message_id: Some(asked.question.id),
        });
        Ok(asked)
    }

    /// The question after all that was said; the first one begins its conversation, with this agent.
    async fn turn_ask_next(
        &self,
        conversation: ConversationId,
        begins: Option<AgentId>,
        message: String,
    ) -> Result<Asked> {
        let Some(agent_id) = begins else {
            let history = self.conversation_get(conversation).await?.messages;
            let question = self.turn_question(conversation, message, history.last());
            let question = self.store().message_append(&question).await?;
            return Ok(Asked { conversation, history, question });
        };
        let question = self.turn_question(conversation, message, None);
        let begun =
            NewConversation { id: conversation, agent_id, started_at: question.created_at, metadata_json: None };
        let question = self.store().conversation_begin(&begun, &question).await?;
        Ok(Asked { conversation, history: Vec::new(), question })
    }

    /// The question in other words, or as it was when its answer is to be given again.
    async fn turn_ask_again(
        &self,
        conversation: ConversationId,
        replaced: MessageId,
        message: String,
        live: &LiveTurn,
    ) -> Result<Asked> {
        let all = self.store().message_list(conversation).await?;
        let place = all.last().map_or(0, |message| message.sequence_num);
        let mut history = branch(all, Some(replaced));
        let found = history.pop().filter(|message| message.id == replaced);
        let question = match found.ok_or_else(|| Error::not_found("message", replaced))? {
            Message { role: Role::User, .. } => {
                check_message(&message)?;
                let question = self.turn_question(conversation, message, history.last());
                let question = self.store().message_append(&question).await?;
                live.answers(question.id, question.sequence_num);
                question
            }
            _ => {
                let question = history.pop().filter(|message| message.role == Role::User);
                let question = question.ok_or_else(|| Error::Invalid(format!("{replaced} answers no question")))?;
                live.answers(question.id, place);
                question
            }
        };
        Ok(Asked { conversation, history, question })
    }

    /// The conversation to go on with: this agent's and still open, otherwise a new one, and then that it is new.
    async fn turn_conversation(&self, agent: &Agent, request: &ChatRequest) -> Result<(ConversationId, bool)> {
        if let Some(id) = request.conversation_id
            && self.store().conversation_is_open(id, agent.id).await?
        {
            return Ok((id, false));
        }
        if let Some(replaced) = request.replaces {
            return Err(Error::NotFound(format!("message {replaced} is in no open conversation with this agent")));
        }
        Ok((ConversationId(new_id()), true))
    }

    fn turn_question(&self, conversation_id: ConversationId, content: String, after: Option<&Message>) -> NewMessage {
        NewMessage {
            id: MessageId(new_id()),
            conversation_id,
            role: Role::User,
            content,
            created_at: self.now(),
            tool_calls: Vec::new(),
            parent_id: after.map(|message| message.id),
            usage: None,
        }
    }

    /// Lets the agent work on a task of its own, and tells what it does.
    async fn turn_run(
        &self,
        agent: Arc<dyn agents::Agent>,
        turn: Turn,
        live: &LiveTurn,
    ) -> Result<(Transcript, Vec<Announced>)> {
        let cancel = live.cancel.child_token();
        let _stopped_with_us = cancel.clone().drop_guard();
        let draining = self.inner.jobs.draining();
        let (events, mut told) = mpsc::unbounded_channel();
        let work = tokio::spawn({
            let cancel = cancel.clone();
            async move { agent.respond(turn, &events, &cancel).await }
        });
        let mut announced = Vec::new();
        loop {
            let event = tokio::select! {
                event = told.recv() => event,
                () = draining.cancelled(), if !cancel.is_cancelled() => {
                    cancel.cancel();
                    continue;
                }
            };
            let Some(event) = event else { break };
            if let AgentEvent::ToolCall { id, .. } = &event {
                announced.push((*id, self.now()));
            }
            if let Some(frame) = frame(event) {
                live.tell(frame);
            }
        }
        let transcript = work.await.map_err(|error| Error::Internal(format!("agent: {error}")))?;
        Ok((transcript, announced))
    }

    /// Stores what the agent said and did; nothing when it did neither.
    async fn turn_answer(
        &self,
        (conversation_id, question, id): (ConversationId, MessageId, MessageId),
        transcript: &Transcript,
        announced: Vec<Announced>,
    ) -> Result<Option<Message>> {
        let silent = transcript.reply.is_empty() && transcript.calls.is_empty();
        if silent && transcript.ending != Ending::Replied {
            return Ok(None);
        }
        let now = self.now();
        let known = announced.into_iter().map(Some).chain(std::iter::repeat(None));
        let tool_calls = transcript.calls.iter().zip(known).map(|(call, known)| stored(call, known, now)).collect();
        let answer = NewMessage {
            id,
            conversation_id,
            role: Role::Assistant,
            content: transcript.reply.clone(),
            created_at: now,
            tool_calls,
            parent_id: Some(question),
            usage: Some(transcript.usage).filter(|usage| *usage != Usage::default()),
        };
        self.store().message_append(&answer).await.map(Some)
    }
}

fn check_message(message: &str) -> Result<()> {
    let count = message.chars().count();
    if message.trim().is_empty() {
        return Err(Error::field("message", "is empty; write what you want to say"));
    }
    if count > MESSAGE_CHARS_MAX {
        return Err(Error::field("message", format!("has {count} characters, expected at most {MESSAGE_CHARS_MAX}")));
    }
    Ok(())
}

/// A turn that waits for a person has more time.
fn limits(agent: &Agent) -> TurnLimits {
    let mut limits = TurnLimits::default();
    if !asked_tools(agent).is_empty() {
        let patience_ms = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
        limits.timeout_ms = limits.timeout_ms.saturating_add(patience_ms.saturating_mul(limits.max_steps.into()));
    }
    limits
}

/// The frame that ends a turn.
fn last(answer: &Result<ChatResponse>) -> ChatFrame {
    match answer {
        Ok(answer) => ChatFrame::Response {
            conversation_id: answer.conversation_id,
            message_id: answer.message_id,
            response: answer.response.clone(),
            tool_calls: answer.tool_calls.iter().cloned().map(Into::into).collect(),
            sequence_num: answer.sequence_num,
            usage: answer.usage,
        },
        Err(error) => {
            if let Error::Internal(why) = error {
                tracing::error!(why, "a chat turn failed");
            }
            ChatFrame::Error { error: error.to_string() }
        }
    }
}

/// The event as a frame; what a turn costs is told with its answer.
fn frame(event: AgentEvent) -> Option<ChatFrame> {
    let frame = match event {
        AgentEvent::Usage(_) => return None,
        AgentEvent::Token(text) => ChatFrame::Token { text },
        AgentEvent::ToolCall { id, tool_name, arguments } => ChatFrame::ToolCall { id, tool_name, arguments },
        AgentEvent::ToolResult { id, tool_name, result, duration_ms, is_error } => {
            ChatFrame::ToolResult { id, tool_name, result, duration_ms, is_error }
        }
        AgentEvent::Note(text) => ChatFrame::Note { text },
    };
    Some(frame)
}

fn past(message: Message) -> PastMessage {
    PastMessage { role: message.role, content: message.content }
}

fn stored(call: &CallRecord, announced: Option<Announced>, now: Timestamp) -> ToolCall {
    let (id, created_at) = announced.unwrap_or_else(|| (ToolCallId(new_id()), now));
    ToolCall {
        id,
        tool_name: call.tool_name.clone(),
        arguments_json: call.arguments.clone(),
        result: Some(call.result.clone()),
        duration_ms: Some(call.duration_ms),
        is_error: call.is_error,
        created_at,
    }
}

/// What the caller is told when a turn has no answer.
fn ended(transcript: &Transcript) -> Result<()> {
    match &transcript.ending {
        Ending::Replied => Ok(()),
        Ending::Cancelled => Err(Error::Cancelled),
        Ending::NotConfigured { message } => Err(Error::Invalid(message.clone())),
        Ending::ProviderError { message } | Ending::LimitReached { message } => Err(Error::Upstream(message.clone())),
        Ending::MaxSteps => {
            Err(Error::Upstream(format!("the agent took {} steps, its limit, without an answer", transcript.steps)))
        }
        Ending::Timeout => {
            Err(Error::Upstream(format!("the agent had no answer after {} ms, its limit", transcript.latency_ms)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_or_endless_message_is_refused() {
        assert!(check_message(" \n").is_err());
        assert!(check_message(&"é".repeat(MESSAGE_CHARS_MAX)).is_ok());
        let error = check_message(&"é".repeat(MESSAGE_CHARS_MAX + 1)).unwrap_err();
        assert_eq!(error.to_string(), "`message` has 32001 characters, expected at most 32000");
    }
}
