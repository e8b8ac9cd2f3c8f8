//! A conversation as a Markdown document.

use types::{Conversation, Message, Role, ToolCall};

/// The conversation with an agent of that name.
pub fn of(conversation: &Conversation, agent: &str) -> String {
    let title = conversation.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("Conversation");
    let mut text = format!("# {}\n\n{agent}, {}\n", title.replace('\n', " "), conversation.started_at);
    for message in &conversation.messages {
        text.push_str(&said(message, agent));
    }
    text
}

fn said(message: &Message, agent: &str) -> String {
    let who = match message.role {
        Role::User => "You",
        Role::Assistant => agent,
        Role::System => "System",
    };
    let calls: String = message.tool_calls.iter().map(called).collect();
    format!("\n## {who}\n\n{calls}{}\n", message.content.trim_end())
}

fn called(call: &ToolCall) -> String {
    let arguments = serde_json::to_string_pretty(&call.arguments_json).unwrap_or_default();
    let result = call.result.as_deref().unwrap_or("no answer");
    let word = if call.is_error { "failed" } else { "answered" };
    let (arguments, result) = (fenced("json", &arguments), fenced("", result));
    format!("`{}` was called:\n\n{arguments}\nIt {word}:\n\n{result}\n", call.tool_name)
}

/// A block of code whose fence is longer than any in the text.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{AgentId, ConversationId, MessageId, Timestamp, ToolCallId};
    use uuid::Uuid;

    fn message(role: Role, content: &str, tool_calls: Vec<ToolCall>) -> Message {
        Message {
            id: MessageId(Uuid::nil()),
            conversation_id: ConversationId(Uuid::nil()),
            role,
            content: content.into(),
            sequence_num: 1,
            created_at: Timestamp::from_millis(0),
            tool_calls,
            parent_id: None,
            siblings: Vec::new(),
            usage: None,
        }
    }

    #[test]
    fn everything_said_and_called_is_there() {
        let call = ToolCall {
            id: ToolCallId(Uuid::nil()),
            tool_name: "calculate".into(),
            arguments_json: serde_json::json!({"expression": "15 * 23"}).as_object().cloned(),
            result: Some("345".into()),
            duration_ms: Some(1),
            is_error: false,
            created_at: Timestamp::from_millis(0),
        };
        let conversation = Conversation {
            id: ConversationId(Uuid::nil()),
            agent_id: AgentId(Uuid::nil()),
            started_at: Timestamp::from_millis(0),
            ended_at: None,
            metadata_json: None,
            title: Some("A sum".into()),
            messages: vec![message(Role::User, "15 * 23?", vec![]), message(Role::Assistant, "It is 345.", vec![call])],
        };
        let text = of(&conversation, "Ada");
        assert_eq!(
            text.split_once("000000Z\n").unwrap().1,
            "\n## You\n\n15 * 23?\n\n## Ada\n\n`calculate` was called:\n\n```json\n{\n  \"expression\": \"15 * \
             23\"\n}\n```\n\nIt answered:\n\n```\n345\n```\n\nIt is 345.\n"
        );
        assert!(text.starts_with("# A sum\n\nAda, 1970-01-01T00:00:00"), "{text}");
    }

    #[test]
    fn a_fence_in_a_result_does_not_end_the_block() {
        assert_eq!(fenced("", "a\n````\nb"), "`````\na\n````\nb\n`````\n");
    }
}
