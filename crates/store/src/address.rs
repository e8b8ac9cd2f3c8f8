//! Where the database is: spellings of `DATABASE_URL`, and pools of connections to it.

use crate::{ACQUIRE_TIMEOUT, POSTGRES_CONNECTIONS, READERS, failure};
use sqlx::{
    AnyConnection, AnyPool, Connection, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
};
use std::{fmt, path::Path};
use types::Error;

/// A supported database engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// A file of this machine, the default.
    Sqlite,
    /// A server.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// A parsed `DATABASE_URL`. Not `Debug`: it may hold a password.
#[derive(PartialEq, Eq)]
pub(crate) enum Address {
    /// A SQLite database that lives as long as its one connection.
    Memory,
    /// A SQLite file.
    File(String),
    /// A PostgreSQL server, as `postgres://…`.
    Postgres(String),
}

/// Without the password: of a server, only that it is one.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} database", self.engine())?;
        if let Self::File(path) = self { write!(f, " {path}") } else { Ok(()) }
    }
}

const SPELLINGS: &str = "expected sqlite:data/rl_chatbot.db or postgres://user:password@host/database";

/// WAL lets readers go on beside the writer; with it, NORMAL loses nothing when the process dies. Each connection has a
/// cache of its own: half a megabyte, because the system caches the file as well.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                       PRAGMA foreign_keys = ON; PRAGMA cache_size = -512;";

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let url = url.trim();
        let (scheme, rest) = url.split_once(':').ok_or_else(|| refused("has no scheme"))?;
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(rest, Slashes::Url),
            "sqlite+aiosqlite" | "sqlite+pysqlite" => sqlite(rest, Slashes::SqlAlchemy),
            "postgres" | "postgresql" | "postgresql+asyncpg" | "postgresql+psycopg" => postgres(rest),
            _ => Err(refused("names a database that is not supported")),
        }
    }

    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Memory | Self::File(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many connections write.
    pub(crate) const fn writers(&self) -> u32 {
        match self {
            Self::Memory | Self::File(_) => 1,
            Self::Postgres(_) => POSTGRES_CONNECTIONS,
        }
    }

    /// How many connections only read, when they are others than those that write.
    pub(crate) const fn readers(&self) -> Option<u32> {
        match self {
            Self::File(_) => Some(READERS),
            Self::Memory | Self::Postgres(_) => None,
        }
    }

    pub(crate) fn create_folder(&self) -> Result<(), Error> {
        let Self::File(path) = self else { return Ok(()) };
        let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) else {
            return Ok(());
        };
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::Unavailable(format!("cannot create the folder {} of the database: {error}", folder.display()))
        })
    }

    /// Whether the database can be reached: asked once, because a pool tries a server that refuses connections again
    /// and again until its timeout.
    pub(crate) async fn reach(&self) -> Result<(), Error> {
        let reached = async {
            let mut connection = AnyConnection::connect_with(&self.options()?).await?;
            set_up(&mut connection, self.engine()).await?;
            connection.close().await
        };
        reached.await.map_err(|error| failure::open_failed(&self.to_string(), &error))
    }

    /// A pool of at most `size` connections, opened when they are needed.
    pub(crate) fn pool(&self, size: u32) -> Result<AnyPool, Error> {
        let engine = self.engine();
        let pool = AnyPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(engine == Engine::Postgres)
            .after_connect(move |connection, _| Box::pin(set_up(connection, engine)));
        // A database in memory is gone with its connection.
        let pool = if *self == Self::Memory { pool.max_lifetime(None).idle_timeout(None) } else { pool };
        let options = self.options().map_err(|error| failure::open_failed(&self.to_string(), &error))?;
        Ok(pool.connect_lazy_with(options))
    }

    fn options(&self) -> Result<AnyConnectOptions, sqlx::Error> {
        self.url().parse()
    }

    fn url(&self) -> String {
        match self {
            Self::Memory => "sqlite::memory:".into(),
            Self::File(path) => format!("sqlite:{}{}?mode=rwc", leading_slashes(path), percent_encoded(path)),
            Self::Postgres(url) => url.clone(),
        }
    }
}

async fn set_up(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    if engine == Engine::Sqlite {
        connection.execute(PRAGMAS).await?;
    }
    Ok(())
}

/// How many slashes before an absolute path.
enum Slashes {
    /// `sqlite:///absolute`, `sqlite://relative`.
    Url,
    /// `sqlite:////absolute`, `sqlite:///relative`.
    SqlAlchemy,
}

fn sqlite(rest: &str, slashes: Slashes) -> Result<Address, Error> {
    let path = match rest.split_once('?') {
        None | Some((_, "mode=rwc")) => rest.split('?').next().unwrap_or_default(),
        Some(_) => return Err(refused("has parameters after `?`, and SQLite takes none")),
    };
    let path = match (path.strip_prefix("//"), slashes) {
        (Some(path), Slashes::SqlAlchemy) => path.strip_prefix('/').unwrap_or(path),
        // `/./x` can only be meant as a relative path in SQLAlchemy's spelling.
        (Some(path), Slashes::Url) if path.starts_with("/./") || path.starts_with("/../") => {
            path.trim_start_matches('/')
        }
        (Some("/:memory:"), Slashes::Url) => ":memory:",
        (Some(path), Slashes::Url) => path,
        (None, _) => path,
    };
    match path {
        "" => Err(refused("names no file")),
        ":memory:" => Ok(Address::Memory),
        path => Ok(Address::File(path.to_owned())),
    }
}

fn postgres(rest: &str) -> Result<Address, Error> {
    if !rest.starts_with("//") {
        return Err(refused("lacks `//` after the scheme"));
    }
    let url = format!("postgres:{rest}");
    url.parse::<AnyConnectOptions>()
        .map_err(|_| refused("cannot be read as a URL (is the password percent-encoded?)"))?;
    Ok(Address::Postgres(url))
}

/// Never shows the address itself: it may hold a password.
fn refused(why: &str) -> Error {
    Error::Invalid(format!("`DATABASE_URL` {why}; {SPELLINGS}"))
}

fn leading_slashes(path: &str) -> &'static str {
    if path.starts_with('/') { "//" } else { "" }
}

fn percent_encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Address) {
        assert!(Address::parse(url).unwrap() == expected, "{url}");
    }

    fn file(path: &str) -> Address {
        Address::File(path.into())
    }

    #[test]
    fn every_documented_spelling_is_understood() {
        check("sqlite:data/x.db", file("data/x.db"));
        check("sqlite://data/x.db", file("data/x.db"));
        check("sqlite:///srv/x.db", file("/srv/x.db"));
        check("sqlite:///./data/x.db", file("./data/x.db"));
        check("sqlite:data/x.db?mode=rwc", file("data/x.db"));
        check("sqlite+aiosqlite:///./data/x.db", file("./data/x.db"));
        check("sqlite+aiosqlite:///data/x.db", file("data/x.db"));
        check("sqlite+aiosqlite:////srv/x.db", file("/srv/x.db"));
        check("sqlite::memory:", Address::Memory);
        check("sqlite+aiosqlite:///:memory:", Address::Memory);
        check("postgres://u:p@h/d", Address::Postgres("postgres://u:p@h/d".into()));
        check("postgresql://u:p@h/d", Address::Postgres("postgres://u:p@h/d".into()));
        check("postgresql+asyncpg://u:p@h/d", Address::Postgres("postgres://u:p@h/d".into()));
    }

    #[test]
    fn a_refusal_says_what_would_be_right_and_never_shows_the_password() {
        for url in
            ["mysql://u:hunter2@h/d", "postgres:u:hunter2@h", "postgres://u:hun/ter2@h:x/d", "hunter2", "sqlite:"]
        {
            let Err(Error::Invalid(message)) = Address::parse(url) else { panic!("{url} was taken") };
            assert!(message.contains("sqlite:data/") && message.contains("postgres://"), "{message}");
            assert!(!message.contains("hunter2") && !message.contains("ter2"), "{message}");
        }
    }

    #[test]
    fn a_path_with_signs_of_urls_reaches_the_driver_encoded() {
        assert_eq!(file("/srv/a b?#%.db").url(), "sqlite:///srv/a%20b%3F%23%25.db?mode=rwc");
        assert_eq!(file("data/x.db").url(), "sqlite:data/x.db?mode=rwc");
    }
}
