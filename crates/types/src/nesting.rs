//! How deep JSON from outside may nest, measured before it is parsed.

/// Deepest nesting that is read.
pub const JSON_DEPTH_MAX: usize = 32;

/// Deepest nesting of arrays and objects, outside strings; of text that is not JSON, some number.
pub fn json_depth(json: &[u8]) -> usize {
    let (mut now, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (false, b'"') => in_string = true,
            (false, b'[' | b'{') => {
                now += 1;
                deepest = deepest.max(now);
            }
            (false, b']' | b'}') => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_inside_strings_do_not_nest() {
        assert_eq!(json_depth(br#"{"a":[1,{"b":"[[[[\"{{{"}]}"#), 3);
        assert_eq!(json_depth(b"[[[["), 4);
        assert_eq!(json_depth(b"]]]]1"), 0);
    }
}
