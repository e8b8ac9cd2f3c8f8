//! Weights that learn: gradients, their clipping, and Adam with a state that can be saved.

use crate::trainable::Policy;
use burn::{
    optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer},
    tensor::Tensor,
};
use policy::{read_tensors, write_tensors};
use types::Error;

const VERSION: &str = "learner 2";

/// How much of the running average of the weights is kept at an update, once it has run long enough.
const AVERAGE_KEPT: f64 = 0.995;

/// A policy being trained.
pub struct Learner<P> {
    policy: P,
    /// Running average of the weights: what has been learned, without the noise of the last updates.
    average: Vec<Tensor<2>>,
    updates: u32,
    adam: Adam,
    moments: Vec<Option<AdamState<2>>>,
}

/// What one update did.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Update {
    /// The loss before it.
    pub loss: f64,
    /// Global norm of the gradient before clipping.
    pub gradient_norm: f64,
}

/// How far an update goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StepSize {
    /// Adam's step size.
    pub learning_rate: f64,
    /// The gradient is scaled down to this global norm.
    pub gradient_norm_max: f64,
}

impl<P: Policy> Learner<P> {
    /// Starts from `policy`.
    pub fn new(policy: P) -> Self {
        let moments = policy.weights().iter().map(|_| None).collect();
        let average = policy.weights().to_vec();
        Self { average, updates: 0, policy, adam: AdamConfig::new().with_epsilon(1e-8).build(), moments }
    }

    /// The policy as it is now.
    pub fn policy(&self) -> &P {
        &self.policy
    }

    /// The policy of the averaged weights: what is measured and kept.
    pub fn averaged(&self) -> P {
        self.policy.with_weights(self.average.clone())
    }

    /// Lowers the sum of `parts` losses by one step of Adam; `None` when loss or gradient is not finite, and then nothing
    /// changes. Only one part is held in memory at a time.
    pub fn update(&mut self, parts: usize, loss: impl Fn(&P, usize) -> Tensor<1>, size: StepSize) -> Option<Update> {
        let tracked: Vec<Tensor<2>> =
            self.policy.weights().iter().map(|weight| weight.clone().autodiff().require_grad()).collect();
        let mut gradients: Vec<Option<Tensor<2>>> = tracked.iter().map(|_| None).collect();
        let mut value = 0.0;
        for part in 0..parts {
            let loss = loss(&self.policy.with_weights(tracked.clone()), part);
            value += scalar(loss.clone().inner());
            let mut more = loss.backward();
            for (sum, weight) in gradients.iter_mut().zip(&tracked) {
                *sum = match (sum.take(), weight.grad_remove(&mut more)) {
                    (Some(sum), Some(more)) => Some(sum + more),
                    (sum, more) => sum.or(more),
                };
            }
        }
        let squares = gradients.iter().flatten().map(|gradient| scalar(gradient.clone().square().sum()));
        let norm = squares.sum::<f64>().sqrt();
        if !value.is_finite() || !norm.is_finite() {
            return None;
        }
        let scale = (size.gradient_norm_max / norm.max(1e-12)).min(1.0);
        self.apply(gradients, scale, size);
        Some(Update { loss: value, gradient_norm: norm })
    }

    fn apply(&mut self, gradients: Vec<Option<Tensor<2>>>, scale: f64, size: StepSize) {
        let mut weights = Vec::with_capacity(gradients.len());
        for (index, gradient) in gradients.into_iter().enumerate() {
            let weight = self.policy.weights()[index].clone();
            let Some(gradient) = gradient else {
                weights.push(weight);
                continue;
            };
            let moments = self.moments[index].take();
            let (weight, moments) = self.adam.step(size.learning_rate, weight, gradient.mul_scalar(scale), moments);
            self.moments[index] = moments;
            weights.push(weight);
        }
        self.updates = self.updates.saturating_add(1);
        let updates = f64::from(self.updates);
        let kept = AVERAGE_KEPT.min((updates - 1.0) / (updates + 10.0));
        for (average, weight) in self.average.iter_mut().zip(&weights) {
            *average = average.clone().mul_scalar(kept) + weight.clone().mul_scalar(1.0 - kept);
        }
        self.policy = self.policy.with_weights(weights);
    }

    /// Weights and moments, bit for bit.
    pub fn save(&self) -> Vec<u8> {
        let mut tensors = Vec::new();
        for (index, (weight, moments)) in self.policy.weights().iter().zip(&self.moments).enumerate() {
            tensors.push((format!("weight.{index}"), weight.clone()));
            tensors.push((format!("average.{index}"), self.average[index].clone()));
            if let Some(AdamState { momentum }) = moments {
                tensors.push((format!("moment.1.{index}"), momentum.moment_1.clone()));
                tensors.push((format!("moment.2.{index}"), momentum.moment_2.clone()));
                // Exact up to 2^24 updates.
                let time = Tensor::full([1, 1], momentum.time as f32, &weight.device());
                tensors.push((format!("time.{index}"), time));
            }
        }
        if let Some((_, weight)) = tensors.first() {
            // Exact up to 2^24 updates.
            let updates = Tensor::full([1, 1], self.updates as f32, &weight.device());
            tensors.push(("updates".to_owned(), updates));
        }
        write_tensors(VERSION, &tensors)
    }

    /// A learner saved by [`Learner::save`], of the same kind of policy.
    ///
    /// # Errors
    /// Bytes that are no such learner.
    pub fn load(policy: &P, bytes: &[u8]) -> Result<Self, Error> {
        let device = policy.weights().first().map(Tensor::device).unwrap_or_default();
        let mut tensors = read_tensors(VERSION, bytes, &device).map_err(|error| Error::Invalid(error.to_string()))?;
        let mut weights = Vec::new();
        let mut average = Vec::new();
        let updates = tensors.remove("updates").filter(|updates| updates.dims() == [1, 1]).map_or(f64::NAN, scalar2);
        let mut all_moments = Vec::new();
        for (index, expected) in policy.weights().iter().enumerate() {
            let mut take = |name: &str, shape: [usize; 2]| {
                tensors.remove(&format!("{name}.{index}")).filter(|tensor| tensor.dims() == shape)
            };
            let shape = expected.dims();
            let weight = take("weight", shape)
                .ok_or_else(|| Error::Invalid(format!("the training state lacks weight {index} of shape {shape:?}")))?;
            average.push(take("average", shape).unwrap_or_else(|| weight.clone()));
            weights.push(weight);
            let moments = (take("moment.1", shape), take("moment.2", shape), take("time", [1, 1]));
            all_moments.push(match moments {
                (Some(first), Some(second), Some(time)) => {
                    let momentum = AdaptiveMomentumState::new(scalar2(time) as usize, first, second);
                    Some(AdamState::new(momentum))
                }
                _ => None,
            });
        }
        let mut learner = Self::new(policy.with_weights(weights));
        learner.moments = all_moments;
        learner.average = average;
        learner.updates = updates as u32;
        Ok(learner)
    }
}

fn scalar(tensor: Tensor<1>) -> f64 {
    tensor.try_into_vec_as::<f32>().ok().and_then(|values| values.first().copied()).map_or(f64::NAN, f64::from)
}

fn scalar2(tensor: Tensor<2>) -> f64 {
    scalar(tensor.reshape([1]))
}
