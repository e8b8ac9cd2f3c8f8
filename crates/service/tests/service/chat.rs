//! Chat: what is stored, what is told, and what goes wrong in words.

use crate::world::{World, local, openai};
use agents::testing::{Reply, ScriptedProvider};
use service::{Service, TurnWatch};
use tokio_util::sync::CancellationToken;
use types::{Agent, AgentId, ChatFrame, ChatRequest, ConversationId, Error, MessageId, Role};
use uuid::Uuid;

fn ask(agent: &Agent, message: &str, conversation_id: Option<ConversationId>) -> ChatRequest {
    ChatRequest::new(agent.id, message.into(), conversation_id)
}

async fn rest(mut turn: TurnWatch) -> Vec<ChatFrame> {
    let mut frames = Vec::new();
    while let Some(next) = turn.next().await {
        frames.push(next.frame);
    }
    frames
}

async fn frames(service: &Service, request: ChatRequest) -> Vec<ChatFrame> {
    rest(service.chat_start(request)).await
}

/// Watches until the first piece of the answer came; the conversation and the piece's number.
async fn first_token(turn: &mut TurnWatch) -> (ConversationId, i64) {
    let mut conversation = None;
    while let Some(next) = turn.next().await {
        match next.frame {
            ChatFrame::Ack { conversation_id, .. } => conversation = Some(conversation_id),
            ChatFrame::Token { .. } => return (conversation.unwrap(), next.seq),
            _ => {}
        }
    }
    panic!("the turn ended before a word was said")
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
        let request = ChatRequest::new(id, "Hello".into(), None);
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
    let mut turn = service.chat_start(ask(&agent, "Hello", None));
    let (conversation, _) = first_token(&mut turn).await;
    turn.stop();
    provider.abandoned().await;
    let last = rest(turn).await.pop();
    assert!(matches!(last, Some(ChatFrame::Error { .. })), "{last:?}");
    let stored = service.conversation_get(conversation).await.unwrap();
    assert!(stored.messages[1].content.starts_with("The"), "{:?}", stored.messages);
}

#[tokio::test]
async fn a_shutdown_keeps_what_was_said() {
    let provider = ScriptedProvider::start([Reply::hang("The beginning of an answer")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let (conversation, _) = first_token(&mut service.chat_start(ask(&agent, "Hello", None))).await;
    service.shutdown().await.unwrap();
    drop(service);
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let stored = service.conversation_get(conversation).await.unwrap();
    assert!(stored.messages.get(1).is_some_and(|answer| answer.content.starts_with("The")), "{:?}", stored.messages);
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

#[tokio::test]
async fn a_turn_goes_on_without_a_reader_and_who_comes_back_reads_on() {
    let provider = ScriptedProvider::start([Reply::hang("One two three")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let mut turn = service.chat_start(ask(&agent, "Count", None));
    let (conversation, seq) = first_token(&mut turn).await;
    drop(turn);
    let mut again = service.chat_follow(conversation, seq).unwrap();
    let mut text = String::from("One ");
    while text != "One two three" {
        let next = again.next().await.unwrap();
        assert!(next.seq > seq);
        let ChatFrame::Token { text: piece } = next.frame else { panic!("{next:?}") };
        text.push_str(&piece);
    }
    let (opened, under_way) = service.conversation_open(conversation).await.unwrap();
    let under_way = under_way.unwrap();
    assert_eq!(opened.messages.last().unwrap().id, under_way.question_id);
    assert_eq!(under_way.frames.last(), Some(&ChatFrame::Token { text }));
    again.stop();
    assert!(matches!(rest(again).await.as_slice(), [ChatFrame::Error { .. }]));
    assert_eq!(service.conversation_open(conversation).await.unwrap().1, None);
}

#[tokio::test]
async fn an_answer_is_given_again_beside_the_first_and_the_model_sees_one_branch() {
    let provider =
        ScriptedProvider::start([Reply::text("First."), Reply::text("Second."), Reply::text("Third.")]).await.unwrap();
    let world = World::new();
    let service = Service::start(world.config_with(&provider)).await.unwrap();
    let agent = openai(&service).await;
    let chat = |request| service.chat(request, CancellationToken::new());
    let first = chat(ask(&agent, "Question one", None)).await.unwrap();
    let id = first.conversation_id;
    let replaces = |message, replaced| ChatRequest { replaces: Some(replaced), ..ask(&agent, message, Some(id)) };
    let second = chat(replaces("", first.message_id)).await.unwrap();
    assert_eq!((second.response.as_str(), second.sequence_num), ("Second.", 3));
    let said = async || -> Vec<String> {
        let messages = service.conversation_get(id).await.unwrap().messages;
        messages.into_iter().map(|message| message.content).collect()
    };
    assert_eq!(said().await, ["Question one", "Second."]);
    let shown = service.conversation_show(id, first.message_id).await.unwrap();
    assert_eq!(shown.messages[1].siblings, [first.message_id, second.message_id]);
    chat(ask(&agent, "Question two", Some(id))).await.unwrap();
    assert_eq!(said().await, ["Question one", "First.", "Question two", "Third."]);
    let sent = provider.requests()[2].body["input"].to_string();
    assert!(sent.contains("First.") && !sent.contains("Second."), "{sent}");
    let again = provider.requests()[1].body["input"].to_string();
    assert!(again.contains("Question one") && !again.contains("First."), "{again}");
}

#[tokio::test]
async fn a_question_asked_in_other_words_begins_a_branch() {
    let world = World::new();
    let service = world.start().await;
    let agent = local(&service, "builtin").await;
    let chat = |request| service.chat(request, CancellationToken::new());
    let first = chat(ask(&agent, "What is 1 + 1?", None)).await.unwrap();
    let id = first.conversation_id;
    chat(ask(&agent, "Hello", Some(id))).await.unwrap();
    let question = service.conversation_get(id).await.unwrap().messages[0].id;
    let edited = ChatRequest { replaces: Some(question), ..ask(&agent, "What is 2 + 2?", Some(id)) };
    let answer = chat(edited).await.unwrap();
    assert!(answer.response.contains('4'), "{}", answer.response);
    let shown = service.conversation_get(id).await.unwrap().messages;
    assert_eq!((shown.len(), shown[0].content.as_str(), shown[0].siblings.len()), (2, "What is 2 + 2?", 2));
    assert_eq!(service.conversation_export(id).await.unwrap().messages.len(), 6);
    let unknown = ChatRequest { replaces: Some(MessageId(Uuid::nil())), ..ask(&agent, "Hi", Some(id)) };
    assert!(matches!(chat(unknown).await, Err(Error::NotFound(_))));
    let nowhere = ChatRequest { replaces: Some(question), ..ask(&agent, "Hi", None) };
    assert!(matches!(chat(nowhere).await, Err(Error::NotFound(_))));
}
