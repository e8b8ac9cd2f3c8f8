//! A moment: absolute as the server renders it, relative once the browser knows the time.

use leptos::{prelude::*, web_sys::js_sys::Date};
use types::Timestamp;

/// `2026-11-22 13:20 UTC`.
pub fn absolute(moment: Timestamp) -> String {
    let text = moment.to_string();
    let (date, time) = (text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default());
    format!("{date} {time} UTC")
}

/// `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the date.
pub fn relative(moment: Timestamp, now: Timestamp) -> String {
    let minutes = now.millis_since(moment) / 60_000;
    match minutes {
        i64::MIN..=0 => "just now".into(),
        1..=59 => format!("{minutes} min ago"),
        60..=1439 => format!("{} h ago", minutes / 60),
        1440..=2879 => "1 day ago".into(),
        2880..=43_199 => format!("{} days ago", minutes / 1440),
        _ => absolute(moment).get(..10).unwrap_or_default().to_owned(),
    }
}

/// A moment in words, with the exact time as its title.
#[component]
pub fn TimeAgo(
    /// When.
    moment: Timestamp,
) -> impl IntoView {
    let text = RwSignal::new(absolute(moment));
    Effect::new(move |_| {
        // Milliseconds of this century fit into an f64 exactly.
        let now = Timestamp::from_millis(Date::now() as i64);
        text.set(relative(moment, now));
    });
    view! {
        <time datetime=moment.to_string() title=absolute(moment)>
            {move || text.get()}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let now = Timestamp::from_millis(1_795_353_607_319);
        let ago = |minutes: i64| relative(Timestamp::from_millis(now.as_millis() - minutes * 60_000), now);
        assert_eq!(ago(0), "just now");
        assert_eq!(ago(59), "59 min ago");
        assert_eq!(ago(60), "1 h ago");
        assert_eq!(ago(1440), "1 day ago");
        assert_eq!(ago(29 * 1440), "29 days ago");
        assert_eq!(ago(31 * 1440), "2026-10-22");
        assert_eq!(absolute(now), "2026-11-22 13:20 UTC");
    }
}
