//! Live data over WebSockets. Everything here runs in the browser only: on the server effects do not run, so pages
//! show what they were rendered with.

pub mod chat;
mod socket;

pub use socket::{Closed, Socket, pause};

use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use types::{Event, RunId, RunView};

/// How fresh live data is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LinkState {
    /// The first connection is being made.
    Connecting,
    /// Events arrive as they happen.
    Live,
    /// The connection was lost a moment ago and is being made again.
    Reconnecting,
    /// The connection has been lost for so long that what is shown may be old.
    Stale {
        /// For how long.
        seconds: u32,
    },
    /// The run ended: nothing more will come.
    Ended,
}

impl LinkState {
    /// The state in words.
    pub fn label(self) -> String {
        match self {
            Self::Connecting => "connecting".into(),
            Self::Live => "live".into(),
            Self::Reconnecting => "reconnecting".into(),
            Self::Stale { seconds } => format!("stale {seconds} s"),
            Self::Ended => "ended".into(),
        }
    }

    /// One word for style sheets: `wait`, `live`, `warn` or `end`.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Connecting | Self::Reconnecting => "wait",
            Self::Live => "live",
            Self::Stale { .. } => "warn",
            Self::Ended => "end",
        }
    }

    /// After `seconds` without a connection.
    const fn lost_for(seconds: u32) -> Self {
        if seconds < 10 { Self::Reconnecting } else { Self::Stale { seconds } }
    }
}

/// Follows a run from `initial`: replays what came after it, then applies events as they happen, and connects again
/// from the last one when the connection is lost. Stops when the component is left.
pub fn use_run(run: RunId, initial: RunView) -> (ReadSignal<RunView>, ReadSignal<LinkState>) {
    let first = if initial.state.is_ended() { LinkState::Ended } else { LinkState::Connecting };
    let (view, set_view) = signal(initial);
    let (link, set_link) = signal(first);
    let task = StoredValue::new(None::<AbortHandle>);
    Effect::new(move |_| {
        if view.with_untracked(|view| view.state.is_ended()) {
            return;
        }
        let (following, handle) = abortable(follow(run, view, set_view, set_link));
        task.set_value(Some(handle));
        spawn_local(async move {
            // Aborted when the page is left: nothing more to do.
            following.await.ok();
        });
    });
    on_cleanup(move || {
        if let Some(Some(handle)) = task.try_get_value() {
            handle.abort();
        }
    });
    (view, link)
}

/// Longest wait between two attempts to connect, in seconds.
const BACK_OFF_MAX_S: u32 = 15;

async fn follow(run: RunId, view: ReadSignal<RunView>, set_view: WriteSignal<RunView>, link: WriteSignal<LinkState>) {
    let (mut lost_s, mut back_off_s) = (0, 1);
    loop {
        let after = view.with_untracked(|view| view.seq);
        if let Ok(mut socket) = Socket::open(&format!("/api/v1/runs/{run}/events?after={after}"))
            && socket.ready().await.is_ok()
        {
            (lost_s, back_off_s) = (0, 1);
            link.set(LinkState::Live);
            while let Ok(event) = socket.receive::<Event>().await {
                set_view.update(|view| view.apply(&event));
            }
        }
        if view.with_untracked(|view| view.state.is_ended()) {
            link.set(LinkState::Ended);
            return;
        }
        link.set(LinkState::lost_for(lost_s));
        pause(back_off_s * 1000).await;
        lost_s += back_off_s;
        back_off_s = (back_off_s * 2).min(BACK_OFF_MAX_S);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_link_is_stale_after_ten_seconds() {
        assert_eq!(LinkState::lost_for(9), LinkState::Reconnecting);
        assert_eq!(LinkState::lost_for(12).label(), "stale 12 s");
    }
}
