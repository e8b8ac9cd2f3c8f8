//! Choices among numbered actions, some of which may be impossible.

/// Added in place of a logit whose action is impossible: its probability is then exactly 0.
const IMPOSSIBLE: f32 = -1e8;

/// Logits become log-probabilities, in place.
pub fn log_softmax(logits: &mut [f32], allowed: &[bool]) {
    for (logit, allowed) in logits.iter_mut().zip(allowed) {
        if !allowed {
            *logit = IMPOSSIBLE;
        }
    }
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - highest).exp()).sum();
    let whole = highest + sum.ln();
    logits.iter_mut().for_each(|logit| *logit -= whole);
}

/// The action that `chance`, uniform in [0, 1), falls on.
pub fn choose(log_probs: &[f32], chance: f32) -> usize {
    let mut sum = 0.0;
    let mut last = 0;
    for (action, log_prob) in log_probs.iter().enumerate() {
        let probability = log_prob.exp();
        if probability > 0.0 {
            last = action;
            sum += probability;
            if chance < sum {
                return action;
            }
        }
    }
    last
}

/// The first of the highest values whose action is possible.
pub fn best(values: &[f32], allowed: &[bool]) -> usize {
    let mut best: Option<usize> = None;
    for (action, value) in values.iter().enumerate() {
        if allowed[action] && best.is_none_or(|best| *value > values[best]) {
            best = Some(action);
        }
    }
    best.unwrap_or_default()
}

/// `−Σ p log p`.
pub fn entropy(log_probs: &[f32]) -> f32 {
    -log_probs.iter().map(|log_prob| log_prob.exp() * log_prob).sum::<f32>()
}

/// The derivative by the logits of `a · log π(action) + b · H`, written to `gradient`; the entropy H.
pub fn pull_back(log_probs: &[f32], action: usize, a: f32, b: f32, gradient: &mut [f32]) -> f32 {
    let mut entropy = 0.0;
    for (slope, log_prob) in gradient.iter_mut().zip(log_probs) {
        // Probabilities first: each is needed twice.
        *slope = log_prob.exp();
        entropy -= *slope * log_prob;
    }
    for (index, (slope, log_prob)) in gradient.iter_mut().zip(log_probs).enumerate() {
        let chosen = f32::from(u8::from(index == action));
        *slope = a * (chosen - *slope) - b * *slope * (log_prob + entropy);
    }
    entropy
}
