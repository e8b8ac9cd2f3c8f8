//! `convert_units`: a number of one unit in another, exactly: factors are the definitions, and arithmetic is in fractions.

mod units;

use crate::{Arguments, Tool, ToolError, argument, calculate::number::Number};
use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;
use units::{UNITS, Unit};

/// Longest name of a unit, in characters.
const NAME_CHARS_MAX: usize = 40;

/// The tool.
pub struct ConvertUnits;

#[async_trait]
impl Tool for ConvertUnits {
    fn spec(&self) -> ToolSpec {
        let unit =
            |example: &str| json!({ "type": "string", "description": format!("A unit, for example {example}.") });
        ToolSpec {
            name: "convert_units".into(),
            description: "Converts a number from one unit to another, exactly: length, mass, time, temperature, area, \
                          volume, speed, pressure, force, energy, power, data, angle and frequency. It knows no \
                          currencies."
                .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "value": { "type": "number", "description": "How many of the unit `from`, for example 26.2." },
                    "from": unit("`miles`, `°F` or `km/h`"),
                    "to": unit("`kilometers`, `°C` or `m/s`")
                },
                "required": ["value", "from", "to"],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let value = number(arguments.get("value"))?;
        let from = unit("from", argument::text(arguments, "from", NAME_CHARS_MAX)?)?;
        let to = unit("to", argument::text(arguments, "to", NAME_CHARS_MAX)?)?;
        if from.kind != to.kind {
            return Err(ToolError::Arguments(format!(
                "{} measures {} and {} measures {}; expected two units of one kind",
                shown(from),
                from.kind,
                shown(to),
                to.kind
            )));
        }
        let result = converted(&value, from, to).ok_or_else(|| {
            ToolError::Arguments(
                "`value` is too large or too close to 0, expected a number of at most 300 digits".into(),
            )
        })?;
        Ok(format!("{result} {}", shown(to)))
    }
}

fn number(value: Option<&Value>) -> Result<Number, ToolError> {
    let text = match value {
        Some(Value::Number(number)) => number.to_string(),
        _ => return Err(ToolError::Arguments("`value` is missing, expected a number".into())),
    };
    decimal(&text).ok_or_else(|| ToolError::Arguments(format!("`value` is {text}, expected a decimal number")))
}

/// A decimal number with an optional sign and exponent.
fn decimal(text: &str) -> Option<Number> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let number = Number::from_decimal(whole, decimals, exponent.trim_start_matches('+').parse().ok()?).ok()?;
    Some(if sign < 0 { number.negated() } else { number })
}

/// A decimal, or a fraction of two.
fn factor(text: &str) -> Option<Number> {
    match text.split_once('/') {
        Some((above, below)) => decimal(above)?.divided_by(&decimal(below)?).ok(),
        None => decimal(text),
    }
}

fn converted(value: &Number, from: &Unit, to: &Unit) -> Option<Number> {
    let base = value.plus(&factor(from.offset)?).ok()?.times(&factor(from.factor)?).ok()?;
    base.divided_by(&factor(to.factor)?).ok()?.minus(&factor(to.offset)?).ok()
}

fn shown(unit: &Unit) -> &'static str {
    unit.names.first().copied().unwrap_or_default()
}

/// Symbols that mean the same in capitals. Of others the case tells units apart: `mJ` and `MJ`, `Mb` and `MB`.
const CASELESS: [&str; 20] = [
    "c", "f", "k", "l", "km", "kg", "cm", "lb", "ft", "oz", "mi", "yd", "mph", "kph", "kwh", "psi", "bar", "atm",
    "min", "hr",
];

/// The unit of that name: as it is written; words, and symbols that have no other meaning, without regard to case.
fn unit(argument: &str, name: &str) -> Result<&'static Unit, ToolError> {
    let wanted = folded(name);
    let named = |same: &dyn Fn(&str) -> bool| -> Vec<&'static Unit> {
        UNITS.iter().filter(|unit| unit.names.iter().any(|name| same(&folded(name)))).collect()
    };
    let found = named(&|known| known == wanted);
    if let Some(unit) = found.first() {
        return Ok(unit);
    }
    let lower = wanted.to_lowercase();
    let is_caseless = lower.chars().count() > 3 || CASELESS.contains(&lower.as_str());
    let found = named(&|known| known.to_lowercase() == lower);
    match found.as_slice() {
        [unit] if is_caseless => Ok(unit),
        [] => Err(ToolError::Arguments(format!(
            "`{argument}` is `{name}`, which is no unit known here; expected one such as {}",
            UNITS.iter().step_by(9).map(shown).collect::<Vec<_>>().join(", ")
        ))),
        several => Err(ToolError::Arguments(format!(
            "`{argument}` is `{name}`, which could be {}; expected one of them as it is written here",
            several.iter().map(|unit| shown(unit)).collect::<Vec<_>>().join(" or ")
        ))),
    }
}

/// A name without what does not tell units apart: degree signs, superscripts, plurals, British spelling, blanks.
fn folded(name: &str) -> String {
    if name.trim() == "°" {
        return "degree".into();
    }
    let plain: String = name
        .chars()
        .filter_map(|c| match c {
            '°' | '^' => None,
            '²' => Some('2'),
            '³' => Some('3'),
            'µ' | 'μ' => Some('u'),
            '·' | '_' | '-' => Some(' '),
            other => Some(other),
        })
        .collect();
    let word = |word: &str| {
        let word = word.replace("metre", "meter").replace("litre", "liter");
        if word.len() > 3 { word.trim_end_matches('s').to_owned() } else { word }
    };
    plain.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    async fn convert(value: Value, from: &str, to: &str) -> Result<String, String> {
        let arguments = json!({ "value": value, "from": from, "to": to });
        let answer = ConvertUnits.call(arguments.as_object().unwrap(), &CancellationToken::new()).await;
        answer.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn numbers_worked_by_hand() {
        for (value, from, to, expected) in [
            (json!(5), "miles", "km", "8.04672 km"),
            (json!(26.2), "mi", "kilometres", "42.1648128 km"),
            (json!(212), "°F", "celsius", "100 °C"),
            (json!(-40), "C", "Fahrenheit", "-40 °F"),
            (json!(0), "kelvin", "C", "-273.15 °C"),
            (json!(1), "lbs", "kilograms", "0.45359237 kg"),
            (json!(90), "km/h", "metres per second", "25 m/s"),
            (json!(1), "GiB", "MB", "1073.741824 MB"),
            (json!(1), "acre", "square feet", "43560 ft²"),
            (json!(1), "US gallon", "cubic inches", "231 in³"),
            (json!(1), "hectare", "m^2", "10000 m²"),
            (json!(2), "weeks", "h", "336 h"),
            (json!(1e3), "W", "kilowatt", "1 kW"),
            (json!(1), "yard", "feet", "3 ft"),
            (json!(1), "foot", "yards", "0.333333333333 yd"),
        ] {
            assert_eq!(convert(value, from, to).await, Ok(expected.to_owned()), "{from} to {to}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_converted_is_refused_with_what_would_be_right() {
        let told = |answer: Result<String, String>| answer.unwrap_err();
        assert_eq!(
            told(convert(json!(1), "kg", "km").await),
            "kg measures mass and km measures length; expected two units of one kind"
        );
        assert!(told(convert(json!(1), "smoots", "m").await).starts_with("`from` is `smoots`, which is no unit known"));
        let either = told(convert(json!(1), "Mw", "W").await);
        assert!(either.contains("mW or MW"), "{either}");
        for (written, near) in [("NM", "nm"), ("ML", "mL")] {
            let told = told(convert(json!(1), written, "m").await);
            assert!(told.to_lowercase().contains(&format!("could be {}", near.to_lowercase())), "{told}");
        }
        assert_eq!(convert(json!(1), "KM", "m").await, Ok("1000 m".to_owned()));
        assert!(told(convert(json!("5"), "m", "km").await).contains("`value` is missing, expected a number"));
        assert!(told(convert(json!(1), &"x".repeat(41), "m").await).contains("expected at most 40"));
        assert!(convert(json!(1e300), "ly", "nm").await.is_ok());
    }

    #[test]
    fn every_factor_can_be_read_and_no_name_means_two_units() {
        let mut names = BTreeSet::new();
        for unit in UNITS {
            assert!(factor(unit.factor).is_some_and(|one| !one.is_zero()), "{unit:?}");
            assert!(factor(unit.offset).is_some(), "{unit:?}");
            for name in unit.names {
                assert!(names.insert(folded(name)), "{name} names two units");
            }
        }
    }

    #[test]
    fn there_and_back_again_is_where_it_began() {
        let value = decimal("12.345").unwrap();
        for from in UNITS {
            for to in UNITS.iter().filter(|to| to.kind == from.kind) {
                let there = converted(&value, from, to).unwrap();
                assert_eq!(converted(&there, to, from).unwrap(), value, "{from:?} {to:?}");
            }
        }
    }
}
