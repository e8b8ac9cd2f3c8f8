//! The visitor's session, kept in the database: a store for tower-sessions over the service.

use async_trait::async_trait;
use service::Service;
use std::fmt;
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};
use types::Timestamp;

/// Days without a visit after which a session is forgotten.
const IDLE_DAYS: i64 = 30;

/// Sessions in the database.
#[derive(Clone)]
pub struct Sessions(Service);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// Whether browsers may send the cookie over plain HTTP.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CookieTransport {
    /// HTTP and HTTPS: the server itself listens on loopback without TLS.
    Any,
    /// HTTPS only: behind a TLS proxy.
    HttpsOnly,
}

/// The layer that gives every request its session; nothing is read or written until a handler asks.
pub fn layer(service: Service, transport: CookieTransport) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(service))
        .with_name("rl_chatbot_session")
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(transport == CookieTransport::HttpsOnly)
        .with_expiry(Expiry::OnInactivity(time::Duration::days(IDLE_DAYS)))
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while self.load(&record.id).await?.is_some() {
            record.id = Id::default();
        }
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(record).map_err(|error| Error::Encode(error.to_string()))?;
        let id = record.id.to_string();
        self.0.session_save(&id, &data, timestamp(record.expiry_date)).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(data) = self.0.session_load(&id.to_string()).await.map_err(backend)? else { return Ok(None) };
        serde_json::from_str(&data).map(Some).map_err(|error| Error::Decode(error.to_string()))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.session_delete(&id.to_string()).await.map_err(backend)
    }
}

fn timestamp(moment: OffsetDateTime) -> Timestamp {
    Timestamp::from_millis(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX))
}

fn backend(error: types::Error) -> Error {
    Error::Backend(match error {
        types::Error::Internal(cause) => cause,
        other => other.to_string(),
    })
}
