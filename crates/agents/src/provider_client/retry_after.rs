//! How long a provider asks to be left alone: seconds, or a date (RFC 9110, section 10.2.3).

use reqwest::header::{self, HeaderMap};
use std::time::Duration;

/// The wait that `Retry-After` asks for. A date is measured from the provider's own clock (`Date`), so that neither ours
/// nor a difference between the two counts; without it, or when the date has passed, there is no wait to speak of.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let (until, now) = (httpdate::parse_http_date(asked).ok()?, httpdate::parse_http_date(text(header::DATE)?).ok()?);
    until.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: &str, now: Option<&str>, expected_ms: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, asked.parse().unwrap());
        if let Some(now) = now {
            headers.insert(header::DATE, now.parse().unwrap());
        }
        assert_eq!(retry_after(&headers), expected_ms.map(Duration::from_millis), "{asked}");
    }

    #[test]
    fn seconds_and_dates_are_understood_and_nonsense_is_no_wait() {
        let now = Some("Wed, 21 Oct 2026 07:28:00 GMT");
        check("3", None, Some(3000));
        check(" 0.5 ", now, Some(500));
        check("Wed, 21 Oct 2026 07:28:12 GMT", now, Some(12_000));
        check("Wed, 21 Oct 2026 07:27:00 GMT", now, None);
        check("Wed, 21 Oct 2026 07:28:12 GMT", None, None);
        check("-3", now, None);
        check("soon", now, None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
