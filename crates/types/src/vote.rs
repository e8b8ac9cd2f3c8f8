//! One question to several agents, and whose answer a person preferred.

use crate::{AgentId, ConversationId, FieldError, MESSAGE_CHARS_MAX, Timestamp, VoteId};
use serde::{Deserialize, Serialize};

/// Most agents side by side.
pub const CANDIDATES_MAX: usize = 4;

/// An agent that answered, and where.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// The agent.
    pub agent_id: AgentId,
    /// The conversation with its answer.
    pub conversation_id: ConversationId,
}

/// What the person says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// One was best.
    Winner,
    /// They were equally good.
    Tie,
    /// None was good.
    BothBad,
}

/// A vote to store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoteDraft {
    /// What all of them were asked.
    pub question: String,
    /// Who answered, 2 to 4 agents.
    pub candidates: Vec<Candidate>,
    /// What the person says.
    pub verdict: Verdict,
    /// Whose answer was best, with `winner` only.
    #[serde(default)]
    pub winner: Option<AgentId>,
}

/// A stored vote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vote {
    /// Its id.
    pub id: VoteId,
    /// What was asked, who answered, and who was preferred.
    #[serde(flatten)]
    pub draft: VoteDraft,
    /// When it was cast.
    pub created_at: Timestamp,
}

impl VoteDraft {
    /// What is wrong with it.
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let chars = self.question.chars().count();
        if self.question.trim().is_empty() || chars > MESSAGE_CHARS_MAX {
            let why = format!("has {chars} characters, expected 1 to {MESSAGE_CHARS_MAX}");
            errors.push(FieldError::new("question", why));
        }
        let count = self.candidates.len();
        if !(2..=CANDIDATES_MAX).contains(&count) {
            errors.push(FieldError::new("candidates", format!("has {count} agents, expected 2 to {CANDIDATES_MAX}")));
        }
        let known = self.winner.is_some_and(|winner| self.candidates.iter().any(|other| other.agent_id == winner));
        let fits = if self.verdict == Verdict::Winner { known } else { self.winner.is_none() };
        if !fits {
            errors.push(FieldError::new("winner", "must be one of the candidates with `winner`, and null otherwise"));
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn agent(number: u128) -> AgentId {
        AgentId(Uuid::from_u128(number))
    }

    fn refused(count: u128, verdict: Verdict, winner: Option<u128>) -> Vec<String> {
        let candidates = (1..=count)
            .map(|number| Candidate { agent_id: agent(number), conversation_id: ConversationId(Uuid::nil()) })
            .collect();
        let draft = VoteDraft { question: "Who?".into(), candidates, verdict, winner: winner.map(agent) };
        draft.validate().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_winner_is_one_of_two_to_four_candidates() {
        assert!(refused(2, Verdict::Winner, Some(2)).is_empty());
        assert!(refused(4, Verdict::Tie, None).is_empty());
        assert_eq!(refused(1, Verdict::BothBad, None), ["candidates"]);
        assert_eq!(refused(5, Verdict::BothBad, None), ["candidates"]);
        assert_eq!(refused(2, Verdict::Winner, Some(3)), ["winner"]);
        assert_eq!(refused(2, Verdict::Winner, None), ["winner"]);
        assert_eq!(refused(2, Verdict::Tie, Some(1)), ["winner"]);
    }
}
