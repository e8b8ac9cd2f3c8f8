//! The network: one forward pass, used to act and to learn.
//!
//! A word is the sum of its hashed features; two layers over a window of five give it a context. Mean and maximum of
//! the contexts meet the description of each tool (and of each reply form): `score = text · doc / √width + dense · w`.
//! A pointer judges each candidate by its first and last token, the tokens around it, the mean inside, its description
//! and the description of the argument.

use crate::{
    batch::{Batch, Docs, Heads, Items, Pointers},
    candidates::CANDIDATE_DENSE,
    prepared::{Action, HEAD_DENSE, PROGRESS, Prepared},
    weights::{CONTEXT, MEETING, POINTER, SPAN_PARTS, WINDOW, WORD, Weight},
};
use burn::tensor::{
    Device, Int, Tensor, TensorData,
    activation::{log_softmax, relu, tanh},
};

/// The weights and what is computed with them.
#[derive(Clone, Debug)]
pub struct Network {
    weights: Vec<Tensor<2>>,
}

/// Texts in context, for the heads and pointers of the same states.
pub struct Encoded {
    rows: Tensor<2>,
    tools: Tensor<2>,
    forms: Tensor<2>,
}

/// What a batch of decisions was worth to the policy.
pub struct Evaluated {
    /// `[decisions]`: log-probability of each.
    pub log_prob: Tensor<1>,
    /// `[decisions]`: sum of the entropies of the choices that made it up.
    pub entropy: Tensor<1>,
}

impl Network {
    /// A network of these weights, in the order of the shapes in `weights`.
    pub fn new(weights: Vec<Tensor<2>>) -> Self {
        Self { weights }
    }

    /// Its weights.
    pub fn weights(&self) -> &[Tensor<2>] {
        &self.weights
    }

    fn weight(&self, weight: Weight) -> Tensor<2> {
        self.weights[weight as usize].clone()
    }

    fn device(&self) -> Device {
        self.weights[0].device()
    }

    fn floats<const D: usize>(&self, values: &[f32], shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &self.device())
    }

    fn indices(&self, values: &[i32]) -> Tensor<1, Int> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &self.device())
    }

    /// `[items, WORD]`
    fn embed(&self, items: &Items) -> Tensor<2> {
        let (rows, weights, width) = items.bags();
        let features = self.weight(Weight::Embedding).select(0, self.indices(&rows));
        let weighted = features * self.floats(&weights, [rows.len(), 1]);
        weighted.reshape([items.len(), width, WORD]).sum_dim(1).reshape([items.len(), WORD])
    }

    /// `[docs, WORD]`
    fn embed_docs(&self, docs: &Docs) -> Tensor<2> {
        let (items, inverse, width) = docs.lists();
        let words = self.embed(&docs.items).select(0, self.indices(&items));
        let sums = words.reshape([inverse.len(), width, WORD]).sum_dim(1).reshape([inverse.len(), WORD]);
        sums * self.floats(&inverse, [inverse.len(), 1])
    }

    /// One layer over a window: `[rows, n] -> [rows, CONTEXT]`, the padding row staying 0.
    fn context(&self, rows: Tensor<2>, batch: &Batch, weight: Weight, bias: Weight) -> Tensor<2> {
        let [count, width] = rows.dims();
        let seen = rows.select(0, self.indices(&batch.window)).reshape([count, WINDOW * width]);
        let is_token = self.floats(&batch.is_token, [count, 1]);
        relu(seen.matmul(self.weight(weight)) + self.weight(bias)) * is_token
    }

    /// Reads the texts and the descriptions of what can be chosen.
    pub fn encode(&self, batch: &Batch) -> Encoded {
        let words = self.embed(&batch.words).select(0, self.indices(&batch.tokens));
        let near = self.context(words.clone(), batch, Weight::Context1, Weight::Context1Bias);
        let rows = self.context(near.clone(), batch, Weight::Context2, Weight::Context2Bias) + near;
        let states = batch.states;
        let places = self.indices(&batch.texts);
        let inverse = self.floats(&batch.text_inverse, [states, 1]);
        let words = words.select(0, places.clone()).reshape([states, batch.text_width, WORD]);
        let said = words.sum_dim(1).reshape([states, WORD]) * inverse.clone();
        let texts = rows.clone().select(0, places).reshape([states, batch.text_width, CONTEXT]);
        let mean = texts.clone().sum_dim(1).reshape([states, CONTEXT]) * inverse;
        // Contexts are at least 0, so the padding never wins.
        let most = texts.max_dim(1).reshape([states, CONTEXT]);
        let text = Tensor::cat(vec![said, mean, most, self.floats(&batch.progress, [states, PROGRESS])], 1);
        let docs = self.embed_docs(&batch.docs);
        let values = docs.clone().select(0, self.indices(&batch.value_docs));
        let forms_text = Tensor::cat(vec![text.clone(), values], 1);
        let tools = self.meet(text, &docs, &batch.tools, [Weight::ToolText, Weight::ToolDoc, Weight::ToolDense]);
        let forms = self.meet(forms_text, &docs, &batch.forms, [Weight::FormText, Weight::FormDoc, Weight::FormDense]);
        Encoded { rows, tools, forms }
    }

    /// Log-probabilities `[states, heads.width]`.
    fn meet(&self, text: Tensor<2>, docs: &Tensor<2>, heads: &Heads, weights: [Weight; 3]) -> Tensor<2> {
        let [states, _] = text.dims();
        let width = heads.width;
        let [text_weight, doc_weight, dense_weight] = weights;
        let text = tanh(text.matmul(self.weight(text_weight))).reshape([states, 1, MEETING]);
        let docs = tanh(docs.clone().matmul(self.weight(doc_weight)));
        let docs = docs.select(0, self.indices(&heads.docs)).reshape([states, width, MEETING]);
        // Times 4: a tanh is at most 1, and a choice has to be able to become certain.
        let met = (text * docs).sum_dim(2).reshape([states, width]) * (4.0 / (MEETING as f32).sqrt());
        let dense = self.floats(&heads.dense, [states * width, HEAD_DENSE]).matmul(self.weight(dense_weight));
        let scores = met + dense.reshape([states, width]) + self.floats(&heads.mask, [states, width]);
        log_softmax(scores, 1)
    }

    /// Log-probabilities `[pointers.count, pointers.width]`.
    pub fn point(&self, encoded: &Encoded, pointers: &Pointers) -> Tensor<2> {
        let (count, width, all) = (pointers.count, pointers.width, pointers.len());
        let docs = self.embed_docs(&pointers.docs);
        let argument = docs.clone().matmul(self.weight(Weight::PointerArgument)) + self.weight(Weight::PointerBias);
        let candidate = docs.matmul(self.weight(Weight::PointerDoc)).select(0, self.indices(&pointers.candidates));
        let dense = self.floats(&pointers.dense, [all, CANDIDATE_DENSE]).matmul(self.weight(Weight::PointerDense));
        let described = candidate + dense + self.spans(encoded, pointers);
        let hidden = relu(described + argument.select(0, self.indices(&pointers.arguments)));
        let hidden = hidden.matmul(self.weight(Weight::PointerHidden)) + self.weight(Weight::PointerHiddenBias);
        let scores = relu(hidden).matmul(self.weight(Weight::PointerOut));
        let scores = scores.select(0, self.indices(&pointers.places)).reshape([count, width]);
        log_softmax(scores + self.floats(&pointers.mask, [count, width]), 1)
    }

    /// What the tokens of each candidate say of it: `[candidates, POINTER]`.
    fn spans(&self, encoded: &Encoded, pointers: &Pointers) -> Tensor<2> {
        let projected = encoded.rows.clone().matmul(self.weight(Weight::PointerToken));
        let part = |index: usize| projected.clone().narrow(1, index * POINTER, POINTER);
        let [start, end, before, _] = &pointers.rows;
        let around = (0..SPAN_PARTS - 1).map(|index| part(index).select(0, self.indices(&pointers.rows[index])));
        // Sum over a span = running sum at its end less that before its start.
        let running = part(SPAN_PARTS - 1).cumsum(0);
        let inside = running.clone().select(0, self.indices(end)) - running.select(0, self.indices(before));
        let inverse = self.floats(&pointers.inverse, [start.len(), 1]);
        around.fold(inside * inverse, |sum, part| sum + part)
    }

    /// Log-probabilities of the tools (with RESPOND) and of the forms.
    pub fn heads(encoded: &Encoded) -> (Tensor<2>, Tensor<2>) {
        (encoded.tools.clone(), encoded.forms.clone())
    }

    /// `log π(a|s) = log π(tool|s) [+ log π(form|s)] + Σ_j log π(p_j | s, tool, arg_j)` of each decision.
    pub fn evaluate(&self, decisions: &[(&Prepared, &Action)]) -> Evaluated {
        let states: Vec<&Prepared> = decisions.iter().map(|(state, _)| *state).collect();
        let batch = Batch::new(&states);
        let encoded = self.encode(&batch);
        let count = decisions.len();
        let heads: Vec<i32> = decisions.iter().map(|(_, action)| action.head as i32).collect();
        let (log_prob, entropy) = self.chosen(encoded.tools.clone(), &heads);
        let forms: Vec<i32> = decisions.iter().map(|(_, action)| action.form.unwrap_or(0) as i32).collect();
        let replies: Vec<f32> = decisions.iter().map(|(_, action)| f32::from(action.form.is_some())).collect();
        let replies = self.floats(&replies, [count]);
        let (form_log_prob, form_entropy) = self.chosen(encoded.forms.clone(), &forms);
        let (log_prob, entropy) = (log_prob + form_log_prob * replies.clone(), entropy + form_entropy * replies);
        match self.evaluate_pointers(decisions, &batch, &encoded) {
            Some((points, uncertainty)) => Evaluated { log_prob: log_prob + points, entropy: entropy + uncertainty },
            None => Evaluated { log_prob, entropy },
        }
    }

    fn evaluate_pointers(
        &self,
        decisions: &[(&Prepared, &Action)],
        batch: &Batch,
        encoded: &Encoded,
    ) -> Option<(Tensor<1>, Tensor<1>)> {
        let (mut pointers, mut targets, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (decision, (state, action)) in decisions.iter().enumerate() {
            for (pointer, target) in state.pointers(action.head, action.form).iter().zip(&action.pointers) {
                pointers.push((batch.first_row[decision], pointer));
                targets.push(*target as i32);
                owners.push(decision);
            }
        }
        if pointers.is_empty() {
            return None;
        }
        let count = pointers.len();
        let mut owner = vec![0.0; decisions.len() * count];
        for (pointer, decision) in owners.into_iter().enumerate() {
            owner[decision * count + pointer] = 1.0;
        }
        let owner = self.floats(&owner, [decisions.len(), count]);
        let (log_prob, entropy) = self.chosen(self.point(encoded, &Pointers::new(&pointers)), &targets);
        let sum = |parts: Tensor<1>| owner.clone().matmul(parts.reshape([count, 1])).reshape([decisions.len()]);
        Some((sum(log_prob), sum(entropy)))
    }

    /// The log-probability of one column of each row, and the entropy of each row.
    fn chosen(&self, log_probs: Tensor<2>, columns: &[i32]) -> (Tensor<1>, Tensor<1>) {
        let [rows, _] = log_probs.dims();
        let columns = self.indices(columns).reshape([rows, 1]);
        let chosen = log_probs.clone().gather(1, columns).reshape([rows]);
        // p·log p of a forbidden choice is 0·(−1e8) = −0: it adds nothing.
        let entropy = (log_probs.clone().exp() * log_probs).sum_dim(1).reshape([rows]).neg();
        (chosen, entropy)
    }
}
