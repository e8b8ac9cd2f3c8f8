//! Shown decisions with other words: what keeps a small network from learning cases by heart.
//!
//! Arguments are exchanged with those of other training cases of the same tool, numbers with other numbers, a request gets
//! a beginning or an end, letters lose their case, two letters change places, a text loses its last mark, and words are
//! hidden so that only their shape is seen. Only training cases are ever used.

use crate::demonstration::{Demonstration, Shown, Target};
use policy::{Action, Prepared, State, reply_forms};
use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Probabilities of the changes, at full strength.
const EXCHANGE: f64 = 0.8;
const INVENT: f64 = 0.4;
const RENUMBER: f64 = 0.6;
const OPEN: f64 = 0.2;
const CLOSE: f64 = 0.2;
const LOWER_CASE: f64 = 0.25;
const UPPER_CASE: f64 = 0.02;
const MISTYPE: f64 = 0.1;
const BARE_END: f64 = 0.3;
const MARK_END: f64 = 0.15;
/// Of each word: only its shape is seen.
const HIDE: f64 = 0.12;
/// Of each word: its letters are others, as in a word never met.
const SCRAMBLE: f64 = 0.08;
/// Of all words of an argument.
const HIDE_ARGUMENT: f64 = 0.25;

/// What a request can begin with.
pub const OPENERS: &[&str] = &[
    "Hi,",
    "Hello,",
    "Hey,",
    "Hi there,",
    "Hello there!",
    "Good morning,",
    "Good evening.",
    "Please,",
    "please",
    "Excuse me,",
    "Sorry,",
    "OK,",
    "Okay,",
    "So,",
    "Well,",
    "Now,",
    "Then",
    "Also,",
    "And",
    "But",
    "Quick question:",
    "One question:",
    "A question,",
    "Just wondering,",
    "Thanks!",
    "Thank you.",
    "By the way,",
    "One more thing:",
    "Tell me,",
    "Say,",
    "Listen,",
    "Right,",
    "Great.",
    "My friend,",
    "Hey bot,",
    "Hm,",
    "If you can,",
    "If you don't mind,",
    "I was wondering,",
    "I have a question.",
    "Could you help me?",
    "I need help.",
    "Help me:",
];
/// What a request can end with.
pub const CLOSERS: &[&str] = &[
    "please",
    ", please",
    ", thanks",
    "thanks",
    "thank you",
    ". Thank you!",
    ". Thanks in advance.",
    "for me",
    "for me please",
    "now",
    "right now",
    "today",
    "quickly",
    "if you can",
    "if possible",
    ", would you?",
    ", can you?",
    ", ok?",
    ", right?",
    ", my friend",
    "again",
    "then",
    "?!",
    "...",
    "!",
    "asap",
    ", I forgot",
    ". I am curious.",
    ". I want to know.",
    ". It is important.",
    ". My boss asks.",
];

/// Texts that an argument of a tool was shown with.
type Pool = BTreeMap<(String, String), Vec<String>>;

/// Training cases' arguments, to exchange, and how much is changed.
#[derive(Clone, Debug)]
pub struct Augmenter {
    pool: Pool,
    /// Forms of replies that a polite word would turn into another.
    short: Vec<usize>,
    strength: f64,
}

impl Augmenter {
    /// Over what `demonstrations` show. `strength` from 0 (as shown) to 1.
    pub fn new(demonstrations: &[Demonstration], strength: f64) -> Self {
        let mut pool = Pool::new();
        for Shown { target, .. } in demonstrations.iter().flat_map(|demonstration| &demonstration.steps) {
            let Target::Call { tool_name, arguments } = target else { continue };
            for (name, value) in arguments {
                if let Some(text) = value.as_str() {
                    pool.entry((tool_name.clone(), name.clone())).or_default().push(text.to_owned());
                }
            }
        }
        let talk = ["greeting", "thanks", "farewell"];
        let forms = reply_forms().into_iter().enumerate().filter(|(_, form)| talk.contains(&form.name.as_str()));
        Self { pool, short: forms.map(|(index, _)| index).collect(), strength: strength.clamp(0.0, 1.0) }
    }

    fn chance(&self, probability: f64, rng: &mut ChaCha8Rng) -> bool {
        rng.random_bool(probability * self.strength)
    }

    /// The decisions of one demonstration, said in other words.
    pub fn say_again(&self, demonstration: &Demonstration, rng: &mut ChaCha8Rng) -> Vec<(Prepared, Action)> {
        let mut steps = demonstration.steps.clone();
        let Some(first) = steps.first_mut() else { return Vec::new() };
        self.exchange(first, rng);
        let mut text = std::mem::take(&mut first.state.user_input);
        let is_request = !matches!(&first.target, Target::Reply { form, .. } if self.short.contains(form));
        if is_request {
            text = self.politely(text, rng);
        }
        text = self.carelessly(text, &first.target, rng);
        let hide_argument = self.chance(HIDE_ARGUMENT, rng);
        let mut said = Vec::with_capacity(steps.len());
        for Shown { state, target } in steps {
            let mut state = Prepared::new(&State { user_input: text.clone(), ..state });
            if let Some(action) = target.locate(&state) {
                state.hide_words(&action, |taken| (taken && hide_argument) || self.chance(HIDE, rng));
                said.push((state.restricted_to(&action), action));
            }
        }
        said
    }

    /// Exchanges the arguments of the first call. Later results keep the old ones: replies point at them by place.
    fn exchange(&self, shown: &mut Shown, rng: &mut ChaCha8Rng) {
        let Target::Call { tool_name, arguments } = &mut shown.target else { return };
        let mut exchanged = Map::new();
        for (name, value) in std::mem::take(arguments) {
            let Some(old) = value.as_str() else {
                exchanged.insert(name, value);
                continue;
            };
            let pool = self.pool.get(&(tool_name.clone(), name.clone()));
            let other = pool.filter(|_| self.chance(EXCHANGE, rng)).and_then(|pool| self.other(pool, rng));
            let new = self.renumbered(other.unwrap_or_else(|| old.to_owned()), rng);
            shown.state.user_input = replaced(&shown.state.user_input, old, &new);
            exchanged.insert(name, Value::String(new));
        }
        *arguments = exchanged;
    }

    /// Another text of the pool, or one made up of the words of up to three. Expressions are not made up.
    fn other(&self, pool: &[String], rng: &mut ChaCha8Rng) -> Option<String> {
        let text = pool.choose(rng)?;
        if !self.chance(INVENT, rng) {
            return Some(text.clone());
        }
        let words: Vec<&str> = (0..rng.random_range(1..=3))
            .filter_map(|_| pool.choose(rng)?.split(' ').collect::<Vec<_>>().choose(rng).copied())
            .collect();
        let mut invented = words.join(" ");
        if rng.random_bool(0.5) {
            invented = scrambled(&invented, rng);
        }
        let is_name = invented.chars().all(|c| c.is_alphabetic() || c == ' ');
        Some(if is_name { invented } else { text.clone() })
    }

    /// Every digit exchanged for another, the first of a number never for 0.
    fn renumbered(&self, text: String, rng: &mut ChaCha8Rng) -> String {
        if !self.chance(RENUMBER, rng) {
            return text;
        }
        let mut before = ' ';
        let digit = |c: char| {
            let least = if before.is_ascii_digit() { 0 } else { 1 };
            before = c;
            if c.is_ascii_digit() { char::from(b'0' + rng.random_range(least..=9_u8)) } else { c }
        };
        text.chars().map(digit).collect()
    }

    /// With words before or after it.
    fn politely(&self, mut text: String, rng: &mut ChaCha8Rng) -> String {
        if self.chance(CLOSE, rng)
            && let Some(closer) = CLOSERS.choose(rng)
        {
            let mark = text.chars().last().filter(|c| matches!(c, '?' | '.' | '!'));
            drop_marks(&mut text);
            let gap = if closer.starts_with(char::is_alphabetic) { " " } else { "" };
            text = format!(
                "{text}{gap}{closer}{}",
                mark.filter(|_| rng.random_bool(0.5)).map_or(String::new(), String::from)
            );
        }
        if self.chance(OPEN, rng)
            && let Some(opener) = OPENERS.choose(rng)
        {
            let mut letters = text.chars();
            let first = letters.next().map(|c| if rng.random_bool(0.5) { c.to_ascii_lowercase() } else { c });
            text = format!("{opener} {}{}", first.map_or(String::new(), String::from), letters.as_str());
        }
        text
    }

    /// As people type when they hurry.
    fn carelessly(&self, mut text: String, target: &Target, rng: &mut ChaCha8Rng) -> String {
        if self.chance(MISTYPE, rng) {
            text = mistyped(&text, target, rng);
        }
        let arguments = lowered(target);
        let odd = |word: &str| {
            let is_taken = arguments.contains(&word.to_lowercase()) || arguments.contains(word.trim_matches('?'));
            if !is_taken && self.chance(SCRAMBLE, rng) { scrambled(word, rng) } else { word.to_owned() }
        };
        text = text.split(' ').map(odd).collect::<Vec<_>>().join(" ");
        if self.chance(LOWER_CASE, rng) {
            text = text.to_lowercase();
        } else if self.chance(UPPER_CASE, rng) {
            text = text.to_uppercase();
        }
        if self.chance(BARE_END, rng) {
            drop_marks(&mut text);
        } else if text.ends_with(char::is_alphanumeric) && self.chance(MARK_END, rng) {
            text.push_str(["?", ".", "!"].choose(rng).copied().unwrap_or_default());
        }
        text
    }
}

/// Without the marks at its end.
fn drop_marks(text: &mut String) {
    text.truncate(text.trim_end_matches(['?', '.', '!']).len());
}

/// The arguments of a call in one lower-cased text.
fn lowered(target: &Target) -> String {
    match target {
        Target::Call { arguments, .. } => {
            arguments.values().filter_map(Value::as_str).collect::<Vec<_>>().join(" ").to_lowercase()
        }
        Target::Reply { .. } => String::new(),
    }
}

/// A word as it might be in a language never met: other vowels for vowels, other consonants for consonants.
fn scrambled(word: &str, rng: &mut ChaCha8Rng) -> String {
    let other = |c: char| {
        let letters: &[u8] = if "aeiou".contains(c.to_ascii_lowercase()) { b"aeiou" } else { b"bcdfghjklmnprstvwz" };
        let new = letters.choose(rng).map_or(c, |letter| char::from(*letter));
        match c {
            c if c.is_ascii_uppercase() => new.to_ascii_uppercase(),
            c if c.is_ascii_lowercase() => new,
            c => c,
        }
    };
    word.chars().map(other).collect()
}

/// `text` with two letters of one of its longer words exchanged; words of arguments stay.
fn mistyped(text: &str, target: &Target, rng: &mut ChaCha8Rng) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = rng.random_range(0..words.len());
    let word = &words[at];
    let is_plain = word.len() >= 4 && word.chars().all(|c| c.is_ascii_alphabetic());
    if is_plain && !lowered(target).contains(&word.to_lowercase()) {
        let mut letters: Vec<char> = word.chars().collect();
        let first = rng.random_range(1..letters.len() - 1);
        letters.swap(first, first + 1);
        words[at] = letters.into_iter().collect();
    }
    words.join(" ")
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
    use rand::SeedableRng;

    #[test]
    fn an_argument_is_exchanged_in_place() {
        assert_eq!(replaced("Weather in Rio?", "Rio", "New York"), "Weather in New York?");
        assert_eq!(replaced("Weather in rio?", "Rio", "Oslo"), "Weather in Oslo?");
        assert_eq!(replaced("Weather", "Rio", "Oslo"), "Weather");
    }

    #[test]
    fn at_no_strength_everything_stays_as_it_was() {
        let augmenter = Augmenter::new(&[], 0.0);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let target = Target::Reply { form: 0, pointers: Vec::new() };
        for text in ["What is 15 * 23?", "Hello"] {
            assert_eq!(augmenter.politely(text.to_owned(), &mut rng), text);
            assert_eq!(augmenter.carelessly(text.to_owned(), &target, &mut rng), text);
            assert_eq!(augmenter.renumbered(text.to_owned(), &mut rng), text);
        }
    }

    #[test]
    fn other_numbers_have_as_many_digits_and_begin_with_none_that_is_zero() {
        let augmenter = Augmenter { strength: 1.0 / RENUMBER, ..Augmenter::new(&[], 1.0) };
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..50 {
            let text = augmenter.renumbered("105 * 2.5".to_owned(), &mut rng);
            let shape: String = text.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
            assert_eq!((shape.as_str(), text.starts_with('0')), ("ddd * d.d", false), "{text}");
        }
    }

    #[test]
    fn words_of_an_argument_are_not_mistyped() {
        let arguments = [("location".to_owned(), Value::from("Reykjavik"))].into_iter().collect();
        let target = Target::Call { tool_name: "get_weather".into(), arguments };
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let texts: Vec<_> = (0..40).map(|_| mistyped("weather Reykjavik", &target, &mut rng)).collect();
        assert!(texts.iter().all(|text| text.ends_with("Reykjavik")));
        assert!(texts.iter().any(|text| !text.starts_with("weather")));
    }
}
