//! Training runs: start, list, read, stop, resume.

use crate::{Result, Service, soon};
use types::{
    AgentId, ExtensionSpec, Page, Paged, RunId, TrainingCreate, TrainingProgress, TrainingRun, TrainingRunListItem,
};

impl Service {
    /// Starts a run in the background and answers at once.
    ///
    /// # Errors
    /// Invalid (400): unknown agent, an agent of a type that cannot be trained (the message names those that can), no
    /// cases; refused fields.
    pub async fn training_start(&self, _request: TrainingCreate) -> Result<TrainingRunListItem> {
        Err(soon())
    }

    /// Runs, newest first; of one agent or of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn training_list(&self, _agent: Option<AgentId>, _page: Page) -> Result<Paged<TrainingRunListItem>> {
        Err(soon())
    }

    /// A run with its episodes by number.
    ///
    /// # Errors
    /// Not found.
    pub async fn training_get(&self, _id: RunId) -> Result<TrainingRun> {
        Err(soon())
    }

    /// Asks a run to stop; its best weights are kept.
    ///
    /// # Errors
    /// Not found when it is unknown or not running.
    pub async fn training_stop(&self, _id: RunId) -> Result<()> {
        Err(soon())
    }

    /// Goes on from the latest checkpoint.
    ///
    /// # Errors
    /// Not found; conflict when its state forbids it.
    pub async fn training_resume(&self, _id: RunId) -> Result<TrainingRunListItem> {
        Err(soon())
    }

    /// The present progress frame.
    ///
    /// # Errors
    /// Not found.
    pub async fn training_progress(&self, _id: RunId) -> Result<TrainingProgress> {
        Err(soon())
    }

    /// The registered algorithms with their parameters.
    pub fn algorithm_list(&self) -> Vec<ExtensionSpec> {
        Vec::new()
    }

    /// The agent types that can be trained.
    pub fn trainable_type_list(&self) -> Vec<String> {
        let trainable = agents::frameworks::frameworks().into_iter().filter(|framework| framework.can_train());
        trainable.map(|framework| framework.spec().name).collect()
    }
}
