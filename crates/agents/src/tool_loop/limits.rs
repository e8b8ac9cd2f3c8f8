//! What one turn of an agent may take.

use crate::prices::Price;
use std::time::Duration;
use types::Usage;

/// Limits of a turn: the agent's own settings.
#[derive(Clone, PartialEq, Debug)]
pub struct LoopLimits {
    /// Most model calls.
    pub steps_max: u32,
    /// Most calls of tools; further ones are answered with an error.
    pub calls_max: u32,
    /// Most tokens read and written.
    pub tokens_max: Option<u64>,
    /// Longest time; `None` = as long as the turn allows.
    pub time_max: Option<Duration>,
    /// Most US dollars.
    pub cost_usd_max: Option<f64>,
    /// What the model costs.
    pub price: Option<Price>,
}

impl LoopLimits {
    /// Which limit on tokens or money is used up, in words; asked between two steps.
    pub fn passed(&self, usage: &Usage) -> Option<String> {
        let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
        if let Some(most) = self.tokens_max.filter(|most| tokens >= *most) {
            return Some(format!(
                "the agent used {tokens} tokens without an answer; its limit `max_tokens_total` is {most}"
            ));
        }
        let cost = usage.cost_usd?;
        let most = self.cost_usd_max.filter(|most| cost >= *most)?;
        Some(format!("the agent used {cost:.4} US dollars without an answer; its limit `max_cost_usd` is {most}"))
    }
}
