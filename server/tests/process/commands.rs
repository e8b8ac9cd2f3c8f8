//! The commands beside `serve`.

use crate::program::{Place, json_of, text, write_cases};
use serde_json::{Value, json};

fn sums() -> Value {
    json!([
        { "user_input": "What is 15 * 23?", "expected_output": "345", "task_type": "numeric", "expected_tools": ["calculate"], "split": "train" },
        { "user_input": "What is 2 + 2?", "expected_output": "4", "task_type": "numeric", "expected_tools": ["calculate"], "split": "train" },
        { "user_input": "What is 9 - 4?", "expected_output": "5", "task_type": "numeric", "expected_tools": ["calculate"], "split": "test" }
    ])
}

#[test]
fn migrate_makes_the_database() {
    let place = Place::new();
    let output = place.run(&["migrate", "--database-url", "sqlite://elsewhere/x.db"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(place.path("elsewhere/x.db").exists());
    assert!(text(&output.stdout).contains("sqlite"));
}

#[test]
fn chat_answers_one_question_and_shows_the_call() {
    let output = Place::new().run(&["chat", "--message", "What is 15 * 23?"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("345"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("→ calculate"), "{}", text(&output.stderr));
}

#[test]
fn chat_goes_on_until_the_input_ends() {
    let output = Place::new().run_with_input(&["chat"], "What is 15 * 23?\nWhat is 2 + 2?\n");
    let said = text(&output.stdout);
    assert!(output.status.success() && said.contains("345") && said.lines().count() >= 2, "{said}");
}

#[test]
fn an_agent_that_does_not_exist_is_named_with_those_that_do() {
    let output = Place::new().run(&["chat", "--agent", "Nobody", "--message", "Hello"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("there is no agent `Nobody`; there are: "));
}

#[test]
fn evaluate_writes_the_file_of_the_contract() {
    let place = Place::new();
    write_cases(&place, "cases.json", &sums());
    let output = place.run(&["evaluate", "--cases", "cases.json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("task success           1.000"), "{}", text(&output.stdout));
    let results = json_of(&place.path("data/evaluation_results.json"));
    assert_eq!(results["num_test_cases"], 3);
    assert_eq!(results["aggregate_metrics"]["task_success"], 1.0);
    let individual = results["individual_results"].as_array().unwrap();
    assert_eq!(individual.len(), 3);
    assert!(individual[0]["test_case"]["user_input"].is_string() && individual[0]["metrics"]["reward"].is_number());
}

#[test]
fn a_wrong_file_of_cases_is_refused_by_its_row() {
    let place = Place::new();
    write_cases(&place, "cases.json", &json!([{ "user_input": "fine" }, { "user_input": "" }]));
    let output = place.run(&["evaluate", "--cases", "cases.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("row 2 (line 1): `user_input` is empty"), "{}", text(&output.stderr));
}

#[test]
fn the_same_seed_trains_the_same_weights_again() {
    let place = Place::new();
    write_cases(&place, "cases.json", &sums());
    let mut saved = Vec::new();
    for name in ["one.safetensors", "two.safetensors"] {
        let output = place.run(&["train", "--cases", "cases.json", "--episodes", "2", "--seed", "5", "--save", name]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let line: Value = serde_json::from_str(text(&output.stdout).trim()).unwrap();
        assert_eq!((&line["seed"], &line["episodes"]), (&json!(5), &json!(2)));
        assert!(line["held_out_before"].is_number() && line["held_out_after"].is_number(), "{line}");
        saved.push(std::fs::read(place.path(name)).unwrap());
    }
    assert!(saved[0] == saved[1] && !saved[0].is_empty());
    assert!(place.path("checkpoints").read_dir().unwrap().count() >= 2);
}

#[test]
fn several_seeds_answer_a_line_each_and_one_over_all() {
    let place = Place::new();
    write_cases(&place, "cases.json", &sums());
    let output = place.run(&["train", "--cases", "cases.json", "--episodes", "1", "--seeds", "1,2,3"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    let befores: Vec<f64> = lines[..3].iter().map(|line| line["held_out_before"].as_f64().unwrap()).collect();
    let mean = befores.iter().sum::<f64>() / 3.0;
    assert_eq!(lines[3]["seeds"], 3);
    assert!((lines[3]["held_out_before"]["mean"].as_f64().unwrap() - mean).abs() < 1e-12);
}

#[test]
fn a_parameter_the_algorithm_does_not_have_is_named() {
    let output = Place::new().run(&["train", "--set", "magic=1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("magic"), "{}", text(&output.stderr));
}

#[test]
fn help_names_every_setting() {
    let help = text(&Place::new().run(&["--help"]).stdout);
    for name in ["DATABASE_URL", "API_TOKEN", "CORS_ORIGINS", "OPENAI_API_KEY", "SITE_ROOT"] {
        assert!(help.contains(name), "{name}");
    }
}

#[test]
fn recorded_calls_are_scored_line_by_line_and_bad_lines_are_told() {
    let place = Place::new();
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/evaluation/tests/bfcl/");
    let file = |name: &str| format!("{own}{name}.jsonl");
    let (questions, answers, calls) = (file("questions"), file("answers"), file("calls"));
    for mode in ["bfcl", "default"] {
        let expected: Vec<Value> =
            std::fs::read_to_string(&calls).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let output =
            place.run(&["score", "--mode", mode, "--cases", &questions, "--answers", &answers, "--calls", &calls]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), expected.len());
        for (line, expected) in lines.iter().zip(&expected) {
            let right = &expected[if mode == "bfcl" { "valid" } else { "default" }];
            assert_eq!(
                (&line["case"], &line["mutation"], &line["valid"]),
                (&expected["case"], &expected["mutation"], right),
                "{line}"
            );
            assert!(!line["reason"].as_str().unwrap().is_empty());
        }
    }
    std::fs::write(
        place.path("calls.jsonl"),
        "{\"case\": \"irrelevance_0\", \"calls\": []}\n\n{\"case\": \"x\", \"calls\": []}\n{",
    )
    .unwrap();
    let output = place.run(&["score", "--cases", &questions, "--answers", &answers, "--calls", "calls.jsonl"]);
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(1), 1));
    let told = text(&output.stderr);
    assert!(
        told.contains("calls, line 3: there is no case `x`") && told.contains("calls, line 4: is no JSON"),
        "{told}"
    );
}

#[test]
fn cases_are_imported_from_a_table_and_exported_as_another_file_that_changes_nothing() {
    let place = Place::new();
    std::fs::write(place.path("cases.csv"), "Question,answer\nWhat is 2 + 2?,4\n").unwrap();
    let refused = place.run(&["import", "cases.csv"]);
    assert_eq!(refused.status.code(), Some(1));
    let told = text(&refused.stderr);
    assert!(told.contains("is it --column 'Question=user_input'?") && told.contains("nothing was imported"), "{told}");
    let columns = ["--column", "Question=user_input", "--column", "answer=expected_output"];
    let imported = place.run(&[["import", "cases.csv"].as_slice(), &columns].concat());
    assert!(text(&imported.stdout).contains("csv: 1 created"), "{}", text(&imported.stderr));
    let exported = place.run(&["export", "--format", "yaml", "--output", "all.yaml"]);
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let again = place.run(&["import", "all.yaml", "--dry-run"]);
    let said = text(&again.stdout);
    assert!(said.starts_with("yaml: 0 created, 0 updated, ") && said.contains("0 repeated, 0 refused"), "{said}");
}
