//! Runs cases against an agent, several at a time, and judges each as it ends.

use crate::score;
use agents::{Agent, Turn};
use futures::{Stream, StreamExt, stream};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{CaseScore, Ending, RewardWeights, TestCaseCreate, Transcript, TurnLimits};

/// One case to run.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// Its place in the run.
    pub position: i64,
    /// The case.
    pub case: TestCaseCreate,
}

/// A judged case.
#[derive(Clone, PartialEq, Debug)]
pub struct Verdict {
    /// Its place in the run.
    pub position: i64,
    /// What the agent did.
    pub transcript: Transcript,
    /// What it was worth.
    pub score: CaseScore,
}

/// How cases are run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// Cases at work at once, at least 1.
    pub concurrency: usize,
    /// Limits of each turn.
    pub limits: TurnLimits,
    /// Weights of the reward.
    pub weights: RewardWeights,
    /// Seed of whatever is random in the agent; each case has its own, by its place.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { concurrency: 8, limits: TurnLimits::default(), weights: RewardWeights::default(), seed: 0 }
    }
}

/// Runs `samples` against `agent`; verdicts come as cases end. Cases that were stopped give none, so that a resumed run
/// does them again.
pub fn run(
    agent: Arc<dyn Agent>,
    samples: Vec<Sample>,
    settings: Settings,
    cancel: CancellationToken,
) -> impl Stream<Item = Verdict> + Send {
    stream::iter(samples)
        .map(move |sample| judge(agent.clone(), sample, settings, cancel.clone()))
        .buffer_unordered(settings.concurrency.max(1))
        .filter_map(std::future::ready)
}

async fn judge(
    agent: Arc<dyn Agent>,
    sample: Sample,
    settings: Settings,
    cancel: CancellationToken,
) -> Option<Verdict> {
    if cancel.is_cancelled() {
        return None;
    }
    let Sample { position, case } = sample;
    let turn = Turn {
        history: Vec::new(),
        user_input: case.user_input.clone(),
        limits: settings.limits,
        seed: settings.seed.wrapping_add(position.unsigned_abs()),
    };
    // Nobody listens to the pieces of the answer: the transcript has them all.
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let transcript = agent.respond(turn, &events, &cancel).await;
    if transcript.ending == Ending::Cancelled {
        return None;
    }
    let score = score(&case, &transcript, &settings.weights);
    Some(Verdict { position, transcript, score })
}

#[cfg(test)]
mod tests {
    use super::*;
    use agents::EventSink;
    use async_trait::async_trait;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use types::{Outcome, Usage};

    /// Replies with what it is asked, and counts how many it answers at once.
    #[derive(Default)]
    struct Echo {
        at_work: AtomicUsize,
        most: AtomicUsize,
    }

    #[async_trait]
    impl Agent for Echo {
        async fn respond(&self, turn: Turn, _events: &EventSink, cancel: &CancellationToken) -> Transcript {
            let now = self.at_work.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::task::yield_now().await;
            self.at_work.fetch_sub(1, Ordering::SeqCst);
            Transcript {
                user_input: turn.user_input.clone(),
                calls: Vec::new(),
                reply: turn.user_input,
                ending: if cancel.is_cancelled() { Ending::Cancelled } else { Ending::Replied },
                steps: 1,
                usage: Usage::default(),
                latency_ms: 0,
                notes: Vec::new(),
            }
        }
    }

    fn samples(n: i64) -> Vec<Sample> {
        let case = |position: i64| TestCaseCreate {
            user_input: position.to_string(),
            expected_output: Some(if position % 2 == 0 { position.to_string() } else { "odd".into() }),
            ..TestCaseCreate::default()
        };
        (0..n).map(|position| Sample { position, case: case(position) }).collect()
    }

    #[tokio::test]
    async fn every_case_is_judged_once_and_no_more_than_allowed_at_a_time() {
        let echo = Arc::new(Echo::default());
        let settings = Settings { concurrency: 3, ..Settings::default() };
        let mut verdicts: Vec<Verdict> =
            run(echo.clone(), samples(20), settings, CancellationToken::new()).collect().await;
        verdicts.sort_by_key(|verdict| verdict.position);
        assert_eq!(verdicts.iter().map(|verdict| verdict.position).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        assert_eq!(verdicts.iter().filter(|verdict| verdict.score.outcome == Outcome::Pass).count(), 10);
        assert_eq!(echo.most.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_stopped_run_gives_no_verdict_for_what_was_not_judged() {
        let cancel = CancellationToken::new();
        let settings = Settings { concurrency: 1, ..Settings::default() };
        let run = run(Arc::new(Echo::default()), samples(5), settings, cancel.clone());
        let mut run = std::pin::pin!(run);
        assert_eq!(run.next().await.map(|verdict| verdict.position), Some(0));
        cancel.cancel();
        assert_eq!(run.next().await, None);
    }
}
