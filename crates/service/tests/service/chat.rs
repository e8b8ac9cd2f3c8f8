//! Chat: what is stored, what is told, and what goes wrong in words.

use crate::world::{World, local, openai};
use agents::testing::{Reply, ScriptedProvider};
use service::Service;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use types::{Agent, AgentId, ChatFrame, ChatRequest, ConversationId, Error, Role};
use uuid::Uuid;

fn ask(agent: &Agent, message: &str, conversation_id: Option<ConversationId>) -> ChatRequest {
    ChatRequest { agent_id: agent.id, message: message.into(), conversation_id }
}

async fn frames(service: &Service, request: ChatRequest) -> Vec<ChatFrame> {
    let (sender, mut receiver) = mpsc::channel(256);
    service.chat_stream(request, sender, CancellationToken::new()).await;
    let mut frames = Vec::new();
    while let Some(frame) = receiver.recv().await {
        frames.push(frame);
    }
    frames
}

#[tokio::test]
async fn the_answer_and_its_call_are_stored_with_result_and_duration() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let answer = service.chat(ask(&agent, "What is 15 * 23?", None), CancellationToken::new()).await.unwrap();
    assert!(answer.response.contains("345"), "{}", answer.response);
    let stored = service.conversation_get(answer.conversation_id).await.unwrap();
    assert_eq!(
        stored.messages.iter().map(|m| (m.role, m.sequence_num)).collect::<Vec<_>>(),
        [(Role::User, 1), (Role::Assistant, 2)]
    );
    assert_eq!(stored.messages[1].tool_calls, answer.tool_calls);
    let call = &answer.tool_calls[0];
    assert_eq!((call.tool_name.as_str(), call.result.as_deref(), call.is_error), ("calculate", Some("345"), false));
    assert!(call.duration_ms.is_some());
}

#[tokio::test]
async fn a_turn_is_ack_then_pieces_then_the_stored_response() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let frames = frames(&service, ask(&agent, "What is 15 * 23?", None)).await;
    assert!(matches!(frames.first(), Some(ChatFrame::Ack { .. })), "{frames:?}");
    let Some(ChatFrame::Response { conversation_id, message_id, tool_calls, .. }) = frames.last() else {
        panic!("{frames:?}")
    };
    let stored = service.conversation_get(*conversation_id).await.unwrap();
    assert_eq!(stored.messages[1].id, *message_id);
    let streamed = frames.iter().find_map(|frame| match frame {
        ChatFrame::ToolCall { id, .. } => Some(*id),
        _ => None,
    });
    assert_eq!(streamed, Some(tool_calls[0].id));
    assert_eq!(stored.messages[1].tool_calls[0].id, tool_calls[0].id);
}

#[tokio::test]
async fn a_conversation_goes_on_only_with_its_own_agent_and_while_it_is_open() {
    let world = World::new();
    let service = world.start().await;
    let (agent, other) = (local(&service, "builtin").await, local(&service, "untrained").await);
    let chat = |request| service.chat(request, CancellationToken::new());
    let first = chat(ask(&agent, "Hello", None)).await.unwrap();
    let again = chat(ask(&agent, "Hello", Some(first.conversation_id))).await.unwrap();
    assert_eq!((again.conversation_id, again.sequence_num), (first.conversation_id, 4));
    let elsewhere = chat(ask(&other, "Hello", Some(first.conversation_id))).await.unwrap();
    assert_ne!(elsewhere.conversation_id, first.conversation_id);
    let unknown = chat(ask(&agent, "Hello", Some(ConversationId(Uuid::nil())))).await.unwrap();
    assert_ne!(unknown.conversation_id, ConversationId(Uuid::nil()));
    service.agent_reset(agent.id).await.unwrap();
    let after_reset = chat(ask(&agent, "Hello", Some(first.conversation_id))).await.unwrap();
    assert_eq!(after_reset.sequence_num, 2);
}

#[tokio::test]
async fn without_a_key_the_answer_says_which_variable_to_set_and_the_question_is_kept() {
    let world = World::new();
    let service = world.start().await;
    let agent = openai(&service).await;
    let error = service.chat(ask(&agent, "Hello", None), CancellationToken::new()).await.unwrap_err();
    assert!(error.to_string().contains("OPENAI_API_KEY"), "{error}");
    assert!(matches!(error.status(), 400..=499 | 502), "{error:?}");
    let frames = frames(&service, ask(&agent, "Hello", None)).await;
    let Some(ChatFrame::Ack { conversation_id, .. }) = frames.first() else { panic!("{frames:?}") };
    assert!(matches!(frames.last(), Some(ChatFrame::Error { error }) if error.contains("OPENAI_API_KEY")));
    assert_eq!(service.conversation_get(*conversation_id).await.unwrap().messages.len(), 1);
}

#[tokio::test]
async fn an_unknown_or_deleted_agent_is_not_found() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    service.agent_delete(agent.id).await.unwrap();
    for id in [agent.id, AgentId(Uuid::nil())] {
        let request = ChatRequest { agent_id: id, message: "Hello".into(), conversation_id: None };
        let error = service.chat(request, CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_stopped_turn_reaches_the_provider_and_keeps_what_was_said() {
    let provider = ScriptedProvider::start([Reply::hang("The beginning of an answer")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let (sender, mut receiver) = mpsc::channel(256);
    let cancel = CancellationToken::new();
    let turn = tokio::spawn({
        let (service, cancel, request) = (service.clone(), cancel.clone(), ask(&agent, "Hello", None));
        async move { service.chat_stream(request, sender, cancel).await }
    });
    let mut conversation = None;
    loop {
        match receiver.recv().await {
            Some(ChatFrame::Ack { conversation_id, .. }) => conversation = Some(conversation_id),
            Some(ChatFrame::Token { .. }) => break,
            Some(_) => {}
            None => panic!("the turn ended before a word was said"),
        }
    }
    cancel.cancel();
    turn.await.unwrap();
    provider.abandoned().await;
    let mut last = None;
    while let Some(frame) = receiver.recv().await {
        last = Some(frame);
    }
    assert!(matches!(last, Some(ChatFrame::Error { .. })), "{last:?}");
    let stored = service.conversation_get(conversation.unwrap()).await.unwrap();
    assert!(stored.messages[1].content.starts_with("The"), "{:?}", stored.messages);
}

#[tokio::test]
async fn earlier_messages_are_sent_along() {
    let provider = ScriptedProvider::start([Reply::text("Hello, Ada")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let first = service.chat(ask(&agent, "I am Ada", None), CancellationToken::new()).await.unwrap();
    let request = ask(&agent, "Who am I?", Some(first.conversation_id));
    service.chat(request, CancellationToken::new()).await.unwrap();
    let asked = provider.requests()[1].body["input"].to_string();
    assert!(asked.contains("I am Ada") && asked.contains("Hello, Ada") && asked.contains("Who am I?"), "{asked}");
}
