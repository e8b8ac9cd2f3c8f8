//! The event log: appended to the table first, then told to whoever listens.
//!
//! A subscriber is replayed from the table and then follows; when it lags, or a run is at work in another process, it is
//! replayed again. So every subscriber sees every event once and in order.

use crate::{Result, Service};
use futures::stream::{self, BoxStream, StreamExt};
use std::{collections::VecDeque, time::Duration};
use store::{Judged, RunWrite, Store};
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;
use types::{Event, EventKind, RunId, RunState};

/// Events of one run; ends when the run has ended and all of them were told.
pub type EventStream = BoxStream<'static, Event>;

/// Events kept for slow listeners before they are replayed from the table.
const BACKLOG: usize = 1024;
/// Events replayed at a time.
const REPLAYED_AT_ONCE: u32 = 500;
/// How often the table is looked at for events of other processes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Tells events to the listeners of this process.
pub struct EventHub {
    sender: Sender<Event>,
}

impl Default for EventHub {
    fn default() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0 }
    }
}

impl Service {
    /// Appends an event with the writes that belong to it, then tells it.
    pub(crate) async fn event_append(&self, run: RunId, kind: &EventKind, writes: &[RunWrite]) -> Result<Event> {
        let event = self.store().run_append(run, self.now(), kind, writes).await?;
        // Nobody listening is no error.
        let _ = self.inner.events.sender.send(event.clone());
        Ok(event)
    }

    /// Appends judged cases with their events, then tells these.
    pub(crate) async fn event_append_judged(&self, run: RunId, judged: Vec<Judged>) -> Result<()> {
        for event in self.store().run_append_judged(run, self.now(), judged).await? {
            // Nobody listening is no error.
            let _ = self.inner.events.sender.send(event);
        }
        Ok(())
    }

    /// The run's events after `after`, replayed, then as they happen.
    pub(crate) fn events_follow(&self, run: RunId, after: i64, closed: CancellationToken) -> EventStream {
        let follower = Follower {
            store: self.store().clone(),
            live: self.inner.events.sender.subscribe(),
            closed,
            run,
            after,
            waiting: VecDeque::new(),
            step: Step::Replay,
        };
        stream::unfold(follower, |mut follower| async { follower.next().await.map(|event| (event, follower)) }).boxed()
    }
}

/// What a follower does when nothing waits to be handed out.
enum Step {
    Replay,
    Listen,
    End,
}

struct Follower {
    store: Store,
    live: Receiver<Event>,
    closed: CancellationToken,
    run: RunId,
    /// Last event handed out or waiting.
    after: i64,
    waiting: VecDeque<Event>,
    step: Step,
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                if matches!(event.kind, EventKind::Finished { .. }) {
                    // The last one, unless the run was resumed since: the table knows.
                    self.step = Step::Replay;
                }
                return Some(event);
            }
            self.step = match self.step {
                Step::End => return None,
                Step::Replay => self.replay().await,
                Step::Listen => self.listen().await,
            };
        }
    }

    async fn replay(&mut self) -> Step {
        match self.look().await {
            Ok((ended, events)) if events.is_empty() => {
                if ended {
                    Step::End
                } else {
                    Step::Listen
                }
            }
            Ok((_, events)) => {
                self.after = events.last().map_or(self.after, |event| event.seq);
                self.waiting.extend(events);
                Step::Replay
            }
            Err(error) => {
                tracing::warn!(run = %self.run, %error, "events cannot be replayed");
                Step::End
            }
        }
    }

    /// Whether the run has ended, and what was stored since. In this order: an end is stored together with its event, so
    /// that no event can come after an end and an empty look.
    async fn look(&self) -> Result<(bool, Vec<Event>)> {
        let ended = self.store.run_state(self.run).await?.is_none_or(RunState::is_ended);
        Ok((ended, self.store.run_events(self.run, self.after, REPLAYED_AT_ONCE).await?))
    }

    async fn listen(&mut self) -> Step {
        tokio::select! {
            () = self.closed.cancelled() => Step::End,
            () = tokio::time::sleep(LOOK_AGAIN) => Step::Replay,
            told = self.live.recv() => match told {
                Ok(event) if event.run == self.run && event.seq == self.after + 1 => {
                    self.after = event.seq;
                    self.waiting.push_back(event);
                    Step::Listen
                }
                Ok(event) if event.run == self.run && event.seq > self.after => Step::Replay,
                Ok(_) => Step::Listen,
                Err(broadcast::error::RecvError::Lagged(_)) => Step::Replay,
                Err(broadcast::error::RecvError::Closed) => Step::End,
            },
        }
    }
}
