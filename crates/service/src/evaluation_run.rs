//! Evaluation runs: start, list, read, stop, resume, export.

use crate::{Result, Service, soon};
use types::{AgentId, EvaluationCreate, EvaluationProgress, EvaluationRun, EvaluationRunListItem, Page, Paged, RunId};

impl Service {
    /// Starts a run in the background and answers at once.
    ///
    /// # Errors
    /// Invalid (400): unknown agent, unknown cases, or no cases at all.
    pub async fn evaluation_start(&self, _request: EvaluationCreate) -> Result<EvaluationRunListItem> {
        Err(soon())
    }

    /// Runs, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn evaluation_list(&self, _agent: Option<AgentId>, _page: Page) -> Result<Paged<EvaluationRunListItem>> {
        Err(soon())
    }

    /// A run with its results in the order of its cases.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_get(&self, _id: RunId) -> Result<EvaluationRun> {
        Err(soon())
    }

    /// Asks a run to stop.
    ///
    /// # Errors
    /// Not found when it is unknown or not running.
    pub async fn evaluation_stop(&self, _id: RunId) -> Result<()> {
        Err(soon())
    }

    /// Goes on with the cases that have no result yet.
    ///
    /// # Errors
    /// Not found; conflict when its state forbids it.
    pub async fn evaluation_resume(&self, _id: RunId) -> Result<EvaluationRunListItem> {
        Err(soon())
    }

    /// The present progress frame.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_progress(&self, _id: RunId) -> Result<EvaluationProgress> {
        Err(soon())
    }

    /// The run as `data/evaluation_results.json` holds it: `{aggregate_metrics, individual_results: [{test_case,
    /// metrics}], num_test_cases}`.
    ///
    /// # Errors
    /// Not found.
    pub async fn evaluation_export(&self, _id: RunId) -> Result<serde_json::Value> {
        Err(soon())
    }
}
