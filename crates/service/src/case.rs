//! Test cases: create, list, change, delete, export.

use crate::{Result, Service, soon};
use types::{
    CaseQuery, ExtensionSpec, ImportMode, ImportReport, Paged, TestCase, TestCaseCreate, TestCaseId, TestCaseUpdate,
};

impl Service {
    /// A new case.
    ///
    /// # Errors
    /// Refused fields, among them an unknown answer check or tool.
    pub async fn case_create(&self, _draft: TestCaseCreate) -> Result<TestCase> {
        Err(soon())
    }

    /// New cases, all or none; errors are named `test_cases[3].user_input`.
    ///
    /// # Errors
    /// Refused fields of any of them, or too many.
    pub async fn case_create_all(&self, _drafts: Vec<TestCaseCreate>) -> Result<Vec<TestCase>> {
        Err(soon())
    }

    /// Cases as asked for.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_list(&self, _query: CaseQuery) -> Result<Paged<TestCase>> {
        Err(soon())
    }

    /// One case, deleted or not.
    ///
    /// # Errors
    /// Not found.
    pub async fn case_get(&self, _id: TestCaseId) -> Result<TestCase> {
        Err(soon())
    }

    /// The case with a change made.
    ///
    /// # Errors
    /// Not found, refused fields.
    pub async fn case_update(&self, _id: TestCaseId, _update: TestCaseUpdate) -> Result<TestCase> {
        Err(soon())
    }

    /// Deletes softly: results of earlier runs stay.
    ///
    /// # Errors
    /// Not found.
    pub async fn case_delete(&self, _id: TestCaseId) -> Result<()> {
        Err(soon())
    }

    /// Reads a JSON array of cases and says what it would do, or does it. Refused rows are in the report, and then
    /// nothing is written.
    ///
    /// # Errors
    /// The text is no JSON array, or exceeds a limit.
    pub async fn case_import(&self, _text: &str, _mode: ImportMode) -> Result<ImportReport> {
        Err(soon())
    }

    /// Imports the sample cases that come with the application.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_import_samples(&self) -> Result<ImportReport> {
        Err(soon())
    }

    /// All active cases, oldest first, as a file holds them: importing them again changes nothing.
    ///
    /// # Errors
    /// The database fails.
    pub async fn case_export(&self) -> Result<Vec<TestCaseCreate>> {
        Err(soon())
    }

    /// The registered answer checks: what `task_type` can be.
    pub fn answer_check_list(&self) -> Vec<ExtensionSpec> {
        Vec::new()
    }
}
