//! Recorded calls judged as the leaderboard's own checker judges them, and by our rules.
#![allow(clippy::unwrap_used)]

use evaluation::bfcl::{Case, mode, read_calls, read_cases};
use std::{collections::BTreeMap, fs, path::PathBuf};

struct Line {
    id: String,
    mutation: String,
    expected: bool,
    leaderboard: (bool, String),
    default: (bool, String),
}

fn judged(cases: &[Case], verdicts: &str) -> Vec<Line> {
    let cases: BTreeMap<&str, &Case> = cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let expected = verdicts.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    read_calls(verdicts)
        .map(Result::unwrap)
        .zip(expected)
        .map(|(recorded, expected)| {
            let judge = |name: &str| {
                let judged = mode(name).unwrap()(cases[recorded.case.as_str()], &recorded.calls);
                (judged.valid, judged.reason)
            };
            Line {
                id: recorded.case.clone(),
                mutation: recorded.mutation.clone().unwrap_or_default(),
                expected: expected["valid"].as_bool().unwrap(),
                leaderboard: judge("bfcl"),
                default: judge("default"),
            }
        })
        .collect()
}

fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bfcl");
    let folder = std::env::var_os("BFCL_DATA").map_or(folder, PathBuf::from);
    folder.join("checker_verdicts.jsonl").exists().then_some(folder)
}

fn disagreements(lines: &[Line]) -> Vec<String> {
    let wrong = lines.iter().filter(|line| line.leaderboard.0 != line.expected);
    wrong.map(|line| format!("{} {}: {}", line.id, line.mutation, line.leaderboard.1)).collect()
}

#[test]
fn every_verdict_of_the_leaderboards_checker_is_reached_and_the_default_differs_where_it_should() {
    let Some(folder) = data() else {
        eprintln!("not run: the data of the leaderboard is not here (BFCL_DATA names another folder)");
        return;
    };
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let name = "BFCL_v4_simple_python.json";
    let read = read_cases(&text(name), &text(&format!("possible_answer/{name}")));
    assert_eq!(read.problems, []);
    let lines = judged(&read.rows, &text("checker_verdicts.jsonl"));
    assert_eq!(lines.len(), 1000);
    let wrong = disagreements(&lines);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    let differing: Vec<&Line> = lines.iter().filter(|line| line.leaderboard.0 != line.default.0).collect();
    for line in &differing {
        // Marks within a text are part of it: the default compares texts trimmed and whatever the case of their letters.
        let by_marks = line.mutation.starts_with("punct:") && line.leaderboard.0;
        assert!(by_marks, "{} {}: bfcl {:?}, default {:?}", line.id, line.mutation, line.leaderboard, line.default);
    }
    assert_eq!(differing.len(), 59);
}

#[test]
fn every_file_of_the_leaderboard_is_read_without_a_problem() {
    let Some(folder) = data() else {
        eprintln!("not run: the data of the leaderboard is not here (BFCL_DATA names another folder)");
        return;
    };
    for (name, count) in [("irrelevance", 240), ("live_simple", 258), ("multiple", 200), ("simple_python", 200)] {
        let file = format!("BFCL_v4_{name}.json");
        let text = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
        let read = read_cases(&text(folder.join(&file)), &text(folder.join("possible_answer").join(&file)));
        assert_eq!((read.problems.as_slice(), read.rows.len()), (&[][..], count), "{name}");
    }
}

/// Cases of our own, for what the leaderboard's verdicts do not show.
#[test]
fn the_rules_of_both_ways_are_told_apart_by_cases_of_our_own() {
    let text = |name: &str| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bfcl");
        fs::read_to_string(folder.join(name)).unwrap()
    };
    let read = read_cases(&text("questions.jsonl"), &text("answers.jsonl"));
    assert_eq!(read.problems, []);
    let verdicts = text("calls.jsonl");
    let lines = judged(&read.rows, &verdicts);
    assert_eq!(disagreements(&lines), Vec::<String>::new());
    for (line, expected) in lines.iter().zip(verdicts.lines()) {
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        let default = expected["default"].as_bool().unwrap();
        assert_eq!(line.default.0, default, "{} {}: {}", line.id, line.mutation, line.default.1);
    }
}
