//! A tool call as one line that opens to arguments and result; an error opens itself.

use super::{
    session::Session,
    thread::{Answer, Call},
};
use crate::{
    components::{Badge, Button, Glyph, Icon, Kind, Tone},
    present::duration,
};
use leptos::prelude::*;
use serde_json::Value;
use types::ApprovalId;

/// The card of one call.
#[component]
pub fn ToolCard(
    /// The conversation.
    session: Session,
    /// The call.
    call: Call,
) -> impl IntoView {
    let icon = Icon::of_tool(&call.tool_name);
    let (word, tone) = if call.approval.is_some() { ("asks you", Tone::Warn) } else { status(call.answer.as_ref()) };
    let question = call.approval.map(|id| view! { <ApprovalView session id /> });
    let took = call.answer.as_ref().and_then(|answer| answer.duration_ms).map(duration);
    let failed = call.answer.as_ref().is_some_and(|answer| answer.is_error);
    let open = failed || call.approval.is_some();
    let arguments = match &call.arguments {
        Some(arguments) => pretty(&Value::Object(arguments.clone())),
        None => "not a JSON object".to_owned(),
    };
    let result = call.answer.map(|answer| {
        let heading = if answer.is_error { "Error" } else { "Result" };
        view! { <Part heading text=readable(&answer.result) /> }
    });
    view! {
        <details class="tool-card" open=open data-failed=failed.then_some("")>
            <summary>
                <Glyph icon />
                <span class="tool-card-name">{call.tool_name}</span>
                <span class="muted number">{took}</span>
                <Badge text=word.to_owned() tone />
                <span class="tool-card-chevron">
                    <Glyph icon=Icon::Chevron />
                </span>
            </summary>
            <div class="tool-card-body">
                <Part heading="Arguments" text=arguments />
                {result}
                {question}
            </div>
        </details>
    }
}

/// Whether the call may run is up to the person.
#[component]
fn ApprovalView(session: Session, id: ApprovalId) -> impl IntoView {
    view! {
        <p>"The agent may call this tool only when you agree."</p>
        <div class="tool-card-approval">
            <Button kind=Kind::Primary on:click=move |_| session.answer("approve", id)>
                "Approve"
            </Button>
            <Button on:click=move |_| session.answer("refuse", id)>"Refuse"</Button>
        </div>
    }
}

#[component]
fn Part(heading: &'static str, text: String) -> impl IntoView {
    view! {
        <p class="muted">{heading}</p>
        <pre tabindex="0">{text}</pre>
    }
}

/// The status in words.
const fn status(answer: Option<&Answer>) -> (&'static str, Tone) {
    match answer {
        None => ("running", Tone::Accent),
        Some(answer) if answer.is_error => ("failed", Tone::Bad),
        Some(_) => ("done", Tone::Good),
    }
}

/// JSON with line breaks; anything else as it is.
fn readable(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => pretty(&value),
        _ => text.to_owned(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_results_are_laid_out_and_texts_are_left_alone() {
        assert_eq!(readable(r#"{"a":1}"#), "{\n  \"a\": 1\n}");
        assert_eq!(readable("345"), "345");
        assert_eq!(readable("division by zero"), "division by zero");
    }

    #[test]
    fn the_status_is_a_word() {
        let answer = |is_error| Answer { result: String::new(), duration_ms: None, is_error };
        assert_eq!(status(None).0, "running");
        assert_eq!(status(Some(&answer(false))).0, "done");
        assert_eq!(status(Some(&answer(true))).0, "failed");
    }
}
