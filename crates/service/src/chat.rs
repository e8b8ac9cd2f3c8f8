//! Chat: a turn with an agent. The question is stored before the agent starts, the answer before it is told.

use crate::{Result, Service, new_id};
use agents::{AgentEvent, PastMessage, Turn};
use std::{sync::Arc, time::Duration};
use store::{NewConversation, NewMessage};
use tokio::sync::mpsc::{self, Sender};
use tokio_util::sync::CancellationToken;
use types::{
    Agent, CallRecord, ChatFrame, ChatRequest, ChatResponse, Conversation, ConversationId, Ending, Error,
    MESSAGE_CHARS_MAX, Message, MessageId, Role, Timestamp, ToolCall, ToolCallId, Transcript, TurnLimits,
};

/// A receiver that takes no frame for so long is gone.
const SLOWEST_RECEIVER: Duration = Duration::from_secs(10);

/// A call as it was announced: its id and when.
type Announced = (ToolCallId, Timestamp);

impl Service {
    /// One turn, answered when it is complete.
    ///
    /// # Errors
    /// Unknown agent, an empty or too long message, a missing key (named), a provider that failed, cancelled.
    pub async fn chat(&self, request: ChatRequest, cancel: CancellationToken) -> Result<ChatResponse> {
        self.turn(request, None, cancel).await
    }

    /// One turn as frames: `ack`, whatever streams, then one `response` or `error`. A receiver that is gone stops the
    /// turn.
    pub async fn chat_stream(&self, request: ChatRequest, frames: Sender<ChatFrame>, cancel: CancellationToken) {
        let last = match self.turn(request, Some(&frames), cancel).await {
            Ok(answer) => ChatFrame::Response {
                conversation_id: answer.conversation_id,
                message_id: answer.message_id,
                response: answer.response,
                tool_calls: answer.tool_calls.into_iter().map(Into::into).collect(),
                sequence_num: answer.sequence_num,
                usage: answer.usage,
            },
            Err(error) => {
                if let Error::Internal(why) = &error {
                    tracing::error!(why, "a chat turn failed");
                }
                ChatFrame::Error { error: error.to_string() }
            }
        };
        // Nobody is left to be told.
        let _ = frames.send_timeout(last, SLOWEST_RECEIVER).await;
    }

    async fn turn(
        &self,
        request: ChatRequest,
        frames: Option<&Sender<ChatFrame>>,
        cancel: CancellationToken,
    ) -> Result<ChatResponse> {
        check_message(&request.message)?;
        let record = self.store().agent_get(request.agent_id).await?.filter(|agent| agent.is_active);
        let record = record.ok_or_else(|| Error::not_found("agent", request.agent_id))?;
        let agent = self.agent_open(&record).await?;
        let conversation = self.turn_conversation(&record, request.conversation_id).await?;
        let question = self.turn_ask(conversation.id, request.message.clone()).await?;
        if let Some(frames) = frames {
            let ack = ChatFrame::Ack { status: "processing".into(), conversation_id: conversation.id };
            tell(frames, ack, &cancel).await;
        }
        let turn = Turn {
            history: conversation.messages.into_iter().map(past).collect(),
            user_input: request.message,
            limits: TurnLimits::default(),
            seed: question.id.0.as_u64_pair().1,
        };
        let (transcript, announced) = self.turn_run(agent, turn, frames, cancel).await?;
        let answer = self.turn_answer(conversation.id, &transcript, announced).await?;
        ended(&transcript)?;
        let answer = answer.ok_or_else(|| Error::Internal("an answer was not stored".into()))?;
        Ok(ChatResponse {
            conversation_id: conversation.id,
            agent_id: record.id,
            message_id: answer.id,
            response: answer.content,
            tool_calls: answer.tool_calls,
            sequence_num: answer.sequence_num,
            usage: transcript.usage,
        })
    }

    /// The conversation to go on with: this agent's and still open, otherwise a new one.
    async fn turn_conversation(&self, agent: &Agent, wanted: Option<ConversationId>) -> Result<Conversation> {
        if let Some(id) = wanted
            && let Some(found) = self.store().conversation_get(id).await?
            && found.agent_id == agent.id
            && found.ended_at.is_none()
        {
            return Ok(found);
        }
        let new = NewConversation {
            id: ConversationId(new_id()),
            agent_id: agent.id,
            started_at: self.now(),
            metadata_json: None,
        };
        self.store().conversation_insert(&new).await?;
        Ok(Conversation {
            id: new.id,
            agent_id: agent.id,
            started_at: new.started_at,
            ended_at: None,
            metadata_json: None,
            messages: Vec::new(),
        })
    }

    async fn turn_ask(&self, conversation_id: ConversationId, content: String) -> Result<Message> {
        let question = NewMessage {
            id: MessageId(new_id()),
            conversation_id,
            role: Role::User,
            content,
            created_at: self.now(),
            tool_calls: Vec::new(),
        };
        self.store().message_append(&question).await
    }

    /// Lets the agent work on a task of its own, so that a slow receiver does not hold it up.
    async fn turn_run(
        &self,
        agent: Arc<dyn agents::Agent>,
        turn: Turn,
        frames: Option<&Sender<ChatFrame>>,
        cancel: CancellationToken,
    ) -> Result<(Transcript, Vec<Announced>)> {
        let cancel = cancel.child_token();
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
            if let (Some(frames), Some(frame)) = (frames, frame(event)) {
                tell(frames, frame, &cancel).await;
            }
        }
        let transcript = work.await.map_err(|error| Error::Internal(format!("agent: {error}")))?;
        Ok((transcript, announced))
    }

    /// Stores what the agent said and did; nothing when it did neither.
    async fn turn_answer(
        &self,
        conversation_id: ConversationId,
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
            id: MessageId(new_id()),
            conversation_id,
            role: Role::Assistant,
            content: transcript.reply.clone(),
            created_at: now,
            tool_calls,
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

/// Sends a frame; a receiver that is gone or stuck stops the turn.
async fn tell(frames: &Sender<ChatFrame>, frame: ChatFrame, cancel: &CancellationToken) {
    if !cancel.is_cancelled() && frames.send_timeout(frame, SLOWEST_RECEIVER).await.is_err() {
        cancel.cancel();
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
