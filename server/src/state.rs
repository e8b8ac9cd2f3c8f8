//! What every handler can reach.

use crate::{config::Config, security::Guard, site::SiteOptions};
use axum::extract::FromRef;
use service::Service;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What every handler can reach; cheap to clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The use cases.
    pub service: Service,
    /// The configuration.
    pub config: Arc<Config>,
    /// Who may do what.
    pub guard: Arc<Guard>,
    /// How pages find the browser's files.
    pub site: SiteOptions,
    /// Cancelled when the process drains: sockets close.
    pub draining: CancellationToken,
}
