//! Table `tool_calls`: written and read with the messages they belong to.

use crate::{
    column::{flag, from_json_opt, json_opt, parsed, text, text_opt},
    failure::failed,
    writer::Write,
};
use sqlx::AnyPool;
use std::collections::HashMap;
use types::{ConversationId, Error, MessageId, Timestamp, ToolCall};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    message_id: String,
    tool_name: String,
    arguments_json: Option<String>,
    result: Option<String>,
    duration_ms: Option<i64>,
    is_error: i64,
    created_at: i64,
}

/// The call as it is stored.
pub(crate) fn stored(call: &ToolCall) -> ToolCall {
    ToolCall { tool_name: text(&call.tool_name), result: text_opt(call.result.as_deref()), ..call.clone() }
}

/// Adds the calls of a message, in their order, to what is written with it; none when it is not written.
pub(crate) fn add(write: &mut Write, message: MessageId, calls: &[ToolCall]) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO tool_calls \
                       (id, message_id, position, tool_name, arguments_json, result, duration_ms, is_error, created_at) \
                       SELECT $1, id, $3, $4, $5, $6, $7, $8, $9 FROM messages WHERE id = $2";
    for (position, call) in (1_i64..).zip(calls) {
        let values = vec![
            call.id.to_string().into(),
            message.to_string().into(),
            position.into(),
            call.tool_name.clone().into(),
            json_opt("arguments_json", call.arguments_json.as_ref())?.into(),
            call.result.clone().into(),
            call.duration_ms.into(),
            flag(call.is_error).into(),
            call.created_at.as_millis().into(),
        ];
        write.add(SQL, values);
    }
    Ok(())
}

/// The calls of a conversation, by message, each message's in their order.
pub(crate) async fn by_message(
    pool: &AnyPool,
    conversation: ConversationId,
) -> Result<HashMap<MessageId, Vec<ToolCall>>, Error> {
    const SQL: &str = "SELECT id, message_id, tool_name, arguments_json, result, duration_ms, is_error, created_at \
                       FROM tool_calls WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = $1) \
                       ORDER BY message_id, position";
    let rows = sqlx::query_as::<_, Row>(SQL).bind(conversation.to_string()).fetch_all(pool).await.map_err(failed)?;
    let mut calls: HashMap<MessageId, Vec<ToolCall>> = HashMap::new();
    for row in rows {
        let message = parsed("tool_calls.message_id", &row.message_id)?;
        calls.entry(message).or_default().push(row.try_into()?);
    }
    Ok(calls)
}

impl TryFrom<Row> for ToolCall {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("tool_calls.id", &row.id)?,
            tool_name: row.tool_name,
            arguments_json: from_json_opt("tool_calls.arguments_json", row.arguments_json.as_deref())?,
            result: row.result,
            duration_ms: row.duration_ms,
            is_error: row.is_error != 0,
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}
