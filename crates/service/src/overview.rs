//! How much there is of everything, and what is going on.

use crate::{Result, Service, soon};
use types::Overview;

impl Service {
    /// Counts and runs for the front page.
    ///
    /// # Errors
    /// The database fails.
    pub async fn overview(&self) -> Result<Overview> {
        Err(soon())
    }
}
