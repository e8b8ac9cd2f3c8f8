//! Shown decisions with other words: what keeps a small network from learning cases by heart.
//!
//! Arguments are exchanged with those of other training cases of the same tool, letters lose their case, a text loses
//! its last mark, and words are hidden so that only their shape is seen. Only training cases are ever used.

use crate::demonstration::{Demonstration, Shown, Target};
use policy::{Action, Prepared};
use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Texts that an argument of a tool was shown with.
type Pool = BTreeMap<(String, String), Vec<String>>;

/// Probabilities of each change.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Augmentation {
    /// An argument is exchanged.
    pub exchange: f64,
    /// An exchanged name or topic is made up of words of several.
    pub invent: f64,
    /// The text is lower-cased.
    pub lower_case: f64,
    /// The last mark is dropped.
    pub bare_end: f64,
    /// A word is hidden.
    pub hide: f64,
}

/// Training cases' arguments, to exchange.
#[derive(Clone, Debug)]
pub struct Augmenter {
    pool: Pool,
    augmentation: Augmentation,
}

impl Augmenter {
    /// Over what `demonstrations` show.
    pub fn new(demonstrations: &[Demonstration], augmentation: Augmentation) -> Self {
        let mut pool = Pool::new();
        for Shown { target, .. } in demonstrations.iter().flat_map(|demonstration| &demonstration.steps) {
            let Target::Call { tool_name, arguments } = target else { continue };
            for (name, value) in arguments {
                if let Some(text) = value.as_str() {
                    pool.entry((tool_name.clone(), name.clone())).or_default().push(text.to_owned());
                }
            }
        }
        Self { pool, augmentation }
    }

    /// The decisions of one demonstration, said in other words.
    pub fn say_again(&self, demonstration: &Demonstration, rng: &mut ChaCha8Rng) -> Vec<(Prepared, Action)> {
        let mut steps = demonstration.steps.clone();
        if rng.random_bool(self.augmentation.exchange) {
            self.exchange(&mut steps, rng);
        }
        let lower_case = rng.random_bool(self.augmentation.lower_case);
        let bare_end = rng.random_bool(self.augmentation.bare_end);
        for step in &mut steps {
            let text = &mut step.state.user_input;
            if lower_case {
                *text = text.to_lowercase();
            }
            if bare_end {
                text.truncate(text.trim_end_matches(['?', '.', '!']).len());
            }
        }
        let mut said = Vec::with_capacity(steps.len());
        for step in steps {
            let mut state = Prepared::new(&step.state);
            if let Some(action) = step.target.locate(&state) {
                state.hide_words(|| rng.random_bool(self.augmentation.hide));
                said.push((state, action));
            }
        }
        said
    }

    /// Exchanges the arguments of the first call. Later results keep the old ones: replies point at them by place.
    fn exchange(&self, steps: &mut [Shown], rng: &mut ChaCha8Rng) {
        let Some(Shown { target: Target::Call { tool_name, arguments }, .. }) = steps.first().cloned() else { return };
        let mut exchanged = Map::new();
        for (name, value) in arguments {
            let others = self.pool.get(&(tool_name.clone(), name.clone()));
            let (Some(old), Some(new)) = (value.as_str(), others.and_then(|others| self.other(others, rng))) else {
                exchanged.insert(name, value);
                continue;
            };
            for step in steps.iter_mut() {
                step.state.user_input = replaced(&step.state.user_input, old, &new);
            }
            exchanged.insert(name, Value::String(new));
        }
        steps[0].target = Target::Call { tool_name, arguments: exchanged };
    }
}

impl Augmenter {
    /// Another text of the pool, or one made up of the words of up to three. Expressions are not made up.
    fn other(&self, pool: &[String], rng: &mut ChaCha8Rng) -> Option<String> {
        let text = pool.choose(rng)?;
        if !rng.random_bool(self.augmentation.invent) {
            return Some(text.clone());
        }
        let words: Vec<&str> = (0..rng.random_range(1..=3))
            .filter_map(|_| pool.choose(rng)?.split(' ').collect::<Vec<_>>().choose(rng).copied())
            .collect();
        let invented = words.join(" ");
        Some(if invented.contains(|c: char| !c.is_alphabetic() && c != ' ') { text.clone() } else { invented })
    }
}

/// `text` with the first `old` (as it stands, or whatever its case) replaced.
fn replaced(text: &str, old: &str, new: &str) -> String {
    if text.contains(old) {
        return text.replacen(old, new, 1);
    }
    match text.to_lowercase().find(&old.to_lowercase()) {
        Some(at) if text.is_char_boundary(at) && text.get(at..at + old.len()).is_some() => {
            format!("{}{new}{}", &text[..at], &text[at + old.len()..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_exchanged_in_place() {
        assert_eq!(replaced("Weather in Rio?", "Rio", "New York"), "Weather in New York?");
        assert_eq!(replaced("Weather in rio?", "Rio", "Oslo"), "Weather in Oslo?");
        assert_eq!(replaced("Weather", "Rio", "Oslo"), "Weather");
    }
}
