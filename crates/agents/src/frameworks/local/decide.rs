//! One decision of a policy: chat, evaluation, training and the gateway all take this very step.

use policy::{Action, ActionPolicy, Move, Prepared, Selection, State};

/// Longest reply, in characters: it may quote a long value.
const REPLY_CHARS_MAX: usize = 8000;

/// What a decision may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Demand {
    /// A call or a reply.
    #[default]
    Any,
    /// A call; a reply only when no tool can be called.
    Call,
}

/// A decision, in indices and in words.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// What was seen.
    pub state: Prepared,
    /// What was done.
    pub action: Action,
    /// `log π(a|s)`.
    pub log_prob: f32,
    /// What was done, in words.
    pub chosen: Move,
}

/// Decides what to do next.
pub fn decide(policy: &ActionPolicy, state: &State, demand: Demand, selection: &mut Selection<'_>) -> Decision {
    let mut state = Prepared::new(state);
    let respond = state.respond();
    if demand == Demand::Call && state.heads.iter().take(respond).any(|head| head.is_valid) {
        state.heads[respond].is_valid = false;
    }
    let (action, log_prob) = policy.decide(&state, selection);
    let chosen = match state.resolve(&action) {
        Move::Reply { form, text } => Move::Reply { form, text: text.chars().take(REPLY_CHARS_MAX).collect() },
        call => call,
    };
    Decision { state, action, log_prob, chosen }
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::BUILTIN;
    use serde_json::json;
    use types::ToolSpec;

    fn state(user_input: &str, parameters: serde_json::Value) -> State {
        let tool = ToolSpec { name: "calculate".into(), description: "Evaluates arithmetic.".into(), parameters };
        State { user_input: user_input.into(), results: Vec::new(), tools: [tool].into() }
    }

    #[test]
    fn a_call_that_is_asked_for_is_made_where_one_is_possible() {
        let policy = ActionPolicy::load(BUILTIN).unwrap();
        let calls = |state: &State, demand| {
            matches!(decide(&policy, state, demand, &mut Selection::Greedy).chosen, Move::Call { .. })
        };
        let text = json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]});
        let greeting = state("Hello!", text.clone());
        assert!(!calls(&greeting, Demand::Any));
        assert!(calls(&greeting, Demand::Call));
        let number = json!({"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]});
        assert!(!calls(&state("Hello!", number), Demand::Call));
        assert!(!calls(&State { tools: [].into(), ..state("Hello!", text) }, Demand::Call));
    }
}
