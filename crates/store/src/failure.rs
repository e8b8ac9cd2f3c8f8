//! What a failed statement means to the caller: the one place where driver errors become [`types::Error`].

use sqlx::{
    error::{DatabaseError, ErrorKind},
    migrate::MigrateError,
    sqlite::SqliteError,
};
use types::Error;

/// The error of a statement.
pub(crate) fn failed(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(cause) => database_failed(cause.as_ref()),
        sqlx::Error::PoolTimedOut => Error::Unavailable("the database is busy; try again in a moment".into()),
        sqlx::Error::PoolClosed => Error::Unavailable("the database is closed: the service is shutting down".into()),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
            Error::Unavailable("the connection to the database was lost; try again in a moment".into())
        }
        _ => Error::Internal(format!("database: {error}")),
    }
}

/// Whether a statement failed for what the database is in, and not for what the statement says: others would fail too.
pub(crate) fn is_of_the_database(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(cause) => shortage(cause.as_ref()).is_some(),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => true,
        error => matches!(error, sqlx::Error::WorkerCrashed),
    }
}

/// The error of opening `database`, in words; drivers' messages name host and user, never a password.
pub(crate) fn open_failed(database: &str, error: &sqlx::Error) -> Error {
    let short_of = match error {
        sqlx::Error::Database(cause) => shortage(cause.as_ref()),
        _ => None,
    };
    let why = short_of.map_or_else(|| error.to_string(), |what| format!("it {what}"));
    Error::Unavailable(format!("cannot open {database} (`DATABASE_URL`): {why}"))
}

/// The error of bringing the tables up to date.
pub(crate) fn migration_failed(error: &MigrateError) -> Error {
    Error::Unavailable(format!("cannot bring the database up to date: {error}"))
}

/// Text in the database that this version cannot read.
pub(crate) fn unreadable(column: &str, why: impl std::fmt::Display) -> Error {
    Error::Internal(format!("database: column {column} cannot be read: {why}"))
}

fn database_failed(cause: &dyn DatabaseError) -> Error {
    match cause.kind() {
        ErrorKind::UniqueViolation => Error::Conflict("this record exists already".into()),
        ErrorKind::ForeignKeyViolation => {
            Error::Conflict("this record refers to, or is referred to by, a record that forbids the change".into())
        }
        _ => match shortage(cause) {
            Some(why) => Error::Unavailable(format!("the database {why}; try again later")),
            None => Error::Internal(format!("database: {cause}")),
        },
    }
}

/// Why the database cannot do it now, if that is the reason.
fn shortage(cause: &dyn DatabaseError) -> Option<&'static str> {
    let code = cause.code()?;
    if cause.try_downcast_ref::<SqliteError>().is_some() {
        // https://www.sqlite.org/rescode.html: the low byte is the primary code.
        return match code.parse::<i32>().ok()? & 0xff {
            5 | 6 => Some("is locked by another process"),
            8 => Some("is read-only: its file and folder must be writable"),
            10 => Some("cannot be read or written (disk error)"),
            13 => Some("cannot grow: the disk is full"),
            14 => Some("file cannot be opened"),
            _ => None,
        };
    }
    // https://www.postgresql.org/docs/15/errcodes-appendix.html
    match code.as_ref() {
        "40001" | "40P01" | "55P03" => Some("is locked by another writer"),
        "53100" => Some("cannot grow: the disk is full"),
        "53200" => Some("is out of memory"),
        "53300" => Some("has no free connection"),
        "57P01" | "57P02" | "57P03" => Some("is shutting down or starting"),
        code if code.starts_with("08") => Some("lost the connection"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
    use std::time::Duration;

    fn check(outcome: Result<impl Sized, sqlx::Error>, expected: &str) {
        let error = failed(outcome.err().unwrap());
        let Error::Unavailable(message) = &error else { panic!("{error:?}") };
        assert!(message.contains(expected), "{message}");
    }

    #[tokio::test]
    async fn what_one_statement_says_is_told_from_what_the_database_is_in() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("CREATE TABLE t (x TEXT UNIQUE); INSERT INTO t VALUES ('once')").await.unwrap();
        let twice = connection.execute("INSERT INTO t VALUES ('once')").await.err().unwrap();
        assert!(!is_of_the_database(&twice));
        connection.execute("PRAGMA query_only = ON").await.unwrap();
        let refused = connection.execute("INSERT INTO t VALUES ('new')").await.err().unwrap();
        assert!(is_of_the_database(&refused));
        assert!(is_of_the_database(&sqlx::Error::PoolTimedOut));
    }

    #[tokio::test]
    async fn a_full_disk_is_named_and_leaves_what_was_there() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('kept')").await.unwrap();
        connection.execute("PRAGMA max_page_count = 2").await.unwrap();
        check(connection.execute("INSERT INTO t VALUES (hex(zeroblob(100000)))").await, "the disk is full");
        let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM t").fetch_one(&mut connection).await.unwrap();
        assert_eq!(kept, 1);
    }

    #[tokio::test]
    async fn a_lock_of_another_process_is_named() {
        let file = std::env::temp_dir().join(format!("rl-chatbot-locked-{}.db", std::process::id()));
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true).busy_timeout(Duration::ZERO);
        let mut holder = options.connect().await.unwrap();
        let mut writer = options.connect().await.unwrap();
        holder.execute("BEGIN EXCLUSIVE").await.unwrap();
        check(writer.execute("CREATE TABLE t (x TEXT)").await, "locked by another process");
        holder.execute("ROLLBACK").await.unwrap();
        writer.execute("CREATE TABLE t (x TEXT)").await.unwrap();
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_may_not_be_written_is_named_when_it_is_opened() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("PRAGMA query_only = ON").await.unwrap();
        let refused = connection.execute("CREATE TABLE t (x TEXT)").await.err().unwrap();
        let message = open_failed("the SQLite database data/x.db", &refused).to_string();
        assert_eq!(
            message,
            "cannot open the SQLite database data/x.db (`DATABASE_URL`): it is read-only: its file and folder must be \
             writable"
        );
    }

    #[test]
    fn a_pool_without_a_free_connection_says_to_try_again() {
        check(Err::<(), _>(sqlx::Error::PoolTimedOut), "try again");
    }

    #[test]
    fn what_nobody_can_help_is_internal_and_keeps_its_cause_for_the_log() {
        let error = failed(sqlx::Error::ColumnNotFound("x".into()));
        assert!(matches!(&error, Error::Internal(why) if why.contains("x")), "{error:?}");
        assert_eq!(error.to_string(), "internal error");
    }
}
