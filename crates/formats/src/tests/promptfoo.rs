//! Configurations and tables of tests of promptfoo.

use super::*;

const PROMPTFOO: &str = r#"
prompts:
  - "Say {{what}} in {{language}}"
  - raw: '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "{{what}}"}]'
defaultTest:
  vars: {language: French}
  assert:
    - {type: not-icontains, value: sorry}
tests:
  - description: greeting
    vars: {what: hello}
    assert:
      - {type: contains, value: Bonjour, weight: 2}
      - {type: is-json}
  - vars: {what: code}
    assert: [{type: javascript, value: "output.length > 3"}]
  - vars: {what: file://x.txt}
  - assert: [{type: equals, value: a.b}]
"#;

#[test]
fn tests_of_promptfoo_are_asked_with_each_prompt_and_no_program_is_run() {
    let read = read(PROMPTFOO.as_bytes(), &ImportOptions::default()).unwrap();
    assert_eq!((read.format, read.rows.len()), ("promptfoo", 8));
    let (first, second) = (read.rows[0].case.as_ref().unwrap(), read.rows[1].case.as_ref().unwrap());
    assert_eq!((first.user_input.as_str(), first.name.as_deref()), ("Say hello in French", Some("greeting")));
    assert_eq!((second.user_input.as_str(), second.system.as_deref()), ("hello", Some("Be brief.")));
    let checks = serde_json::json!({"all": [
        {"not": {"check": "contains", "expected": "sorry"}},
        {"check": "regex", "expected": "Bonjour", "weight": 2.0},
        {"check": "json_schema", "expected": {}},
    ]});
    assert_eq!(first.answer_checks, Some(checks));
    let told = refusals(&read);
    assert!(told[0].2.contains("runs a program") && told[2].2.contains("is a file"), "{told:?}");
    assert!(told[4].2.contains("`what` is not among `vars`"), "{told:?}");
    assert_eq!(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [15, 15, 17, 17, 18, 18]);
    let json = r#"{"prompts": ["{{q}}"], "tests": [{"vars": {"q": "Hi"}, "assert": [{"type": "tool-call-f1", "value": ["search"]}]}]}"#;
    let case = cases(read_as("promptfoo", json)).remove(0);
    assert_eq!(case.expected_tool_names(), Some(vec!["search"]));
    for bad in ["tests: 5\nprompts: [a]", "tests: []", "prompts: []\ntests: []"] {
        assert!(
            crate::read(
                bad.as_bytes(),
                &ImportOptions { format: Some("promptfoo".into()), ..ImportOptions::default() },
                &mut |_| ()
            )
            .is_err()
        );
    }
}

const PROMPTFOO_CSV: &str = "question,__expected,__expected2,__description,__metadata:team
What is the capital of France?,contains: Paris,not-icontains: sorry,capital,a
What is 2 + 2?,4,,,a
Say it as JSON,is-json,,,a
Run it,javascript: output.length,,,a
Like it,similar(0.8): hello there,,,a
";

#[test]
fn tests_of_promptfoo_in_a_table_are_read_with_what_they_assert() {
    let read = read(PROMPTFOO_CSV.as_bytes(), &ImportOptions::default()).unwrap();
    assert_eq!((read.format, read.rows.len()), ("promptfoo_csv", 5));
    let case = |row: usize| read.rows[row].case.as_ref().unwrap();
    assert_eq!(case(0).user_input, "What is the capital of France?");
    assert_eq!(case(0).name.as_deref(), Some("capital"));
    let checks = serde_json::json!({"all": [
        {"check": "regex", "expected": "Paris"},
        {"not": {"check": "contains", "expected": "sorry"}},
    ]});
    assert_eq!(case(0).answer_checks, Some(checks));
    assert_eq!(case(1).answer_checks, Some(serde_json::json!({"check": "regex", "expected": r"^\s*4\s*$"})));
    assert_eq!(case(2).answer_checks, Some(serde_json::json!({"check": "json_schema", "expected": {}})));
    assert!(refusals(&read).iter().any(|(line, _, why)| *line == 5 && why.contains("none is run")), "{read:?}");
    let similar = serde_json::json!({"check": "semantic", "expected": "hello there", "threshold": 0.8});
    assert_eq!(case(4).answer_checks, Some(similar));
    let unclear = read_as("promptfoo_csv", "city,country,__expected\nOslo,Norway,equals: x\n");
    assert!(refusals(&unclear)[0].2.contains("name the column `question`"), "{unclear:?}");
    let around = read_as("promptfoo_csv", "what,__prefix,__suffix,__expected\na,Say ,!,x\n");
    assert_eq!(cases(around)[0].user_input, "Say a!");
    let threshold = read_as("promptfoo_csv", "what,__threshold\na,0.5\n");
    assert!(refusals(&threshold)[0].2.contains("`__threshold`"), "{threshold:?}");
}
