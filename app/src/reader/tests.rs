//! Values of every kind, and what is told of those that do not fit.

use super::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use types::{EvaluationRun, Event, EventKind, RunId, Timestamp};

#[derive(PartialEq, Debug, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box { wide: u8 },
}

#[derive(PartialEq, Debug, Serialize, Deserialize)]
struct Everything {
    flag: bool,
    small: i8,
    large: u64,
    lowest: i64,
    real: f64,
    text: String,
    nothing: Option<String>,
    pair: (u8, String),
    shapes: Vec<Shape>,
    named: BTreeMap<String, Value>,
}

fn everything() -> Everything {
    Everything {
        flag: true,
        small: -3,
        large: u64::MAX,
        lowest: i64::MIN,
        real: 2.0,
        text: "15 × 23".into(),
        nothing: None,
        pair: (7, "seven".into()),
        shapes: vec![Shape::Point, Shape::Circle(1.5), Shape::Box { wide: 2 }],
        named: [("arguments".to_owned(), serde_json::json!({"a": [1, -2, 3.5, null, "x"]}))].into(),
    }
}

#[test]
fn every_kind_of_value_is_read_back() {
    let text = serde_json::to_string(&everything()).unwrap();
    assert_eq!(read::<Everything>(&text).unwrap(), everything());
}

#[test]
fn an_event_whose_kind_is_told_by_a_field_is_read() {
    let kind = EventKind::Series { step: 3, values: [("reward/mean".to_owned(), 0.5)].into() };
    let event = Event { run: RunId(Default::default()), seq: 4, at: Timestamp::from_millis(1_795_353_607_319), kind };
    assert_eq!(read::<Event>(&serde_json::to_string(&event).unwrap()).unwrap(), event);
}

#[test]
fn what_does_not_fit_is_told() {
    for (text, told) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("[]", "a value is not an object"),
        (r#"{"flag":1}"#, "a value is not true or false"),
        (r#"{"flag":true}"#, "value 2 is missing"),
    ] {
        assert_eq!(read::<Everything>(text).unwrap_err().to_string(), told);
    }
    assert!(read::<i8>("300").is_err() && read::<u8>("-1").is_err() && read::<i64>("1.5").is_err());
    assert!(read::<EvaluationRun>("{}").is_err());
}
