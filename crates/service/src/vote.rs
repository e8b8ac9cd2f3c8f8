//! Votes between agents that answered the same question.

use crate::{Result, Service, agent::refuse_if_any, new_id};
use types::{Page, Paged, Vote, VoteDraft, VoteId};

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
}
