//! Table `votes`.

use crate::{
    Store,
    column::{from_json, from_word, json, parsed, text, word},
    failure::failed,
    listing::paged,
};
use types::{Error, Page, Paged, Timestamp, Vote, VoteDraft};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    question: String,
    candidates_json: String,
    verdict: String,
    winner: Option<String>,
    created_at: i64,
}

impl Store {
    /// Stores a vote.
    ///
    /// # Errors
    /// `Conflict` when its id is taken.
    pub async fn vote_insert(&self, vote: &Vote) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO votes (id, question, candidates_json, verdict, winner, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(SQL)
            .bind(vote.id.to_string())
            .bind(text(&vote.draft.question))
            .bind(json("candidates_json", &vote.draft.candidates)?)
            .bind(word("verdict", &vote.draft.verdict)?)
            .bind(vote.draft.winner.map(|winner| winner.to_string()))
            .bind(vote.created_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// All votes, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn vote_list(&self, page: Page) -> Result<Paged<Vote>, Error> {
        const SQL: &str = "SELECT id, question, candidates_json, verdict, winner, created_at FROM votes \
                           ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2";
        let total = sqlx::query_scalar("SELECT COUNT(*) FROM votes");
        paged(&self.read, sqlx::query_as::<_, Row>(SQL), total, page).await
    }
}

impl TryFrom<Row> for Vote {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("votes.id", &row.id)?,
            draft: VoteDraft {
                question: row.question,
                candidates: from_json("votes.candidates_json", &row.candidates_json)?,
                verdict: from_word("votes.verdict", &row.verdict)?,
                winner: row.winner.map(|winner| parsed("votes.winner", &winner)).transpose()?,
            },
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}
