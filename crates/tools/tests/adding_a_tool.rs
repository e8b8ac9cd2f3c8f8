//! What `docs/ADDING_A_TOOL.md` says is true: the tool it shows is this very file, and it works.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "adding/count_words.rs"]
mod count_words;

// What the file finds in its crate when it stands where the guide says.
use tools::{Arguments, SearchIndex, Tool, ToolError, argument, built_in};

use count_words::CountWords;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn the_tool_of_the_guide_answers_beside_the_others_and_refuses_what_is_wrong() {
    let tools = built_in(SearchIndex::empty().unwrap()).with(CountWords);
    let call = async |arguments: Value| {
        tools.call("count_words", arguments.as_object().unwrap(), &CancellationToken::new()).await
    };
    assert_eq!(call(json!({ "text": " one  two\nthree " })).await, Ok("3".to_owned()));
    let refused = |what: &str| Err(ToolError::Arguments(what.to_owned()));
    assert_eq!(call(json!({})).await, refused("`text` is missing, expected a string"));
    assert_eq!(call(json!({ "text": "  " })).await, refused("`text` is empty, expected 1 to 10000 characters"));
    assert_eq!(call(json!({ "text": "a", "by": 1 })).await, refused("`by` is unknown, expected only text"));
    let sum = json!({ "expression": "1+1" });
    let other = tools.call("calculate", sum.as_object().unwrap(), &CancellationToken::new()).await;
    assert_eq!(other, Ok("2".to_owned()));
}

#[test]
fn the_guide_shows_this_very_tool_and_the_line_that_registers_it() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let guide = std::fs::read_to_string(format!("{root}/docs/ADDING_A_TOOL.md")).unwrap();
    let shown = guide.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(shown, include_str!("adding/count_words.rs"), "docs/ADDING_A_TOOL.md shows another tool");
    // The two places it names are there.
    let lib = std::fs::read_to_string(format!("{root}/crates/tools/src/lib.rs")).unwrap();
    assert!(lib.contains("mod calculate;\n") && lib.contains(".with(calculate::Calculate)\n"));
    assert!(guide.contains("`mod count_words;`") && guide.contains("`.with(count_words::CountWords)`"));
}
