//! A fresh database on each engine for every test.

use sqlx::{Connection, Executor, PgConnection};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};
use store::Store;

/// A database that nothing else uses.
pub struct Database {
    /// For [`Store::open`].
    pub url: String,
    kind: Kind,
}

enum Kind {
    Sqlite { folder: PathBuf },
    Postgres { server: String, schema: String },
}

/// Checks a fact in a fresh database of each engine.
pub async fn each_database(fact: impl AsyncFn(&Database)) {
    for database in databases().await {
        fact(&database).await;
        database.drop().await;
    }
}

/// Checks a fact in an open store of each engine.
pub async fn each_store(fact: impl AsyncFn(Store)) {
    each_database(async |database| {
        let store = Store::open(&database.url).await.unwrap();
        fact(store.clone()).await;
        store.close().await;
    })
    .await;
}

async fn databases() -> Vec<Database> {
    let number = next_number();
    let mut databases = vec![Database::sqlite(&number)];
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => databases.push(Database::postgres(&server, &number).await),
        Err(_) => assert_ne!(
            std::env::var("REQUIRE_POSTGRES").as_deref(),
            Ok("1"),
            "REQUIRE_POSTGRES=1 needs TEST_DATABASE_URL=postgres://…"
        ),
    }
    databases
}

/// Differs in every test of every process.
fn next_number() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Database {
    fn sqlite(number: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("store {number}"));
        let url = format!("sqlite:{}", folder.join("data/x.db").display());
        Self { url, kind: Kind::Sqlite { folder } }
    }

    async fn postgres(server: &str, number: &str) -> Self {
        let schema = format!("store_{number}");
        administer(server, format!("CREATE SCHEMA {schema}")).await;
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{mark}options[search_path]={schema}");
        Self { url, kind: Kind::Postgres { server: server.to_owned(), schema } }
    }

    async fn drop(self) {
        match self.kind {
            Kind::Sqlite { folder } => std::fs::remove_dir_all(folder).unwrap(),
            Kind::Postgres { server, schema } => administer(&server, format!("DROP SCHEMA {schema} CASCADE")).await,
        }
    }
}

async fn administer(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.expect("TEST_DATABASE_URL names a PostgreSQL server");
    connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    connection.close().await.unwrap();
}
