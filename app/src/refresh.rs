//! Lists that show work in progress ask again every few seconds while there is any.

use leptos::prelude::*;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(2);

/// Calls `refresh` every two seconds while `active`; browser only, and no longer than the page is open.
pub fn refresh_while(
    active: impl Fn() -> bool + Send + Sync + 'static,
    refresh: impl Fn() + Copy + Send + Sync + 'static,
) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
        timer.try_set_value(None);
    };
    Effect::new(move |_| match (active(), timer.get_value().is_some()) {
        (true, false) => timer.set_value(set_interval_with_handle(refresh, EVERY).ok()),
        (false, true) => stop(),
        _ => {}
    });
    on_cleanup(stop);
}
