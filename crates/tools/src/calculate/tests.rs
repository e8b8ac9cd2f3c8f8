//! What people type, and what it must come to.

use super::*;
use proptest::prelude::*;

fn check(expression: &str, expected: &str) {
    let got = grammar::evaluate(expression).map_or_else(|problem| problem.to_string(), |number| number.to_string());
    assert_eq!(got, expected, "{expression}");
}

#[track_caller]
fn refused(expression: &str, part: &str) {
    match grammar::evaluate(expression) {
        Ok(number) => panic!("{expression} gave {number}"),
        Err(problem) => assert!(problem.to_string().contains(part), "{expression}: {problem}"),
    }
}

#[test]
fn precedence_is_the_mathematicians() {
    for (expression, expected) in [
        ("15 * 23", "345"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("100 / 10 / 2", "5"),
        ("2^3^2", "512"),
        ("2**10", "1024"),
        ("-2^2", "-4"),
        ("(-2)^2", "4"),
        ("2^-2", "0.25"),
        ("2 * -3", "-6"),
        ("2 - -3", "5"),
        ("--5", "5"),
        ("2(3 + 4)", "14"),
        ("(1+2)(3+4)", "21"),
        ("7 × 6 ÷ 2 − 1", "20"),
        ("5!", "120"),
        ("2^3!", "64"),
        ("12²", "144"),
        ("√144 + 1", "13"),
        ("7 % 3", "1"),
        ("-7 mod 3", "2"),
        ("15x23", "345"),
        ("15 X 23 =", "345"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn numbers_are_exact_where_they_can_be() {
    for (expression, expected) in [
        ("0.1 + 0.2", "0.3"),
        ("1/3", "0.333333333333"),
        ("2/3", "0.666666666667"),
        ("1/3 * 3", "1"),
        ("1/8", "0.125"),
        ("0.1^20", "0.00000000000000000001"),
        ("2^100", "1267650600228229401496703205376"),
        ("99999999999999999999 + 1", "100000000000000000000"),
        ("1e3 + 1.5e-1", "1000.15"),
        (".5 + 5.", "5.5"),
        ("4^0.5", "2"),
        ("27^(1/3)", "3"),
        ("sqrt(2.25)", "1.5"),
        ("2^0.5", "1.41421356237"),
        ("10^50/3", "3.33333333333e49"),
        ("1,234,567 + 1", "1234568"),
        ("$1,000 * 3", "3000"),
        ("-1/8", "-0.125"),
        ("0 * -1", "0"),
        ("0^0", "1"),
        ("1^99999999999", "1"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn percentages_mean_what_a_pocket_calculator_means() {
    for (expression, expected) in [
        ("20% of 50", "10"),
        ("50 + 10%", "55"),
        ("50 - 10%", "45"),
        ("50 * 10%", "5"),
        ("10%", "0.1"),
        ("10% + 5%", "0.15"),
        ("20% off 50", "40"),
        ("15 percent of 80", "12"),
        ("7.5% of 200", "15"),
        ("increase 50 by 10%", "55"),
        ("reduce 80 by 25 percent", "60"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn functions_and_constants() {
    for (expression, expected) in [
        ("sqrt(144)", "12"),
        ("sqrt 144 + 5", "17"),
        ("cbrt(-27)", "-3"),
        ("abs(-3.5)", "3.5"),
        ("max(1,234)", "234"),
        ("min(3, 1/2, 2)", "0.5"),
        ("max(1, 2, max(3, 4))", "4"),
        ("round(2.5)", "3"),
        ("round(3.14159, 2)", "3.14"),
        ("floor(-2.5)", "-3"),
        ("ceil(2.1)", "3"),
        ("sin(0)", "0"),
        ("sin(pi)", "0"),
        ("cos(π)", "-1"),
        ("sin(30°)", "0.5"),
        ("tan(45 degrees)", "1"),
        ("ln(e)", "1"),
        ("log(1000)", "3"),
        ("log(8, 2)", "3"),
        ("exp(0)", "1"),
        ("2 pi", "6.28318530718"),
        ("gcd(12, 18)", "6"),
        ("lcm(4, 6)", "12"),
        ("mean(1, 2, 3, 4)", "2.5"),
        ("pow(2, 8)", "256"),
        ("factorial(5)", "120"),
        ("SQRT(16)", "4"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn words_people_use() {
    for (expression, expected) in [
        ("100 divided by 4", "25"),
        ("2 to the power of 8", "256"),
        ("2 raised to the power of 10", "1024"),
        ("15 times 23", "345"),
        ("6 multiplied by 7", "42"),
        ("square root of 144", "12"),
        ("the square root of 16 plus 1", "5"),
        ("half of 90", "45"),
        ("a quarter of 100", "25"),
        ("double 21", "42"),
        ("7 plus 8", "15"),
        ("10 minus 4", "6"),
        ("12 squared", "144"),
        ("3 cubed", "27"),
        ("5 factorial", "120"),
        ("What is 15 * 23?", "345"),
        ("Calculate 100 divided by 4", "25"),
        ("what's 7 plus 8", "15"),
        ("the sum of 3, 4 and 5", "12"),
        ("the product of 12 and 7", "84"),
        ("the difference between 9 and 4", "5"),
        ("the average of 2 and 4", "3"),
        ("add 3 to 4", "7"),
        ("subtract 3 from 10", "7"),
        ("multiply 6 by 7", "42"),
        ("divide 100 by 4", "25"),
        ("seven plus eight", "15"),
        ("forty-two times two", "84"),
        ("twenty percent of fifty", "10"),
        ("two hundred five plus one", "206"),
        ("three thousand", "3000"),
        ("5 million / 2", "2500000"),
        ("the absolute value of -3", "3"),
        ("17 mod 5", "2"),
        ("9 over 3", "3"),
    ] {
        check(expression, expected);
    }
}

#[test]
fn refusals_say_what_would_be_right() {
    refused("1 / 0", "divisor other than 0");
    refused("0^-1", "divisor other than 0");
    refused("5 mod 0", "divisor other than 0");
    refused("10 apples", "cannot read `apples` at character 4; expected numbers with");
    refused("2 +", "ends too early");
    refused("(1 + 2", "ends too early");
    refused("1 + 2)", "cannot read `)` at character 6");
    refused("hello", "cannot read `hello` at character 1");
    refused("2 3", "cannot read `3` at character 3");
    refused("(3 + apples)", "cannot read `apples)` at character 6");
    refused("sqrt(-1)", "expected at least 0");
    refused("ln(0)", "expected more than 0");
    refused("(-8)^0.5", "no real power");
    refused("max()", "cannot read `)`");
    refused("pow(2)", "was given 1 arguments, expected 2");
    refused("2.5!", "expected 0 to 450");
    refused("asin(2)", "expected -1 to 1");
    refused("import os", "cannot read `import`");
}

#[test]
fn hostile_expressions_are_refused_at_once() {
    refused("2^2^2^2^9", "too large");
    refused("9^9^9^9", "too large");
    refused("1e9999", "too large");
    refused("1e99999999999999", "too large");
    refused("451!", "expected 0 to 450");
    refused("10^-5000", "too large");
    refused("exp(10000)", "too large");
    refused(&"(".repeat(400), "brackets");
    refused(&"-".repeat(400), "brackets");
    refused(&"√".repeat(400), "brackets");
    refused(&format!("{}1", "2^".repeat(200)), "brackets");
    refused(&format!("{}1", "sqrt ".repeat(90)), "brackets");
    refused(&format!("1{}", "!".repeat(200)).replace('1', "7"), "expected 0 to 450");
    check(&format!("{}1", "1+".repeat(240)), "241");
}

#[tokio::test]
async fn a_megabyte_of_digits_is_refused_at_once() {
    let arguments = json!({ "expression": "9".repeat(1_000_000) }).as_object().unwrap().clone();
    let answer = Calculate.call(&arguments, &CancellationToken::new()).await;
    let expected = "`expression` has 1000000 characters, expected at most 500";
    assert_eq!(answer, Err(ToolError::Arguments(expected.into())));
}

#[tokio::test]
async fn the_answer_is_plain_text() {
    let arguments = json!({ "expression": " 15 * 23 " }).as_object().unwrap().clone();
    assert_eq!(Calculate.call(&arguments, &CancellationToken::new()).await, Ok("345".into()));
}

proptest! {
    #[test]
    fn no_text_panics(text in "[ 0-9a-z.,%^!()+*/√πeE-]{0,60}") {
        let _ = grammar::evaluate(&text);
    }

    #[test]
    fn whole_sums_are_exact(a in -1_000_000_000_i64..1_000_000_000, b in 0_i64..1_000_000_000) {
        prop_assert_eq!(grammar::evaluate(&format!("{a} + {b}")).unwrap().to_string(), (a + b).to_string());
    }
}

#[test]
fn every_calculation_of_the_sample_suite_gives_its_expected_answer() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("../../../../samples/cases.json")).unwrap();
    let mut checked = 0;
    let is_to_fail = |case: &serde_json::Value| case["tags"].as_array().unwrap().contains(&"error".into());
    for case in cases.as_array().unwrap().iter().filter(|case| !is_to_fail(case)) {
        let argument = &case["expected_calls"][0]["arguments"]["expression"];
        let expression = argument.as_str().or(argument["one_of"][0].as_str());
        if let (Some(expression), Some(expected)) = (expression, case["expected_output"].as_str()) {
            check(expression, expected);
            checked += 1;
        }
    }
    assert!(checked > 30, "only {checked} calculations were found");
}
