//! Writes that belong together and are told to the database at once.
//!
//! SQLite works on a thread of its own, and every statement is a way there and back. So on SQLite whole transactions are
//! one text; those that wait while another is written share the next one, and each is answered when its transaction is
//! committed. PostgreSQL takes one statement after the other, in parallel connections.

use crate::{
    ACQUIRE_TIMEOUT, Store,
    failure::{failed, is_of_the_database},
};
use sqlx::{Any, AnyPool, AssertSqlSafe, any::AnyArguments, query::QueryAs};
use std::{collections::HashMap, fmt::Write as _};
use tokio::sync::{
    mpsc::{self, error::SendTimeoutError},
    oneshot,
};
use types::Error;

/// Most writes of one transaction.
const GROUP_MAX: usize = 16;
/// Most writes that wait; more wait where they are made.
const QUEUE_MAX: usize = 256;

/// A value of a statement.
#[derive(Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Real(f64),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// Statements of one transaction. One of them may return a text that is this write's own, and a number.
#[derive(Default)]
pub(crate) struct Write(Vec<(&'static str, Vec<Value>)>);

impl Write {
    /// Adds a statement; its parameters are `$1`, `$2` and so on.
    pub(crate) fn add(&mut self, sql: &'static str, values: Vec<Value>) {
        self.0.push((sql, values));
    }
}

/// What a transaction returned.
type Returned = HashMap<String, i64>;
/// A write and whom its answer is for, with the text that it returns.
type Queued = (Write, String, oneshot::Sender<Result<Option<i64>, Error>>);
/// The way to the task that writes.
pub(crate) type Queue = mpsc::Sender<Queued>;

/// A statement that may return a text and a number.
pub(crate) type Query = QueryAs<'static, Any, (String, i64), AnyArguments>;

/// Starts the task that writes through `pool`, the only one that does; it ends with its last sender.
pub(crate) fn start(pool: AnyPool) -> Queue {
    let (queue, mut queued) = mpsc::channel(QUEUE_MAX);
    tokio::spawn(async move {
        let mut group = Vec::new();
        while queued.recv_many(&mut group, GROUP_MAX).await > 0 {
            write_group(&pool, std::mem::take(&mut group)).await;
        }
    });
    queue
}

impl Store {
    /// Writes all of it or nothing; the number that came with `key`.
    pub(crate) async fn write_at_once(&self, write: Write, key: String) -> Result<Option<i64>, Error> {
        let Some(queue) = &self.queue else {
            let mut transaction = self.begin().await?;
            let mut returned = Returned::new();
            for (sql, values) in write.0 {
                let rows = bound(sqlx::query_as(sql), values).fetch_all(&mut *transaction).await;
                returned.extend(rows.map_err(failed)?);
            }
            transaction.commit().await.map_err(failed)?;
            return Ok(returned.remove(&key));
        };
        let (sender, answer) = oneshot::channel();
        let stopped = || Error::Unavailable("the database is closed: the service is shutting down".into());
        queue.send_timeout((write, key, sender), ACQUIRE_TIMEOUT).await.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => failed(sqlx::Error::PoolTimedOut),
            SendTimeoutError::Closed(_) => stopped(),
        })?;
        answer.await.map_err(|_| stopped())?
    }
}

/// Writes a group in one transaction; when that fails for one of them, each in one of its own, so that none suffers for
/// another. What fails for the database's own reasons would fail again, after as long a wait each time.
async fn write_group(pool: &AnyPool, mut group: Vec<Queued>) {
    // Alike first: few different texts are prepared.
    group.sort_by_cached_key(|(write, ..)| write.0.iter().map(|(sql, _)| *sql).collect::<Vec<_>>());
    let (mut writes, mut waiting) = (Vec::new(), Vec::new());
    for (write, key, sender) in group {
        writes.push(write);
        waiting.push((key, sender));
    }
    match write_all(pool, &writes).await {
        Ok(mut returned) => {
            for (key, sender) in waiting {
                // Who no longer waits has lost nothing.
                let _ = sender.send(Ok(returned.remove(&key)));
            }
        }
        Err(error) if writes.len() == 1 || is_of_the_database(&error) => {
            let error = failed(error);
            for (_, sender) in waiting {
                let _ = sender.send(Err(error.clone()));
            }
        }
        Err(_) => {
            for (write, (key, sender)) in writes.into_iter().zip(waiting) {
                let alone = write_all(pool, &[write]).await;
                let _ = sender.send(alone.map(|mut returned| returned.remove(&key)).map_err(failed));
            }
        }
    }
}

/// One transaction in one text, which SQLite's driver takes with all parameters numbered through.
async fn write_all(pool: &AnyPool, writes: &[Write]) -> Result<Returned, sqlx::Error> {
    let mut text = String::from("BEGIN IMMEDIATE;");
    let mut values = Vec::new();
    for (sql, given) in writes.iter().flat_map(|write| &write.0) {
        numbered(sql, values.len(), &mut text);
        text.push(';');
        values.extend(given.iter().cloned());
    }
    text.push_str("COMMIT");
    let mut connection = pool.acquire().await?;
    let rows = bound(sqlx::query_as(AssertSqlSafe(text)), values).fetch_all(&mut *connection).await;
    if rows.is_err() {
        // When the transaction did not even begin, there is none to take back.
        let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await;
    }
    Ok(rows?.into_iter().collect())
}

pub(crate) fn bound(query: Query, values: Vec<Value>) -> Query {
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Number(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
    })
}

/// Appends `sql` to `text`, its parameters numbered from the one after `before` on.
fn numbered(sql: &str, before: usize, text: &mut String) {
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        // Writing to a text cannot fail.
        let _ = write!(text, "${}{rest}", number.parse::<usize>().unwrap_or_default() + before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_through() {
        let mut text = String::new();
        numbered("SET a = $1, b = $12 WHERE c = $1", 30, &mut text);
        numbered("COMMIT", 30, &mut text);
        assert_eq!(text, "SET a = $31, b = $42 WHERE c = $31COMMIT");
    }
}
