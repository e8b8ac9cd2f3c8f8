//! Adam.

use crate::bits;
use serde::{Deserialize, Serialize};

/// How Adam steps. The decay rates are the usual 0.9 and 0.999.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Adam {
    /// Added to the root of the second moment.
    pub epsilon: f32,
}

/// What Adam remembers of each parameter.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Moments {
    #[serde(with = "bits::singles")]
    first: Vec<f32>,
    #[serde(with = "bits::singles")]
    second: Vec<f32>,
    steps: i32,
}

const FIRST: f32 = 0.9;
const SECOND: f32 = 0.999;

impl Adam {
    /// One step against the gradient.
    ///
    /// # Source
    /// Kingma and Ba, arXiv:1412.6980, algorithm 1.
    pub fn step(self, parameters: &mut [f32], gradient: &[f32], rate: f32, moments: &mut Moments) {
        moments.first.resize(parameters.len(), 0.0);
        moments.second.resize(parameters.len(), 0.0);
        moments.steps = moments.steps.saturating_add(1);
        let pace = rate / (1.0 - FIRST.powi(moments.steps));
        let widen = 1.0 / (1.0 - SECOND.powi(moments.steps)).sqrt();
        let remembered = moments.first.iter_mut().zip(&mut moments.second);
        for ((parameter, slope), (first, second)) in parameters.iter_mut().zip(gradient).zip(remembered) {
            *first = FIRST * *first + (1.0 - FIRST) * slope;
            *second = SECOND * *second + (1.0 - SECOND) * slope * slope;
            *parameter -= pace * *first / (second.sqrt() * widen + self.epsilon);
        }
    }
}
