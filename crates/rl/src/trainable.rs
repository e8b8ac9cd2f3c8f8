//! What learning needs of a policy: that it is weights, and that the probability of what it did can be differentiated.

use burn::tensor::Tensor;
use policy::{Action, Evaluated, Network, Prepared};

/// A differentiable policy. An observation and an action of it are whatever an environment and it agree on.
pub trait Policy: Clone {
    /// What it sees.
    type Observation;
    /// What it does.
    type Action;

    /// The same policy with other weights.
    fn with_weights(&self, weights: Vec<Tensor<2>>) -> Self;

    /// Its weights.
    fn weights(&self) -> &[Tensor<2>];

    /// Log-probability and entropy of each decision.
    fn evaluate(&self, decisions: &[(&Self::Observation, &Self::Action)]) -> Evaluated;
}

impl Policy for Network {
    type Observation = Prepared;
    type Action = Action;

    fn with_weights(&self, weights: Vec<Tensor<2>>) -> Self {
        Self::new(weights)
    }

    fn weights(&self) -> &[Tensor<2>] {
        self.weights()
    }

    fn evaluate(&self, decisions: &[(&Prepared, &Action)]) -> Evaluated {
        self.evaluate(decisions)
    }
}
