//! Each keyword once, and what would run away.

use super::*;
use serde_json::json;

#[track_caller]
fn check(schema: Value, value: Value, expected: Result<(), &str>) {
    let schema = Schema::strict(schema).unwrap();
    assert_eq!(schema.check(&value), expected.map_err(str::to_owned), "{value}");
}

#[test]
fn arguments_are_refused_by_name_with_what_would_be_right() {
    let search = json!({
        "type": "object", "required": ["query"], "additionalProperties": false,
        "properties": {
            "query": { "type": "string", "minLength": 1 },
            "limit": { "type": "integer", "minimum": 1, "maximum": 10 },
        },
    });
    check(search.clone(), json!({ "query": "x", "limit": 3 }), Ok(()));
    check(search.clone(), json!({}), Err("`query` is missing, expected a string"));
    check(search.clone(), json!({ "query": 7 }), Err("`query` is a number, expected a string"));
    check(search.clone(), json!({ "query": "" }), Err("`query` has 0 characters, expected at least 1"));
    check(search.clone(), json!({ "query": "x", "limit": 50 }), Err("`limit` is 50, expected at most 10"));
    check(search.clone(), json!({ "query": "x", "limit": 1.5 }), Err("`limit` is a number, expected a whole number"));
    check(search.clone(), json!({ "query": "x", "limit": 2.0 }), Ok(()));
    check(search, json!({ "query": "x", "city": 1 }), Err("`city` is unknown, expected only limit, query"));
}

#[test]
fn every_other_keyword_is_checked_too() {
    check(json!({ "enum": ["a", 1] }), json!("b"), Err("the value is \"b\", expected one of \"a\", 1"));
    check(json!({ "const": 5 }), json!(6), Err("the value is 6, expected 5"));
    check(json!({ "type": ["string", "null"] }), json!(1), Err("the value is a number, expected a string or null"));
    check(json!({ "exclusiveMinimum": 0 }), json!(0), Err("the value is 0, expected more than 0"));
    check(json!({ "exclusiveMaximum": 1 }), json!(1), Err("the value is 1, expected less than 1"));
    check(json!({ "multipleOf": 0.1 }), json!(0.3), Ok(()));
    check(json!({ "multipleOf": 5 }), json!(7), Err("the value is 7, expected a multiple of 5"));
    check(json!({ "pattern": "^[A-Z]+$" }), json!("ab"), Err("the value is \"ab\", expected a text like ^[A-Z]+$"));
    check(
        json!({ "items": { "type": "integer" } }),
        json!([1, "x"]),
        Err("`[1]` is a string, expected a whole number"),
    );
    check(json!({ "minItems": 2 }), json!([1]), Err("the value has 1 items, expected at least 2"));
    check(json!({ "uniqueItems": true }), json!([1, 2, 1]), Err("the value has an item twice, expected each once"));
    check(json!({ "maxProperties": 1 }), json!({ "a": 1, "b": 2 }), Err("the value has 2 members, expected at most 1"));
    check(
        json!({ "additionalProperties": { "type": "string" } }),
        json!({ "a": 1 }),
        Err("`a` is a number, expected a string"),
    );
    check(json!({ "anyOf": [{ "type": "string" }, { "minimum": 5 }] }), json!(7), Ok(()));
    check(
        json!({ "anyOf": [{ "type": "string" }] }),
        json!(7),
        Err("the value is 7, which fits none of the alternatives"),
    );
    let twice = "the value is 7, which fits 2 of the alternatives, expected exactly one";
    check(json!({ "oneOf": [{ "minimum": 5 }, { "minimum": 6 }] }), json!(7), Err(twice));
    check(
        json!({ "allOf": [{ "minimum": 5 }, { "maximum": 6 }] }),
        json!(7),
        Err("the value is 7, expected at most 6"),
    );
    check(json!({ "not": { "type": "null" } }), json!(null), Err("the value is null, which is excluded"));
    check(json!({ "properties": { "a": false } }), json!({ "a": 1 }), Err("`a` is not expected"));
}

#[test]
fn references_lead_within_the_schema_and_may_repeat_themselves() {
    let tree = json!({
        "$defs": { "node": { "type": "object", "properties": { "next": { "$ref": "#/$defs/node" }, "n": { "type": "integer" } } } },
        "$ref": "#/$defs/node",
    });
    check(tree.clone(), json!({ "next": { "next": { "n": 1 } } }), Ok(()));
    check(tree, json!({ "next": { "next": { "n": "x" } } }), Err("`next.next.n` is a string, expected a whole number"));
    let endless = json!({ "$ref": "#" });
    check(endless, json!(1), Err("the value is too large or too deep to be checked"));
}

#[test]
fn alternatives_within_alternatives_end() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..17 {
        schema = json!({ "anyOf": [schema, schema] });
    }
    let refused = Schema::strict(schema).map(|schema| schema.check(&json!(1)));
    assert!(refused.is_ok_and(|checked| checked.is_err()));
}

#[test]
fn what_is_not_understood_is_refused_when_it_must_be_and_passed_over_otherwise() {
    let refused = |schema: Value| Schema::strict(schema).unwrap_err();
    assert_eq!(refused(json!({ "contains": {} })), "has the keyword `contains`, which is not supported");
    assert_eq!(
        refused(json!({ "$ref": "https://host/x.json" })),
        "`$ref` \"https://host/x.json\" leads nowhere within the schema"
    );
    assert_eq!(refused(json!({ "pattern": "(" })), "the pattern `(` cannot be read");
    assert_eq!(refused(json!({ "properties": { "a": 1 } })), "has a part that is neither an object nor true or false");
    let lenient = Schema::lenient(json!({ "contains": {}, "type": "array" }));
    assert!(lenient.check(&json!([])).is_ok() && lenient.check(&json!(1)).is_err());
    assert!(Schema::lenient(Value::Null).check(&json!(1)).is_ok());
}
