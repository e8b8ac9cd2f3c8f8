//! The functions and constants of the calculator, by name.

use super::{Problem, number::Number};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use std::ops::RangeInclusive;

type Body = fn(&[Number]) -> Result<Number, Problem>;

/// A function: its names, how many arguments it takes, and what it does.
pub struct Function {
    /// The first name is the usual one; the others are words for the same.
    pub names: &'static [&'static str],
    /// How many arguments.
    pub arity: RangeInclusive<usize>,
    body: Body,
}

/// Most arguments of a function that takes any number.
const MANY: usize = 100;

/// Every function.
pub const FUNCTIONS: &[Function] = &[
    function(&["sqrt", "root"], 1..=1, |a| first(a)?.root(2)),
    function(&["cbrt"], 1..=1, |a| first(a)?.root(3)),
    function(&["abs", "absolute"], 1..=1, |a| first(a)?.map(Signed::abs, f64::abs)),
    function(&["sign", "sgn"], 1..=1, |a| first(a)?.map(Signed::signum, f64::signum)),
    function(&["floor"], 1..=1, |a| first(a)?.map(BigRational::floor, f64::floor)),
    function(&["ceil", "ceiling"], 1..=1, |a| first(a)?.map(BigRational::ceil, f64::ceil)),
    function(&["trunc", "int"], 1..=1, |a| first(a)?.map(BigRational::trunc, f64::trunc)),
    function(&["round", "rounded"], 1..=2, round),
    function(&["sin", "sine"], 1..=1, |a| trigonometric(a, f64::sin)),
    function(&["cos", "cosine"], 1..=1, |a| trigonometric(a, f64::cos)),
    function(&["tan", "tangent"], 1..=1, |a| trigonometric(a, f64::tan)),
    function(&["asin", "arcsin"], 1..=1, |a| unit(a, f64::asin)),
    function(&["acos", "arccos"], 1..=1, |a| unit(a, f64::acos)),
    function(&["atan", "arctan"], 1..=1, |a| smooth(a, f64::atan)),
    function(&["sinh"], 1..=1, |a| smooth(a, f64::sinh)),
    function(&["cosh"], 1..=1, |a| smooth(a, f64::cosh)),
    function(&["tanh"], 1..=1, |a| smooth(a, f64::tanh)),
    function(&["exp"], 1..=1, |a| smooth(a, f64::exp)),
    function(&["ln"], 1..=1, |a| logarithm(a, f64::ln)),
    function(&["log", "logarithm"], 1..=2, log),
    function(&["log10"], 1..=1, |a| logarithm(a, f64::log10)),
    function(&["log2"], 1..=1, |a| logarithm(a, f64::log2)),
    function(&["factorial"], 1..=1, |a| first(a)?.factorial()),
    function(&["pow", "power"], 2..=2, |a| first(a)?.power(second(a)?)),
    function(&["mod", "modulo"], 2..=2, |a| first(a)?.modulo(second(a)?)),
    function(&["difference"], 2..=2, |a| first(a)?.minus(second(a)?)),
    function(&["quotient", "ratio"], 2..=2, |a| first(a)?.divided_by(second(a)?)),
    function(&["min", "minimum", "smallest", "lowest"], 1..=MANY, |a| extreme(a, f64::lt)),
    function(&["max", "maximum", "largest", "greatest", "biggest", "highest"], 1..=MANY, |a| extreme(a, f64::gt)),
    function(&["sum", "total"], 1..=MANY, sum),
    function(&["product"], 1..=MANY, |a| a.iter().try_fold(Number::from(1), |all, next| all.times(next))),
    function(&["mean", "average", "avg"], 1..=MANY, mean),
    function(&["gcd", "gcf", "hcf"], 2..=MANY, |a| whole_fold(a, |x, y| x.gcd(y))),
    function(&["lcm"], 2..=MANY, |a| whole_fold(a, |x, y| x.lcm(y))),
];

const fn function(names: &'static [&'static str], arity: RangeInclusive<usize>, body: Body) -> Function {
    Function { names, arity, body }
}

/// The function of that name; case does not matter.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The constant of that name.
pub fn constant(name: &str) -> Option<f64> {
    match name.to_lowercase().as_str() {
        "pi" | "π" => Some(std::f64::consts::PI),
        "e" => Some(std::f64::consts::E),
        "tau" | "τ" => Some(std::f64::consts::TAU),
        _ => None,
    }
}

impl Function {
    /// Applies it.
    pub fn apply(&self, arguments: &[Number]) -> Result<Number, Problem> {
        if self.arity.contains(&arguments.len()) {
            return (self.body)(arguments);
        }
        let name = self.names.first().copied().unwrap_or_default();
        let (least, most) = (self.arity.start(), self.arity.end());
        let expected = if least == most { least.to_string() } else { format!("{least} to {most}") };
        Err(Problem::Domain(format!("`{name}` was given {} arguments, expected {expected}", arguments.len())))
    }

    /// Whether it takes a list ("the sum of 1, 2 and 3").
    pub fn takes_a_list(&self) -> bool {
        *self.arity.end() > 1 && !self.names.contains(&"round") && !self.names.contains(&"log")
    }
}

fn first(arguments: &[Number]) -> Result<&Number, Problem> {
    arguments.first().ok_or(Problem::TooLarge)
}

fn second(arguments: &[Number]) -> Result<&Number, Problem> {
    arguments.get(1).ok_or(Problem::TooLarge)
}

fn smooth(arguments: &[Number], f: fn(f64) -> f64) -> Result<Number, Problem> {
    Number::rounded(f(first(arguments)?.to_f64()))
}

/// Sine and its kin at multiples of π are zero, not 1e-16: π itself is rounded.
fn trigonometric(arguments: &[Number], f: fn(f64) -> f64) -> Result<Number, Problem> {
    let value = f(first(arguments)?.to_f64());
    if value.abs() > 1e15 {
        return Err(Problem::Domain("the tangent is not defined there".into()));
    }
    Number::rounded(if value.abs() < 1e-15 { 0.0 } else { value })
}

fn unit(arguments: &[Number], f: fn(f64) -> f64) -> Result<Number, Problem> {
    let value = first(arguments)?.to_f64();
    if !(-1.0..=1.0).contains(&value) {
        return Err(Problem::Domain(format!("the inverse of sine or cosine was given {value}, expected -1 to 1")));
    }
    Number::rounded(f(value))
}

fn logarithm(arguments: &[Number], f: fn(f64) -> f64) -> Result<Number, Problem> {
    let value = first(arguments)?;
    if value.is_negative() || value.is_zero() {
        return Err(Problem::Domain(format!("the logarithm of {value} is not a number; expected more than 0")));
    }
    Number::rounded(f(value.to_f64()))
}

fn log(arguments: &[Number]) -> Result<Number, Problem> {
    let Some(base) = arguments.get(1) else { return logarithm(arguments, f64::log10) };
    let base = base.to_f64();
    if base <= 0.0 || (base - 1.0).abs() < f64::EPSILON {
        return Err(Problem::Domain(format!("the base of a logarithm is {base}, expected more than 0 and not 1")));
    }
    Number::rounded(logarithm(arguments, f64::ln)?.to_f64() / base.ln())
}

fn round(arguments: &[Number]) -> Result<Number, Problem> {
    let value = first(arguments)?;
    let places = match arguments.get(1) {
        None => 0,
        Some(places) => places
            .whole()
            .and_then(ToPrimitive::to_i64)
            .filter(|places| (-30..=30).contains(places))
            .ok_or_else(|| Problem::Domain(format!("`round` to {places} places, expected a whole number to 30")))?,
    };
    let scale = Number::from(10).power(&Number::from(places))?;
    value.times(&scale)?.map(BigRational::round, f64::round)?.divided_by(&scale)
}

fn extreme(arguments: &[Number], better: fn(&f64, &f64) -> bool) -> Result<Number, Problem> {
    let mut best = first(arguments)?;
    for next in arguments {
        let ahead = match (next, best) {
            (Number::Exact(a), Number::Exact(b)) => {
                a != b && better(&f64::from(i8::from(a > b)), &f64::from(i8::from(b > a)))
            }
            _ => better(&next.to_f64(), &best.to_f64()),
        };
        if ahead {
            best = next;
        }
    }
    Ok(best.clone())
}

fn sum(arguments: &[Number]) -> Result<Number, Problem> {
    arguments.iter().try_fold(Number::from(0), |all, next| all.plus(next))
}

fn mean(arguments: &[Number]) -> Result<Number, Problem> {
    let count = i64::try_from(arguments.len()).map_err(|_| Problem::TooLarge)?;
    sum(arguments)?.divided_by(&Number::from(count))
}

fn whole_fold(
    arguments: &[Number],
    f: fn(&num_bigint::BigInt, &num_bigint::BigInt) -> num_bigint::BigInt,
) -> Result<Number, Problem> {
    let refused = |value: &Number| Problem::Domain(format!("{value} is not a whole number; expected whole numbers"));
    let mut folded =
        first(arguments)?.whole().ok_or_else(|| refused(first(arguments).unwrap_or(&Number::Rounded(0.0))))?.clone();
    for next in arguments.iter().skip(1) {
        folded = f(&folded, next.whole().ok_or_else(|| refused(next))?);
    }
    Number::exact(BigRational::from_integer(folded))
}
