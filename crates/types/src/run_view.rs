//! The one reducer: a run as it stands after its events so far. The server renders from it, the browser goes on with it.

use crate::{AggregateMetrics, Event, EventKind, Outcome, RunState, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run as it stands. Applying an event twice changes nothing: `seq` decides.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunView {
    /// Last event applied; 0 = none.
    pub seq: i64,
    /// The exact state.
    pub state: RunState,
    /// Units in all (cases or episodes).
    pub total: i64,
    /// Units done.
    pub done: i64,
    /// Points `(step, value)` of each series by path name, steps ascending.
    pub series: BTreeMap<String, Vec<(i64, f64)>>,
    /// How many judged cases had which outcome.
    pub outcomes: BTreeMap<String, u32>,
    /// What the judged cases cost in US dollars; `None` before any has a price.
    #[serde(default)]
    pub cost_usd: Option<f64>,
    /// Checkpoints in order.
    pub checkpoints: Vec<CheckpointMark>,
    /// Alerts, newest last.
    pub alerts: Vec<String>,
    /// The latest message.
    pub message: Option<String>,
    /// Means, after an evaluation.
    pub aggregate: Option<Box<AggregateMetrics>>,
    /// When work began (the last time).
    pub started_at: Option<Timestamp>,
    /// When the last event came.
    pub updated_at: Option<Timestamp>,
    /// Units that were done when work began (the last time), for the estimate of what is left.
    pub done_at_start: i64,
}

/// A saved checkpoint on the curve.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CheckpointMark {
    /// Episodes completed then.
    pub episode: i64,
    /// File name.
    pub file: String,
    /// Reward then.
    pub reward: f64,
    /// Best so far.
    pub best: bool,
}

impl Default for RunView {
    fn default() -> Self {
        Self {
            seq: 0,
            state: RunState::Pending,
            total: 0,
            done: 0,
            series: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            cost_usd: None,
            checkpoints: Vec::new(),
            alerts: Vec::new(),
            message: None,
            aggregate: None,
            started_at: None,
            updated_at: None,
            done_at_start: 0,
        }
    }
}

impl RunView {
    /// The view after `event`. Events already applied are passed over; the caller replays after a gap.
    pub fn apply(&mut self, event: &Event) {
        if event.seq <= self.seq {
            return;
        }
        self.seq = event.seq;
        self.updated_at = Some(event.at);
        match &event.kind {
            EventKind::Started { total, done } => {
                (self.total, self.done, self.done_at_start) = (*total, *done, *done);
                (self.state, self.started_at, self.message) = (RunState::Running, Some(event.at), None);
                self.forget_after(*done);
                // Cases whose provider failed are asked again.
                self.outcomes.remove(&outcome_key(Outcome::ProviderError));
            }
            EventKind::StopRequested => self.state = RunState::Stopping,
            EventKind::SampleFinished { outcome, done, cost_usd, .. } => {
                self.done = *done;
                self.cost_usd = cost_usd.map_or(self.cost_usd, |cost| Some(self.cost_usd.unwrap_or_default() + cost));
                *self.outcomes.entry(outcome_key(*outcome)).or_default() += 1;
            }
            EventKind::EpisodeFinished { episode_num, .. } => self.done = episode_num + 1,
            EventKind::Series { step, values } => {
                for (name, value) in values {
                    self.series.entry(name.clone()).or_default().push((*step, *value));
                }
            }
            EventKind::CheckpointSaved { episode, file, reward, best } => self.checkpoints.push(CheckpointMark {
                episode: *episode,
                file: file.clone(),
                reward: *reward,
                best: *best,
            }),
            EventKind::Alert { message } => self.alerts.push(message.clone()),
            EventKind::Message { message } => self.message = Some(message.clone()),
            EventKind::Rescored { changed, aggregate } => self.judge_again(*changed, aggregate.as_deref()),
            EventKind::Finished { state, message, aggregate } => {
                self.state = *state;
                self.message.clone_from(message);
                self.aggregate.clone_from(aggregate);
            }
        }
    }

    /// All events in order.
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut view = Self::default();
        for event in events {
            view.apply(event);
        }
        view
    }

    /// Takes over the stored state when it says that an ended run goes on: a resumed run that waits has no event yet.
    /// Read the view before the stored state.
    pub fn go_on_as(&mut self, stored: RunState) {
        if self.state.is_ended() && !stored.is_ended() {
            self.state = stored;
        }
    }

    /// 0 to 100, whole.
    pub fn progress_percent(&self) -> i64 {
        if self.total > 0 { (self.done * 100 / self.total).clamp(0, 100) } else { 0 }
    }

    /// Milliseconds left at the pace so far; `None` before there is a pace or after the end.
    pub fn eta_ms(&self) -> Option<i64> {
        let fresh = self.done - self.done_at_start;
        if self.state != RunState::Running || fresh <= 0 {
            return None;
        }
        let spent = self.updated_at?.millis_since(self.started_at?);
        Some(spent * (self.total - self.done).max(0) / fresh)
    }

    fn judge_again(&mut self, changed: i64, aggregate: Option<&AggregateMetrics>) {
        self.message = Some(format!("Judged again: {changed} of the results changed."));
        self.outcomes = aggregate.map(|means| means.outcomes.clone()).unwrap_or_default();
        self.aggregate = aggregate.cloned().map(Box::new);
    }

    /// Points after a resume replace what lay beyond the checkpoint.
    fn forget_after(&mut self, done: i64) {
        for points in self.series.values_mut() {
            points.retain(|(step, _)| *step <= done);
        }
        self.checkpoints.retain(|mark| mark.episode <= done);
    }
}

fn outcome_key(outcome: Outcome) -> String {
    outcome.label().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunId;

    fn event(seq: i64, kind: EventKind) -> Event {
        Event { run: RunId(uuid::Uuid::nil()), seq, at: Timestamp::from_millis(seq * 1000), kind }
    }

    fn series(step: i64, value: f64) -> EventKind {
        EventKind::Series { step, values: [("reward/mean".to_owned(), value)].into() }
    }

    #[test]
    fn an_event_applied_twice_changes_nothing() {
        let events = [event(1, EventKind::Started { total: 4, done: 0 }), event(2, series(1, 0.5))];
        let mut view = RunView::from_events(&events);
        let before = view.clone();
        view.apply(&events[1]);
        assert_eq!(view, before);
    }

    #[test]
    fn a_resume_replaces_points_beyond_the_checkpoint() {
        let view = RunView::from_events(&[
            event(1, EventKind::Started { total: 4, done: 0 }),
            event(2, series(1, 0.1)),
            event(3, series(2, 0.2)),
            event(4, EventKind::Finished { state: RunState::Interrupted, message: None, aggregate: None }),
            event(5, EventKind::Started { total: 4, done: 1 }),
            event(6, series(2, 0.3)),
        ]);
        assert_eq!(view.series["reward/mean"], [(1, 0.1), (2, 0.3)]);
        assert_eq!(view.state, RunState::Running);
    }

    #[test]
    fn a_case_that_is_asked_again_is_counted_once() {
        let judged = |outcome: Outcome, done: i64| EventKind::SampleFinished {
            result_id: crate::ResultId(uuid::Uuid::nil()),
            test_case_id: crate::TestCaseId(uuid::Uuid::nil()),
            outcome,
            reward: None,
            done,
            cost_usd: (outcome == Outcome::Pass).then_some(0.25),
        };
        let view = RunView::from_events(&[
            event(1, EventKind::Started { total: 2, done: 0 }),
            event(2, judged(Outcome::Pass, 1)),
            event(3, judged(Outcome::ProviderError, 2)),
            event(4, EventKind::Finished { state: RunState::Cancelled, message: None, aggregate: None }),
            event(5, EventKind::Started { total: 2, done: 1 }),
            event(6, judged(Outcome::Pass, 2)),
        ]);
        assert_eq!(view.outcomes, [(outcome_key(Outcome::Pass), 2)].into());
        assert_eq!((view.done, view.cost_usd), (2, Some(0.5)));
    }

    #[test]
    fn a_resumed_run_that_waits_goes_on_and_a_stale_state_is_passed_over() {
        for (seen, stored, then) in [
            (RunState::Cancelled, RunState::Pending, RunState::Pending),
            (RunState::Completed, RunState::Completed, RunState::Completed),
            (RunState::Running, RunState::Completed, RunState::Running),
        ] {
            let mut view = RunView { state: seen, ..RunView::default() };
            view.go_on_as(stored);
            assert_eq!(view.state, then);
        }
    }

    #[test]
    fn the_estimate_counts_only_what_was_done_since_the_start() {
        let view = RunView::from_events(&[
            event(1, EventKind::Started { total: 10, done: 4 }),
            event(
                3,
                EventKind::EpisodeFinished { episode_num: 5, avg_reward: 0.0, total_reward: 0.0, num_test_cases: 1 },
            ),
        ]);
        // 2 units in 2 s, 4 left.
        assert_eq!(view.eta_ms(), Some(4000));
        assert_eq!(view.progress_percent(), 60);
    }
}
