//! `date_time`: dates, times, durations and time zones. The database of time zones is part of the program.

use crate::{Arguments, Tool, ToolError, argument};
use async_trait::async_trait;
use jiff::{Span, Timestamp, Unit, Zoned, civil, tz::TimeZone};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use types::ToolSpec;

/// Longest argument, in characters.
const CHARS_MAX: usize = 100;

/// The tool.
pub struct DateTime {
    now: fn() -> Timestamp,
}

impl Default for DateTime {
    fn default() -> Self {
        Self { now: Timestamp::now }
    }
}

#[async_trait]
impl Tool for DateTime {
    fn spec(&self) -> ToolSpec {
        let text = |description: &str| json!({ "type": "string", "description": description });
        ToolSpec {
            name: "date_time".into(),
            description:
                "Tells the current date and time, adds durations to a date, counts the time between two dates, \
                          and converts between time zones. It also tells weekday, week and day of the year."
                    .into(),
            parameters: json!({
                "type": "object",
                "properties": {
                    "when": text("A date or a date with a time, such as `2026-03-05`, `2026-03-05T14:30` or \
                                  `2026-03-05T14:30+02:00`; `now` (the default) or `today`."),
                    "time_zone": text("Where dates without an offset are meant: a name such as `Europe/Berlin`, `UTC` by \
                                       default."),
                    "add": text("A duration to add, such as `3 days`, `2 months 1 week`, `-90 min` or `P1Y2M`."),
                    "until": text("Another date: the time from `when` (after `add`) until then is counted."),
                    "to_time_zone": text("The time zone of the answer, that of `when` by default.")
                },
                "required": [],
                "additionalProperties": false
            }),
        }
    }

    async fn call(&self, arguments: &Arguments, _cancel: &CancellationToken) -> Result<String, ToolError> {
        let given = |name: &str| match arguments.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => argument::text(arguments, name, CHARS_MAX).map(Some),
        };
        let zone = given("time_zone")?.map_or(Ok(TimeZone::UTC), |name| zone("time_zone", name))?;
        let mut when = self.moment("when", given("when")?.unwrap_or("now"), &zone)?;
        if let Some(duration) = given("add")? {
            let span: Span = duration
                .parse()
                .map_err(|_| refused("add", duration, "a duration such as `3 days`, `-2 weeks 1 hour` or `P1Y2M`"))?;
            let far = |_| refused("add", duration, "a duration that stays within the years -9999 to 9999");
            when = when.checked_add(span).map_err(far)?;
        }
        let until = given("until")?.map(|text| self.moment("until", text, when.time_zone())).transpose()?;
        // Days are counted in the time zone of the question, not in that of the answer.
        let until = until.map(|until| between(&when, &until)).transpose()?;
        if let Some(name) = given("to_time_zone")? {
            when = when.with_time_zone(self::zone("to_time_zone", name)?);
        }
        let mut answer = described(&when);
        answer.extend(until.map(|until| ("until".to_owned(), until)));
        Ok(Value::Object(answer).to_string())
    }
}

impl DateTime {
    /// What a text says, in the time zone that it names itself, or in `zone`.
    fn moment(&self, argument: &str, text: &str, zone: &TimeZone) -> Result<Zoned, ToolError> {
        let now = || (self.now)().to_zoned(zone.clone());
        match text.to_ascii_lowercase().as_str() {
            "now" => return Ok(now()),
            "today" => return now().start_of_day().map_err(|error| ToolError::Failed(error.to_string())),
            _ => {}
        }
        let zoned = || text.parse::<Zoned>().ok();
        let instant = || Some(text.parse::<Timestamp>().ok()?.to_zoned(zone.clone()));
        let civil = || text.parse::<civil::DateTime>().ok()?.to_zoned(zone.clone()).ok();
        // Each of these passes over what the one before it may have found wrong: a zone, or an offset.
        let has_zone = text.contains('[');
        let has_offset = text.get(10..).is_some_and(|time| time.contains(['+', '-', 'Z', 'z']));
        let instant = || instant().filter(|_| !has_zone);
        let civil = || civil().filter(|_| !has_zone && !has_offset);
        zoned().or_else(instant).or_else(civil).ok_or_else(|| {
            refused(
                argument,
                text,
                "a date that exists, such as `2026-03-05` or `2026-03-05T14:30`, or `now` or `today`",
            )
        })
    }
}

fn zone(argument: &str, name: &str) -> Result<TimeZone, ToolError> {
    TimeZone::get(name)
        .map_err(|_| refused(argument, name, "a time zone such as `UTC`, `Europe/Berlin` or `Asia/Tokyo`"))
}

fn refused(argument: &str, given: &str, expected: &str) -> ToolError {
    ToolError::Arguments(format!("`{argument}` is `{given}`, expected {expected}"))
}

fn described(when: &Zoned) -> Map<String, Value> {
    let week = when.date().iso_week_date();
    let zone = when.time_zone().iana_name().map_or_else(|| when.strftime("%:z").to_string(), str::to_owned);
    let weekday = when.strftime("%A").to_string();
    let members = [
        ("date_time", json!(when.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())),
        ("time_zone", json!(zone)),
        ("weekday", json!(weekday)),
        ("day_of_year", json!(when.day_of_year())),
        ("iso_week", json!(format!("{}-W{:02}", week.year(), week.week()))),
        ("unix_seconds", json!(when.timestamp().as_second())),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn between(when: &Zoned, until: &Zoned) -> Result<Value, ToolError> {
    let failed = |error: jiff::Error| ToolError::Failed(error.to_string());
    let until = until.with_time_zone(when.time_zone().clone());
    let span = when.until((Unit::Year, &until)).map_err(failed)?;
    let days = when.until((Unit::Day, &until)).map_err(failed)?.get_days();
    let seconds = until.timestamp().as_second() - when.timestamp().as_second();
    Ok(json!({
        "date_time": until.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        "duration": format!("{span:#}"),
        "whole_days": days,
        "seconds": seconds,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thursday, 5 March 2026, 14:30 UTC.
    fn fixed() -> Timestamp {
        Timestamp::from_second(1_772_721_000).unwrap()
    }

    async fn call(arguments: Value) -> Result<Value, String> {
        let tool = DateTime { now: fixed };
        let answer = tool.call(arguments.as_object().unwrap(), &CancellationToken::new()).await;
        answer.map(|text| serde_json::from_str(&text).unwrap()).map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn now_is_the_clocks_time_in_the_time_zone_that_is_asked_for() {
        let now = call(json!({})).await.unwrap();
        assert_eq!(
            now,
            json!({
                "date_time": "2026-03-05T14:30:00+00:00", "time_zone": "UTC", "weekday": "Thursday",
                "day_of_year": 64, "iso_week": "2026-W10", "unix_seconds": 1_772_721_000,
            })
        );
        let tokyo = call(json!({ "to_time_zone": "Asia/Tokyo" })).await.unwrap();
        assert_eq!(
            (&tokyo["date_time"], &tokyo["time_zone"]),
            (&json!("2026-03-05T23:30:00+09:00"), &json!("Asia/Tokyo"))
        );
        let today = call(json!({ "when": "today", "time_zone": "America/New_York" })).await.unwrap();
        assert_eq!(today["date_time"], "2026-03-05T00:00:00-05:00");
    }

    #[tokio::test]
    async fn durations_follow_the_calendar_and_summer_time() {
        for (when, zone, add, expected) in [
            ("2024-01-31", "UTC", "1 month", "2024-02-29T00:00:00+00:00"),
            ("2026-03-05", "UTC", "-1 year 2 days", "2025-03-03T00:00:00+00:00"),
            ("2026-03-28T12:00", "Europe/Berlin", "1 day", "2026-03-29T12:00:00+02:00"),
            ("2026-03-28T12:00", "Europe/Berlin", "24 hours", "2026-03-29T13:00:00+02:00"),
            ("2026-03-05T14:30+02:00", "UTC", "P1DT30M", "2026-03-06T13:00:00+00:00"),
        ] {
            let answer = call(json!({ "when": when, "time_zone": zone, "add": add })).await.unwrap();
            assert_eq!(answer["date_time"], expected, "{when} {add}");
        }
    }

    #[tokio::test]
    async fn the_time_between_two_dates_is_counted() {
        let answer = call(json!({ "when": "2024-02-28", "until": "2026-03-05" })).await.unwrap();
        assert_eq!(
            answer["until"],
            json!({
                "date_time": "2026-03-05T00:00:00+00:00", "duration": "2y 5d", "whole_days": 736,
                "seconds": 736 * 86_400,
            })
        );
        let spring = json!({
            "when": "2026-03-28T12:00", "time_zone": "Europe/Berlin", "until": "2026-03-29T12:00", "to_time_zone": "UTC"
        });
        assert_eq!(call(spring).await.unwrap()["until"]["whole_days"], 1);
        let back = call(json!({ "when": "2026-03-05", "until": "2026-03-01" })).await.unwrap();
        assert_eq!((&back["until"]["whole_days"], &back["until"]["duration"]), (&json!(-4), &json!("4d ago")));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused_with_what_would_be_right() {
        for (arguments, expected) in [
            (json!({ "when": "2026-02-30" }), "`when` is `2026-02-30`, expected a date that exists"),
            (
                json!({ "when": "2026-03-05T14:30[Europe/Berln]" }),
                "`when` is `2026-03-05T14:30[Europe/Berln]`, expected",
            ),
            (json!({ "when": "9999-12-31T23:00-05:00" }), "`when` is `9999-12-31T23:00-05:00`, expected a date"),
            (json!({ "when": "5/3/26" }), "`when` is `5/3/26`, expected a date that exists"),
            (json!({ "time_zone": "Mars/Base" }), "`time_zone` is `Mars/Base`, expected a time zone such as `UTC`"),
            (json!({ "add": "soon" }), "`add` is `soon`, expected a duration such as"),
            (json!({ "add": "9999 years" }), "`add` is `9999 years`, expected a duration that stays within"),
            (json!({ "when": "x".repeat(101) }), "`when` has 101 characters, expected at most 100"),
            (json!({ "until": 5 }), "`until` is a number, expected a string"),
        ] {
            let told = call(arguments).await.unwrap_err();
            assert!(told.starts_with(expected), "{told}");
        }
    }
}
