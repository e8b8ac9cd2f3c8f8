//! Runs cases against an agent, several at a time, and judges each as it ends.

use crate::{
    Assessment, Counted,
    models::{ModelJudge, assess_asking},
    tools_of::tools_of,
};
use agents::{Agent, PastMessage, Turn};
use futures::{Stream, StreamExt, stream};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use types::{CaseTurn, Ending, Expectation, RewardWeights, Role, TestCaseCreate, Transcript, TurnLimits};

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
    /// What the agent did, over all turns: the last reply and ending, all calls, and sums.
    pub transcript: Transcript,
    /// Each turn that was asked, where a case has several.
    pub turns: Vec<Transcript>,
    /// What it was worth.
    pub assessment: Assessment,
}

impl Verdict {
    /// As the only trial of the case at its place, which weighs 1.
    pub fn counted(&self) -> Counted<'_> {
        let (score, transcript) = (&self.assessment.score, &self.transcript);
        let once = Counted::once(self.position.unsigned_abs().into(), score, transcript.latency_ms);
        Counted { usage: transcript.usage_counted(), ..once }
    }
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
        Self { concurrency: 8, limits: TurnLimits::OF_AGENT, weights: RewardWeights::default(), seed: 0 }
    }
}

/// Runs `samples` against `agent`, and asks `models` what only they can judge; verdicts come as cases end. Cases that were stopped give none, so that a resumed run
/// does them again.
pub fn run(
    agent: Arc<dyn Agent>,
    samples: Vec<Sample>,
    settings: Settings,
    models: Arc<dyn ModelJudge>,
    cancel: CancellationToken,
) -> impl Stream<Item = Verdict> + Send {
    stream::iter(samples)
        .map(move |sample| judge(agent.clone(), sample, settings, models.clone(), cancel.clone()))
        .buffer_unordered(settings.concurrency.max(1))
        .filter_map(std::future::ready)
}

async fn judge(
    agent: Arc<dyn Agent>,
    sample: Sample,
    settings: Settings,
    models: Arc<dyn ModelJudge>,
    cancel: CancellationToken,
) -> Option<Verdict> {
    let Sample { position, case } = sample;
    let transcripts = converse(&*agent, &case, &case.all_turns(), (position, settings), &cancel).await?;
    let assessing = assess_case(&case, &transcripts, &settings.weights, &*models);
    let assessment = cancel.run_until_cancelled(assessing).await??;
    let several = case.turns.len() > 1;
    let transcript = whole(&transcripts)?;
    Some(Verdict { position, transcript, turns: if several { transcripts } else { Vec::new() }, assessment })
}

/// Judges the recorded turns of `case`, of which the last ones may be missing, after having asked `models` what only they
/// can say; `None` without any turn.
pub async fn assess_case(
    case: &TestCaseCreate,
    transcripts: &[Transcript],
    weights: &RewardWeights,
    models: &dyn ModelJudge,
) -> Option<Assessment> {
    // Turns after one that was cut off are not asked: nothing was done in them, and they ended as it did.
    let silent = Transcript { calls: Vec::new(), reply: String::new(), ..transcripts.last()?.clone() };
    let done = transcripts.iter().chain(std::iter::repeat(&silent));
    let expected = case.all_turns().into_iter().map(|turn| turn.expect);
    let turns: Vec<(Expectation, &Transcript)> = expected.zip(done).collect();
    Some(assess_asking(&turns, weights, models).await)
}

/// The seed of a turn of a sample. Samples have seeds by their position in the run, turns of one far from those of the next.
pub const fn sample_seed(run: u64, position: i64, turn: u64) -> u64 {
    run.wrapping_add(position.unsigned_abs()).wrapping_add(turn << 40)
}

/// Asks the turns one after the other, until one does not end with a reply. `None` = it was stopped.
async fn converse(
    agent: &dyn Agent,
    case: &TestCaseCreate,
    turns: &[CaseTurn],
    (position, settings): (i64, Settings),
    cancel: &CancellationToken,
) -> Option<Vec<Transcript>> {
    let said = |role, content: &str| PastMessage { role, content: content.to_owned() };
    let mut history: Vec<PastMessage> = case.system.iter().map(|system| said(Role::System, system)).collect();
    let (tools, limits) = (tools_of(case), limits(case, settings.limits));
    // Nobody listens to the pieces of the answer: the transcript has them all.
    let (events, _) = tokio::sync::mpsc::unbounded_channel();
    let mut transcripts: Vec<Transcript> = Vec::with_capacity(turns.len());
    for (place, turn) in (0_u64..).zip(turns) {
        if cancel.is_cancelled() {
            return None;
        }
        let turn = Turn {
            history: history.clone(),
            user_input: turn.user.clone(),
            limits,
            seed: sample_seed(settings.seed, position, place),
            tools: tools.clone(),
        };
        let transcript = agent.respond(turn, &events, cancel).await;
        match transcript.ending {
            Ending::Cancelled => return None,
            Ending::Replied => {
                history.push(said(Role::User, &transcript.user_input));
                history.push(said(Role::Assistant, &transcript.reply));
                transcripts.push(transcript);
            }
            _ => {
                transcripts.push(transcript);
                break;
            }
        }
    }
    Some(transcripts)
}

fn limits(case: &TestCaseCreate, of_run: TurnLimits) -> TurnLimits {
    let own = case.limits.unwrap_or_default();
    TurnLimits {
        max_steps: own.max_steps.unwrap_or(of_run.max_steps),
        timeout_ms: own.timeout_ms.unwrap_or(of_run.timeout_ms),
    }
}

/// All turns as one record: the first question, the last reply and ending, every call, and the sums.
fn whole(turns: &[Transcript]) -> Option<Transcript> {
    let (first, rest) = turns.split_first()?;
    let add = |mut whole: Transcript, turn: &Transcript| {
        whole.calls.extend(turn.calls.iter().cloned());
        whole.notes.extend(turn.notes.iter().cloned());
        whole.usage.add(turn.usage);
        Transcript {
            reply: turn.reply.clone(),
            ending: turn.ending.clone(),
            steps: whole.steps.saturating_add(turn.steps),
            latency_ms: whole.latency_ms.saturating_add(turn.latency_ms),
            ..whole
        }
    };
    Some(rest.iter().fold(first.clone(), add))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoModel;
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
            run(echo.clone(), samples(20), settings, Arc::new(NoModel), CancellationToken::new()).collect().await;
        verdicts.sort_by_key(|verdict| verdict.position);
        assert_eq!(verdicts.iter().map(|verdict| verdict.position).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        assert_eq!(verdicts.iter().filter(|verdict| verdict.assessment.score.outcome == Outcome::Pass).count(), 10);
        assert_eq!(echo.most.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_stopped_run_gives_no_verdict_for_what_was_not_judged() {
        let cancel = CancellationToken::new();
        let settings = Settings { concurrency: 1, ..Settings::default() };
        let run = run(Arc::new(Echo::default()), samples(5), settings, Arc::new(NoModel), cancel.clone());
        let mut run = std::pin::pin!(run);
        assert_eq!(run.next().await.map(|verdict| verdict.position), Some(0));
        cancel.cancel();
        assert_eq!(run.next().await, None);
    }

    /// Replies with how many messages came before, and with its tools.
    struct Counting;

    #[async_trait]
    impl Agent for Counting {
        async fn respond(&self, turn: Turn, _: &EventSink, _: &CancellationToken) -> Transcript {
            let tools =
                turn.tools.map(|tools| tools.own.specs().iter().map(|tool| tool.name.clone()).collect::<Vec<_>>());
            Transcript {
                reply: format!("{} before, {:?}, {} steps", turn.history.len(), tools, turn.limits.max_steps),
                user_input: turn.user_input,
                calls: Vec::new(),
                ending: if turn.history.len() < 5 { Ending::Replied } else { Ending::Timeout },
                steps: 1,
                usage: Usage { input_tokens: 3, ..Usage::default() },
                latency_ms: 2,
                notes: Vec::new(),
            }
        }
    }

    #[tokio::test]
    async fn the_turns_of_a_case_are_one_conversation_with_its_own_tools_and_limits() {
        let turn = |answer: &str| CaseTurn {
            user: "Go".into(),
            expect: Expectation {
                answer: Some(serde_json::json!({"check": "contains", "expected": answer})),
                ..Expectation::default()
            },
        };
        let case = TestCaseCreate {
            user_input: "Go".into(),
            system: Some("Be brief.".into()),
            turns: vec![turn("1 before, Some([\"f\"]), 3 steps"), turn("3 before")],
            tool_defs: vec![types::CaseTool { name: "f".into(), ..types::CaseTool::default() }],
            limits: Some(types::CaseLimits { max_steps: Some(3), timeout_ms: None }),
            ..TestCaseCreate::default()
        };
        let judged = async |case: TestCaseCreate| {
            let samples = vec![Sample { position: 0, case }];
            let verdicts =
                run(Arc::new(Counting), samples, Settings::default(), Arc::new(NoModel), CancellationToken::new());
            verdicts.collect::<Vec<_>>().await.remove(0)
        };
        let done = judged(case.clone()).await;
        assert_eq!(done.assessment.score.outcome, Outcome::Pass, "{:?}", done.assessment);
        assert_eq!((done.turns.len(), done.transcript.steps, done.transcript.usage.input_tokens), (2, 2, 6));
        // The third is cut off, the fourth is not asked.
        let longer = TestCaseCreate { turns: [case.turns.clone(), vec![turn("5"), turn("7")]].concat(), ..case };
        let done = judged(longer).await;
        assert_eq!((done.assessment.score.outcome, done.turns.len()), (Outcome::Timeout, 3));
        assert_eq!(done.assessment.score.response_quality, Some(0.75));
    }
}
