//! What a streamed answer amounts to: the same JSON that the provider would have answered in one piece.

use super::GatewayApi;
use serde_json::{Map, Value, json};

/// Most bytes of text and arguments that are put together; what is beyond is not recorded.
const BYTES_MAX: usize = 1024 * 1024;
/// Most calls of one answer.
const CALLS_MAX: usize = 128;

/// An answer being put together.
pub struct Assembly {
    api: GatewayApi,
    complete: bool,
    bytes: usize,
    whole: Value,
}

impl Assembly {
    /// Nothing yet.
    pub fn new(api: GatewayApi) -> Self {
        Self { api, complete: false, bytes: 0, whole: json!({}) }
    }

    /// Whether the stream said that it is complete.
    pub const fn is_complete(&self) -> bool {
        self.complete
    }

    /// What there is.
    pub fn whole(self) -> Value {
        self.whole
    }

    /// Adds the data of an event; what cannot be read is passed over.
    pub fn add(&mut self, data: &str) {
        if data == "[DONE]" {
            self.complete = true;
        } else if let Ok(Value::Object(event)) = serde_json::from_str(data) {
            match self.api {
                GatewayApi::Chat => self.chunk(event),
                GatewayApi::Responses => self.event(event),
            }
        }
    }

    /// The last event of a response repeats it whole; the first one holds it as far as it is.
    fn event(&mut self, mut event: Map<String, Value>) {
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        let ends = ["response.completed", "response.failed", "response.incomplete", "error"].contains(&kind);
        let response = event.remove("response").or_else(|| ends.then_some(Value::Object(event)));
        if let Some(response) = response.filter(|_| !self.complete) {
            self.whole = response;
        }
        self.complete |= ends;
    }

    fn chunk(&mut self, chunk: Map<String, Value>) {
        if self.whole["id"].is_null() {
            self.whole = json!({
                "id": chunk.get("id"), "object": "chat.completion", "created": chunk.get("created"),
                "model": chunk.get("model"), "usage": null,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": null}, "finish_reason": null}],
            });
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| !usage.is_null()) {
            self.whole["usage"] = usage.clone();
        }
        let Some(choice) = chunk.get("choices").and_then(|choices| choices.get(0)) else { return };
        let reason = &choice["finish_reason"];
        if !reason.is_null() {
            self.complete = true;
            self.whole["choices"][0]["finish_reason"] = reason.clone();
        }
        self.text(choice["delta"]["content"].as_str().unwrap_or_default());
        for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
            self.call(call);
        }
    }

    fn text(&mut self, piece: &str) {
        if self.fits(piece) && !piece.is_empty() {
            append(&mut self.whole["choices"][0]["message"]["content"], piece);
        }
    }

    fn call(&mut self, delta: &Value) {
        let arguments = delta["function"]["arguments"].as_str().unwrap_or_default();
        let index = delta["index"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
        if !self.fits(arguments) || index >= CALLS_MAX {
            return;
        }
        let calls = &mut self.whole["choices"][0]["message"]["tool_calls"];
        if calls.is_null() {
            *calls = json!([]);
        }
        let Some(calls) = calls.as_array_mut() else { return };
        while calls.len() <= index {
            calls.push(json!({"id": null, "type": "function", "function": {"name": null, "arguments": ""}}));
        }
        let call = &mut calls[index];
        if let Some(id) = delta["id"].as_str() {
            call["id"] = json!(id);
        }
        if let Some(name) = delta["function"]["name"].as_str() {
            call["function"]["name"] = json!(name);
        }
        append(&mut call["function"]["arguments"], arguments);
    }

    fn fits(&mut self, piece: &str) -> bool {
        self.bytes += piece.len();
        self.bytes <= BYTES_MAX
    }
}

fn append(to: &mut Value, piece: &str) {
    if let Value::String(text) = to {
        text.push_str(piece);
    } else {
        *to = json!(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Answering, chat, local::Decided, responses};
    use super::*;

    fn assembled(api: GatewayApi, decided: Decided) -> (Value, Value, bool) {
        let body = Map::new();
        let answering = Answering { model: "local/builtin", created: 7, body: &body };
        let (answer, events) = match api {
            GatewayApi::Chat => {
                let answer = chat::answer(&answering, decided);
                let events = chat::events(&answer, true);
                (answer, events)
            }
            GatewayApi::Responses => {
                let answer = responses::answer(&answering, decided);
                let events = responses::events(&answer);
                (answer, events)
            }
        };
        let mut assembly = Assembly::new(api);
        events.iter().for_each(|event| assembly.add(&event.data));
        let complete = assembly.is_complete();
        (answer, assembly.whole(), complete)
    }

    #[test]
    fn a_stream_amounts_to_the_answer_it_was_made_of() {
        let call = || Decided::Call { name: "calculate".into(), arguments: json!({"expression": "2+2"}) };
        for decided in [Decided::Reply("The answer is 4.".into()), call()] {
            let (answer, whole, complete) = assembled(GatewayApi::Responses, decided.clone());
            assert_eq!((answer, complete), (whole, true));
            let (answer, whole, complete) = assembled(GatewayApi::Chat, decided);
            assert!(complete);
            for key in ["id", "created", "model", "usage"] {
                assert_eq!(answer[key], whole[key], "{key}");
            }
            let (of_answer, of_whole) = (&answer["choices"][0], &whole["choices"][0]);
            assert_eq!(of_answer["finish_reason"], of_whole["finish_reason"]);
            for key in ["role", "tool_calls"] {
                assert_eq!(of_answer["message"][key], of_whole["message"][key], "{key}");
            }
            let text = |choice: &Value| choice["message"]["content"].as_str().map(str::to_owned);
            assert_eq!(text(of_answer), text(of_whole));
        }
    }

    #[test]
    fn an_answer_without_end_stays_bounded_and_incomplete() {
        let mut assembly = Assembly::new(GatewayApi::Chat);
        let chunk = json!({"id": "x", "choices": [{"delta": {"content": "y".repeat(1000)}}]}).to_string();
        (0..2000).for_each(|_| assembly.add(&chunk));
        assembly.add(&json!({"choices": [{"delta": {"tool_calls": [{"index": u64::MAX, "id": "c"}]}}]}).to_string());
        assert!(!assembly.is_complete());
        assert!(assembly.whole().to_string().len() < BYTES_MAX + 1000);
    }
}
