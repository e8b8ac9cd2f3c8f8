//! `rl-chatbot chat`: a conversation in the terminal, with the tool calls shown; `--message` asks once and leaves.

use super::{Outcome, agent, finish, start_with_gateway, terminal};
use crate::config::Config;
use clap::Args;
use serde_json::{Map, Value};
use service::Service;
use types::{AgentId, ApprovalAnswer, ChatFrame, ChatRequest, ConversationId};

/// With whom to talk.
#[derive(Args)]
pub struct Arguments {
    /// Name or id of the agent; the first one when absent.
    #[arg(long)]
    agent: Option<String>,
    /// Ask this, print the answer, and leave.
    #[arg(long, short)]
    message: Option<String>,
}

/// Talks until the input ends.
pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let service = start_with_gateway(&config).await?;
    let outcome = talk(&service, arguments).await;
    finish(service, outcome).await
}

async fn talk(service: &Service, arguments: Arguments) -> Outcome {
    let agent = agent::find(service, arguments.agent.as_deref()).await?;
    let mut conversation = None;
    if let Some(message) = arguments.message {
        return turn(service, agent.id, message, &mut conversation).await;
    }
    terminal::note(&format!("Talking to {}. An empty line or the end of the input leaves.", agent.title()));
    while let Some(message) = next_line().await? {
        if let Err(problem) = turn(service, agent.id, message, &mut conversation).await {
            terminal::complain(&problem);
        }
    }
    Ok(())
}

/// What the person typed; `None` at the end.
async fn next_line() -> Result<Option<String>, String> {
    if terminal::is_interactive() {
        terminal::show("> ");
    }
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    });
    let line =
        read.await.map_err(|error| error.to_string())?.map_err(|error| format!("the input broke off: {error}"))?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

async fn turn(
    service: &Service,
    agent_id: AgentId,
    message: String,
    conversation: &mut Option<ConversationId>,
) -> Outcome {
    let mut turn = service.chat_start(ChatRequest::new(agent_id, message, *conversation));
    let mut streamed = false;
    loop {
        let frame = tokio::select! {
            frame = turn.next() => frame.map(|numbered| numbered.frame),
            // The turn ends with a frame of its own after this.
            Ok(()) = tokio::signal::ctrl_c() => { turn.stop(); continue }
        };
        match frame {
            Some(ChatFrame::Error { error }) => return Err(error),
            Some(ChatFrame::Response { response, conversation_id, .. }) => {
                *conversation = Some(conversation_id);
                terminal::say(if streamed { "" } else { &response });
                return Ok(());
            }
            Some(ChatFrame::ApprovalRequest { id, tool_name, arguments, .. }) => {
                let answer = decide(&tool_name, &arguments).await?;
                // Not found when it lapsed meanwhile: the turn tells so itself.
                let _ = service.approval_answer(id, answer);
            }
            Some(frame) => streamed |= present(&frame),
            None => return Err("the turn broke off without an answer".into()),
        }
    }
}

/// Asks the person whether a call may run; without a person it may not.
async fn decide(tool_name: &str, arguments: &Map<String, Value>) -> Result<ApprovalAnswer, String> {
    if !terminal::is_interactive() {
        return Ok(ApprovalAnswer { approve: false, reason: Some("there is nobody at the terminal".into()) });
    }
    let arguments = serde_json::to_string(arguments).unwrap_or_default();
    terminal::note(&format!("  ? {tool_name} {arguments} may run (y/n)"));
    let answer = next_line().await?.unwrap_or_default();
    Ok(ApprovalAnswer { approve: matches!(answer.as_str(), "y" | "Y" | "yes"), reason: None })
}

/// Shows a streamed frame; whether it was a piece of the answer.
fn present(frame: &ChatFrame) -> bool {
    match frame {
        ChatFrame::Token { text } => terminal::show(text),
        ChatFrame::ToolCall { tool_name, arguments, .. } => {
            let arguments = serde_json::to_string(arguments).unwrap_or_default();
            terminal::note(&format!("  → {tool_name} {arguments}"));
        }
        ChatFrame::ToolResult { tool_name, result, duration_ms, is_error, .. } => {
            let mark = if *is_error { "✗" } else { "←" };
            terminal::note(&format!("  {mark} {tool_name}: {result} ({duration_ms} ms)"));
        }
        ChatFrame::Note { text } => terminal::note(&format!("  · {text}")),
        _ => {}
    }
    matches!(frame, ChatFrame::Token { .. })
}
