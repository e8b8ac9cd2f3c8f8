//! Votes between agents that answered the same question.

mod ranking;

use crate::{Result, Service, agent::refuse_if_any, blocking, new_id};
use std::collections::BTreeSet;
use types::{Page, Paged, Vote, VoteDraft, VoteId, VoteRanking};

/// Votes read at a time.
const VOTES_AT_ONCE: u32 = 1000;

impl Service {
    /// Stores whose answer a person preferred.
    ///
    /// # Errors
    /// Refused fields, an agent that does not exist.
    pub async fn vote_cast(&self, draft: VoteDraft) -> Result<Vote> {
        refuse_if_any(draft.validate())?;
        for candidate in &draft.candidates {
            self.agent_get(candidate.agent_id).await?;
        }
        let vote = Vote { id: VoteId(new_id()), draft, created_at: self.now() };
        self.store().vote_insert(&vote).await?;
        Ok(vote)
    }

    /// All votes, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn vote_list(&self, page: Page) -> Result<Paged<Vote>> {
        self.store().vote_list(page).await
    }

    /// Agents rated by all votes, or the reason why they cannot be.
    ///
    /// # Errors
    /// The database fails.
    pub async fn vote_ranking(&self) -> Result<VoteRanking> {
        let mut votes = Vec::new();
        loop {
            let skip = u32::try_from(votes.len()).unwrap_or(u32::MAX);
            let found = self.store().vote_list(Page { skip, limit: VOTES_AT_ONCE }).await?.items;
            let is_last = found.len() < VOTES_AT_ONCE as usize;
            votes.extend(found.into_iter().map(|vote| vote.draft));
            if is_last {
                break;
            }
        }
        let candidates = votes.iter().flat_map(|vote| &vote.candidates);
        let mut agents = Vec::new();
        for id in candidates.map(|candidate| candidate.agent_id).collect::<BTreeSet<_>>() {
            agents.push(self.agent_get(id).await?);
        }
        blocking(move || Ok(ranking::ranking(&votes, agents))).await
    }
}
