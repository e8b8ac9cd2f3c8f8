//! What the page of metrics says, and that what people wrote is text in it.

use super::*;

fn summary(kind: MetricKind, missing: u32) -> MetricSummary {
    MetricSummary {
        name: "x".into(),
        description: String::new(),
        kind,
        n: 3,
        missing,
        mean: Some(0.5),
        interval: Some((0.25, 0.75)),
        histogram: vec![MetricBar { from: 0.0, to: 0.5, count: 1 }, MetricBar { from: 0.5, to: 1.0, count: 2 }],
        samples: Vec::new(),
    }
}

#[test]
fn a_mean_is_told_with_its_uncertainty_and_what_has_no_value() {
    let told = mean_in_words(&summary(MetricKind::Number, 2));
    assert_eq!(told, "Mean 0.500, 95%: 0.250 to 0.750, n\u{a0}=\u{a0}3; 2 samples have no value.");
    let told = mean_in_words(&summary(MetricKind::Flag, 0));
    assert_eq!(told, "True in 50.0%, 95%: 25.0% to 75.0%, n\u{a0}=\u{a0}3.");
}

#[test]
fn bars_are_said_in_words() {
    let html = histogram(&summary(MetricKind::Number, 0).histogram).unwrap().to_html();
    assert!(html.contains("0.000 to 0.500: 1 sample; 0.500 to 1.000: 2 samples"), "{html}");
    assert!(histogram(&[]).is_none());
}

#[test]
fn what_people_wrote_is_text_in_the_page() {
    let metric = Metric {
        id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        name: "x".into(),
        description: "<b>".into(),
        expression: "\"</textarea><i>\" in reply".into(),
        kind: MetricKind::Flag,
        created_at: types::Timestamp::from_millis(0),
        updated_at: None,
    };
    let html = format!("{}{}", row(&metric).to_html(), fields(&Typed::of(&metric)).to_html());
    assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
}
