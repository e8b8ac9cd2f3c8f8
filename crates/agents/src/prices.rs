//! What models cost: a versioned table in the program, and the operator's own over it.

use serde::Deserialize;
use std::collections::BTreeMap;
use types::Usage;

/// The table in the program.
const BUILT_IN: &str = include_str!("../prices/2026-11.json");
const TOKENS_PER_UNIT: f64 = 1_000_000.0;

/// What a model costs, in US dollars per million tokens.
#[derive(Clone, Copy, PartialEq, Debug, Deserialize)]
pub struct Price {
    /// Tokens read.
    pub input: f64,
    /// Tokens read that the provider had seen before; as `input` when it is not given.
    #[serde(default)]
    pub cached_input: Option<f64>,
    /// Tokens written.
    pub output: f64,
}

impl Price {
    /// What this usage costs, in US dollars.
    pub fn of(&self, usage: &Usage) -> f64 {
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        let amount = |tokens: u64, price: f64| tokens as f64 * price;
        let total = amount(usage.input_tokens - cached, self.input)
            + amount(cached, self.cached_input.unwrap_or(self.input))
            + amount(usage.output_tokens, self.output);
        total / TOKENS_PER_UNIT
    }
}

/// Prices by model name.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PriceTable(BTreeMap<String, Price>);

#[derive(Deserialize)]
struct File {
    prices: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    model: String,
    #[serde(flatten)]
    price: Price,
}

impl PriceTable {
    /// The table in the program.
    pub fn built_in() -> Self {
        // The tests read it: it cannot be unreadable.
        Self::read(BUILT_IN).unwrap_or_default()
    }

    /// A table from JSON: `{"prices": [{"model", "input", "cached_input"?, "output"}]}`, further fields are comments.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(json: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(json).map_err(|error| format!("is no table of prices: {error}"))?;
        let mut table = BTreeMap::new();
        for Row { model, price } in file.prices {
            let amounts = [Some(price.input), price.cached_input, Some(price.output)];
            if amounts.iter().flatten().any(|amount| !(0.0..=1e6).contains(amount)) {
                return Err(format!("has a price of `{model}` that is not from 0 to 1000000"));
            }
            table.insert(model, price);
        }
        Ok(Self(table))
    }

    /// This table with the prices of `other` over it.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The price of a model: under its own name, or under that name without the date of a snapshot or the maker before it
    /// (`openai/gpt-4o-2024-08-06` is `gpt-4o`).
    pub fn price(&self, model: &str) -> Option<Price> {
        let own = |name: &str| self.0.get(name).copied();
        let bare = model.rsplit('/').next().unwrap_or(model);
        own(model).or_else(|| own(bare)).or_else(|| own(undated(bare)?))
    }
}

/// `name` without a date such as `-2024-08-06` at its end.
fn undated(name: &str) -> Option<&str> {
    let (head, date) = name.split_at_checked(name.len().checked_sub(11)?)?;
    let fits = |(place, c): (usize, char)| if [0, 5, 8].contains(&place) { c == '-' } else { c.is_ascii_digit() };
    date.chars().enumerate().all(fits).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_costs_what_the_table_says() {
        let usage =
            Usage { input_tokens: 1_000_000, cached_input_tokens: 400_000, output_tokens: 100_000, cost_usd: None };
        let price = PriceTable::built_in().price("gpt-4o").unwrap();
        // 0.6 M at 2.50, 0.4 M at 1.25, 0.1 M at 10.
        assert!((price.of(&usage) - 3.0).abs() < 1e-9);
        let without = Price { cached_input: None, ..price };
        assert!((without.of(&usage) - 3.5).abs() < 1e-9);
    }

    #[test]
    fn a_model_is_found_by_its_name_with_a_date_or_a_maker() {
        let table = PriceTable::built_in();
        let price = table.price("gpt-4o-mini").unwrap();
        for name in ["gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "openai/gpt-4o-mini-2024-07-18"] {
            assert_eq!(table.price(name), Some(price), "{name}");
        }
        assert_eq!(table.price("gpt-4o-mini-audio"), None);
        assert_eq!(table.price("llama3.2"), None);
    }

    #[test]
    fn the_operators_prices_stand_over_the_programs() {
        let own = PriceTable::read(
            r#"{"prices":[{"model":"gpt-4o","input":1,"output":2},{"model":"mine","input":0,"output":0}]}"#,
        );
        let table = PriceTable::built_in().with(own.unwrap());
        assert_eq!(table.price("gpt-4o").unwrap(), Price { input: 1.0, cached_input: None, output: 2.0 });
        assert!(table.price("mine").is_some() && table.price("gpt-4.1").is_some());
        assert!(PriceTable::read(r#"{"prices":[{"model":"x","input":-1,"output":2}]}"#).unwrap_err().contains("`x`"));
        assert!(PriceTable::read("[]").is_err());
    }
}
