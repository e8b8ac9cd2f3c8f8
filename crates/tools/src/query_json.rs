//! `query_json`: parts of a JSON document by JSONPath (RFC 9535).

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use serde_json::{Value, json};
use serde_json_path::JsonPath;
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest document, in characters.
const JSON_CHARS_MAX: usize = 200_000;
/// Longest path, in characters.
const PATH_CHARS_MAX: usize = 300;
/// Deepest brackets of a path: its parser takes them one within the other.
const PATH_DEPTH_MAX: usize = 12;
/// Most visits of one query, by the worst that its path could ask for.
const WORK_MAX: u64 = 20_000_000;
/// Most values of an answer.
const FOUND_MAX: usize = 100;

/// The tool.
pub struct QueryJson;

#[async_trait]
impl Tool for QueryJson {
    fn spec(&self) -> ToolSpec {
        ToolSpec {
            name: "query_json".into(),
            description: "Finds parts of a JSON document by a JSONPath query (RFC 9535), for example \
                          `$.store.book[?@.price < 10].title`. The functions are length, count and value."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "json": { "type": "string", "description": "The document, as JSON text." },
                    "path": {
                        "type": "string",
                        "description": "The query: `$` is the document, `.name` and `[0]` go down, `[*]` is every member, \
                                        `..` looks at all depths, and `[?@.price < 10]` chooses."
                    }
                },
                "required": ["json", "path"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let document = argument::text(arguments, "json", JSON_CHARS_MAX)?;
        let document: Value = serde_json::from_str(document)
            .map_err(|error| ToolError::Arguments(format!("`json` is no JSON ({error}), expected a JSON document")))?;
        let path = argument::text(arguments, "path", PATH_CHARS_MAX)?;
        let found = find(&document, path).map_err(|why| ToolError::Arguments(format!("`path` {why}")))?;
        let shown: Vec<&Value> = found.iter().take(FOUND_MAX).copied().collect();
        let mut answer = json!({ "count": found.len(), "values": shown });
        if found.len() > FOUND_MAX {
            answer["note"] = json!(format!("the first {FOUND_MAX} are shown"));
        }
        Ok(answer.to_string())
    }
}

/// What a path finds in a document.
///
/// # Errors
/// What is wrong with the path, and what would be right.
pub(crate) fn find<'a>(document: &'a Value, path: &str) -> Result<Vec<&'a Value>, String> {
    let cost = cost(document, path)?;
    if cost > WORK_MAX {
        return Err("could look at too many places of this document; expected fewer `..` and fewer commas".into());
    }
    let path = JsonPath::parse(path)
        .map_err(|error| format!("is no JSONPath: {error}; expected one such as $.items[0].name"))?;
    Ok(path.query(document).all())
}

/// A path without what stands in its quotes, which is no part of its syntax.
fn unquoted(path: &str) -> String {
    let (mut bare, mut quote, mut letters) = (String::new(), None, path.chars());
    while let Some(letter) = letters.next() {
        match quote {
            Some(_) if letter == '\\' => drop(letters.next()),
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '\'' | '"') => quote = Some(letter),
            None => bare.push(letter),
        }
    }
    bare
}

/// How many visits a query makes at the most: each `..` visits everything below every node, each comma takes the parts
/// before it once more, and a `$` in a filter begins at the root again at every node.
fn cost(document: &Value, path: &str) -> Result<u64, String> {
    let path = unquoted(path);
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in path.chars() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > PATH_DEPTH_MAX || path.matches('!').count() > PATH_DEPTH_MAX {
        return Err(format!("has brackets within brackets, expected at most {PATH_DEPTH_MAX} deep"));
    }
    let times = |text: &str| u32::try_from(path.matches(text).count()).unwrap_or(u32::MAX);
    let again = times("$").saturating_sub(1);
    let visits = nodes(document).saturating_pow(times("..").max(1).saturating_add(again));
    let repeated = 2_u64.saturating_pow(times(","));
    Ok(visits.saturating_mul(repeated).saturating_mul(u64::from(times("?")) + 1))
}

fn nodes(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(members) => members.values().map(nodes).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn query(document: &str, path: &str) -> Result<Value, String> {
        let arguments = json!({ "json": document, "path": path });
        let answer = QueryJson.call(arguments.as_object().unwrap(), &CancellationToken::new()).await;
        answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string())
    }

    const SHOP: &str = r#"{"books": [{"title": "A", "price": 8}, {"title": "B", "price": 12}], "name": "Shop"}"#;

    #[test]
    fn a_query_that_would_take_for_ever_is_refused_before_it_begins() {
        let long = Value::from(vec![1; 100_000]);
        for path in ["$[?$[*]]", "$[?$[?$[*]]]", "$[?$==$]"] {
            assert!(find(&long, path).is_err_and(|why| why.contains("too many places")), "{path}");
        }
        let deep = format!("$[?{}@{}]", "@[?']'<1||".repeat(26), "]".repeat(26));
        assert!(find(&long, &deep).is_err_and(|why| why.contains("brackets within brackets")));
        assert!(find(&json!([{ "a": 1 }]), "$[?@.a == $[0].a]").is_ok_and(|found| found.len() == 1));
    }

    #[tokio::test]
    async fn a_path_finds_values() {
        for (path, expected) in [
            ("$.name", json!(["Shop"])),
            ("$.books[*].title", json!(["A", "B"])),
            ("$.books[?@.price < 10].title", json!(["A"])),
            ("$..price", json!([8, 12])),
            ("$.books[-1]['title']", json!(["B"])),
            ("$.books[?length(@.title) == 1].price", json!([8, 12])),
            ("$.none", json!([])),
        ] {
            let answer = query(SHOP, path).await.unwrap();
            assert_eq!(answer, json!({ "count": expected.as_array().unwrap().len(), "values": expected }), "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_no_document_and_no_path_is_refused() {
        assert!(query("{oops", "$").await.unwrap_err().starts_with("`json` is no JSON"));
        assert!(query(SHOP, "books").await.unwrap_err().starts_with("`path` is no JSONPath"));
        assert!(query(SHOP, &"[".repeat(200)).await.unwrap_err().contains("brackets within brackets"));
        assert!(query(&"[".repeat(1000), "$").await.unwrap_err().contains("recursion limit"));
        assert!(query(SHOP, &"x".repeat(301)).await.unwrap_err().contains("expected at most 300"));
    }

    #[tokio::test]
    async fn a_query_that_multiplies_is_refused_before_it_runs() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let doubling = format!("${}", "[0,0]".repeat(40));
        assert!(query(&deep, &doubling).await.unwrap_err().contains("too many places"));
        let wide = format!("[{}]", vec!["1"; 50_000].join(","));
        assert!(query(&wide, "$..[?@..a]").await.unwrap_err().contains("too many places"));
        let answer = query(&wide, "$[*]").await.unwrap();
        assert_eq!((&answer["count"], answer["values"].as_array().unwrap().len()), (&json!(50_000), FOUND_MAX));
        assert_eq!(answer["note"], "the first 100 are shown");
    }
}
