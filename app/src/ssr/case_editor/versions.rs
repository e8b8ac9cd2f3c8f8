//! What a case was before, and what has changed since.

use super::parts::act;
use crate::present::one_line;
use leptos::prelude::*;
use serde_json::{Map, Value};
use types::TestCase;

/// The versions of a case, the present one first; nothing while there is one only.
pub fn versions(history: &[TestCase]) -> AnyView {
    if history.len() < 2 {
        return ().into_any();
    }
    let items: Vec<AnyView> = history.windows(2).map(|pair| item(&pair[0], &pair[1])).collect();
    let count = i64::try_from(history.len() - 1).unwrap_or_default();
    view! {
        <details class="card case-versions">
            <summary>{crate::present::count(count, "earlier version")}</summary>
            <ol class="case-history">{items}</ol>
        </details>
    }
    .into_any()
}

fn item(after: &TestCase, before: &TestCase) -> AnyView {
    let version = before.version;
    let lines = changes(&said(before), &said(after));
    let lines = lines.into_iter().map(|(field, was, is)| {
        view! {
            <li>
                <span class="mono">{field}</span>
                <del>{one_line(&was, 200)}</del>
                <ins>{one_line(&is, 200)}</ins>
            </li>
        }
    });
    view! {
        <li>
            <div class="actions">
                <strong>{format!("Version {version}")}</strong>
                {act("Bring back", &format!("Bring back version {version}"), &format!("version:{version}"))}
            </div>
            <p class="muted">{format!("Version {} changed:", after.version)}</p>
            <ul class="case-changes">{lines.collect_view()}</ul>
        </li>
    }
    .into_any()
}

fn said(case: &TestCase) -> Map<String, Value> {
    serde_json::to_value(&case.draft).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
}

/// The fields that differ, with what they were and what they are.
fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<(String, String, String)> {
    let shown = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |name: &&String| **name != "is_active" && before.get(*name) != after.get(*name);
    names
        .into_iter()
        .filter(differs)
        .map(|name| (name.clone(), shown(before.get(name)), shown(after.get(name))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told() {
        let map = |value: Value| value.as_object().cloned().unwrap();
        let found = changes(&map(json!({"a": "x", "b": 1})), &map(json!({"a": "y", "b": 1, "c": ["z"]})));
        let line = |field: &str, was: &str, is: &str| (field.to_owned(), was.to_owned(), is.to_owned());
        assert_eq!(found, [line("a", "x", "y"), line("c", "nothing", "[\"z\"]")]);
    }
}
