//! What both kinds of runs answer.

use serde::Serialize;
use types::RunId;
use utoipa::ToSchema;

/// A run was asked to stop.
#[derive(Serialize, ToSchema)]
pub struct Stopping {
    status: &'static str,
    run_id: RunId,
}

impl Stopping {
    /// The answer for one run.
    pub const fn of(run_id: RunId) -> Self {
        Self { status: "stopping", run_id }
    }
}
