//! The operators, in symbols and in words, from loosest to tightest.
//!
//! | level | operators |
//! |---|---|
//! | 3 | `+` plus · `-` minus |
//! | 5 | `*` `×` times, multiplied by, of · `/` `÷` divided by, over · mod · off · a bracket or name right after a value |
//! | 6 | signs · `√` square root of, half of, double, … |
//! | 8 | `^` `**` to the power of (right-associative: 2^3^2 is 2^9) |
//! | 9 | `!` · `%` percent · `°` · squared, cubed · hundred, thousand, million, billion |
//!
//! Decided: a percentage that is added or subtracted is one of the other side, as on a pocket calculator: `50 + 10%` is
//! 55; anywhere else `10%` is 0.1. `%` right before a digit or a bracket is the remainder: `7 % 3` is 1. `20% off 50` is
//! 40.

use super::{
    Outcome, Problem, Quantity,
    grammar::{Failure, Input, phrase, spend, symbol},
    number::Number,
};
use winnow::{
    ModalResult, Parser,
    ascii::{Caseless, multispace0},
    combinator::{
        Infix::{self, Left, Right},
        Postfix, Prefix, alt, not, peek,
    },
    token::{literal, one_of},
};

/// Level of `+` and `-`.
const SUM: i64 = 3;
/// Level of `*` and `/`.
const PRODUCT: i64 = 5;
/// Level of signs and of words before a value.
const SIGN: i64 = 6;
/// Level of powers.
pub const POWER: i64 = 8;
/// Level of what follows a value.
const AFTER: i64 = 9;

type Between<'i> = Infix<Input<'i>, Outcome, Failure>;
type Before<'i> = Prefix<Input<'i>, Outcome, Failure>;
type After<'i> = Postfix<Input<'i>, Outcome, Failure>;

/// An operator between two values.
pub fn between<'i>(input: &mut Input<'i>) -> ModalResult<Between<'i>> {
    let power = (alt((symbol("**"), symbol("^"), phrase("to the power of"), phrase("to the power"), raised)), spend);
    let plus = alt((symbol("+"), phrase("plus"), phrase("added to")));
    let over = alt((symbol("/"), symbol("÷"), phrase("divided by"), phrase("over")));
    let modulo = alt((symbol("%"), phrase("modulo"), phrase("mod")));
    alt((
        power.map(|_| Right(POWER, |_, a, b| Ok(both(a, b, Number::power)))),
        plus.map(|()| Left(SUM, |_, a, b| Ok(moved(a, b, Number::plus)))),
        minus_sign.map(|()| Left(SUM, |_, a, b| Ok(moved(a, b, Number::minus)))),
        times.map(|()| Left(PRODUCT, |_, a, b| Ok(both(a, b, Number::times)))),
        over.map(|()| Left(PRODUCT, |_, a, b| Ok(both(a, b, Number::divided_by)))),
        modulo.map(|()| Left(PRODUCT, |_, a, b| Ok(both(a, b, Number::modulo)))),
        phrase("off").map(|()| Left(PRODUCT, |_, a, b| Ok(moved(b, a, Number::minus)))),
        beside.map(|()| Left(PRODUCT, |_, a, b| Ok(both(a, b, Number::times)))),
    ))
    .parse_next(input)
}

/// An operator before a value.
pub fn before<'i>(input: &mut Input<'i>) -> ModalResult<Before<'i>> {
    let sign = alt((
        alt((minus_sign, phrase("negative"))).map(|()| Prefix(SIGN, |_, a: Outcome| Ok(a.map(Quantity::negated)))),
        alt((symbol("+"), phrase("plus"))).map(|()| Prefix(SIGN, |_, a| Ok(a))),
    ));
    let root = alt((
        alt((symbol("√"), phrase("the square root of"), phrase("square root of")))
            .map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.root(2))))),
        alt((symbol("∛"), phrase("the cube root of"), phrase("cube root of")))
            .map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.root(3))))),
    ));
    (alt((sign, root, share)), spend).map(|(operator, ())| operator).parse_next(input)
}

/// Words for a part or a multiple of what follows.
fn share<'i>(input: &mut Input<'i>) -> ModalResult<Before<'i>> {
    let half = alt((phrase("one half of"), phrase("half of"), phrase("half")));
    let third = alt((phrase("one third of"), phrase("a third of"), phrase("third of")));
    let quarter = alt((phrase("one quarter of"), phrase("a quarter of"), phrase("quarter of")));
    alt((
        half.map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.divided_by(&2.into()))))),
        third.map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.divided_by(&3.into()))))),
        quarter.map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.divided_by(&4.into()))))),
        alt((phrase("double"), phrase("twice"))).map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.times(&2.into()))))),
        phrase("triple").map(|()| Prefix(SIGN, |_, a| Ok(one(a, |a| a.times(&3.into()))))),
    ))
    .parse_next(input)
}

/// An operator after a value.
pub fn after<'i>(input: &mut Input<'i>) -> ModalResult<After<'i>> {
    let remainder = peek((multispace0, one_of(|c: char| c.is_ascii_digit() || c == '(' || c == '.')));
    let percent = alt(((symbol("%"), not(remainder)).void(), phrase("percent"), phrase("per cent")));
    let degrees = alt((symbol("°"), phrase("degrees"), phrase("degree")));
    alt((
        percent.map(|()| Postfix(AFTER, |_, a: Outcome| Ok(a.and_then(Quantity::percentage)))),
        alt((symbol("!"), phrase("factorial"))).map(|()| Postfix(AFTER, |_, a| Ok(one(a, Number::factorial)))),
        alt((symbol("²"), phrase("squared"))).map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.power(&2.into()))))),
        alt((symbol("³"), phrase("cubed"))).map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.power(&3.into()))))),
        degrees.map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| Number::rounded(a.to_f64().to_radians()))))),
        phrase("hundred").map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.times(&100.into()))))),
        phrase("thousand").map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.times(&1_000.into()))))),
        phrase("million").map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.times(&1_000_000.into()))))),
        phrase("billion").map(|()| Postfix(AFTER, |_, a| Ok(one(a, |a| a.times(&1_000_000_000.into()))))),
    ))
    .parse_next(input)
}

fn minus_sign(input: &mut Input<'_>) -> ModalResult<()> {
    alt((symbol("-"), symbol("−"), symbol("–"), phrase("minus"))).parse_next(input)
}

fn raised(input: &mut Input<'_>) -> ModalResult<()> {
    alt((phrase("raised to the power of"), phrase("raised to the power"), phrase("raised to"))).parse_next(input)
}

fn times(input: &mut Input<'_>) -> ModalResult<()> {
    let letter = (multispace0, literal(Caseless("x")), not(one_of(char::is_alphabetic))).void();
    let signs = alt((symbol("*"), symbol("×"), symbol("·"), symbol("⋅")));
    alt((signs, letter, phrase("times"), phrase("multiplied by"), phrase("of"))).parse_next(input)
}

/// A bracket or a name right after a value multiplies: `2(3 + 4)`, `2 pi`. Words that continue a sentence do not.
fn beside(input: &mut Input<'_>) -> ModalResult<()> {
    let sentence = alt(["and", "to", "by", "from", "with", "equals", "is", "please"].map(phrase));
    let start = one_of(|c: char| c.is_alphabetic() || c == '(' || c == '√');
    (not(sentence), peek((multispace0, start))).void().parse_next(input)
}

fn one(a: Outcome, work: fn(&Number) -> Result<Number, Problem>) -> Outcome {
    work(&a?.value()).map(Quantity::plain)
}

fn both(a: Outcome, b: Outcome, work: fn(&Number, &Number) -> Result<Number, Problem>) -> Outcome {
    work(&a?.value(), &b?.value()).map(Quantity::plain)
}

/// `a` moved up or down by `b`; a percentage `b` is one of `a`.
pub fn moved(a: Outcome, b: Outcome, work: fn(&Number, &Number) -> Result<Number, Problem>) -> Outcome {
    let (a, b) = (a?, b?);
    let amount = if b.percent && !a.percent { a.number.times(&b.number)? } else { b.number };
    Ok(Quantity { number: work(&a.number, &amount)?, percent: a.percent && b.percent })
}
