//! Reading settings.

use super::*;
use serde_json::json;

fn read(settings: Value) -> Result<Settings, Error> {
    Settings::read(settings.as_object())
}

#[test]
fn defaults_stand_where_nothing_is_set_and_unknown_keys_are_left_alone() {
    let settings = read(json!({ "someone_elses": 1, "max_steps": null })).unwrap();
    assert_eq!((settings.max_output_tokens, settings.limits.steps_max, settings.tools), (4096, 8, None));
    assert!(settings.parallel_tool_calls && settings.stream && !settings.keeps_state);
    assert_eq!((settings.reasoning_effort, settings.provider.as_str()), (None, "openai"));
    assert_eq!((settings.limits.tokens_max, settings.limits.cost_usd_max), (None, None));
}

#[test]
fn tools_are_a_list_or_names_separated_by_commas() {
    for settings in [json!({ "tools": "calculate, search" }), json!({ "tools": ["calculate", "search"] })] {
        assert_eq!(read(settings).unwrap().tools, Some(vec!["calculate".into(), "search".into()]));
    }
}

#[test]
fn examples_and_schemas_are_json_or_json_text() {
    let examples = json!([{ "user": "2+2?", "assistant": "4" }]);
    let schema = json!({ "type": "object" });
    for (examples, schema) in
        [(examples.clone(), schema.clone()), (examples.to_string().into(), schema.to_string().into())]
    {
        let settings = read(json!({ "examples": examples, "response_schema": schema })).unwrap();
        assert_eq!(settings.examples, [Example { user: "2+2?".into(), assistant: "4".into() }]);
        assert_eq!(settings.example_items().len(), 2);
        assert!(settings.reply_schema.is_some());
    }
}

#[test]
fn every_setting_out_of_range_is_named() {
    let error = read(json!({ "max_steps": 0, "parallel_tool_calls": "yes" })).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`config_json.max_steps` is 0, expected a whole number from 1 to 32; \
         `config_json.parallel_tool_calls` is \"yes\", expected true or false"
    );
    let error = read(json!({ "examples": [{ "user": "x" }], "response_schema": { "contains": {} } })).unwrap_err();
    let error = error.to_string();
    assert!(error.contains("`config_json.examples` is wrong: missing field `assistant`"), "{error}");
    assert!(error.contains("`config_json.response_schema` has the keyword `contains`"), "{error}");
}

#[test]
fn the_schema_is_told_after_the_system_prompt() {
    let schema = ReplySchema::read(json!({ "type": "object" })).unwrap();
    let told = instructions(Some("Be brief."), Some(&schema)).unwrap();
    assert!(told.starts_with("Be brief.\n\nYour final reply must be one JSON value"), "{told}");
    assert_eq!(instructions(Some("  "), None), None);
}
