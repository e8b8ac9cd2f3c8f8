//! What of a reply only a model can judge. Models are asked before a case is judged, so that judging itself stays a pure
//! function of what was recorded and of what they said.

use crate::{Assessment, score::assess_with};
use async_trait::async_trait;
use futures::{StreamExt, stream};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};
use types::{Expectation, RewardWeights, Transcript};

/// Questions of one case that are asked at once.
const AT_ONCE: usize = 4;

/// A question about a reply.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ModelQuestion {
    /// How alike two texts are in meaning.
    Similarity {
        /// What was expected.
        expected: String,
        /// What was replied.
        reply: String,
    },
    /// How well a reply meets a rubric.
    Rubric {
        /// What makes a reply good.
        rubric: String,
        /// What was asked.
        question: String,
        /// What was replied.
        reply: String,
    },
}

/// What a model answers.
#[derive(Clone, PartialEq, Debug)]
pub struct ModelVerdict {
    /// 0 to 1.
    pub value: f64,
    /// Why, in a sentence; empty where the model gives no reason.
    pub reason: String,
}

/// What became of a question: a verdict, or why there is none.
pub type ModelAnswer = Result<ModelVerdict, String>;

/// Asks models.
#[async_trait]
pub trait ModelJudge: Send + Sync {
    /// The verdict, or why there is none, in words for a person. Bounded in time by whoever implements it.
    async fn answer(&self, question: &ModelQuestion) -> ModelAnswer;
}

/// No model: what needs one is not scored.
#[derive(Clone, Copy, Default, Debug)]
pub struct NoModel;

#[async_trait]
impl ModelJudge for NoModel {
    async fn answer(&self, question: &ModelQuestion) -> ModelAnswer {
        nobody(question)
    }
}

/// A reply, and who says what only a model can say of it.
pub struct Reply<'a> {
    /// What was replied.
    pub text: &'a str,
    /// What was asked.
    pub question: &'a str,
    /// Looks a question up.
    pub models: &'a dyn Fn(&ModelQuestion) -> ModelAnswer,
}

impl<'a> Reply<'a> {
    /// A reply that no model has seen.
    pub fn alone(text: &'a str) -> Self {
        Self { text, question: "", models: &nobody }
    }
}

/// Nobody was asked.
pub fn nobody(_question: &ModelQuestion) -> ModelAnswer {
    Err("it needs a model, and none was asked here".into())
}

/// What checks of form assume of a model: anything.
pub fn anything(_question: &ModelQuestion) -> ModelAnswer {
    Ok(ModelVerdict { value: 0.0, reason: String::new() })
}

/// Judges turns after having asked what only a model can say of them.
pub async fn assess_asking(
    turns: &[(Expectation, &Transcript)],
    weights: &RewardWeights,
    judge: &dyn ModelJudge,
) -> Assessment {
    let asked = questions(turns, weights);
    let answers = stream::iter(asked).map(async |question| {
        let answer = judge.answer(&question).await;
        (question, answer)
    });
    let answers: HashMap<ModelQuestion, ModelAnswer> = answers.buffer_unordered(AT_ONCE).collect().await;
    assess_with(turns, weights, &|question| answers.get(question).cloned().unwrap_or_else(|| nobody(question)))
}

/// What models are asked to judge these turns.
fn questions(turns: &[(Expectation, &Transcript)], weights: &RewardWeights) -> BTreeSet<ModelQuestion> {
    let asked = RefCell::new(BTreeSet::new());
    let note = |question: &ModelQuestion| {
        asked.borrow_mut().insert(question.clone());
        anything(question)
    };
    assess_with(turns, weights, &note);
    asked.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::atomic::{AtomicU32, Ordering};
    use types::{Ending, Outcome, Usage};

    /// Likes replies with `good` in them, and breaks on `broken`.
    #[derive(Default)]
    struct Likes(AtomicU32);

    #[async_trait]
    impl ModelJudge for Likes {
        async fn answer(&self, question: &ModelQuestion) -> ModelAnswer {
            self.0.fetch_add(1, Ordering::Relaxed);
            let (ModelQuestion::Similarity { reply, .. } | ModelQuestion::Rubric { reply, .. }) = question;
            if reply.contains("broken") {
                return Err("the endpoint is down".into());
            }
            let value = if reply.contains("good") { 0.9 } else { 0.2 };
            Ok(ModelVerdict { value, reason: "I say so".into() })
        }
    }

    async fn judged(answer: serde_json::Value, reply: &str, judge: &dyn ModelJudge) -> Assessment {
        let expected: Expectation = serde_json::from_value(json!({ "answer": answer })).unwrap();
        let transcript = Transcript {
            user_input: "How are you?".into(),
            calls: Vec::new(),
            reply: reply.into(),
            ending: Ending::Replied,
            steps: 1,
            usage: Usage::default(),
            latency_ms: 1,
            notes: Vec::new(),
        };
        assess_asking(&[(expected, &transcript)], &RewardWeights::default(), judge).await
    }

    #[tokio::test]
    async fn a_model_decides_and_its_reason_is_told() {
        let likes = Likes::default();
        let rubric = json!({"check": "llm_judge", "expected": "It is friendly."});
        let good = judged(rubric.clone(), "good, thanks", &likes).await.score;
        assert_eq!((good.outcome, good.response_quality), (Outcome::Pass, Some(0.9)));
        assert!(good.checks[0].reason.contains("I say so") && good.checks[0].reason.contains("0.7"), "{good:?}");
        let bad = judged(rubric, "no", &likes).await.score;
        assert_eq!((bad.outcome, bad.response_quality), (Outcome::Fail, Some(0.2)));
        let same = json!({"check": "semantic", "expected": "well", "threshold": 0.95});
        assert_eq!(judged(same, "good", &likes).await.score.outcome, Outcome::Fail);
    }

    #[tokio::test]
    async fn a_question_is_asked_once_and_others_go_on() {
        let likes = Likes::default();
        let twice = json!({"all": [
            {"check": "llm_judge", "expected": "Kind."}, {"not": {"check": "llm_judge", "expected": "Kind."}},
            {"check": "contains", "expected": "good"},
        ]});
        let score = judged(twice, "good", &likes).await.score;
        assert_eq!((likes.0.load(Ordering::Relaxed), score.checks.len()), (1, 3));
    }

    #[tokio::test]
    async fn without_a_verdict_nothing_is_scored_and_the_reason_is_told() {
        let check = json!({"any": [{"check": "semantic", "expected": "well"}, {"check": "contains", "expected": "x"}]});
        for (reply, judge, why) in [
            ("broken", &Likes::default() as &dyn ModelJudge, "the endpoint is down"),
            ("good", &NoModel, "none was asked"),
        ] {
            let score = judged(check.clone(), reply, judge).await.score;
            assert_eq!((score.outcome, score.reward), (Outcome::Unscored, None));
            assert!(score.checks[0].reason.contains(why) && !score.checks[0].passed, "{score:?}");
        }
    }

    #[tokio::test]
    async fn an_empty_reply_is_judged_without_a_model() {
        let likes = Likes::default();
        for check in ["semantic", "llm_judge"] {
            let score = judged(json!({"check": check, "expected": "well"}), " ", &likes).await.score;
            assert_eq!((score.outcome, score.response_quality), (Outcome::Fail, Some(0.0)));
        }
        assert_eq!(likes.0.load(Ordering::Relaxed), 0);
    }
}
