//! Tests of the rules: what fits, what does not, and what strangers may write.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn fits(pattern: &Value, actual: Option<&Value>) -> bool {
    check(pattern, actual, &Around::after(&[])).is_ok()
}

#[track_caller]
fn expect(pattern: Value, right: &[Value], wrong: &[Value]) {
    for actual in right {
        assert_eq!(check(&pattern, Some(actual), &Around::after(&[])), Ok(()), "{pattern} of {actual}");
    }
    for actual in wrong {
        assert!(!fits(&pattern, Some(actual)), "{pattern} of {actual}");
    }
}

#[test]
fn arguments_compare_as_people_mean_them() {
    expect(json!("Paris"), &[json!(" paris ")], &[json!("Rome"), json!(null)]);
    expect(json!(2), &[json!(2.0)], &[json!("2"), json!(3)]);
    expect(json!(0.3), &[json!(0.1 + 0.2)], &[json!(0.31)]);
    expect(json!(1_700_000_000), &[json!(1.7e9)], &[json!(1_700_000_001.0), json!(1_700_000_001)]);
    expect(json!(u64::MAX), &[], &[json!(u64::MAX - 1)]);
    expect(json!(9_007_199_254_740_993_i64), &[], &[json!(9_007_199_254_740_992_i64)]);
    expect(json!({"one_of": ["a", 2]}), &[json!(2), json!("A")], &[json!(3)]);
    expect(json!({"one_of": []}), &[], &[json!(2)]);
    expect(json!([1, "A"]), &[json!([1.0, "a"])], &[json!([1]), json!(["a", 1])]);
    expect(json!({"k": "V"}), &[json!({"k": "v"})], &[json!({"k": "v", "l": 2}), json!({})]);
    expect(
        json!({"k": 1, "l": {"@optional": 2}}),
        &[json!({"k": 1}), json!({"k": 1, "l": 2})],
        &[json!({"k": 1, "l": 3})],
    );
    expect(json!(null), &[json!(null)], &[json!(0)]);
    expect(json!(true), &[json!(true)], &[json!(false), json!(1)]);
}

#[test]
fn each_rule_lets_pass_what_it_says() {
    expect(json!({"@any": true}), &[json!(null), json!([1])], &[]);
    expect(json!({"@equals": {"@any": true}}), &[json!({"@any": true})], &[json!(5)]);
    expect(json!({"@one_of": [{"@regex": "^a"}, 5]}), &[json!("abc"), json!(5)], &[json!("xa")]);
    expect(json!({"@number": {"value": 10, "abs": 0.5}}), &[json!(10.5), json!(9.5)], &[json!(10.6), json!("10")]);
    expect(json!({"@number": {"value": -200, "abs": 1, "rel": 0.01}}), &[json!(-202)], &[json!(-202.1), json!(200)]);
    expect(json!({"@range": {"min": 1, "max": 3}}), &[json!(1), json!(3.0)], &[json!(0.9), json!(3.1), json!("2")]);
    expect(json!({"@range": {"min": 1}}), &[json!(1e300)], &[json!(0)]);
    expect(json!({"@regex": "^[A-Z]{3}$"}), &[json!("ABC")], &[json!("abc"), json!("ABCD"), json!(5)]);
    expect(
        json!({"@set": [1, {"one_of": [1, 2]}]}),
        &[json!([1, 2]), json!([2, 1])],
        &[json!([2, 2]), json!([1]), json!(1)],
    );
    expect(json!({"@json_schema": {"type": "array", "minItems": 2}}), &[json!([1, 2])], &[json!([1]), json!("x")]);
    for missing in
        [json!({"@any": true}), json!({"@regex": ""}), json!({"@set": []}), json!("x"), json!({"@range": {"min": 0}})]
    {
        assert!(!fits(&missing, None), "{missing}");
    }
    assert!(fits(&json!({"one_of": [{"@optional": 1}, 2]}), None) && !fits(&json!({"one_of": [1, 2]}), None));
}

#[test]
fn a_result_is_one_of_an_earlier_call_that_did_not_fail() {
    let call = |tool: &str, result: &str, is_error| CallRecord {
        tool_name: tool.into(),
        arguments: None,
        result: result.into(),
        is_error,
        duration_ms: 0,
    };
    let earlier = [
        call("search", r#"{"items": [{"id": 7}]}"#, false),
        call("search", r#"{"items": [{"id": 8}]}"#, true),
        call("name", "Ada", false),
    ];
    let around = Around::after(&earlier);
    let check = |pattern: Value, actual: Value| check(&pattern, Some(&actual), &around).is_ok();
    let id = json!({"@result": {"of": "search", "path": "/items/0/id"}});
    assert!(check(id.clone(), json!(7)) && check(id.clone(), json!("7")));
    assert!(!check(id.clone(), json!(8)) && !check(id, json!(null)));
    assert!(check(json!({"@result": {"of": "name"}}), json!("ada")));
    assert!(!check(json!({"@result": {"of": "name", "path": "/x"}}), json!("ada")));
    assert!(!check(json!({"@result": {"of": "other"}}), json!("ada")));
}

#[test]
fn what_is_written_wrongly_is_refused_and_passes_nothing() {
    for bad in [
        json!({"@any": 1}),
        json!({"one_of": []}),
        json!({"@one_of": 5}),
        json!({"@number": 5}),
        json!({"@number": {"value": 1, "abs": -1}}),
        json!({"@range": {}}),
        json!({"@range": {"min": 2, "max": 1}}),
        json!({"@range": {"least": 2}}),
        json!({"@regex": "("}),
        json!({"@regex": "a".repeat(2000)}),
        json!({"@regex": "(a{1000}){1000}"}),
        json!({"@set": {}}),
        json!({"@json_schema": {"contains": 1}}),
        json!({"@result": {"path": "/x"}}),
        json!([{"@optional": {"@regex": "("}}]),
    ] {
        assert!(refusal(&bad, &Cell::new(0)).is_some(), "{bad}");
        assert!(bad.is_array() || bad == json!({"@any": 1}) || !fits(&bad, Some(&json!("aaaa"))), "{bad}");
    }
    // Other keys with the sign are keys.
    assert_eq!(refusal(&json!({"@id": 5, "x": {"@type": "y"}}), &Cell::new(0)), None);
    expect(json!({"@id": 5}), &[json!({"@id": 5})], &[json!(5)]);
    assert_eq!(refusal(&json!({"@equals": {"@regex": "("}}), &Cell::new(0)), None);
}

#[test]
fn sets_within_sets_end() {
    let deep = |leaf: Value| json!({"@set": vec![json!({"@set": vec![json!({"@set": vec![leaf; 30]}); 30]}); 30]});
    let given = vec![vec![vec![2; 30]; 30]; 30];
    assert!(!fits(&deep(json!(1)), Some(&json!(given))));
}

#[test]
fn a_set_as_large_as_allowed_is_compared_and_beyond_the_bounds_it_is_told_so() {
    let list = |count: u32| Value::from((0..count).collect::<Vec<_>>());
    expect(json!({"@set": list(300)}), &[list(300)], &[list(299)]);
    let slow = json!({"@set": vec![json!({"@regex": "x"}); 40]});
    let why = check(&slow, Some(&json!(vec!["y"; 40])), &Around::after(&[])).unwrap_err();
    assert_eq!(why, "has too many parts to be compared");
}

#[test]
fn a_case_has_a_bounded_number_of_expressions_and_schemas() {
    let patterns = |count: usize| json!(vec![json!({"@regex": "x"}); count]);
    let compiled = Cell::new(0);
    assert_eq!(refusal(&patterns(60), &compiled), None);
    assert_eq!(refusal(&patterns(40), &compiled), None);
    assert!(refusal(&patterns(1), &compiled).is_some_and(|why| why.contains("100 expressions")));
}

/// Values that hold no rule.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "[a-zA-Z ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_fits_itself_in_every_dress(value in values(), other in values()) {
        for pattern in [
            value.clone(),
            json!({"@equals": value}),
            json!({"@optional": value}),
            json!({"one_of": [other, value]}),
            json!({"@any": true}),
        ] {
            prop_assert!(fits(&pattern, Some(&value)), "{} of {}", pattern, value);
            prop_assert_eq!(refusal(&pattern, &Cell::new(0)), None);
        }
    }

    #[test]
    fn a_set_fits_every_order_and_no_other_length(items in prop::collection::vec(values(), 0..6), turn in 0_usize..6) {
        let pattern = json!({"@set": items});
        let mut turned = items.clone();
        turned.rotate_left(turn.min(items.len()));
        turned.reverse();
        prop_assert!(fits(&pattern, Some(&Value::from(turned.clone()))));
        turned.push(Value::Null);
        prop_assert!(!fits(&pattern, Some(&Value::from(turned))));
    }

    #[test]
    fn alternatives_fit_where_one_of_them_does(choices in prop::collection::vec(values(), 1..5), actual in values()) {
        let any_fits = choices.iter().any(|choice| fits(choice, Some(&actual)));
        prop_assert_eq!(fits(&json!({"one_of": choices}), Some(&actual)), any_fits);
    }
}
