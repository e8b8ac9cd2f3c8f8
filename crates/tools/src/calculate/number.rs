//! Numbers: exact fractions as long as the mathematics allows, floating point after that, bounded in size throughout.

use super::Problem;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};
use std::fmt;

/// Most bits of a numerator or denominator: about 1,230 digits.
const BITS_MAX: u64 = 4096;
/// Greatest argument of a factorial; 450! has 1,001 digits.
const FACTORIAL_MAX: u32 = 450;
/// Most decimals that an exact fraction is written with; a longer one is rounded.
const DECIMALS_MAX: u32 = 30;
/// Greatest root that is looked for among the fractions.
const ROOT_MAX: u32 = 64;
/// Largest exponent of ten that is still written out.
const PLAIN_EXPONENTS: std::ops::Range<i32> = -7..21;

/// A number.
#[derive(Clone, PartialEq, Debug)]
pub enum Number {
    /// Known exactly.
    Exact(BigRational),
    /// Rounded to a double.
    Rounded(f64),
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::Exact(BigRational::from_integer(whole.into()))
    }
}

impl Number {
    /// An exact result, unless it has grown too large.
    pub fn exact(value: BigRational) -> Result<Self, Problem> {
        if bits(&value) > BITS_MAX { Err(Problem::TooLarge) } else { Ok(Self::Exact(value)) }
    }

    /// A rounded result, unless it is not a finite number.
    pub fn rounded(value: f64) -> Result<Self, Problem> {
        if value.is_finite() { Ok(Self::Rounded(value)) } else { Err(Problem::TooLarge) }
    }

    /// From decimal text: whole digits, decimals, exponent of ten.
    pub fn from_decimal(whole: &str, decimals: &str, exponent: i32) -> Result<Self, Problem> {
        let digits = format!("{whole}{decimals}");
        let digits: BigInt = digits.parse().map_err(|_| Problem::TooLarge)?;
        let shift = i64::from(exponent) - i64::try_from(decimals.len()).map_err(|_| Problem::TooLarge)?;
        if digits.is_zero() {
            return Ok(Self::from(0));
        }
        let shift = i32::try_from(shift).ok().filter(|shift| shift.abs() <= 1500).ok_or(Problem::TooLarge)?;
        Self::exact(BigRational::from_integer(digits) * BigRational::from_integer(10.into()).pow(shift))
    }

    /// As a double.
    pub fn to_f64(&self) -> f64 {
        match self {
            Self::Exact(value) => value.to_f64().unwrap_or(f64::NAN),
            Self::Rounded(value) => *value,
        }
    }

    /// `self + other`.
    pub fn plus(&self, other: &Self) -> Result<Self, Problem> {
        self.combine(other, |a, b| a + b, |a, b| a + b)
    }

    /// `self − other`.
    pub fn minus(&self, other: &Self) -> Result<Self, Problem> {
        self.combine(other, |a, b| a - b, |a, b| a - b)
    }

    /// `self × other`.
    pub fn times(&self, other: &Self) -> Result<Self, Problem> {
        self.combine(other, |a, b| a * b, |a, b| a * b)
    }

    /// `self ÷ other`.
    pub fn divided_by(&self, other: &Self) -> Result<Self, Problem> {
        if other.is_zero() {
            return Err(Problem::DivisionByZero);
        }
        self.combine(other, |a, b| a / b, |a, b| a / b)
    }

    /// The remainder with the sign of `other`: −7 mod 3 is 2.
    pub fn modulo(&self, other: &Self) -> Result<Self, Problem> {
        if other.is_zero() {
            return Err(Problem::DivisionByZero);
        }
        self.combine(other, |a, b| a - b * (a / b).floor(), |a, b| a - b * (a / b).floor())
    }

    /// `self` to the power of `exponent`; 0⁰ is 1.
    pub fn power(&self, exponent: &Self) -> Result<Self, Problem> {
        if let (Self::Exact(base), Self::Exact(exact)) = (self, exponent) {
            if exact.is_integer() {
                return whole_power(base, exact.numer());
            }
            if let Some(result) = root_power(base, exact) {
                return result;
            }
        }
        if self.is_negative() {
            return Err(Problem::Domain("a negative number has no real power with a fractional exponent".into()));
        }
        Self::rounded(self.to_f64().powf(exponent.to_f64()))
    }

    /// The root of degree `degree`, exact when it is a fraction.
    pub fn root(&self, degree: u32) -> Result<Self, Problem> {
        if self.is_negative() && degree.is_multiple_of(2) {
            return Err(Problem::Domain(format!(
                "the square root of {self} is not a real number; expected at least 0"
            )));
        }
        if let Self::Exact(value) = self
            && let Some(root) = exact_root(value, degree)
        {
            return Ok(Self::Exact(root));
        }
        let value = self.to_f64();
        Self::rounded(value.abs().powf(1.0 / f64::from(degree)).copysign(value))
    }

    /// `self!`.
    pub fn factorial(&self) -> Result<Self, Problem> {
        let n = self.whole().and_then(ToPrimitive::to_u32).filter(|n| *n <= FACTORIAL_MAX).ok_or_else(|| {
            Problem::Domain(format!("the factorial of {self} is not available; expected 0 to {FACTORIAL_MAX}"))
        })?;
        Self::exact(BigRational::from_integer((1..=n).fold(BigInt::one(), |product, k| product * k)))
    }

    /// `−self`.
    pub fn negated(&self) -> Self {
        match self {
            Self::Exact(value) => Self::Exact(-value),
            Self::Rounded(value) => Self::Rounded(-value),
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Exact(value) => value.is_zero(),
            Self::Rounded(value) => *value == 0.0,
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Exact(value) => value.is_negative(),
            Self::Rounded(value) => *value < 0.0,
        }
    }

    /// Itself, when it is known to be a whole number.
    pub fn whole(&self) -> Option<&BigInt> {
        match self {
            Self::Exact(value) if value.is_integer() => Some(value.numer()),
            _ => None,
        }
    }

    /// Applies a function that keeps fractions exact (floor, abs, …).
    pub fn map(&self, exact: fn(&BigRational) -> BigRational, rounded: fn(f64) -> f64) -> Result<Self, Problem> {
        match self {
            Self::Exact(value) => Self::exact(exact(value)),
            Self::Rounded(value) => Self::rounded(rounded(*value)),
        }
    }

    fn combine(
        &self,
        other: &Self,
        exact: fn(&BigRational, &BigRational) -> BigRational,
        rounded: fn(f64, f64) -> f64,
    ) -> Result<Self, Problem> {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::exact(exact(a, b)),
            _ => Self::rounded(rounded(self.to_f64(), other.to_f64())),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(value) if value.is_integer() => write!(f, "{}", value.numer()),
            Self::Exact(value) => match decimals(value.denom()) {
                Some(decimals) => f.write_str(&exact_decimal(value, decimals)),
                None if self.to_f64().is_infinite() => write!(f, "{}", value.to_integer()),
                None => f.write_str(&significant(self.to_f64())),
            },
            Self::Rounded(value) => f.write_str(&significant(*value)),
        }
    }
}

fn bits(value: &BigRational) -> u64 {
    value.numer().bits().max(value.denom().bits())
}

fn whole_power(base: &BigRational, exponent: &BigInt) -> Result<Number, Problem> {
    if base.is_zero() && exponent.is_negative() {
        return Err(Problem::DivisionByZero);
    }
    if exponent.is_zero() || base.is_one() {
        return Ok(Number::from(1));
    }
    if base.is_zero() {
        return Ok(Number::from(0));
    }
    if *base == -BigRational::one() {
        return Ok(Number::from(if exponent.is_even() { 1 } else { -1 }));
    }
    // A base of b bits is at least 2^(b−1), so this refuses nothing that would fit.
    let exponent = exponent.to_i32().ok_or(Problem::TooLarge)?;
    if (bits(base) - 1).saturating_mul(exponent.unsigned_abs().into()) > BITS_MAX {
        return Err(Problem::TooLarge);
    }
    Number::exact(base.pow(exponent))
}

fn root_power(base: &BigRational, exponent: &BigRational) -> Option<Result<Number, Problem>> {
    let degree = exponent.denom().to_u32().filter(|degree| *degree <= ROOT_MAX)?;
    if base.is_negative() {
        return None;
    }
    Some(whole_power(&exact_root(base, degree)?, exponent.numer()))
}

fn exact_root(value: &BigRational, degree: u32) -> Option<BigRational> {
    let part = |part: &BigInt| -> Option<BigInt> {
        let root = part.nth_root(degree);
        (Pow::pow(&root, degree) == *part).then_some(root)
    };
    Some(BigRational::new(part(value.numer())?, part(value.denom())?))
}

/// How many decimals a fraction with this denominator has, when they end soon enough.
fn decimals(denominator: &BigInt) -> Option<u32> {
    let ten = BigUint::from(10_u32);
    let denominator = denominator.magnitude();
    (1..=DECIMALS_MAX).find(|places| (Pow::pow(&ten, *places) % denominator).is_zero())
}

fn exact_decimal(value: &BigRational, places: u32) -> String {
    let scaled = value * BigRational::from_integer(Pow::pow(BigInt::from(10), places));
    let digits = scaled.numer().magnitude().to_string();
    let places = usize::try_from(places).unwrap_or_default();
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, decimals) = padded.split_at_checked(padded.len() - places).unwrap_or((&padded, ""));
    format!("{}{whole}.{decimals}", if value.is_negative() { "-" } else { "" })
}

/// Twelve significant digits: what a double is good for after a few operations.
fn significant(value: f64) -> String {
    let text = format!("{value:.11e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if value == 0.0 {
        return "0".into();
    }
    if PLAIN_EXPONENTS.contains(&exponent) {
        return text.parse::<f64>().map_or(text, |rounded| rounded.to_string());
    }
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    format!("{mantissa}e{exponent}")
}
