//! Table `gateway_calls`: calls of models and tools through the gateway, as many as are kept.

use crate::{
    Store,
    column::{count, from_json, from_json_opt, from_word, json_opt, json_readable, parsed, text, text_opt, word},
    failure::failed,
    listing::{items, paged},
};
use types::{Attempt, Error, GatewayCall, GatewayCallId, GatewayCallListItem, GatewayCallQuery, Paged, Timestamp};

/// Tries of a number that another process takes at the same moment.
const TRIES_MAX: usize = 8;

macro_rules! listed {
    () => {
        "id, rollout, attempt, seq, kind, at, duration_ms, model, input_tokens, output_tokens, status, error"
    };
}

macro_rules! whole {
    () => {
        concat!("SELECT ", listed!(), ", request_json, response_json FROM gateway_calls")
    };
}

/// `$1`, `$3`: 1 when the rollout `$2` and the attempt `$4` are asked for; empty `$5`, `$6`: any model, any kind.
macro_rules! matching {
    () => {
        " FROM gateway_calls WHERE ($1 = 0 OR rollout = $2) AND ($3 = 0 OR attempt = $4) AND ($5 = '' OR model = $5) \
         AND ($6 = '' OR kind = $6) AND at >= $7"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    rollout: String,
    attempt: i64,
    seq: i64,
    kind: String,
    at: i64,
    duration_ms: i64,
    model: String,
    input_tokens: i64,
    output_tokens: i64,
    status: i64,
    error: Option<String>,
}

#[derive(sqlx::FromRow)]
struct WholeRow {
    #[sqlx(flatten)]
    row: Row,
    request_json: String,
    response_json: Option<String>,
}

impl Store {
    /// Adds a call; its `seq` is drawn here, and answered with the bytes that the row takes.
    ///
    /// # Errors
    /// `Conflict` when its id is taken.
    pub async fn gateway_call_insert(&self, call: &GatewayCall) -> Result<(i64, u64), Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.gateway_call_try_insert(call).await {
                // On PostgreSQL another process may have drawn the same number.
                Err(Error::Conflict(_))
                    if tries < TRIES_MAX && self.gateway_call_get(call.call.id).await?.is_none() => {}
                done => return done,
            }
        }
    }

    async fn gateway_call_try_insert(
        &self,
        GatewayCall { call, request_json, response_json }: &GatewayCall,
    ) -> Result<(i64, u64), Error> {
        const NEXT: &str = "SELECT COALESCE(MAX(seq), 0) + 1 FROM gateway_calls WHERE rollout = $1 AND attempt = $2";
        const SQL: &str = concat!(
            "INSERT INTO gateway_calls (",
            listed!(),
            ", request_json, response_json, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        );
        let request = json_readable("gateway_calls.request_json", request_json)?;
        let response = json_opt("gateway_calls.response_json", response_json.as_ref())?;
        let bytes = request.len() + response.as_ref().map_or(0, String::len) + call.model.len() + ROW_BYTES;
        let rollout = call.rollout.as_deref().unwrap_or_default();
        let mut transaction = self.begin().await?;
        let next = sqlx::query_scalar(NEXT).bind(rollout.to_owned()).bind(call.attempt);
        let seq: i64 = next.fetch_one(&mut *transaction).await.map_err(failed)?;
        sqlx::query(SQL)
            .bind(call.id.to_string())
            .bind(rollout.to_owned())
            .bind(call.attempt)
            .bind(seq)
            .bind(word("gateway_calls.kind", &call.kind)?)
            .bind(call.at.as_millis())
            .bind(call.duration_ms)
            .bind(text(&call.model))
            .bind(stored(call.input_tokens))
            .bind(stored(call.output_tokens))
            .bind(i64::from(call.status))
            .bind(text_opt(call.error.as_deref()))
            .bind(request)
            .bind(response)
            .bind(stored(bytes as u64))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok((seq, bytes as u64))
    }

    /// Forgets the oldest calls beyond `calls_max` in number or `bytes_max` in size.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_calls_prune(&self, calls_max: u64, bytes_max: u64) -> Result<u64, Error> {
        const SQL: &str = "DELETE FROM gateway_calls WHERE id IN (SELECT id FROM (SELECT id, \
                           ROW_NUMBER() OVER (ORDER BY at DESC, id DESC) AS place, \
                           SUM(bytes) OVER (ORDER BY at DESC, id DESC) AS total FROM gateway_calls) AS ranked \
                           WHERE place > $1 OR total > $2)";
        let done = sqlx::query(SQL).bind(stored(calls_max)).bind(stored(bytes_max)).execute(&self.write).await;
        Ok(done.map_err(failed)?.rows_affected())
    }

    /// Calls without their bodies, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_call_list(&self, query: &GatewayCallQuery) -> Result<Paged<GatewayCallListItem>, Error> {
        const ROWS: &str = concat!("SELECT ", listed!(), matching!(), " ORDER BY at DESC, id DESC LIMIT $8 OFFSET $9");
        const TOTAL: &str = concat!("SELECT COUNT(*)", matching!());
        let kind = query.kind.map(|kind| word("gateway_calls.kind", &kind)).transpose()?.unwrap_or_default();
        macro_rules! asked {
            ($query:expr) => {
                $query
                    .bind(i64::from(query.rollout.is_some()))
                    .bind(text(query.rollout.as_deref().unwrap_or_default()))
                    .bind(i64::from(query.attempt.is_some()))
                    .bind(query.attempt.unwrap_or_default())
                    .bind(text(query.model.as_deref().unwrap_or_default()))
                    .bind(kind.clone())
                    .bind(query.since.map_or(i64::MIN, Timestamp::as_millis))
            };
        }
        let rows = asked!(sqlx::query_as::<_, Row>(ROWS));
        paged(&self.read, rows, asked!(sqlx::query_scalar(TOTAL)), query.page).await
    }

    /// One call.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_call_get(&self, id: GatewayCallId) -> Result<Option<GatewayCall>, Error> {
        let row = sqlx::query_as::<_, WholeRow>(concat!(whole!(), " WHERE id = $1")).bind(id.to_string());
        row.fetch_optional(&self.read).await.map_err(failed)?.map(GatewayCall::try_from).transpose()
    }

    /// The calls of an attempt after `after` (0 = from the first) in order, at most `limit`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_calls_of(&self, of: &Attempt, after: i64, limit: u32) -> Result<Vec<GatewayCall>, Error> {
        const SQL: &str = concat!(whole!(), " WHERE rollout = $1 AND attempt = $2 AND seq > $3 ORDER BY seq LIMIT $4");
        let rows = sqlx::query_as::<_, WholeRow>(SQL)
            .bind(text(&of.rollout))
            .bind(of.attempt)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.read);
        items(rows.await.map_err(failed)?)
    }

    /// Attempts that something is kept of, by name and number, after `after`; at most `limit`. An empty rollout holds
    /// what no rollout was named for.
    ///
    /// # Errors
    /// The database fails.
    pub async fn gateway_attempts(&self, after: &Attempt, limit: u32) -> Result<Vec<Attempt>, Error> {
        const SQL: &str = "SELECT DISTINCT rollout, attempt FROM gateway_calls \
                           WHERE rollout > $1 OR (rollout = $1 AND attempt > $2) ORDER BY rollout, attempt LIMIT $3";
        let rows = sqlx::query_as::<_, (String, i64)>(SQL)
            .bind(text(&after.rollout))
            .bind(after.attempt)
            .bind(i64::from(limit))
            .fetch_all(&self.read);
        Ok(rows.await.map_err(failed)?.into_iter().map(|(rollout, attempt)| Attempt { rollout, attempt }).collect())
    }
}

/// About what a row takes besides its texts.
const ROW_BYTES: usize = 256;

fn stored(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl TryFrom<Row> for GatewayCallListItem {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("gateway_calls.id", &row.id)?,
            rollout: Some(row.rollout).filter(|rollout| !rollout.is_empty()),
            attempt: row.attempt,
            seq: row.seq,
            kind: from_word("gateway_calls.kind", &row.kind)?,
            at: Timestamp::from_millis(row.at),
            duration_ms: row.duration_ms,
            model: row.model,
            input_tokens: count(row.input_tokens),
            output_tokens: count(row.output_tokens),
            status: u16::try_from(row.status).unwrap_or_default(),
            error: row.error,
        })
    }
}

impl TryFrom<WholeRow> for GatewayCall {
    type Error = Error;

    fn try_from(whole: WholeRow) -> Result<Self, Error> {
        Ok(Self {
            call: whole.row.try_into()?,
            request_json: from_json("gateway_calls.request_json", &whole.request_json)?,
            response_json: from_json_opt("gateway_calls.response_json", whole.response_json.as_deref())?,
        })
    }
}
