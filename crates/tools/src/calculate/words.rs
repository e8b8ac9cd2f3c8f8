//! Sentences: numbers in words, "the sum of …", "add … to …", and what people say before and after.

use super::{
    Outcome, Quantity, functions,
    grammar::{Input, applied, calculation, list, name, phrase, spend, symbol, tight},
    number::Number,
    operators::moved,
};
use winnow::{
    ModalResult, Parser,
    ascii::multispace0,
    combinator::{alt, fail, opt, preceded, repeat},
};

/// Words below twenty, by value.
const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// The tens from twenty.
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// The scales above a hundred.
const SCALES: [(&str, i64); 3] = [("thousand", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000)];

/// "What is", "calculate", "how much is the", or nothing.
pub fn lead_in(input: &mut Input<'_>) -> ModalResult<()> {
    const LEAD_INS: [&str; 15] = [
        "please",
        "what is",
        "what's",
        "what’s",
        "whats",
        "how much is",
        "calculate",
        "compute",
        "evaluate",
        "solve",
        "work out",
        "find",
        "tell me",
        "the value of",
        "the result of",
    ];
    let polite = (alt((alt(LEAD_INS.map(phrase)), phrase("can you"), phrase("could you"))), opt(symbol(":"))).void();
    repeat(0..=4, polite).parse_next(input)
}

/// "=", "?", "please", or nothing.
pub fn ending(input: &mut Input<'_>) -> ModalResult<()> {
    let piece =
        alt((symbol("="), symbol("?"), symbol("."), phrase("please"), phrase("equals"), phrase("is"), phrase("what")));
    repeat(0..=4, piece).parse_next(input)
}

/// A number in words: "seven", "forty-two", "two hundred five", "three million".
pub fn number(input: &mut Input<'_>) -> ModalResult<Outcome> {
    let mut total = below_thousand.parse_next(input)?;
    if let Some(factor) = opt(scale).parse_next(input)? {
        total *= factor;
        if let Some(rest) = opt(below_thousand).parse_next(input)? {
            let factor = opt(scale).parse_next(input)?.unwrap_or(1);
            total += rest * factor;
        }
    }
    Ok(Ok(Quantity::plain(total.into())))
}

fn below_thousand(input: &mut Input<'_>) -> ModalResult<i64> {
    let small = below_hundred.parse_next(input)?;
    if opt(phrase("hundred")).parse_next(input)?.is_none() {
        return Ok(small);
    }
    Ok(small * 100 + opt(below_hundred).parse_next(input)?.unwrap_or(0))
}

fn below_hundred(input: &mut Input<'_>) -> ModalResult<i64> {
    let word = name.parse_next(input)?;
    let place = |words: &[&str]| {
        let place = words.iter().position(|known| known.eq_ignore_ascii_case(word))?;
        i64::try_from(place).ok()
    };
    if let Some(small) = place(&SMALL) {
        return Ok(small);
    }
    let Some(tens) = place(&TENS) else { return fail.parse_next(input) };
    Ok((tens + 2) * 10 + opt(unit).parse_next(input)?.unwrap_or(0))
}

/// The unit after tens, with or without a hyphen: "-two".
fn unit(input: &mut Input<'_>) -> ModalResult<i64> {
    let units = SMALL.get(1..10).unwrap_or(&[]);
    let word = preceded((multispace0, opt('-')), name).parse_next(input)?;
    let unit = (1..).zip(units).find(|(_, known)| known.eq_ignore_ascii_case(word));
    match unit {
        Some((value, _)) => Ok(value),
        None => fail.parse_next(input),
    }
}

fn scale(input: &mut Input<'_>) -> ModalResult<i64> {
    let word = name.parse_next(input)?;
    match SCALES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)) {
        Some((_, factor)) => Ok(*factor),
        None => fail.parse_next(input),
    }
}

/// "the sum of 3, 4 and 5", "the difference between 9 and 4", "the absolute value of -3".
pub fn application(input: &mut Input<'_>) -> ModalResult<Outcome> {
    opt(phrase("the")).parse_next(input)?;
    let known = alt((
        phrase("greatest common divisor").value("gcd"),
        phrase("least common multiple").value("lcm"),
        phrase("absolute value").value("abs"),
        phrase("natural logarithm").value("ln"),
        name,
    ))
    .parse_next(input)?;
    let Some(function) = functions::find(known) else { return fail.parse_next(input) };
    alt((phrase("of"), phrase("between"))).parse_next(input)?;
    spend.parse_next(input)?;
    if function.takes_a_list() {
        return Ok(applied(function, list.parse_next(input)?));
    }
    Ok(applied(function, vec![tight.parse_next(input)?]))
}

/// "add 3 to 4", "subtract 3 from 10", "multiply 6 by 7", "divide 100 by 4", "increase 50 by 10%".
pub fn command(input: &mut Input<'_>) -> ModalResult<Outcome> {
    let add = (phrase("add"), calculation, alt((phrase("to"), phrase("and"), symbol(","))), calculation)
        .map(|(_, a, _, b)| moved(b, a, Number::plus));
    let subtract = (
        alt((phrase("subtract"), phrase("take"))),
        calculation,
        alt((phrase("from"), phrase("away from"))),
        calculation,
    )
        .map(|(_, a, _, b)| moved(b, a, Number::minus));
    let multiply = (phrase("multiply"), calculation, alt((phrase("by"), phrase("and"), phrase("with"))), calculation)
        .map(|(_, a, _, b)| a?.value().times(&b?.value()).map(Quantity::plain));
    let divide = (phrase("divide"), calculation, phrase("by"), calculation)
        .map(|(_, a, _, b)| a?.value().divided_by(&b?.value()).map(Quantity::plain));
    let increase =
        (phrase("increase"), calculation, phrase("by"), calculation).map(|(_, a, _, b)| moved(a, b, Number::plus));
    let decrease = (alt((phrase("decrease"), phrase("reduce"))), calculation, phrase("by"), calculation)
        .map(|(_, a, _, b)| moved(a, b, Number::minus));
    alt((add, subtract, multiply, divide, increase, decrease)).parse_next(input)
}
