//! Text from a provider made fit to show: no key, no control characters, not endless.

/// Longest message kept, in characters.
const CHARS_MAX: usize = 600;
/// How keys begin.
const KEY_PREFIXES: [&str; 2] = ["sk-", "Bearer "];
/// What stands in place of a key.
const REDACTED: &str = "[redacted]";

/// `text` without `key`, without anything that looks like one, on one line, cut to a readable length.
pub fn redacted(text: &str, key: Option<&str>) -> String {
    let mut text = match key {
        Some(key) if !key.is_empty() => text.replace(key, REDACTED),
        _ => text.to_owned(),
    };
    for prefix in KEY_PREFIXES {
        text = without_keys(&text, prefix);
    }
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Cuts what follows `prefix` at the beginning of a word; keys are letters, digits and a few signs (`*` when masked).
fn without_keys(text: &str, prefix: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(prefix) {
        clean.push_str(before);
        if before.ends_with(char::is_alphanumeric) {
            clean.push_str(prefix);
            rest = after;
            continue;
        }
        clean.push_str(REDACTED);
        rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || "-_*.=+/~".contains(c));
        let key = after.get(..after.len() - rest.len()).unwrap_or_default();
        if key.ends_with('.') {
            clean.push('.');
        }
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(redacted(text, Some("my-secret")), expected);
    }

    #[test]
    fn keys_never_show() {
        check("the key my-secret is wrong", "the key [redacted] is wrong");
        check("Incorrect API key provided: sk-abc***xyz. Find it", "Incorrect API key provided: [redacted]. Find it");
        check("Authorization: Bearer abc.def/ghi==", "Authorization: [redacted]");
        check("a sentence about risks-free things", "a sentence about risks-free things");
        check("two\nlines", "two lines");
    }

    #[test]
    fn a_long_message_is_cut() {
        assert_eq!(redacted(&"é".repeat(700), None).chars().count(), CHARS_MAX + 1);
    }
}
