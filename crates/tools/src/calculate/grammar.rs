//! What can stand between operators (numbers, brackets, functions, names), and the reading of a whole text.
//!
//! Values are computed while reading, so no tree is built; a problem travels as a value and is told only when the whole
//! text could be read. Commas group thousands (`1,234,567`), except between the arguments of a function.

use super::{Outcome, Problem, Quantity, functions, number::Number, operators, words};
use winnow::{
    ModalResult, Parser,
    ascii::{Caseless, digit1, multispace0},
    combinator::{alt, cut_err, delimited, eof, expression, fail, not, opt, peek, preceded, repeat, separated},
    error::{ContextError, ErrMode},
    stream::Stateful,
    token::{literal, one_of, take_while},
};

/// The text, and what must be remembered on the way.
pub type Input<'i> = Stateful<&'i str, State>;
/// Why a parser did not match.
pub type Failure = ErrMode<ContextError>;

/// What the grammar remembers.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// How many more brackets, signs, powers and functions may come: it bounds the depth of the recursion.
    budget: u32,
    /// The budget was overdrawn.
    exhausted: bool,
    /// Between the brackets of a function, where a comma separates arguments.
    in_arguments: bool,
}

/// Most brackets, signs, powers and functions in one expression.
const NESTING_MAX: u32 = 64;
/// Greatest exponent of ten in `1e9`, in digits.
const EXPONENT_DIGITS_MAX: usize = 4;

/// Reads and computes the whole text.
///
/// # Errors
/// What cannot be read, and where; or what cannot be computed.
pub fn evaluate(text: &str) -> Result<Number, Problem> {
    let state = State { budget: NESTING_MAX, exhausted: false, in_arguments: false };
    let mut input = Input { input: text, state };
    let read = (words::lead_in, alt((words::command, calculation)), words::ending, multispace0, eof)
        .map(|(_, outcome, ..)| outcome)
        .parse_next(&mut input);
    match read {
        Ok(outcome) => outcome.map(|quantity| quantity.number),
        Err(_) if input.state.exhausted => Err(Problem::TooDeep(NESTING_MAX)),
        Err(_) => Err(Problem::unreadable(text, text.len().saturating_sub(input.input.len()))),
    }
}

/// An expression.
pub fn calculation(input: &mut Input<'_>) -> ModalResult<Outcome> {
    expression(operand).prefix(operators::before).infix(operators::between).postfix(operators::after).parse_next(input)
}

/// What a function without brackets applies to: in `sqrt 144 + 5` the 144.
pub fn tight(input: &mut Input<'_>) -> ModalResult<Outcome> {
    expression(operand)
        .prefix(operators::before)
        .infix(operators::between)
        .postfix(operators::after)
        .current_precedence_level(operators::POWER)
        .parse_next(input)
}

/// Expressions separated by commas, "and", or both.
pub fn list(input: &mut Input<'_>) -> ModalResult<Vec<Outcome>> {
    let separator = alt(((symbol(","), opt(phrase("and"))).void(), phrase("and")));
    with_commas(true, separated(1.., calculation, separator)).parse_next(input)
}

/// `symbol`, after any white space.
pub fn symbol<'i>(symbol: &'static str) -> impl Parser<Input<'i>, (), Failure> {
    (multispace0, literal(symbol)).void()
}

/// The words of `phrase` in any case, ending where a word ends.
pub fn phrase<'i>(phrase: &'static str) -> impl Parser<Input<'i>, (), Failure> {
    move |input: &mut Input<'i>| {
        for word in phrase.split(' ') {
            (multispace0, literal(Caseless(word)), not(one_of(char::is_alphanumeric))).void().parse_next(input)?;
        }
        Ok(())
    }
}

/// Counts one bracket, sign, power or function; fails for good when there are too many.
pub fn spend(input: &mut Input<'_>) -> ModalResult<()> {
    if let Some(left) = input.state.budget.checked_sub(1) {
        input.state.budget = left;
        return Ok(());
    }
    input.state.exhausted = true;
    cut_err(fail).parse_next(input)
}

/// Runs `inner` where commas separate arguments (or not), then goes back to what was.
fn with_commas<'i, T>(
    separate: bool,
    mut inner: impl Parser<Input<'i>, T, Failure>,
) -> impl Parser<Input<'i>, T, Failure> {
    move |input: &mut Input<'i>| {
        let outside = std::mem::replace(&mut input.state.in_arguments, separate);
        let result = inner.parse_next(input);
        input.state.in_arguments = outside;
        result
    }
}

fn operand(input: &mut Input<'_>) -> ModalResult<Outcome> {
    preceded(multispace0, alt((number, bracketed, words::number, words::application, named))).parse_next(input)
}

fn bracketed(input: &mut Input<'_>) -> ModalResult<Outcome> {
    delimited(('(', spend), with_commas(false, cut_err(calculation)), cut_err(symbol(")"))).parse_next(input)
}

/// A name: a function with its arguments, or a constant.
fn named(input: &mut Input<'_>) -> ModalResult<Outcome> {
    let name = name.parse_next(input)?;
    if let Some(function) = functions::find(name) {
        spend.parse_next(input)?;
        let arguments =
            alt((arguments, preceded(opt(phrase("of")), tight).map(|only| vec![only]))).parse_next(input)?;
        return Ok(applied(function, arguments));
    }
    match functions::constant(name) {
        Some(value) => Ok(Number::rounded(value).map(Quantity::plain)),
        None => fail.parse_next(input),
    }
}

/// A name of letters and digits.
pub fn name<'i>(input: &mut Input<'i>) -> ModalResult<&'i str> {
    preceded(multispace0, (one_of(char::is_alphabetic), take_while(0.., char::is_alphanumeric)).take())
        .parse_next(input)
}

fn arguments(input: &mut Input<'_>) -> ModalResult<Vec<Outcome>> {
    let separated = with_commas(true, cut_err(separated(1.., calculation, symbol(","))));
    delimited(symbol("("), separated, cut_err(symbol(")"))).parse_next(input)
}

/// The function of these arguments, or the first problem among them.
pub fn applied(function: &functions::Function, arguments: Vec<Outcome>) -> Outcome {
    let values: Vec<Number> =
        arguments.into_iter().map(|outcome| outcome.map(|quantity| quantity.value())).collect::<Result<_, _>>()?;
    function.apply(&values).map(Quantity::plain)
}

/// Digits with grouped thousands, decimals and an exponent of ten; a currency sign before it says nothing.
fn number(input: &mut Input<'_>) -> ModalResult<Outcome> {
    let grouped = |input: &mut Input<'_>| -> ModalResult<String> {
        if input.state.in_arguments {
            return fail.parse_next(input);
        }
        let group = preceded(',', (take_while(3..=3, '0'..='9'), not(one_of('0'..='9'))).take());
        let groups = repeat(1.., group).map(|groups: Vec<&str>| groups.concat());
        (take_while(1..=3, '0'..='9'), groups).map(|(first, rest)| format!("{first}{rest}")).parse_next(input)
    };
    let whole = alt((grouped, digit1.map(str::to_owned)));
    let with_whole =
        (whole, opt(preceded('.', opt(digit1)))).map(|(whole, rest)| (whole, rest.flatten().unwrap_or("")));
    let only_decimals = preceded('.', digit1).map(|decimals: &str| (String::new(), decimals));
    let sign = opt(one_of(['$', '€', '£', '¥']));
    let ((whole, decimals), exponent) =
        preceded((sign, multispace0), (alt((with_whole, only_decimals)), opt(exponent))).parse_next(input)?;
    let exponent = exponent.unwrap_or(Some(0));
    Ok(exponent
        .ok_or(Problem::TooLarge)
        .and_then(|exponent| Number::from_decimal(&whole, decimals, exponent))
        .map(Quantity::plain))
}

/// `e` with a whole number; `None` when it is beyond any use.
fn exponent(input: &mut Input<'_>) -> ModalResult<Option<i32>> {
    let sign = opt(one_of(['+', '-']));
    let (sign, digits): (Option<char>, &str) = preceded(one_of(['e', 'E']), (sign, digit1)).parse_next(input)?;
    peek(not(one_of(char::is_alphabetic))).parse_next(input)?;
    let size = (digits.len() <= EXPONENT_DIGITS_MAX).then(|| digits.parse::<i32>().ok()).flatten();
    Ok(size.map(|size| if sign == Some('-') { -size } else { size }))
}
