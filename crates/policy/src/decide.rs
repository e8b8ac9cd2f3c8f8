//! Acting: one decision, greedy or sampled.

use crate::{
    batch::{Batch, FORBIDDEN, Pointers},
    checkpoint::{self, LoadError},
    network::{Encoded, Network},
    prepared::{Action, Prepared},
    weights,
};
use burn::tensor::{Device, Tensor};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// How a choice is made from its probabilities.
pub enum Selection<'a> {
    /// The most probable.
    Greedy,
    /// Drawn, each probability raised to `1 / temperature`; 1 draws from the policy itself.
    Sample {
        /// Where chance comes from.
        rng: &'a mut ChaCha8Rng,
        /// More than 0.
        temperature: f64,
    },
}

/// A policy over tools, their arguments and reply forms.
#[derive(Clone, Debug)]
pub struct ActionPolicy {
    network: Network,
}

/// What the weights of agents that begin untrained are drawn from.
pub const UNTRAINED_SEED: u64 = 0;

impl ActionPolicy {
    /// A policy that has learned nothing: weights drawn from `seed`.
    pub fn untrained(seed: u64) -> Self {
        Self { network: Network::new(weights::initial(seed, &Device::flex())) }
    }

    /// The policy saved in `bytes`.
    ///
    /// # Errors
    /// Bytes that are not a checkpoint of this version: a sentence saying what is wrong.
    pub fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        Ok(Self { network: Network::new(checkpoint::load(bytes, &Device::flex())?) })
    }

    /// The weights as safetensors.
    pub fn save(&self) -> Vec<u8> {
        checkpoint::save(self.network.weights())
    }

    /// A policy that acts with `weights`, in the order of [`crate::SHAPES`].
    pub fn from_weights(weights: Vec<Tensor<2>>) -> Self {
        Self { network: Network::new(weights) }
    }

    /// The network, for learning.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Decides, and tells the log-probability of the decision under the policy itself (temperature 1).
    pub fn decide(&self, state: &Prepared, selection: &mut Selection<'_>) -> (Action, f32) {
        let batch = Batch::new(&[state]);
        let encoded = self.network.encode(&batch);
        let (tools, forms) = Network::heads(&encoded);
        let (head, mut log_prob) = choose(&read(tools), selection);
        let mut form = None;
        if head == state.respond() {
            let (index, more) = choose(&read(forms), selection);
            (form, log_prob) = (Some(index), log_prob + more);
        }
        let (pointers, more) = self.point(state, (head, form), &encoded, selection);
        (Action { head, form, pointers }, log_prob + more)
    }

    fn point(
        &self,
        state: &Prepared,
        (head, form): (usize, Option<usize>),
        encoded: &Encoded,
        selection: &mut Selection<'_>,
    ) -> (Vec<usize>, f32) {
        // The only text of the batch begins at row 1.
        let pointers: Vec<_> = state.pointers(head, form).iter().map(|pointer| (1, pointer)).collect();
        if pointers.is_empty() {
            return (Vec::new(), 0.0);
        }
        let laid = Pointers::new(&pointers);
        let log_probs = read(self.network.point(encoded, &laid));
        let chosen: Vec<_> = log_probs.chunks(laid.width).map(|row| choose(row, selection)).collect();
        (chosen.iter().map(|(index, _)| *index).collect(), chosen.iter().map(|(_, log_prob)| log_prob).sum())
    }

    /// Probabilities of the tools in the order they were offered, RESPOND last.
    pub fn tool_probabilities(&self, state: &Prepared) -> Vec<f32> {
        let (tools, _) = Network::heads(&self.network.encode(&Batch::new(&[state])));
        read(tools.exp())
    }

    /// Probabilities of the reply forms in the order of the registry.
    pub fn form_probabilities(&self, state: &Prepared) -> Vec<f32> {
        let (_, forms) = Network::heads(&self.network.encode(&Batch::new(&[state])));
        read(forms.exp())
    }
}

/// Values of a tensor. Reading from the processor's own memory does not fail; a failure would show as no values.
fn read(tensor: Tensor<2>) -> Vec<f32> {
    tensor.try_into_vec_as().unwrap_or_default()
}

fn choose(log_probs: &[f32], selection: &mut Selection<'_>) -> (usize, f32) {
    let index = match selection {
        Selection::Greedy => greatest(log_probs),
        Selection::Sample { rng, temperature } => draw(log_probs, rng.random::<f64>(), *temperature),
    };
    (index, log_probs[index])
}

fn greatest(log_probs: &[f32]) -> usize {
    (1..log_probs.len()).fold(0, |best, index| if log_probs[index] > log_probs[best] { index } else { best })
}

/// The index at which the running sum of probabilities passes `point`, a number from 0 to 1.
fn draw(log_probs: &[f32], point: f64, temperature: f64) -> usize {
    let most = f64::from(log_probs[greatest(log_probs)]);
    let weight = |log_prob: f32| ((f64::from(log_prob) - most) / temperature).exp();
    // What is forbidden stays so at any temperature.
    let weights: Vec<f64> = log_probs.iter().map(|lp| if *lp < FORBIDDEN / 2.0 { 0.0 } else { weight(*lp) }).collect();
    let mut left = point * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        if left < *weight {
            return index;
        }
        left -= weight;
    }
    greatest(log_probs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use rand::SeedableRng;
    use serde_json::json;
    use types::ToolSpec;

    fn tool(name: &str, parameters: serde_json::Value) -> ToolSpec {
        ToolSpec { name: name.into(), description: format!("The tool {name}."), parameters }
    }

    fn prepared(text: &str) -> Prepared {
        let search = json!({"type": "object", "properties": {"query": {"type": "string"}, "limit": {"type": "integer"}},
            "required": ["query"]});
        let impossible = json!({"type": "object", "properties": {"x": {"type": "object"}}, "required": ["x"]});
        let tools = [tool("search", search), tool("impossible", impossible)].into();
        Prepared::new(&State { user_input: text.into(), results: vec![], tools })
    }

    #[test]
    fn the_same_seed_gives_the_same_policy_and_another_seed_another() {
        assert_eq!(ActionPolicy::untrained(3).save(), ActionPolicy::untrained(3).save());
        assert_ne!(ActionPolicy::untrained(3).save(), ActionPolicy::untrained(4).save());
    }

    #[test]
    fn saving_and_loading_changes_no_probability() {
        let policy = ActionPolicy::untrained(5);
        let loaded = ActionPolicy::load(&policy.save()).unwrap();
        let state = prepared("Search for tea, 3 results");
        assert_eq!(policy.tool_probabilities(&state), loaded.tool_probabilities(&state));
        assert_eq!(policy.form_probabilities(&state), loaded.form_probabilities(&state));
        let decide = |p: &ActionPolicy| p.decide(&state, &mut Selection::Greedy);
        assert_eq!(decide(&policy), decide(&loaded));
    }

    #[test]
    fn what_is_forbidden_has_probability_exactly_zero_and_the_rest_sums_to_one() {
        let policy = ActionPolicy::untrained(1);
        let state = prepared("hello");
        let tools = policy.tool_probabilities(&state);
        assert_eq!(tools[1], 0.0, "a tool whose required argument nothing fits");
        assert!((tools.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let forms = policy.form_probabilities(&state);
        for (form, probability) in state.forms.iter().zip(&forms) {
            assert_eq!(form.is_valid, *probability > 0.0, "{}", form.name);
        }
    }

    #[test]
    fn a_decision_has_the_log_probability_that_learning_computes() {
        let policy = ActionPolicy::untrained(2);
        let mut rng = ChaCha8Rng::seed_from_u64(9);
        let states = ["Search for tea, 3 results", "hi", "what is 2 + 2, or 2*2?"].map(prepared);
        let mut selection = Selection::Sample { rng: &mut rng, temperature: 1.0 };
        let decisions: Vec<_> = states.iter().map(|state| policy.decide(state, &mut selection)).collect();
        let pairs: Vec<_> = states.iter().zip(&decisions).map(|(state, (action, _))| (state, action)).collect();
        let together: Vec<f32> = policy.network().evaluate(&pairs).log_prob.try_into_vec_as().unwrap();
        for ((_, alone), together) in decisions.iter().zip(together) {
            assert!((alone - together).abs() < 1e-4, "{alone} {together}");
        }
    }

    #[test]
    fn a_draw_follows_the_probabilities_and_a_low_temperature_sharpens_them() {
        let log_probs = [0.25_f32.ln(), 0.75_f32.ln(), -1e8];
        assert_eq!(draw(&log_probs, 0.2, 1.0), 0);
        assert_eq!(draw(&log_probs, 0.3, 1.0), 1);
        assert_eq!(draw(&log_probs, 0.9999, 1.0), 1);
        // At a temperature of 0.5 the odds are squared: 1 to 9.
        assert_eq!(draw(&log_probs, 0.11, 0.5), 1);
        // At a very high one all that is allowed is equally probable.
        assert_eq!(draw(&log_probs, 0.49, 1e12), 0);
        assert_eq!(draw(&log_probs, 0.51, 1e12), 1);
        assert_eq!(draw(&log_probs, 0.9999, 1e12), 1);
    }
}
