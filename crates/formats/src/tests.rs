//! Files as people write them, hostile files, and what is written read back.

mod promptfoo;

use super::*;
use proptest::prelude::*;
use types::{
    CASE_BYTES_MAX, CASE_FILE_BYTES_MAX, CASES_MAX, CaseLimits, CaseSource, CaseTool, CaseTurn, Expectation,
    ExpectedCall, Split,
};

#[derive(Debug)]
struct Whole {
    format: &'static str,
    columns: Vec<ImportColumn>,
    rows: Vec<Row>,
}

fn read(bytes: &[u8], options: &ImportOptions) -> Result<Whole, Error> {
    let mut rows = Vec::new();
    let CaseFile { format, columns } = super::read(bytes, options, &mut |row| rows.push(row))?;
    assert!(rows.iter().zip(1..).all(|(row, number)| row.number == number));
    Ok(Whole { format, columns, rows })
}

fn read_as(format: &str, text: &str) -> Whole {
    read(text.as_bytes(), &ImportOptions { format: Some(format.into()), ..ImportOptions::default() }).unwrap()
}

fn cases(file: Whole) -> Vec<TestCaseCreate> {
    file.rows.into_iter().map(|row| row.case.unwrap()).collect()
}

fn refusals(file: &Whole) -> Vec<(u32, String, String)> {
    let wrong = file.rows.iter().filter_map(|row| Some((row.line, row.case.clone().err()?)));
    wrong.map(|(line, error)| (line, error.field, error.message)).collect()
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes, &ImportOptions::default()).unwrap_err().to_string()
}

#[test]
fn formats_are_recognised_by_their_content() {
    for (name, text) in [
        ("json", " [{\"user_input\": \"a\"}]"),
        ("jsonl", "{\"user_input\": \"a\"}\n{\"user_input\": \"b\"}"),
        ("csv", "name,user_input\nx,a"),
        ("tsv", "name\tuser_input\nx\ta, b"),
        ("yaml", "# cases\n- user_input: a, b\n- user_input: b"),
        ("yaml", "---\n- user_input: a"),
        ("openai_evals", "{\"input\": \"a\", \"ideal\": \"b\"}"),
        ("gsm8k", "{\"question\": \"a\", \"answer\": \"b\\n#### 7\"}"),
    ] {
        assert_eq!(read(text.as_bytes(), &ImportOptions::default()).unwrap().format, name, "{text}");
    }
    assert!(refusal(b"just words").contains("name one of json, bfcl, gsm8k"));
    assert_eq!(refusal(b" \n"), "the file is empty");
}

#[test]
fn a_wrong_row_hides_no_other_and_is_told_with_its_line() {
    let text = "name,user_input,weight,expected_calls\n\"two\nlines\",hello,,\nx,,1,\ny,hi,heavy,\nz,hi,1,[{]\nshort,row\nlast,ok,2,";
    let file = read_as("csv", text);
    let told = refusals(&file);
    let places: Vec<(u32, &str)> = told.iter().map(|(line, field, _)| (*line, field.as_str())).collect();
    assert_eq!(places, [(4, "user_input"), (5, "weight"), (6, "expected_calls"), (7, "")]);
    assert_eq!(told[1].2, "is `heavy`, expected a number");
    assert_eq!(told[3].2, "has 2 cells, the first line names 4 columns");
    assert_eq!(file.rows.iter().filter(|row| row.case.is_ok()).count(), 2);
}

#[test]
fn rows_of_every_text_format_name_their_line() {
    let json = read_as("json", "[\n  {\"user_input\": \"a\"},\n\n  7, {\"user_input\": 3}\n]");
    assert_eq!(
        refusals(&json),
        [
            (4, String::new(), "is a number, expected an object".into()),
            (4, "user_input".into(), "invalid type: integer `3`, expected a string".into())
        ]
    );
    let lines = read_as("jsonl", "{\"user_input\": \"a\"}\r\n\r\n{\"user_input\": \n{}");
    assert_eq!(refusals(&lines).iter().map(|told| told.0).collect::<Vec<_>>(), [3, 4]);
    let yaml = read_as("yaml", "- user_input: a\n- 7\n- user_input: b\n  tags: no list\n");
    assert_eq!(
        refusals(&yaml).iter().map(|told| (told.0, told.1.as_str())).collect::<Vec<_>>(),
        [(2, ""), (3, "tags")]
    );
}

#[test]
fn a_column_that_is_no_field_is_passed_over_with_a_suggestion_and_read_when_it_is_mapped() {
    let text = b"Question,answer,shoe size\nWhat is 2+2?,4,43\n";
    let file = read(text, &ImportOptions::default()).unwrap();
    let suggested: Vec<_> =
        file.columns.iter().map(|column| (column.name.as_str(), column.suggestion.as_deref())).collect();
    assert_eq!(suggested, [("Question", Some("user_input")), ("answer", Some("expected_output")), ("shoe size", None)]);
    assert_eq!(refusals(&file)[0].1, "user_input");
    let columns = [("Question", "user_input"), ("answer", "expected_output"), ("shoe size", "")];
    let columns = columns.map(|(column, field)| (column.to_owned(), field.to_owned())).into();
    let mapped = cases(read(text, &ImportOptions { columns, ..ImportOptions::default() }).unwrap());
    assert_eq!((mapped[0].user_input.as_str(), mapped[0].expected_output.as_deref()), ("What is 2+2?", Some("4")));
    let columns = [("answer".to_owned(), "shoe".to_owned())].into();
    let error = read(text, &ImportOptions { columns, ..ImportOptions::default() }).unwrap_err();
    assert!(error.to_string().starts_with("`shoe` is not a field of a test case; the fields are external_id, name"));
}

#[test]
fn hostile_files_are_refused_with_what_would_be_right() {
    assert_eq!(refusal(&vec![b' '; CASE_FILE_BYTES_MAX + 1]), "the file has 26 MB, expected at most 25");
    assert_eq!(refusal(b"\xff\xfea\0"), "the file is UTF-16; save it as UTF-8");
    assert_eq!(refusal(b"name,user_input\nx,caf\xe9"), "line 2 of the file is not UTF-8; save the file as UTF-8");
    assert!(refusal("[".repeat(100_000).as_bytes()).starts_with("the file is nested 100000 levels deep"));
    assert!(refusal("- ".repeat(100_000).as_bytes()).starts_with("the file is not a YAML list of test cases"));
    let bomb = "- &a [x,x,x,x,x,x,x,x,x]\n- &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n- &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n- &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n- &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n- &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n- &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n- [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n";
    assert!(refusal(bomb.as_bytes()).starts_with("the file is not a YAML list of test cases"));
    assert_eq!(refusal(b"name,user_input,name\n1,2,3"), "the first line names the column `name` twice");
    let many = format!("user_input,name\n{}", "a,b\n".repeat(CASES_MAX + 1));
    assert_eq!(refusal(many.as_bytes()), "the file has more than 50000 rows; split it");
    let wide: Vec<String> = (0..201).map(|n| format!("c{n}")).collect();
    let told = "the rows of the file name more than 200 columns; a case has 24";
    assert_eq!(refusal(format!("{}\n", wide.join(",")).as_bytes()), told);
    let each: String = wide.iter().map(|name| format!("{{\"{name}\": 1}}\n")).collect();
    assert_eq!(refusal(each.as_bytes()), told);
    let digits = format!("[{{\"user_input\": \"a\", \"weight\": {}}}]", "9".repeat(1_000_000));
    assert!(refusals(&read_as("json", &digits))[0].2.starts_with("has 10000"));
    let number = format!("[{{\"user_input\": \"a\", \"weight\": {}}}]", "9".repeat(1_000));
    assert_eq!(refusals(&read_as("json", &number))[0].2, "is not JSON: number out of range");
    let deep = format!("{{\"user_input\": {}{}}}", "[".repeat(90), "]".repeat(90));
    assert_eq!(refusals(&read_as("jsonl", &deep))[0].2, "is nested 91 levels deep, expected at most 32");
}

#[test]
fn a_mark_of_byte_order_and_line_ends_of_either_kind_make_no_difference() {
    let plain = cases(read(b"name,user_input\nx,hello\ny,there\n", &ImportOptions::default()).unwrap());
    let marked =
        cases(read(b"\xef\xbb\xbfname,user_input\r\nx,hello\r\ny,there\r\n", &ImportOptions::default()).unwrap());
    assert_eq!(plain, marked);
}

#[test]
fn a_formula_is_disarmed_in_a_table_and_comes_back_as_it_was() {
    let texts = ["=1+1", "-5", "@a", "+1", "'=x", "''=x", "'quoted'", "\t=tab"];
    let cases: Vec<_> =
        texts.iter().map(|text| TestCaseCreate { user_input: (*text).into(), ..TestCaseCreate::default() }).collect();
    let table = write("csv", &cases).unwrap();
    assert!(
        table.lines().skip(1).all(|line| !line.split(',').any(|cell| cell.starts_with(['=', '-', '@', '+', '\t'])))
    );
    assert_eq!(super::tests::cases(read_as("csv", &table)), cases);
}

#[test]
fn data_sets_are_read_as_the_cases_they_are() {
    let gsm = cases(read_as("gsm8k", "{\"question\": \"How many?\", \"answer\": \"1+1\\n#### 1,200\"}"));
    let of = (gsm[0].user_input.as_str(), gsm[0].expected_output.as_deref(), gsm[0].task_type.as_str());
    assert_eq!(of, ("How many?", Some("1200"), "numeric"));
    let evals = read_as(
        "openai_evals",
        "{\"input\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"ideal\": [\"Hello\"]}\n{\"input\": \"a\", \"ideal\": [\"b\", \"c\"]}",
    );
    let read = super::tests::cases(evals);
    assert_eq!((read[0].user_input.as_str(), read[0].expected_output.as_deref()), ("Hi", Some("Hello")));
    let check = |text: &str| serde_json::json!({"check": "exact_match", "expected": text});
    assert_eq!(read[1].answer_checks, Some(serde_json::json!({"any": [check("b"), check("c")]})));
    let message = |role: &str, text: &str| format!(r#"{{"role": "{role}", "content": "{text}"}}"#);
    let talk = [message("system", "Be brief."), message("user", "One?"), message("user", "Two?")].join(", ");
    let row = format!(r#"{{"input": [{talk}], "ideal": "2"}}"#);
    let case = super::tests::cases(read_as("openai_evals", &row)).remove(0);
    assert_eq!(
        (case.system.as_deref(), case.turns.len(), case.expected_output.as_deref()),
        (Some("Be brief."), 2, None)
    );
    assert_eq!((case.turns[0].expect.answer.as_ref(), case.turns[1].expect.answer.clone()), (None, Some(check("2"))));
    let few_shot = row.replace("\"user\"", "\"assistant\"");
    assert_eq!(refusals(&read_as("openai_evals", &few_shot))[0].1, "input");
}

#[test]
fn refused_rows_come_back_with_what_is_wrong_and_are_read_again() {
    let table = "user_input,weight\n\"a, b\",heavy\nfine,1\nshort\n";
    let wrong = [(1, "weight is no number".to_owned()), (3, "a cell is missing".to_owned())].into();
    let options = ImportOptions::default();
    let first = corrections(table.as_bytes(), &options, &wrong).unwrap();
    assert_eq!(first, "user_input,weight,import_errors\n\"a, b\",heavy,weight is no number\nshort,a cell is missing\n");
    let mended = first.replace("heavy", "2").replace("short,", "short,1,");
    let again = corrections(mended.as_bytes(), &options, &[(2, "still".to_owned())].into()).unwrap();
    assert_eq!(again, "user_input,weight,import_errors\nshort,1,still\n");
    let file = read(mended.as_bytes(), &options).unwrap();
    assert_eq!(file.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["user_input", "weight"]);
    assert_eq!(cases(file).iter().map(|case| case.weight).collect::<Vec<_>>(), [2.0, 1.0]);
    let huge = format!("user_input,weight\n{},1\n", "x".repeat(CASE_BYTES_MAX));
    let large = corrections(huge.as_bytes(), &options, &[(1, "too large".to_owned())].into()).unwrap();
    assert_eq!(large, huge.replace("weight", "weight,import_errors").replace(",1\n", ",1,too large\n"));
}

#[test]
fn corrections_are_of_the_format_of_their_file_and_are_read_with_the_same_options() {
    let row = r#"{"user_input": "a", "weight": "heavy"}"#;
    for (format, file, told) in [
        ("jsonl", format!("{{\"user_input\": \"a\"}}\n{row}\n{{\n"), "{\"import_errors\":\"light\","),
        ("json", format!("[{{\"user_input\": \"a\"}},\n{row},\n7]"), "[\n{\"import_errors\":\"light\","),
        ("yaml", "- user_input: a\n- {user_input: a, weight: heavy}\n- 7\n".into(), "- {\"import_errors\":\"light\","),
    ] {
        let options = ImportOptions { format: Some(format.into()), ..ImportOptions::default() };
        let wrong = [(2, "light".to_owned()), (3, "no row".to_owned())].into();
        let file = corrections(file.as_bytes(), &options, &wrong).unwrap();
        assert!(file.starts_with(told), "{format}: {file}");
        assert!(file.contains("{\"import_errors\":\"no row\",\"line\":3}"), "{format}: {file}");
        let read = read_as(format, &file.replace("\"heavy\"", "2"));
        assert_eq!(read.rows.len(), 2);
        assert_eq!(read.rows[0].case.as_ref().unwrap().weight, 2.0, "{format}");
    }
    for (format, row, wrong, right, question) in [
        ("gsm8k", r#"{"question": "How many?", "answer": "7"}"#, "\"7\"", "\"#### 7\"", "How many?"),
        ("openai_evals", r#"{"input": "a", "ideal": [], "weight": 2}"#, "[]", "\"b\"", "a"),
        ("openai_evals", r#"{"input": "a", "ideal": "b", "weight": "x"}"#, "\"x\"", "3", "a"),
    ] {
        assert_eq!(refusals(&read_as(format, row)).len(), 1, "{row}");
        let options = ImportOptions { format: Some(format.into()), ..ImportOptions::default() };
        let file = corrections(row.as_bytes(), &options, &[(1, "wrong".to_owned())].into()).unwrap();
        let read = cases(read_as(format, &file.replace(wrong, right)));
        assert_eq!(read[0].user_input, question, "{file}");
    }
}

#[test]
fn a_column_of_a_table_is_read_as_the_field_that_it_is() {
    let mapped = |table: &str, columns: &[(&str, &str)]| {
        let columns = columns.iter().map(|(column, field)| ((*column).to_owned(), (*field).to_owned())).collect();
        let options = ImportOptions { format: Some("csv".into()), columns };
        cases(read(table.as_bytes(), &options).unwrap()).remove(0)
    };
    let tools = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let case =
        mapped("Question,Tools\nhi,search|calculate", &[("Question", "user_input"), ("Tools", "expected_tools")]);
    assert_eq!((case.user_input.as_str(), case.expected_tools_json), ("hi", tools(&["search", "calculate"])));
    let case = mapped("user_input,expected_tools_json\nhi,search|calculate", &[]);
    assert_eq!(case.expected_tools_json, tools(&["search", "calculate"]));
    let source = |text: &str| mapped(&format!("user_input,source\nhi,{text}"), &[]).source.map(|source| source.dataset);
    assert_eq!(source("a wiki").as_deref(), Some("a wiki"));
    assert_eq!(source("\"{\"\"dataset\"\": \"\"x\"\"}\"").as_deref(), Some("x"));
    assert_eq!(mapped("weight,name\nheavy,x", &[("weight", "user_input")]).user_input, "heavy");
    assert_eq!(mapped("tags,name\n[a,x", &[("tags", "user_input")]).user_input, "[a");
}

#[test]
fn lines_of_a_table_are_counted_as_an_editor_counts_them() {
    let lines = |table: &str| read_as("csv", table).rows.iter().map(|row| row.line).collect::<Vec<_>>();
    assert_eq!(lines("a,user_input\nb,c\n\n\nd,e\nf,g"), [2, 5, 6]);
    assert_eq!(lines("a,user_input\r\nb,c\r\n\r\nd,\"e\r\nf\"\r\ng,h\r\n\r\n"), [2, 4, 6]);
    assert_eq!(lines("\n\na,user_input\n\nb,c"), [5]);
}

const QUESTIONS: &str = r#"{"id": "multiple_1", "question": [[{"role": "user", "content": "Area?"}]], "function": [{"name": "area", "description": "An area.", "parameters": {"type": "dict", "properties": {"base": {"type": "float"}, "unit": {"type": "any"}}, "required": ["base"]}}]}
{"id": "irrelevance_2", "question": [[{"role": "user", "content": "Hi"}]], "function": []}
{"id": "multiple_3", "question": [[{"role": "user", "content": "Lost"}]], "function": []}"#;
const ANSWERS: &str = r#"{"id": "multiple_1", "ground_truth": [{"area": {"base": [2], "unit": ["", "m"]}}]}
{"id": "multiple_9", "ground_truth": []}
{"id": "multiple_1", "ground_truth": []}"#;

#[test]
fn questions_and_possible_answers_are_joined_in_any_order() {
    for file in [format!("{QUESTIONS}\n{ANSWERS}"), format!("{ANSWERS}\n{QUESTIONS}")] {
        let read = read(file.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(read.format, "bfcl");
        let told: Vec<String> =
            read.rows.iter().filter_map(|row| Some(row.case.as_ref().err()?.message.clone())).collect();
        assert_eq!(
            told,
            [
                "`multiple_3` has no possible answer that can be used",
                "the id `multiple_1` is there twice",
                "`multiple_9` is no question"
            ]
        );
        let case = read.rows[0].case.as_ref().unwrap();
        assert_eq!((case.suite.as_deref(), case.external_id.as_deref()), (Some("bfcl/multiple"), Some("multiple_1")));
        let call = &case.expected_calls.as_ref().unwrap()[0];
        let wanted = serde_json::json!({"base": {"one_of": [2]}, "unit": {"@optional": {"one_of": ["", "m"]}}});
        assert!(call.only_these && serde_json::Value::Object(call.arguments.clone()) == wanted, "{call:?}");
        let unit = &case.tool_defs[0].parameters["properties"];
        assert_eq!(*unit, serde_json::json!({"base": {"type": "number"}, "unit": {}}));
        assert!(case.only_own_tools && case.tool_defs.len() == 1 && case.source.is_some());
        assert_eq!(read.rows[1].case.as_ref().unwrap().expected_calls, Some(Vec::new()));
        assert!(read.columns.iter().all(|column| column.field.is_some()), "{:?}", read.columns);
        let wrong = read.rows.iter().filter(|row| row.case.is_err()).map(|row| (row.number, "wrong".to_owned()));
        let corrections = corrections(file.as_bytes(), &ImportOptions::default(), &wrong.collect()).unwrap();
        assert_eq!(corrections.lines().count(), 3);
        assert!(corrections.contains(r#""import_errors":"wrong""#) && corrections.contains("Lost"), "{corrections}");
    }
}

#[test]
fn a_table_has_the_columns_that_some_case_uses() {
    let plain = TestCaseCreate { user_input: "a".into(), ..TestCaseCreate::default() };
    let several = TestCaseCreate { repeats: 3, ..plain.clone() };
    let header = |cases: &[TestCaseCreate]| write("csv", cases).unwrap().lines().next().unwrap().to_owned();
    assert!(header(std::slice::from_ref(&plain)).ends_with(",is_active"));
    assert!(header(&[plain, several]).ends_with(",is_active,repeats"));
    let turns = r#"{"turns": [{"user": "first"}, {"user": "second"}]}"#;
    assert_eq!(cases(read_as("jsonl", turns))[0].user_input, "first");
}

#[test]
fn a_format_that_is_only_read_says_which_are_written() {
    let error = write("gsm8k", &[]).unwrap_err().to_string();
    assert_eq!(error, "`gsm8k` is only read; cases are written as json, jsonl, tsv, csv, yaml");
    assert!(write("word", &[]).unwrap_err().to_string().starts_with("there is no format `word`"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{1,20}", "[ '=+@|,\"\\[\\]\\-\r\n\ta-c]{1,12}"]
}

prop_compose! {
    fn any_case()(
        user_input in text(),
        name in prop::option::of(text()),
        expected_output in prop::option::of(text()),
        tools in prop::option::of(prop::collection::vec(text(), 0..3)),
        tags in prop::collection::vec(text(), 0..3),
        weight in 0.001..1e9_f64,
        split in prop::option::of(prop_oneof![Just(Split::Train), Just(Split::Dev), Just(Split::Test)]),
        tolerance in prop::option::of(0.0..10.0_f64),
        argument in text(),
        is_active: bool,
        more in prop::option::of((text(), text(), 1..9_u32)),
    ) -> TestCaseCreate {
        let more = more.map(|(said, name, number)| TestCaseCreate {
            turns: vec![CaseTurn { user: said.clone(), expect: Expectation { min_calls: Some(number), ..Expectation::default() } }],
            answer_checks: Some(serde_json::json!({"any": [{"check": name, "expected": said}]})),
            call_mode: Some(name.clone()),
            min_calls: Some(number),
            system: Some(said.clone()),
            tool_defs: vec![CaseTool { name: name.clone(), result: Some(said.clone().into()), ..CaseTool::default() }],
            only_own_tools: number > 4,
            limits: Some(CaseLimits { max_steps: Some(number), timeout_ms: None }),
            repeats: number,
            cluster: Some(name.clone()),
            source: Some(CaseSource { dataset: said, id: Some(name), licence: None }),
            ..TestCaseCreate::default()
        });
        TestCaseCreate {
            user_input, name, expected_output, tags, weight, split, tolerance, is_active,
            expected_calls: tools.as_ref().map(|tools| tools.iter().map(|name| ExpectedCall {
                name: name.clone(),
                arguments: [(argument.clone(), serde_json::json!([argument.clone(), 1.5, null]))].into_iter().collect(),
                ..ExpectedCall::default()
            }).collect()),
            expected_tools_json: tools,
            ..more.unwrap_or_default()
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(cases in prop::collection::vec(any_case(), 0..4)) {
        for format in formats().iter().filter(|format| !cases.is_empty() && format.write(&[]).is_some()) {
            let file = format.write(&cases).unwrap();
            let read = read_as(format.name(), &file);
            prop_assert_eq!(super::tests::cases(read), cases.clone(), "{}: {}", format.name(), file);
        }
    }

    #[test]
    fn no_text_makes_a_format_panic(text in ".{0,200}") {
        for format in formats() {
            let _ = read(text.as_bytes(), &ImportOptions { format: Some(format.name().into()), ..ImportOptions::default() });
        }
    }
}
