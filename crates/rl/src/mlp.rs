//! A small network of full layers, with its derivative written by hand: graphs of operations cost more than such a
//! network computes. The tests compare it with finite differences and with burn's derivatives.

mod adam;
mod kernels;

pub use adam::{Adam, Moments};

use crate::bits;
use kernels::{Matrix, Room};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// What lies between layers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Activation {
    /// `tanh x`.
    Tanh,
    /// `max(x, 0)`.
    Relu,
}

/// Layers with biases: `y = x W + b`, an activation after all but the last.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Mlp {
    sizes: Vec<usize>,
    activation: Activation,
    /// Layer after layer: W (inputs × outputs, row by row), then b.
    #[serde(with = "bits::singles")]
    pub parameters: Vec<f32>,
}

/// What a pass through the network leaves for the way back, and room that passes reuse.
#[derive(Clone, Default, Debug)]
pub struct Tape {
    layers: Vec<Vec<f32>>,
    slopes: Vec<f32>,
    below: Vec<f32>,
    turned: Vec<f32>,
    room: Room,
}

impl Tape {
    /// What came out of the last pass.
    pub fn output(&self) -> &[f32] {
        self.layers.last().map_or(&[], Vec::as_slice)
    }
}

impl Mlp {
    /// Layers of these sizes (inputs first), orthogonal with gain √2, the last with `head`; biases 0.
    ///
    /// # Source
    /// Saxe et al., arXiv:1312.6120; gains as in CleanRL's `ppo.py`.
    pub fn new(sizes: &[usize], activation: Activation, head: f32, rng: &mut ChaCha8Rng) -> Self {
        let last = sizes.len() - 2;
        let mut parameters = Vec::new();
        for (layer, pair) in sizes.windows(2).enumerate() {
            let gain = if layer == last { head } else { std::f32::consts::SQRT_2 };
            parameters.extend(orthogonal(pair[0], pair[1], rng).into_iter().map(|weight| weight * gain));
            parameters.extend(std::iter::repeat_n(0.0, pair[1]));
        }
        Self { sizes: sizes.to_vec(), activation, parameters }
    }

    /// Width of what comes out.
    pub fn outputs(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    /// What comes out for each row of `input`: rows × outputs.
    pub fn forward<'a>(&self, input: &[f32], tape: &'a mut Tape) -> &'a [f32] {
        let rows = input.len() / self.sizes[0];
        tape.layers.resize(self.sizes.len(), Vec::new());
        tape.layers[0].clear();
        tape.layers[0].extend_from_slice(input);
        let mut parameters = self.parameters.as_slice();
        for (layer, pair) in self.sizes.windows(2).enumerate() {
            let (weights, rest) = parameters.split_at(pair[0] * pair[1]);
            let (bias, rest) = rest.split_at(pair[1]);
            parameters = rest;
            let (below, above) = tape.layers.split_at_mut(layer + 1);
            let (from, to) = (&below[layer], &mut above[0]);
            to.resize(rows * pair[1], 0.0);
            let left = Matrix { values: from, row: pair[0], column: 1 };
            kernels::multiply(left, weights, bias, pair[0], to, &mut tape.room);
            if layer + 2 < self.sizes.len() {
                match self.activation {
                    Activation::Tanh => kernels::tanh(to),
                    Activation::Relu => kernels::relu(to),
                }
            }
        }
        &tape.layers[self.sizes.len() - 1]
    }

    /// The derivative by every parameter, given that by every output of the last pass of this tape.
    pub fn backward(&self, slopes: &[f32], tape: &mut Tape, gradient: &mut Vec<f32>) {
        gradient.resize(self.parameters.len(), 0.0);
        tape.slopes.clear();
        tape.slopes.extend_from_slice(slopes);
        let mut end = self.parameters.len();
        for (layer, pair) in self.sizes.windows(2).enumerate().rev() {
            let (inputs, outputs) = (pair[0], pair[1]);
            let begin = end - (inputs + 1) * outputs;
            let (weights, bias) = gradient[begin..end].split_at_mut(inputs * outputs);
            bias.fill(0.0);
            for row in tape.slopes.chunks_exact(outputs) {
                bias.iter_mut().zip(row).for_each(|(sum, slope)| *sum += slope);
            }
            let rows = tape.slopes.len() / outputs;
            let left = Matrix { values: &tape.layers[layer], row: 1, column: inputs };
            kernels::multiply(left, &tape.slopes, &[], rows, weights, &mut tape.room);
            if layer > 0 {
                self.descend(begin, layer, tape);
            }
            end = begin;
        }
    }

    /// Slopes of a layer's outputs become slopes of what the layer below gave before its activation.
    fn descend(&self, begin: usize, layer: usize, tape: &mut Tape) {
        let (inputs, outputs) = (self.sizes[layer], self.sizes[layer + 1]);
        let rows = tape.slopes.len() / outputs;
        kernels::transpose(&self.parameters[begin..][..inputs * outputs], outputs, &mut tape.turned);
        tape.below.resize(rows * inputs, 0.0);
        let left = Matrix { values: &tape.slopes, row: outputs, column: 1 };
        kernels::multiply(left, &tape.turned, &[], outputs, &mut tape.below, &mut tape.room);
        match self.activation {
            Activation::Tanh => kernels::tanh_back(&tape.layers[layer], &mut tape.below),
            Activation::Relu => kernels::relu_back(&tape.layers[layer], &mut tape.below),
        }
        std::mem::swap(&mut tape.slopes, &mut tape.below);
    }
}

/// A matrix (rows × columns) whose rows or columns, whichever are shorter in number, are orthonormal.
fn orthogonal(rows: usize, columns: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis: Vec<Vec<f64>> = Vec::new();
    while basis.len() < count {
        let mut vector: Vec<f64> = (0..length).map(|_| normal(rng)).collect();
        // Twice, because once leaves rounding errors.
        for other in basis.iter().chain(&basis) {
            let along: f64 = vector.iter().zip(other).map(|(a, b)| a * b).sum();
            vector.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
        }
        let size = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
        if size > 1e-6 {
            basis.push(vector.iter().map(|value| value / size).collect());
        }
    }
    let value = |row: usize, column: usize| if rows <= columns { basis[row][column] } else { basis[column][row] };
    (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(r, c)| value(r, c) as f32).collect()
}

/// A standard normal number (Box and Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}
