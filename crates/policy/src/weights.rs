//! The weights of the network: names, shapes, first values.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    candidates::CANDIDATE_DENSE,
    features::BUCKETS,
    prepared::{HEAD_DENSE, PROGRESS},
};

/// Width of a word.
pub const WORD: usize = 24;
/// Width of a word in its context.
pub const CONTEXT: usize = 48;
/// Tokens seen on the way to a context: two before, itself, two after.
pub const WINDOW: usize = 5;
/// Width in which texts meet tools and forms.
pub const MEETING: usize = 32;
/// Width in which candidates are judged.
pub const POINTER: usize = 64;
/// Width of the second layer of that.
pub const POINTER_HIDDEN: usize = 32;
/// What a span is described by: first token, last, the one before, the one after, the mean inside.
pub const SPAN_PARTS: usize = 5;

macro_rules! weights {
    ($($variant:ident $name:literal $rows:expr, $columns:expr, $scale:expr;)+) => {
        /// One matrix each; a bias is a matrix of one row.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Weight { $(#[doc = $name] $variant),+ }

        /// Name, rows, columns and bound of the uniform first values of every matrix, in the order of [`Weight`].
        pub const SHAPES: &[(&str, usize, usize, f32)] = &[$(($name, $rows, $columns, $scale)),+];
    };
}

weights! {
    Embedding "embedding" BUCKETS, WORD, 0.05;
    Context1 "context.1" WINDOW * WORD, CONTEXT, 0.12;
    Context1Bias "context.1.bias" 1, CONTEXT, 0.0;
    Context2 "context.2" WINDOW * CONTEXT, CONTEXT, 0.08;
    Context2Bias "context.2.bias" 1, CONTEXT, 0.0;
    ToolText "tool.text" WORD + 2 * CONTEXT + PROGRESS, MEETING, 0.1;
    ToolDoc "tool.doc" WORD, MEETING, 0.2;
    ToolDense "tool.dense" HEAD_DENSE, 1, 0.0;
    FormText "form.text" 2 * WORD + 2 * CONTEXT + PROGRESS, MEETING, 0.1;
    FormDoc "form.doc" WORD, MEETING, 0.2;
    FormDense "form.dense" HEAD_DENSE, 1, 0.0;
    PointerToken "pointer.token" CONTEXT, SPAN_PARTS * POINTER, 0.12;
    PointerArgument "pointer.argument" WORD, POINTER, 0.2;
    PointerDoc "pointer.doc" WORD, POINTER, 0.2;
    PointerDense "pointer.dense" CANDIDATE_DENSE, POINTER, 0.2;
    PointerBias "pointer.bias" 1, POINTER, 0.0;
    PointerHidden "pointer.hidden" POINTER, POINTER_HIDDEN, 0.12;
    PointerHiddenBias "pointer.hidden.bias" 1, POINTER_HIDDEN, 0.0;
    PointerOut "pointer.out" POINTER_HIDDEN, 1, 0.18;
}

/// First values, drawn from `seed` with a generator of our own so that they are the same on every machine.
pub fn initial(seed: u64, device: &Device) -> Vec<Tensor<2>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    SHAPES
        .iter()
        .map(|(_, rows, columns, bound)| {
            let values: Vec<f32> = (0..rows * columns).map(|_| (rng.random::<f32>() * 2.0 - 1.0) * bound).collect();
            Tensor::from_data(TensorData::new(values, [*rows, *columns]), device)
        })
        .collect()
}
