//! The HTTP client for model providers.

use std::{sync::Arc, time::Duration};
use tools::outbound::{Reach, resolver};
use types::Error;

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for [`crate::Dependencies::http`]. Installs the TLS provider of the process when none is installed yet.
///
/// It has no overall timeout (each turn has its own) and follows no redirects: a provider that redirects a POST is
/// misconfigured, and a redirect must not carry the key elsewhere. A name that leads to a link-local or metadata address is
/// refused as that address would be; this machine and private networks are reached, for models often run there.
///
/// # Errors
/// `Internal` when TLS cannot be set up.
pub fn http_client() -> Result<reqwest::Client, Error> {
    // An error means that another part of the process installed one before: just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .dns_resolver(Arc::new(resolver(Reach::Private)))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("rl-chatbot/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Error::Internal(format!("HTTP client: {error}")))
}
