//! Words, numbers and marks of a text, with where they stand in it.

/// Tokens looked at; what stands beyond is not read.
pub const TOKENS_MAX: usize = 128;

/// One word, number or mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// The first [`TOKENS_MAX`] tokens of `text`.
///
/// A number keeps its decimal point and thousands separators, a word its apostrophes and hyphens (`don't`,
/// `Berners-Lee`), but `'s` comes apart from what it follows; every other character but white space stands alone.
pub fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() && tokens.len() < TOKENS_MAX {
        let (start, first) = characters[at];
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let after = at + token_length(&characters[at..]);
        let end = characters.get(after).map_or(text.len(), |(byte, _)| *byte);
        tokens.push(Token { start, end });
        at = after;
    }
    tokens
}

fn token_length(characters: &[(usize, char)]) -> usize {
    let at = |i: usize| characters.get(i).map(|(_, c)| *c);
    let Some(first) = at(0) else { return 0 };
    let (belongs, joins): (fn(char) -> bool, &[char]) = if first.is_ascii_digit() {
        (|c| c.is_ascii_digit(), &['.', ','])
    } else if is_possessive(characters) {
        return 2;
    } else if first.is_alphabetic() {
        (|c| c.is_alphanumeric() || c == '_', &['\'', '’', '-'])
    } else {
        return 1;
    };
    let mut length = 1;
    loop {
        if characters.get(length..).is_some_and(is_possessive) {
            return length;
        }
        match (at(length), at(length + 1)) {
            (Some(c), _) if belongs(c) => length += 1,
            (Some(c), Some(next)) if joins.contains(&c) && belongs(next) => length += 2,
            _ => return length,
        }
    }
}

/// Whether an `'s` stands here that ends a word: `Glasgow's` is Glasgow and `'s`.
fn is_possessive(characters: &[(usize, char)]) -> bool {
    let at = |i: usize| characters.get(i).map(|(_, c)| *c);
    matches!(at(0), Some('\'' | '’')) && matches!(at(1), Some('s' | 'S')) && !at(2).is_some_and(char::is_alphanumeric)
}

/// Lower-cased words of a name or description: `get_weather` and `temperatureC` come apart. At most `limit`.
pub fn words(text: &str, limit: usize) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut joined = false;
    let mut lower_before = false;
    for c in text.chars() {
        let starts = !joined || (lower_before && c.is_uppercase());
        if c.is_alphanumeric() {
            if starts {
                if words.len() == limit {
                    break;
                }
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        joined = c.is_alphanumeric();
        lower_before = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let got: Vec<&str> = tokens(text).iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn numbers_and_words_stay_whole_and_marks_stand_alone() {
        check("What's 15*23?", &["What", "'s", "15", "*", "23", "?"]);
        check("Rome’s o'clock don't 's' it's.", &["Rome", "’s", "o'clock", "don't", "'s", "'", "it", "'s", "."]);
        check("7.5 + 1,000.", &["7.5", "+", "1,000", "."]);
        check("Tim Berners-Lee - Q-learning", &["Tim", "Berners-Lee", "-", "Q-learning"]);
        check("São Paulo: 15%", &["São", "Paulo", ":", "15", "%"]);
        check("  ", &[]);
    }

    #[test]
    fn a_long_text_is_cut_at_the_limit() {
        assert_eq!(tokens(&"word ".repeat(1000)).len(), TOKENS_MAX);
    }

    #[test]
    fn names_come_apart_into_words() {
        assert_eq!(words("get_weather temperatureC", 9), ["get", "weather", "temperature", "c"]);
        assert_eq!(words("one two three", 2), ["one", "two"]);
    }
}
