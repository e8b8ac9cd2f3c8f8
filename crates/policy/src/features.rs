//! Hashed features of a word: the word itself, its letters in groups of three to five, its shape and its class.
//!
//! Numbers share one word feature and differ by shape only, so that an expression never seen is read like those that
//! were. The hash is fixed (FNV-1a): a checkpoint means the same on every machine.

/// Rows of the embedding table.
pub const BUCKETS: usize = 16384;
/// Most features of one word.
pub const FEATURES_MAX: usize = 24;

const OPERATORS: &str = "+-*/^%=()×÷−·√";

/// A piece of text to embed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Item {
    /// Nothing: embeds to zero.
    Empty,
    /// A word, number or mark.
    Word(Box<str>),
    /// A word of which only shape and class are seen: how a word never met looks.
    Shape(Box<str>),
    /// A mark of our own, such as the beginning of a text.
    Marker(&'static str),
}

impl Item {
    /// Its features as rows of the embedding table.
    pub fn features(&self) -> Vec<u32> {
        let mut features = Vec::with_capacity(FEATURES_MAX);
        match self {
            Self::Empty => {}
            Self::Word(text) => {
                shape_features(text, &mut features);
                word_features(text, &mut features);
            }
            Self::Shape(text) => shape_features(text, &mut features),
            Self::Marker(name) => features.push(bucket("m:", name)),
        }
        features.truncate(FEATURES_MAX);
        features
    }
}

fn word_features(text: &str, features: &mut Vec<u32>) {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        features.push(bucket("w:", "<number>"));
        return;
    }
    let lower = text.to_lowercase();
    // The word itself counts three times against its many groups of letters.
    features.push(bucket("w:", &lower));
    features.push(bucket("v:", &lower));
    features.push(bucket("u:", &lower));
    if !lower.starts_with(char::is_alphabetic) {
        return;
    }
    let letters: Vec<char> = std::iter::once('^').chain(lower.chars()).chain(std::iter::once('$')).collect();
    for size in [4, 3, 5] {
        for group in letters.windows(size) {
            features.push(bucket("g:", &group.iter().collect::<String>()));
        }
    }
}

fn shape_features(text: &str, features: &mut Vec<u32>) {
    features.push(bucket("c:", class(text)));
    features.push(bucket("s:", &shape(text)));
}

/// The kind of token.
pub fn class(text: &str) -> &'static str {
    match text.chars().next() {
        Some(c) if c.is_ascii_digit() => "number",
        Some(c) if OPERATORS.contains(c) => "operator",
        Some(c) if c.is_uppercase() => "capitalised",
        Some(c) if c.is_alphabetic() => "word",
        _ => "mark",
    }
}

/// `Xx` for `Paris`, `d.d` for `7.5`: runs of a kind once.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars().take(32) {
        let kind = match c {
            c if c.is_numeric() => 'd',
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c => c,
        };
        if !shape.ends_with(kind) {
            shape.push(kind);
        }
    }
    shape
}

fn bucket(prefix: &str, text: &str) -> u32 {
    let hash = prefix
        .bytes()
        .chain(text.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    // The upper bits of FNV-1a are the better mixed ones.
    ((hash ^ (hash >> 29)) % BUCKETS as u64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_shape_look_alike() {
        assert_eq!(Item::Word("15".into()).features(), Item::Word("2048".into()).features());
        assert_ne!(Item::Word("15".into()).features(), Item::Word("1.5".into()).features());
    }

    #[test]
    fn a_word_shares_letters_with_its_kin() {
        let rain = Item::Word("raining".into()).features();
        let rainy = Item::Word("rainy".into()).features();
        let shared = rain.iter().filter(|feature| rainy.contains(feature)).count();
        assert!(shared >= 4, "{shared}");
    }

    #[test]
    fn a_shape_hides_the_word() {
        assert_eq!(Item::Shape("Paris".into()).features(), Item::Shape("Oslo".into()).features());
        assert_eq!(Item::Empty.features(), Vec::<u32>::new());
    }
}
